/* SPDX-License-Identifier: ISC */
/* Builds the one-line error text: fail() writes the cause, within() puts the enclosing
 * file or place in front of it. */
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
	char inner[sizeof error->text];
	va_list args;

	memcpy(inner, error->text, sizeof inner);
	va_start(args, format);
	int used = vsnprintf(error->text, sizeof error->text, format, args);
	va_end(args);
	if (used >= 0 && (size_t)used < sizeof error->text)
		snprintf(error->text + used, sizeof error->text - (size_t)used, ": %s", inner);
	return false;
}
