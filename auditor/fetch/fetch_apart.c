/* SPDX-License-Identifier: ISC */
/* Sends requests to fetch to another process, and serves such requests. */
#include "fetch/fetch_apart.h"
#include "fetch/fetch_parts.h"

#include <unistd.h>

enum { SHOW_EVERY = 100 }; /* milliseconds between two messages of progress */

static int through = -1;

void fetch_through(int channel)
{
	through = channel;
}

bool fetch_is_apart(void)
{
	return through >= 0;
}

static bool parcel_send(int channel, uint32_t kind, const struct parcel *parcel)
{
	struct message message = {kind, parcel_body(parcel), -1};

	return message_send(channel, &message);
}

bool apart_open(struct arena *arena, const struct fetch_options *options, struct error *error)
{
	struct parcel parcel = {0};
	struct message answer;
	const char *problem = "the process that fetches has ended";

	parcel_number(arena, &parcel, options->offline);
	parcel_number(arena, &parcel, options->timeout);
	if (parcel_send(through, FETCH_OPEN, &parcel) && message_receive(through, arena, &answer) &&
	    answer.kind == FETCH_OPENED && parcel_take_text(arena, &answer.body, &problem) &&
	    !problem)
		return true;
	return fail(error, "%s", problem);
}

static bool results_receive(const struct fetch_options *options, struct arena *arena,
			    struct fetch *list, size_t count)
{
	struct message answer;

	for (;;) {
		struct arena scratch _cleanup_arena_ = {0};
		uint64_t numbers[4] = {0};
		bool whole = true;

		if (!message_receive(through, &scratch, &answer))
			return false;
		if (answer.kind == FETCH_PROGRESS) {
			for (size_t i = 0; i < 4; i++)
				whole &= parcel_take_number(&answer.body, &numbers[i]);
			if (whole && options->progress)
				options->progress(options->context,
						  &(struct fetch_progress){numbers[0], numbers[1],
									   numbers[2], numbers[3]});
			continue;
		}
		if (count > 0 && answer.kind != FETCH_DONE)
			return false;
		for (size_t i = 0; i < count; i++) {
			struct fetch *one = &list[i];
			uint64_t absent = 0, status = 0;

			if (!parcel_take_text(arena, &answer.body, &one->path) ||
			    !parcel_take_text(arena, &answer.body, &one->problem) ||
			    !parcel_take_number(&answer.body, &absent) ||
			    !parcel_take_number(&answer.body, &status))
				return false;
			one->absent = absent != 0;
			one->status = (long)status;
			if (!one->path && !one->problem)
				return false;
		}
		return true;
	}
}

void apart_all(const struct fetch_options *options, struct arena *arena, struct fetch *list,
	       size_t count)
{
	struct arena scratch _cleanup_arena_ = {0};
	struct parcel parcel = {0};

	parcel_number(&scratch, &parcel, count);
	for (size_t i = 0; i < count; i++) {
		parcel_text(&scratch, &parcel, list[i].url);
		parcel_text(&scratch, &parcel, list[i].sha256);
		parcel_number(&scratch, &parcel, list[i].size);
		parcel_number(&scratch, &parcel, list[i].limit);
		parcel_number(&scratch, &parcel, list[i].untrusted);
	}
	if (parcel_send(through, FETCH_WANTED, &parcel) &&
	    results_receive(options, arena, list, count))
		return;
	for (size_t i = 0; i < count; i++) {
		list[i].path = NULL;
		list[i].problem =
			arena_format(arena, "%s: the process that fetches has ended", list[i].url);
	}
}

/* If the other process has ended, what it asked for is not fetched to the end. */
static void progress_send(void *context, const struct fetch_progress *progress)
{
	struct fetch_server *server = context;
	struct arena scratch _cleanup_arena_ = {0};
	struct parcel parcel = {0};

	if (clock_now() - server->shown < SHOW_EVERY)
		return;
	server->shown = clock_now();
	parcel_number(&scratch, &parcel, progress->files);
	parcel_number(&scratch, &parcel, progress->files_done);
	parcel_number(&scratch, &parcel, progress->bytes);
	parcel_number(&scratch, &parcel, progress->bytes_all);
	if (!parcel_send(server->channel, FETCH_PROGRESS, &parcel))
		_exit(3);
}

/* Fetches those of LIST that are allowed. */
static void allowed_fetch(struct fetch_server *server, struct fetch *list, size_t count)
{
	struct fetch *asked = arena_get(&server->arena, (count + 1) * sizeof *asked);
	size_t *places = arena_get(&server->arena, (count + 1) * sizeof *places), allowed = 0;

	for (size_t i = 0; i < count; i++) {
		if (server->allowed(server->context, list[i].url)) {
			places[allowed] = i;
			asked[allowed++] = list[i];
			continue;
		}
		list[i].problem = arena_format(&server->arena,
					       "%s: the user did not name this host", list[i].url);
	}
	fetch_all(server->fetcher, asked, allowed);
	for (size_t i = 0; i < allowed; i++)
		list[places[i]] = asked[i];
}

static bool wanted_serve(struct fetch_server *server, struct span body)
{
	struct parcel parcel = {0};
	uint64_t count = 0;

	if (!server->fetcher || !parcel_take_number(&body, &count) || count > body.size)
		return false;

	struct fetch *list = arena_get(&server->arena, (count + 1) * sizeof *list);

	for (size_t i = 0; i < count; i++) {
		struct fetch *fetch = &list[i];
		uint64_t untrusted = 0;

		if (!parcel_take_text(&server->arena, &body, &fetch->url) ||
		    !parcel_take_text(&server->arena, &body, &fetch->sha256) ||
		    !parcel_take_number(&body, &fetch->size) ||
		    !parcel_take_number(&body, &fetch->limit) ||
		    !parcel_take_number(&body, &untrusted) || !fetch->url)
			return false;
		fetch->untrusted = untrusted != 0;
	}
	allowed_fetch(server, list, count);
	for (size_t i = 0; i < count; i++) {
		parcel_text(&server->arena, &parcel, list[i].path);
		parcel_text(&server->arena, &parcel, list[i].problem);
		parcel_number(&server->arena, &parcel, list[i].absent);
		parcel_number(&server->arena, &parcel, (uint64_t)list[i].status);
	}
	return parcel_send(server->channel, FETCH_DONE, &parcel);
}

bool fetch_serve(struct fetch_server *server, const struct message *request)
{
	struct fetch_options options = {.progress = progress_send, .context = server};
	struct span body = request->body;
	uint64_t offline = 0, timeout = 0;
	struct parcel parcel = {0};
	struct error error = {0};

	if (request->kind == FETCH_WANTED)
		return wanted_serve(server, body);
	if (request->kind != FETCH_OPEN || !parcel_take_number(&body, &offline) ||
	    !parcel_take_number(&body, &timeout))
		return false;
	fetch_server_close(server);
	options.cache = fetch_cache(&server->arena);
	options.offline = offline != 0;
	options.timeout = (unsigned)timeout;
	parcel_text(&server->arena, &parcel,
		    fetcher_open(&server->arena, &options, &server->fetcher, &error) ? NULL
										     : error.text);
	return parcel_send(server->channel, FETCH_OPENED, &parcel);
}

void fetch_server_close(struct fetch_server *server)
{
	fetcher_close(&server->fetcher);
	arena_free(&server->arena);
}
