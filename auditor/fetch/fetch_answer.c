/* SPDX-License-Identifier: ISC */
/* Handles the header lines and the body of an HTTP answer and refuses answers that do
 * not fit the request (range, length). */
#include "fetch/fetch_parts.h"

#include <string.h>

/* An error page up to this size is read rather than opening a new connection. */
enum { SPILL_MOST = 1 << 16 };

static bool header_is(struct span line, const char *name, struct span *value)
{
	size_t size = strlen(name);

	if (line.size <= size || line.data[size] != ':' ||
	    strncasecmp((const char *)line.data, name, size) != 0)
		return false;
	*value = span_trim(span_skip(line, size + 1));
	return true;
}

static void value_keep(struct span value, char *ret)
{
	if (value.size >= TAG_MOST || (value.size && memchr(value.data, '\0', value.size)))
		return;
	if (value.size)
		memcpy(ret, value.data, value.size);
	ret[value.size] = '\0';
}

/* parses "bytes 100-199/200" */
static bool content_range_read(struct span value, uint64_t *from)
{
	struct span unit, range, first, rest;

	return span_token(&value, &unit) && span_is(unit, "bytes") && span_token(&value, &range) &&
	       span_split(range, '-', &first, &rest) && span_number(first, 10, from);
}

static bool answer_refused(struct transfer *transfer)
{
	transfer->refused = true;
	return false;
}

/* The stated length is checked before the body is read. */
static bool answer_begin(struct transfer *transfer)
{
	struct answer *answer = &transfer->answer;
	const struct fetch *fetch = transfer->fetch;

	if (answer->begun || (answer->status != 200 && answer->status != 206))
		return true;
	answer->begun = true;
	if (answer->status == 206 &&
	    (!transfer->resumed || answer->from != transfer->partial.size)) {
		fail(&transfer->why, "%s: the server sends another range than requested",
		     fetch->url);
		transfer->whole_only = true;
		return false;
	}
	if (answer->status == 200 && !partial_empty(&transfer->partial, &transfer->why))
		return answer_refused(transfer);

	unsigned long long size = transfer->partial.size + answer->length;

	if (answer->has_length && fetch->size > 0 && size != fetch->size) {
		fail(&transfer->why, "%s: the server has %llu bytes, but the index states %llu",
		     fetch->url, size, (unsigned long long)fetch->size);
		return answer_refused(transfer);
	}
	if (answer->has_length && size > fetch->limit) {
		fail(&transfer->why, "%s: the server has %llu bytes, more than the %llu allowed",
		     fetch->url, size, (unsigned long long)fetch->limit);
		return answer_refused(transfer);
	}
	if (answer->status == 200) {
		transfer->partial.tag = answer->tag;
		partial_tag(&transfer->partial, &answer->tag);
	}
	return true;
}

/* A relative location is on the same host. */
static bool redirect_stays(struct transfer *transfer, struct span value)
{
	struct arena *arena = transfer->fetcher->arena;
	const char *url = arena_format(arena, "%s%s", span_starts(value, "//") ? "http:" : "",
				       arena_string(arena, value));
	struct span own, other;

	if (!strstr(url, "://"))
		return true;
	if (url_host(transfer->fetch->url, &own) && url_host(url, &other) &&
	    own.size == other.size &&
	    strncasecmp((const char *)own.data, (const char *)other.data, own.size) == 0)
		return true;
	fail(&transfer->why, "%s: the server redirects to another host than the image names",
	     transfer->fetch->url);
	return answer_refused(transfer);
}

size_t answer_header(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	struct answer *answer = &transfer->answer;
	struct span line = span_trim(span_from(bytes, size * count)), rest = line, value;
	uint64_t status = 0;

	/* "HTTP/1.1 206 Partial Content" begins an answer; a redirect has several */
	if (span_starts(line, "HTTP/")) {
		if (span_token(&rest, &value) && span_token(&rest, &value))
			span_number(value, 10, &status);
		*answer = (struct answer){.from = UINT64_MAX,
					  .status = status < 1000 ? (long)status : 0};
	} else if (header_is(line, "etag", &value))
		value_keep(value, answer->tag.etag);
	else if (header_is(line, "last-modified", &value))
		value_keep(value, answer->tag.modified);
	else if (header_is(line, "content-length", &value))
		answer->has_length = span_number(value, 10, &answer->length);
	else if (header_is(line, "content-range", &value) &&
		 !content_range_read(value, &answer->from))
		answer->from = UINT64_MAX;
	else if (header_is(line, "location", &value) && transfer->fetch->untrusted &&
		 !redirect_stays(transfer, value))
		return 0;
	if (line.size == 0 && !answer_begin(transfer))
		return 0;
	return size * count;
}

int answer_late(void *context, curl_off_t all, curl_off_t now, curl_off_t up_all, curl_off_t up)
{
	struct transfer *transfer = context;
	uint64_t spent = (clock_now() - transfer->begun) / 1000;
	uint64_t allowed =
		4 * (uint64_t)transfer->fetcher->options.timeout + (uint64_t)now / RATE_LEAST;

	(void)all;
	(void)up_all;
	(void)up;
	if (!transfer->answer.begun || spent <= allowed)
		return 0;
	transfer->slow = true;
	return 1;
}

size_t answer_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	const struct fetch *fetch = transfer->fetch;
	uint64_t most = fetch->size > 0 && fetch->size < fetch->limit ? fetch->size : fetch->limit;

	if (!transfer->answer.begun) {
		transfer->answer.spilled += size * count;
		return transfer->answer.spilled <= SPILL_MOST ? size * count : 0;
	}
	if (transfer->partial.size + size * count > most) {
		fail(&transfer->why, "%s: the server sends more than the %llu bytes that %s",
		     fetch->url, (unsigned long long)most,
		     most == fetch->size ? "the index states" : "are allowed");
		answer_refused(transfer);
		return 0;
	}
	if (!partial_write(&transfer->partial, span_from(bytes, size * count), &transfer->why)) {
		answer_refused(transfer);
		return 0;
	}
	transfer->fetcher->progress.bytes += size * count;
	return size * count;
}
