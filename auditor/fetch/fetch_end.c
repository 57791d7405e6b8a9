/* SPDX-License-Identifier: ISC */
/* Ends a transfer: checks status and digest, decides whether to retry and when, or
 * keeps the error text. */
#include "fetch/fetch_parts.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

enum { TRIES_MOST = 5, PAUSE = 500 };

uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void transfer_done(struct transfer *transfer)
{
	partial_close(&transfer->partial);
	transfer->state = TRANSFER_DONE;
	transfer->fetcher->progress.files_done++;
}

void transfer_fail(struct transfer *transfer, const char *format, ...)
{
	struct error none;
	va_list args;

	/* a refused transfer is not continued later */
	if (transfer->refused)
		partial_empty(&transfer->partial, &none);

	va_start(args, format);
	transfer->fetch->problem = arena_vformat(transfer->fetcher->arena, format, args);
	va_end(args);
	transfer_done(transfer);
}

/* Tries again after half a second, then twice as long each time; later, but not
 * later than the timeout, if the server says so. A server that says so each time
 * does not answer. The partial file is closed until then, because hundreds of
 * transfers may wait. */
static void transfer_again(struct transfer *transfer, const char *why)
{
	curl_off_t asked = 0;
	uint64_t pause = (uint64_t)PAUSE << transfer->tries, told;

	curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &asked);
	if (++transfer->tries == TRIES_MOST) {
		if (!transfer->answer.status || transfer->silent || asked > 0)
			host_failed(transfer);
		transfer_fail(transfer, "%s: %s (%d tries)", transfer->fetch->url, why, TRIES_MOST);
		return;
	}
	told = asked > (curl_off_t)transfer->fetcher->options.timeout
		       ? transfer->fetcher->options.timeout
		       : (uint64_t)asked;
	if (told * 1000 > pause)
		pause = told * 1000;
	partial_close(&transfer->partial);
	transfer->due = clock_now() + pause;
	transfer->state = TRANSFER_WAITING;
}

/* A message for CODE. libcurl's own messages contain durations, but the report must be
 * the same in each run. NULL: trying again may help. */
static const char *code_text(const struct transfer *transfer, CURLcode code)
{
	struct arena *arena = transfer->fetcher->arena;

	switch ((int)code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_PARTIAL_FILE:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_SSL_CONNECT_ERROR:
		return NULL;
	case CURLE_UNSUPPORTED_PROTOCOL:
		return strncasecmp(transfer->fetch->url, "https:", 6) == 0
			       ? "the server redirects from https to another scheme"
			       : "the server redirects to a scheme other than http and https";
	case CURLE_TOO_MANY_REDIRECTS:
		return "too many redirects";
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		return arena_format(arena, "the server's certificate is not trusted: %s",
				    *transfer->detail ? transfer->detail
						      : curl_easy_strerror(code));
	default:
		return curl_easy_strerror(code);
	}
}

static void code_end(struct transfer *transfer, CURLcode code)
{
	const char *why = code_text(transfer, code);

	transfer->silent = code == CURLE_OPERATION_TIMEDOUT;
	if (transfer->refused)
		transfer_fail(transfer, "%s", transfer->why.text);
	else if (code == CURLE_ABORTED_BY_CALLBACK && transfer->slow) {
		host_failed(transfer);
		transfer_fail(transfer, "%s: the server sends less than %d bytes per second",
			      transfer->fetch->url, RATE_LEAST);
	} else if (code == CURLE_WRITE_ERROR && transfer->whole_only)
		transfer_again(transfer, "the server does not send the requested range");
	else if (why)
		transfer_fail(transfer, "%s: %s", transfer->fetch->url, why);
	else if (transfer->silent)
		transfer_again(transfer, arena_format(transfer->fetcher->arena,
						      "almost no data for %u seconds",
						      transfer->fetcher->options.timeout));
	else if (code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR ||
		 code == CURLE_HTTP2_STREAM)
		transfer_again(transfer, "the connection ended before the file was complete");
	else if (code == CURLE_COULDNT_RESOLVE_HOST)
		transfer_again(
			transfer,
			"no host of that name was found; check the spelling and the network");
	else
		transfer_again(transfer, curl_easy_strerror(code));
}

static void body_end(struct transfer *transfer)
{
	struct fetcher *fetcher = transfer->fetcher;
	struct fetch *fetch = transfer->fetch;
	struct tag tag = transfer->partial.tag;
	struct sha256 digest;

	if (fetch->size > 0 && transfer->partial.size != fetch->size) {
		transfer->refused = true;
		transfer_fail(transfer, "%s: received %llu bytes, but the index states %llu",
			      fetch->url, (unsigned long long)transfer->partial.size,
			      (unsigned long long)fetch->size);
		return;
	}
	if (!partial_digest(&transfer->partial, &digest, &transfer->why)) {
		transfer_fail(transfer, "%s: %s", fetch->url, transfer->why.text);
		return;
	}

	const char *found = digest_hex(fetcher->arena, digest.bytes, SHA256_SIZE);
	if (transfer->resumed && fetch->sha256 && strcmp(found, fetch->sha256) != 0) {
		transfer->whole_only = true;
		transfer_again(transfer,
			       "the rest of the file does not belong to the part in the cache");
		return;
	}
	if (!partial_finish(&fetcher->cache, fetcher->arena, &transfer->partial, found,
			    &fetch->path, &transfer->why)) {
		transfer_fail(transfer, "%s: %s", fetch->url, transfer->why.text);
		return;
	}
	if (!fetch->sha256)
		cache_learn(&fetcher->cache, fetch->url, found, &tag);
	transfer_done(transfer);
}

static void status_end(struct transfer *transfer)
{
	struct fetcher *fetcher = transfer->fetcher;
	const char *url = transfer->fetch->url;
	long status = transfer->answer.status;
	bool transient = status == 408 || status == 425 || status == 429 ||
			 (status >= 500 && status < 600 && status != 501 && status != 505);

	transfer->fetch->status = status;
	/* some servers answer 403 for files that do not exist */
	transfer->fetch->absent = status == 404 || status == 410 || status == 403;
	if (status == 200 || status == 206)
		body_end(transfer);
	else if (status == 304) {
		transfer->fetch->path =
			transfer->known
				? cache_find(&fetcher->cache, fetcher->arena, transfer->known)
				: NULL;
		transfer->known = NULL;
		if (transfer->fetch->path)
			transfer_done(transfer);
		else
			transfer_again(transfer, "the server answered \"not modified\", but the "
						 "file is not in the cache");
	} else if (status == 416 && transfer->resumed) {
		transfer->whole_only = true;
		transfer_again(transfer, "the server does not have the requested range");
	} else if (transient)
		transfer_again(transfer,
			       arena_format(fetcher->arena, "the server answered %ld", status));
	else if (transfer->fetch->absent && status != 403)
		transfer_fail(transfer, "%s: the server does not have this file (%ld)", url,
			      status);
	else
		transfer_fail(transfer, "%s: the server answered %ld", url, status);
}

void transfer_end(struct transfer *transfer, CURLcode code)
{
	long status = transfer->answer.status;
	bool failed = status != 0 && status != 200 && status != 206 && status >= 400;

	if (code == CURLE_OK || (failed && code == CURLE_WRITE_ERROR))
		status_end(transfer);
	else
		code_end(transfer, code);
	curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->headers);
	transfer->easy = NULL;
	transfer->headers = NULL;
}
