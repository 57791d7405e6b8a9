/* SPDX-License-Identifier: ISC */
/* error - the reason why something could not be read or done, as one sentence. The
 * cause is written first, and callers prepend where it happened. Problems of packages
 * are not errors but findings (checks/finding.h). */
#ifndef KMODAUDIT_ERROR_H
#define KMODAUDIT_ERROR_H

#include <stdbool.h>

struct error {
	char text[1024];
};

/* Writes the message: lower case, no full stop. Returns false, so that a caller can
 * write `return fail(error, ...)`. */
bool fail(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prepends "NAME: " to the message, where NAME is the formatted text. Returns false. */
bool within(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
