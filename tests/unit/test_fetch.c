/* SPDX-License-Identifier: ISC */
/* Tests that a fetch waits between two tries without spinning, against a server on loopback. */
#include "fetch/fetch.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <setjmp.h>
#include <cmocka.h>

/* A server on loopback that gives one answer per connection. */
struct server {
	int socket;
	uint16_t port;
	const char *const *answers; /* ends with NULL */
	pthread_t thread;
};

static void answer_one(int connection, const char *answer)
{
	char asked[4096];
	size_t size = 0;
	ssize_t got = 0;

	while (size < sizeof asked - 1 &&
	       (got = read(connection, asked + size, sizeof asked - 1 - size)) > 0) {
		asked[size += (size_t)got] = '\0';
		if (strstr(asked, "\r\n\r\n"))
			break;
	}
	assert_int_equal(write(connection, answer, strlen(answer)), (ssize_t)strlen(answer));
	close(connection);
}

static void *serve(void *context)
{
	const struct server *server = context;

	for (size_t i = 0; server->answers[i]; i++)
		answer_one(accept(server->socket, NULL, NULL), server->answers[i]);
	return NULL;
}

static void server_start(struct server *server, const char *const *answers)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;

	server->answers = answers;
	server->socket = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(server->socket, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(server->socket, 4), 0);
	assert_int_equal(getsockname(server->socket, (struct sockaddr *)&address, &size), 0);
	server->port = ntohs(address.sin_port);
	assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void server_stop(struct server *server)
{
	pthread_join(server->thread, NULL);
	close(server->socket);
}

static void count_round(void *context, const struct fetch_progress *progress)
{
	(void)progress;
	++*(size_t *)context;
}

/* Progress is reported once in each round of the loop: five times in the half second before the
 * second try, and a few times for each answer. A loop that does not wait runs some hundred
 * thousand rounds. */
static void waits_for_a_retry_without_work(void **state)
{
	static const char *const answers[] = {
		"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
		NULL,
	};
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_fetcher_ struct fetcher *fetcher = NULL;
	char cache[] = "/tmp/kmodaudit-test-XXXXXX", remove[64];
	size_t rounds = 0;
	struct fetch_options options = {
		.cache = mkdtemp(cache), .progress = count_round, .context = &rounds};
	struct fetch fetch = {.limit = 100};
	struct server server;
	struct error error;

	(void)state;
	setenv("no_proxy", "*", 1);
	server_start(&server, answers);
	fetch.url = arena_format(&arena, "http://127.0.0.1:%u/x", server.port);
	assert_true(fetcher_open(&arena, &options, &fetcher, &error));
	fetch_all(fetcher, &fetch, 1);
	server_stop(&server);
	assert_null(fetch.problem);
	assert_non_null(fetch.path);
	assert_in_range(rounds, 2, 100);
	snprintf(remove, sizeof remove, "rm -rf %s", cache);
	assert_int_equal(system(remove), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_for_a_retry_without_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
