/* SPDX-License-Identifier: ISC */
/* Builds the one-line error text: fail() writes the cause, within() puts the enclosing
 * file or place in front of it. A text that is too long loses its middle, which is some path:
 * the file and the cause are at its ends. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool fail(struct error *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->text, sizeof error->text, format, args);
	va_end(args);
	return false;
}

bool within(struct error *error, const char *format, ...)
{
	enum { MOST = sizeof error->text - 1, HALF = MOST / 2, WHOLE = 4 * MOST };
	static const char gap[] = "...";
	char place[WHOLE / 2], whole[WHOLE];
	va_list args;

	va_start(args, format);
	vsnprintf(place, sizeof place, format, args);
	va_end(args);

	size_t size = (size_t)snprintf(whole, sizeof whole, "%s: %s", place, error->text);
	if (size <= MOST) {
		memcpy(error->text, whole, size + 1);
		return false;
	}
	memcpy(error->text, whole, HALF);
	memcpy(error->text + HALF, gap, sizeof gap - 1);
	memcpy(error->text + HALF + sizeof gap - 1, whole + size - (MOST - HALF - sizeof gap + 1),
	       MOST - HALF - sizeof gap + 2);
	return false;
}
