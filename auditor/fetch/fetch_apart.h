/* SPDX-License-Identifier: ISC */
/* fetch_apart - lets a process that must not use the network fetch through another one,
 * which serves it over a channel and reads nothing of what it fetches. */
#ifndef KMODAUDIT_FETCH_APART_H
#define KMODAUDIT_FETCH_APART_H

#include "fetch/channel.h"
#include "fetch/fetch.h"

enum {
	FETCH_OPEN = 1, /* u64 offline, u64 timeout -> FETCH_OPENED: text, NULL or the error */
	FETCH_OPENED,
	FETCH_WANTED, /* u64 count, then each wanted file -> FETCH_PROGRESS..., FETCH_DONE */
	FETCH_PROGRESS, /* the four numbers of struct fetch_progress */
	FETCH_DONE, /* the result of each */
	FETCH_LAST
};

/* Fetchers that this process opens afterwards send their requests to CHANNEL. */
void fetch_through(int channel);

struct fetch_server {
	int channel;
	/* true if the user allowed the host of URL */
	bool (*allowed)(void *context, const char *url);
	void *context;
	struct arena arena;
	struct fetcher *fetcher;
	uint64_t shown; /* when progress was sent last */
};

/* Answers a request of kind FETCH_OPEN or FETCH_WANTED. False if the other end is gone
 * or sent something else. */
CHECKED bool fetch_serve(struct fetch_server *server, const struct message *request);
void fetch_server_close(struct fetch_server *server);

/* Private to fetch*.c. */
bool fetch_is_apart(void);
bool apart_open(struct arena *arena, const struct fetch_options *options, struct error *error);
void apart_all(const struct fetch_options *options, struct arena *arena, struct fetch *list,
	       size_t count);

#endif
