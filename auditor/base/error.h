/* SPDX-License-Identifier: ISC */
/* error - why we could not look: one sentence, put together from the inside out. Findings about
 * packages are data and live in checks/finding.h; this is for what stops us. */
#ifndef KMODAUDIT_ERROR_H
#define KMODAUDIT_ERROR_H

#include <stdbool.h>

struct error {
	char text[1024];
};

/* Both return false, so that `return fail(err, ...)` and `return within(err, ...)` read well.
 * Lower case, no full stop. */
bool fail(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Puts "NAME: " in front on the way up. */
bool within(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
