/* SPDX-License-Identifier: ISC */
/* progress - a line at the bottom of a terminal that shows the current step and the
 * time left. It is overwritten in place and erased at the end. There is none with -q,
 * in a pipe, or on a terminal that cannot overwrite lines. */
#ifndef KMODAUDIT_PROGRESS_H
#define KMODAUDIT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/* Not for use by two threads at once. */
struct progress {
	bool watched, drawn;
	double begun; /* when the current count began, in seconds */
	double allowed, asked; /* the number of lines that may be drawn, and when it was computed */
	size_t done, total;
	double (*clock)(void); /* returns seconds since any time, above 0 */
};

void progress_begin(struct progress *progress, bool quiet);
/* The same with a clock other than the system's. */
void progress_begin_by(struct progress *progress, bool quiet, double (*clock)(void));
/* Shows FORMAT, such as "judging pair 3 of 12", escaped with quote(). DONE of TOTAL
 * give the time left. A smaller DONE, or another TOTAL, starts the count again. TOTAL
 * 0: nothing is counted. */
void progress_show(struct progress *progress, size_t done, size_t total, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Seconds since the current count began; 0 if no line is shown. */
double progress_spent(const struct progress *progress);
/* Erases the line. Must be called before anything else is written to the terminal;
 * progress_show may follow. */
void progress_end(struct progress *progress);

#define _cleanup_progress_ __attribute__((cleanup(progress_end)))

#endif
