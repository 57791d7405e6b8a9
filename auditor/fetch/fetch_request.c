/* SPDX-License-Identifier: ISC */
/* Builds the libcurl request of a transfer: range or If-None-Match headers, redirects,
 * timeouts, certificate authorities. */
#include "fetch/fetch_parts.h"

#include <stdlib.h>
#include <string.h>

enum { REDIRECTS = 5, SLOW_BYTES = 1000 };

bool url_host(const char *url, struct span *ret)
{
	const char *host = strstr(url, "://");
	size_t size;

	if (strncasecmp(url, "http://", 7) != 0 && strncasecmp(url, "https://", 8) != 0)
		return false;
	host += 3;
	size = strcspn(host, "/?#");
	for (size_t i = size; i > 0; i--)
		if (host[i - 1] == '@') {
			host += i;
			size -= i;
			break;
		}
	*ret = span_from(host, *host == '[' && memchr(host, ']', size)
				       ? (size_t)((const char *)memchr(host, ']', size) - host) + 1
			       : size < strcspn(host, ":") ? size
							   : strcspn(host, ":"));
	return ret->size > 0;
}

static void header_add(struct transfer *transfer, const char *name, const char *value)
{
	const char *line = arena_format(transfer->fetcher->arena, "%s: %s", name, value);
	struct curl_slist *grown = curl_slist_append(transfer->headers, line);

	if (grown)
		transfer->headers = grown;
}

/* Requests only the missing rest if it can be verified that it belongs to the partial
 * file: by the server, or afterwards by the digest. */
static bool ask_rest(struct transfer *transfer)
{
	struct partial *partial = &transfer->partial;
	const struct tag *tag = &partial->tag;
	const char *validator = *tag->modified ? tag->modified : NULL;

	/* a weak ETag does not show that the bytes are the same */
	if (*tag->etag && strncmp(tag->etag, "W/", 2) != 0)
		validator = tag->etag;
	transfer->resumed = false;
	if (partial->size == 0)
		return true;
	if (transfer->whole_only || (!validator && !transfer->fetch->sha256))
		return partial_empty(partial, &transfer->why);

	const char *range =
		arena_format(transfer->fetcher->arena, "%llu-", (unsigned long long)partial->size);

	curl_easy_setopt(transfer->easy, CURLOPT_RANGE, range);
	if (validator)
		header_add(transfer, "If-Range", validator);
	transfer->resumed = true;
	return true;
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static void options_set(struct transfer *transfer)
{
	long timeout = (long)transfer->fetcher->options.timeout;
	bool secure = strncasecmp(transfer->fetch->url, "https:", 6) == 0;
	const char *file = environment("CURL_CA_BUNDLE"), *directory = environment("SSL_CERT_DIR");
	CURL *easy = transfer->easy;

	curl_easy_setopt(easy, CURLOPT_USERAGENT, "kmodaudit/" KMODAUDIT_VERSION);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(
		easy, CURLOPT_NETRC,
		(long)(transfer->fetch->untrusted ? CURL_NETRC_IGNORED : CURL_NETRC_OPTIONAL));
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)REDIRECTS);
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, timeout);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, timeout);

	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->detail);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, answer_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, answer_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, answer_late);
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);

	/* the variables that the curl program uses, too; libcurl itself reads
	 * those for proxies */
	if (!file && directory)
		curl_easy_setopt(easy, CURLOPT_CAPATH, directory);
	if (!file)
		file = environment("SSL_CERT_FILE");
	if (file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, file);
}

CURL *transfer_request(struct transfer *transfer)
{
	transfer->answer = (struct answer){0};
	transfer->begun = clock_now();
	transfer->detail[0] = '\0';
	transfer->easy = curl_easy_init();
	if (!transfer->easy ||
	    curl_easy_setopt(transfer->easy, CURLOPT_URL, transfer->fetch->url) != CURLE_OK) {
		fail(&transfer->why, "libcurl cannot start a request");
		return NULL;
	}
	options_set(transfer);
	if (!ask_rest(transfer))
		return NULL;
	/* for a file that was fetched before, ask whether it changed */
	if (transfer->known && !transfer->resumed) {
		if (*transfer->known_tag.etag)
			header_add(transfer, "If-None-Match", transfer->known_tag.etag);
		if (*transfer->known_tag.modified)
			header_add(transfer, "If-Modified-Since", transfer->known_tag.modified);
	}
	curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
	return transfer->easy;
}
