/* SPDX-License-Identifier: ISC */
/* Tests the progress line on a pseudo terminal: overwriting, rate limit, time left, width, and
 * silence in pipes and with -q. */
#include "commands/progress.h"

#include <fcntl.h>
#include <pty.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <setjmp.h>
#include <cmocka.h>

/* stderr is a terminal with COLUMNS columns until caught() */
struct terminal {
	int master, slave, before;
	char text[65536];
};

static void terminal_open(struct terminal *terminal, unsigned short columns)
{
	struct winsize size = {.ws_row = 24, .ws_col = columns};

	setenv("TERM", "xterm", 1);
	assert_int_equal(openpty(&terminal->master, &terminal->slave, NULL, NULL, &size), 0);
	fcntl(terminal->master, F_SETFL, O_NONBLOCK);
	fflush(stderr);
	terminal->before = dup(STDERR_FILENO);
	dup2(terminal->slave, STDERR_FILENO);
}

static const char *caught(struct terminal *terminal)
{
	ssize_t got = 0, size = 0;

	fflush(stderr);
	while ((got = read(terminal->master, terminal->text + size,
			   sizeof terminal->text - 1 - (size_t)size)) > 0)
		size += got;
	dup2(terminal->before, STDERR_FILENO);
	close(terminal->before);
	close(terminal->slave);
	close(terminal->master);
	terminal->text[size] = '\0';
	return terminal->text;
}

static unsigned lines_in(const char *text)
{
	unsigned lines = 0;

	for (const char *at = text; (at = strstr(at, "\r\033[K")); at++)
		lines++;
	return lines;
}

static void overwrites_and_erases(void **state)
{
	struct terminal terminal;
	struct progress progress;

	(void)state;
	terminal_open(&terminal, 80);
	progress_begin(&progress, false);
	progress_show(&progress, 0, 0, "reading %s", "fw.bin");
	progress_show(&progress, 0, 3, "judging pair %d of %d", 1, 3);
	progress_end(&progress);
	progress_end(&progress);
	assert_string_equal(caught(&terminal),
			    "\r\033[Kreading fw.bin\r\033[Kjudging pair 1 of 3\r\033[K");
}

static const char *shown(bool quiet, const char *kind)
{
	static struct terminal terminal;
	struct progress progress;

	terminal_open(&terminal, 80);
	if (kind)
		setenv("TERM", kind, 1);
	else
		unsetenv("TERM");
	progress_begin(&progress, quiet);
	progress_show(&progress, 1, 2, "judging");
	progress_end(&progress);
	return caught(&terminal);
}

static void says_nothing_where_nobody_watches(void **state)
{
	struct progress progress;
	char text[64] = "";
	FILE *file = tmpfile();
	int before = dup(STDERR_FILENO);

	(void)state;
	assert_true(strlen(shown(false, "xterm")) > 0);
	assert_string_equal(shown(true, "xterm"), "");
	assert_string_equal(shown(false, "dumb"), "");
	assert_string_equal(shown(false, NULL), "");
	setenv("TERM", "xterm", 1);
	dup2(fileno(file), STDERR_FILENO);
	progress_begin(&progress, false);
	progress_show(&progress, 1, 2, "judging");
	progress_end(&progress);
	dup2(before, STDERR_FILENO);
	close(before);
	rewind(file);
	assert_null(fgets(text, sizeof text, file));
	fclose(file);
}

static double the_time;

static double clock_told(void)
{
	return the_time;
}

/* A terminal, and a clock that the test advances. */
static void begin_watched(struct terminal *terminal, struct progress *progress)
{
	terminal_open(terminal, 80);
	the_time = 1000;
	progress_begin_by(progress, false, clock_told);
}

/* 1100 steps in 1.1 seconds: a burst of 5 lines, and 5 more in each second */
static void draws_no_more_than_an_eye_follows(void **state)
{
	struct terminal terminal;
	struct progress progress;

	(void)state;
	begin_watched(&terminal, &progress);
	for (size_t i = 0; i < 1100; i++) {
		progress_show(&progress, i, 1100, "step %zu", i);
		the_time += 0.001;
	}
	assert_int_equal(lines_in(caught(&terminal)), 5 + 5);
}

static void tells_the_time_left(void **state)
{
	struct terminal terminal;
	struct progress progress;

	(void)state;
	begin_watched(&terminal, &progress);
	progress_show(&progress, 0, 300, "step 1");
	the_time += 1.1;
	progress_show(&progress, 10, 300, "step 11"); /* too early for an estimate */
	the_time += 1.1;
	progress_show(&progress, 100, 300, "step 101"); /* 2.2 s for a third */
	progress_show(&progress, 8, 300, "over again"); /* starts the count again */
	the_time += 2.1;
	progress_show(&progress, 10, 300, "step 11 again"); /* 2.1 s for a thirtieth */
	progress_show(&progress, 0, 0, "not counted");

	const char *text = caught(&terminal);

	assert_non_null(strstr(text, "step 1\r"));
	assert_non_null(strstr(text, "step 11\r"));
	assert_non_null(strstr(text, "step 101, 4 s left\r"));
	assert_non_null(strstr(text, "over again\r"));
	assert_non_null(strstr(text, "step 11 again, 1 min left\r"));
	assert_non_null(strstr(text, "not counted"));
	assert_null(strstr(text, "not counted,"));
}

static void fits_the_line_and_quotes(void **state)
{
	struct terminal terminal;
	struct progress progress;

	(void)state;
	terminal_open(&terminal, 20);
	progress_begin(&progress, false);
	progress_show(&progress, 0, 0, "reading %s", "abcdefghijklmnopqrst.bin");
	progress_show(&progress, 0, 0, "%s", "12345678901234567\xc3\xa4\xc3\xa4");
	progress_show(&progress, 0, 0, "%s", "\033[31mred\n");
	assert_string_equal(
		caught(&terminal),
		"\r\033[Kreading "
		"abcdefghijk\r\033[K12345678901234567\xc3\xa4\r\033[K\\x1b[31mred\\x0a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overwrites_and_erases),
		cmocka_unit_test(says_nothing_where_nobody_watches),
		cmocka_unit_test(draws_no_more_than_an_eye_follows),
		cmocka_unit_test(tells_the_time_left),
		cmocka_unit_test(fits_the_line_and_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
