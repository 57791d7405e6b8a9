/* SPDX-License-Identifier: ISC */
/* Starts the clerk, serves requests in it, and sends them to it. */
#include "commands/confine/clerk.h"

#include "base/map.h"
#include "commands/confine/entry_file.h"
#include "commands/confine/output_file.h"
#include "fetch/fetch_apart.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Requests have the path as body; the answer is errno, 0 where it worked. */
enum {
	CLERK_OPEN = FETCH_LAST, /* -> CLERK_OPENED: u64 errno, u64 temporary, and the file */
	CLERK_OPENED,
	CLERK_KEEP, /* -> CLERK_DONE */
	CLERK_DROP,
	CLERK_REMOVE,
	CLERK_STORE, /* the entry as body */
	CLERK_DONE
};

static int channel = -1;
static pid_t clerk;
static volatile sig_atomic_t writing; /* the clerk has an unfinished output */

static bool answer_send(int to, uint32_t kind, uint64_t number, uint64_t more, int fd)
{
	struct arena scratch _cleanup_arena_ = {0};
	struct parcel parcel = {0};

	parcel_number(&scratch, &parcel, number);
	parcel_number(&scratch, &parcel, more);
	return message_send(to, &(struct message){kind, parcel_body(&parcel), fd});
}

static bool output_serve(int to, const struct map *outputs, const struct message *request)
{
	const char *path = (const char *)request->body.data;
	bool worked = true, temporary = false;
	int fd;

	if (request->kind == CLERK_DROP) {
		output_file_drop();
		return answer_send(to, CLERK_DONE, 0, 0, -1);
	}
	if (map_get(outputs, path) == MAP_NONE)
		return answer_send(to, request->kind == CLERK_OPEN ? CLERK_OPENED : CLERK_DONE,
				   EACCES, 0, -1);
	switch (request->kind) {
	case CLERK_OPEN:
		fd = output_file_open(path, &temporary);
		worked = answer_send(to, CLERK_OPENED, fd < 0 ? (uint64_t)errno : 0, temporary, fd);
		if (fd >= 0)
			close(fd);
		return worked;
	case CLERK_KEEP:
		worked = output_file_keep(path);
		break;
	case CLERK_REMOVE:
		worked = unlink(path) == 0;
		break;
	default:
		return false;
	}
	return answer_send(to, CLERK_DONE, worked ? 0 : (uint64_t)errno, 0, -1);
}

static void serve(int from, const struct clerk_limits *limits)
{
	static const int ignored[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGTSTP, SIGXFSZ};
	struct fetch_server server = {
		.channel = from, .allowed = limits->host_allowed, .context = limits->context};
	struct arena arena _cleanup_arena_ = {0};
	struct map outputs = {0};
	bool served = true;

	/* a signal from the terminal reaches both processes; the clerk ignores it and
	 * ends when the other process ends */
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	array_each(path, &limits->outputs)
		map_put(&outputs, &arena, *path, 0);
	while (served) {
		struct arena scratch _cleanup_arena_ = {0};
		struct message request = {0};

		if (!message_receive(from, &scratch, &request))
			break;
		if (request.kind < FETCH_LAST) {
			served = fetch_serve(&server, &request);
		} else if (request.kind == CLERK_STORE) {
			int problem = limits->cache ? entry_file_write(limits->cache, request.body)
						    : EACCES;

			served = answer_send(from, CLERK_DONE, (uint64_t)problem, 0, -1);
		} else {
			served = output_serve(from, &outputs, &request);
		}
	}
	output_file_drop();
	fetch_server_close(&server);
}

bool clerk_start(const struct clerk_limits *limits, struct error *error)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return fail(error, "cannot start a process for outputs: %s", strerror(errno));
	clerk = fork();
	if (clerk < 0) {
		fail(error, "cannot start a process for outputs: %s", strerror(errno));
		close(ends[0]);
		close(ends[1]);
		return false;
	}
	if (clerk == 0) {
		close(ends[0]);
		serve(ends[1], limits);
		_exit(0);
	}
	close(ends[1]);
	channel = ends[0];
	fetch_through(channel);
	return true;
}

void clerk_end(void)
{
	if (channel < 0)
		return;
	close(channel);
	channel = -1;
	while (waitpid(clerk, NULL, 0) < 0 && errno == EINTR)
		;
}

void clerk_abandon(void)
{
	char byte;

	if (channel < 0) {
		output_file_drop();
		return;
	}
	shutdown(channel, SHUT_WR);
	while (writing && read(channel, &byte, 1) > 0)
		;
}

static uint64_t ask(uint32_t kind, struct span body, bool *temporary, int *fd)
{
	struct arena scratch _cleanup_arena_ = {0};
	struct message answer;
	uint64_t problem = EPIPE, flag = 0;

	if (!message_send(channel, &(struct message){kind, body, -1}) ||
	    !message_receive(channel, &scratch, &answer) ||
	    !parcel_take_number(&answer.body, &problem) || !parcel_take_number(&answer.body, &flag))
		return problem;
	if (temporary)
		*temporary = flag != 0;
	if (fd)
		*fd = answer.fd;
	return problem;
}

static bool done(uint64_t problem)
{
	errno = (int)problem;
	return problem == 0;
}

int clerk_open(const char *path, bool *temporary)
{
	int fd = -1;

	if (channel < 0)
		return output_file_open(path, temporary);
	writing = 1;

	uint64_t problem = ask(CLERK_OPEN, span_text(path), temporary, &fd);

	writing = problem == 0 && *temporary;
	return done(problem) ? fd : -1;
}

bool clerk_keep(const char *path)
{
	if (channel < 0)
		return output_file_keep(path);

	uint64_t problem = ask(CLERK_KEEP, span_text(path), NULL, NULL);

	writing = 0;
	return done(problem);
}

void clerk_drop(void)
{
	if (channel < 0)
		output_file_drop();
	else
		ask(CLERK_DROP, span_text(""), NULL, NULL);
	writing = 0;
}

int clerk_store(const char *folder, struct span entry)
{
	if (channel < 0)
		return entry_file_write(folder, entry);
	return (int)ask(CLERK_STORE, entry, NULL, NULL);
}

int clerk_remove(const char *path)
{
	if (channel < 0)
		return unlink(path);
	return done(ask(CLERK_REMOVE, span_text(path), NULL, NULL)) ? 0 : -1;
}
