/* SPDX-License-Identifier: ISC */
/* Draws the progress line at the bottom of a terminal, with the time left, at most a
 * few times a second. */
#include "commands/progress.h"

#include "report/report.h"

#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* The most lines per second, and in a burst. The time left is estimated after some
 * seconds and some part of the work. */
static const double lines_most = 5, guess_after = 2, guess_part = 0.03;

enum { COLUMNS = 80 };

static double clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void progress_begin_by(struct progress *progress, bool quiet, double (*clock)(void))
{
	const char *terminal = getenv("TERM");
	bool overwrites = terminal && *terminal && strcmp(terminal, "dumb") != 0;

	*progress = (struct progress){.watched = !quiet && overwrites && isatty(STDERR_FILENO),
				      .allowed = lines_most,
				      .asked = clock(),
				      .clock = clock};
}

void progress_begin(struct progress *progress, bool quiet)
{
	progress_begin_by(progress, quiet, clock_seconds);
}

/* ", 40 s left", or "" as long as an estimate would be too uncertain. */
static const char *time_left(struct arena *arena, const struct progress *progress, double now)
{
	double spent = now - progress->begun,
	       part = progress->total ? (double)progress->done / (double)progress->total : 0;

	if (spent < guess_after || part < guess_part || part > 1)
		return "";

	unsigned left = (unsigned)(spent / part - spent + 0.5);

	if (left < 60)
		return arena_format(arena, ", %u s left", left);
	if (left < 3600)
		return arena_format(arena, ", %u min left", (left + 30) / 60);
	return arena_format(arena, ", %u h %02u min left", left / 3600, left % 3600 / 60);
}

/* Draws TEXT, cut to leave room for END, because a line that wraps cannot be
 * overwritten. Each byte counts as a column, so text with non-ASCII letters may
 * be cut early. */
static void line_draw(const char *text, const char *end)
{
	struct winsize window = {0};
	size_t columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col
				 ? window.ws_col
				 : COLUMNS;
	size_t room = columns > strlen(end) + 1 ? columns - strlen(end) - 1 : 0,
	       size = strlen(text);

	if (size > room)
		size = room;
	while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80)
		size--;
	fprintf(stderr, "\r\033[K%.*s%s", (int)size, text, room ? end : "");
	fflush(stderr);
}

void progress_show(struct progress *progress, size_t done, size_t total, const char *format, ...)
{
	struct arena arena _cleanup_arena_ = {0};
	double now = 0;
	va_list args;

	if (!progress->watched)
		return;
	now = progress->clock();
	if (done < progress->done || progress->begun <= 0 || (!done && total != progress->total))
		progress->begun = now;
	progress->done = done;
	progress->total = total;
	progress->allowed += (now - progress->asked) * lines_most;
	progress->asked = now;
	if (progress->allowed > lines_most)
		progress->allowed = lines_most;
	if (progress->allowed < 1)
		return;
	progress->allowed -= 1;
	va_start(args, format);
	line_draw(quote(&arena, arena_vformat(&arena, format, args)),
		  time_left(&arena, progress, now));
	va_end(args);
	progress->drawn = true;
}

double progress_spent(const struct progress *progress)
{
	return progress->begun > 0 ? progress->clock() - progress->begun : 0;
}

void progress_end(struct progress *progress)
{
	if (!progress->drawn)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->drawn = false;
}
