/* SPDX-License-Identifier: ISC */
/* fetch_parts - the state of a transfer. Private to fetch*.c. */
#ifndef KMODAUDIT_FETCH_PARTS_H
#define KMODAUDIT_FETCH_PARTS_H

#include "fetch/cache.h"
#include "fetch/fetch.h"

#include "base/array.h"
#include "base/map.h"

#include <curl/curl.h>

struct fetcher {
	struct arena *arena;
	struct fetch_options options;
	bool apart; /* another process fetches, see fetch_apart.h; what follows is not used */
	struct cache cache;
	CURLM *multi;
	struct fetch_progress progress;
	struct map failures; /* host -> its place in COUNTS */
	struct host_failures {
		unsigned *list;
		size_t count, room;
	} counts; /* files that could not be fetched because the host does not answer */
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
	/* digest of the body of an earlier run, which is used if the server says that
	 * it did not change */
	const char *known;
	struct tag known_tag;
	/* only the rest was requested; do not request only the rest again */
	bool resumed, whole_only;
	struct answer answer;
	uint64_t begun; /* of this try, in milliseconds of the monotonic clock */
	bool silent; /* it ended because almost nothing came */
	bool slow; /* it took longer than its size allows */
	bool refused; /* WHY has the reason; trying again would not help */
	struct error why;
	char detail[CURL_ERROR_SIZE];
};

/* fetch_request.c: a new handle for the next try, or NULL with WHY set. */
CURL *transfer_request(struct transfer *transfer);
/* fetch_answer.c: callbacks of libcurl. */
size_t answer_header(char *bytes, size_t size, size_t count, void *context);
size_t answer_body(char *bytes, size_t size, size_t count, void *context);
/* Called at least once per second: ends a transfer whose file comes too slowly
 * on the whole. */
int answer_late(void *context, curl_off_t all, curl_off_t now, curl_off_t up_all, curl_off_t up);
/* fetch_end.c: handles the result CODE: the transfer is done, or waits for
 * its next try. */
void transfer_end(struct transfer *transfer, CURLcode code);
/* fetch_hosts.c: counts a file that HOST of TRANSFER did not answer for,
 * after all tries. */
void host_failed(struct transfer *transfer);
/* True if HOST did not answer for FAILURES_MOST files: no more is asked of it. */
bool host_given_up(const struct transfer *transfer);
enum { FAILURES_MOST = 3 };

enum { RATE_LEAST = 4096 }; /* bytes per second of a whole file, after four times the timeout */
void transfer_fail(struct transfer *transfer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
uint64_t clock_now(void);

#endif
