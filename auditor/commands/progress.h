/* SPDX-License-Identifier: ISC */
/* progress - one line at the foot of a terminal that says what is being done and when it will
 * be over, overwritten in place and erased at the end. Nothing at all with -q, in a pipe, or on
 * a terminal that cannot overwrite. */
#ifndef KMODAUDIT_PROGRESS_H
#define KMODAUDIT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/* For one thread at a time. */
struct progress {
	bool watched, drawn;
	double begun; /* of what is counted now, in seconds */
	double allowed, asked; /* lines that may be drawn, and when that was worked out */
	size_t done, total;
	double (*clock)(void); /* seconds, of any origin above 0 */
};

void progress_begin(struct progress *progress, bool quiet);
/* The same with another clock than the system's. */
void progress_begin_by(struct progress *progress, bool quiet, double (*clock)(void));
/* FORMAT is what is being done, without the end of a sentence: "judging pair 3 of 12"; hostile
 * bytes are quoted. DONE of TOTAL tell the time left, where that can be told; a DONE that goes
 * back, or another TOTAL of what has not begun, starts the clock anew. TOTAL 0: nothing is
 * counted. */
void progress_show(struct progress *progress, size_t done, size_t total, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Seconds since what is counted now was begun; 0 when nobody watches. */
double progress_spent(const struct progress *progress);
/* Erases the line. Before anything else is written to the terminal; may be called repeatedly,
 * with progress_show after it. */
void progress_end(struct progress *progress);

#define _cleanup_progress_ __attribute__((cleanup(progress_end)))

#endif
