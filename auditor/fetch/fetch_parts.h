/* SPDX-License-Identifier: ISC */
/* fetch_parts - the state of a transfer. Private to fetch*.c. */
#ifndef KMODAUDIT_FETCH_PARTS_H
#define KMODAUDIT_FETCH_PARTS_H

#include "fetch/cache.h"
#include "fetch/fetch.h"

#include <curl/curl.h>

struct fetcher {
	struct arena *arena;
	struct fetch_options options;
	struct cache cache;
	CURLM *multi;
	struct fetch_progress progress;
};

enum transfer_state { TRANSFER_WAITING, TRANSFER_RUNNING, TRANSFER_DONE };

/* What an answer states before its body. */
struct answer {
	long status;
	bool begun; /* its headers are complete and were accepted */
	bool has_length;
	uint64_t length, from; /* size of the body; Content-Range: its first byte */
	struct tag tag;
	uint64_t spilled; /* bytes of a body that is not used */
};

struct transfer {
	struct fetcher *fetcher;
	struct fetch *fetch;
	enum transfer_state state;
	unsigned tries;
	uint64_t due; /* when to start it, in milliseconds of the monotonic clock */
	CURL *easy;
	struct curl_slist *headers;
	struct partial partial;
	/* digest of the body of an earlier run, which is used if the server says that it did not
	 * change */
	const char *known;
	struct tag known_tag;
	/* only the rest was requested; do not request only the rest again */
	bool resumed, whole_only;
	struct answer answer;
	bool refused; /* WHY has the reason; trying again would not help */
	struct error why;
	char detail[CURL_ERROR_SIZE];
};

/* fetch_request.c: a new handle for the next try, or NULL with WHY set. */
CURL *transfer_request(struct transfer *transfer);
/* fetch_answer.c: callbacks of libcurl. */
size_t answer_header(char *bytes, size_t size, size_t count, void *context);
size_t answer_body(char *bytes, size_t size, size_t count, void *context);
/* fetch_end.c: handles the result CODE: the transfer is done, or waits for its next try. */
void transfer_end(struct transfer *transfer, CURLcode code);
void transfer_fail(struct transfer *transfer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
uint64_t clock_now(void);

#endif
