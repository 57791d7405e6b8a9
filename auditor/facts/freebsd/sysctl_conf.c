/* SPDX-License-Identifier: ISC */
/* Parses values of kern.securelevel: sysctl.conf and scripts (sbin/sysctl/sysctl.c;
 * libexec/rc/rc.d/sysctl). */
#include "facts/freebsd/sysctl_conf.h"

/* sysctl(8) passes a number of so few digits on as it is. */
enum { DIGITS_MOST = 9 };

/* What is no number may be any: "$level". Base 16 tells 0 from others in the bases that
 * strtol of sysctl(8) takes. An empty value sets nothing. */
enum securelevel securelevel_of(struct span value)
{
	uint64_t level;
	bool negative;

	value = span_trim(value);
	if (value.size == 0)
		return SECURELEVEL_LOW;
	negative = span_starts(value, "-");
	value = span_skip(value, negative);
	if (span_number(value, 16, &level) && level == 0)
		return SECURELEVEL_ZERO;
	return negative && value.size <= DIGITS_MOST && span_number(value, 10, &level)
		       ? SECURELEVEL_LOW
		       : SECURELEVEL_HIGH;
}

/* "NAME = VALUE" or "NAME: VALUE" of sysctl.conf (sbin/sysctl/sysctl.c, parse). A lone
 * quote is left: sysctl(8) reads behind its end. */
static bool sysctl_read(struct span line, struct span *name, struct span *value)
{
	struct span comment;

	span_split(line, '#', &line, &comment);
	if (!span_split(line, '=', name, value) || span_find(*name, 0, span_text(":")) != SIZE_MAX)
		if (!span_split(line, ':', name, value))
			return false;
	*name = span_trim(*name);
	*value = span_trim(*value);
	if (value->size > 1 && (span_starts(*value, "\"") || span_starts(*value, "'"))) {
		char quote = (char)value->data[0];

		*value = span_skip(*value, 1);
		span_split(*value, quote, value, &comment);
	}
	return true;
}

bool sysctl_secures(struct span text, bool *early)
{
	struct span line, name, value;
	enum securelevel highest = SECURELEVEL_LOW;

	while (span_line(&text, &line))
		if (sysctl_read(line, &name, &value) && span_is(name, "kern.securelevel") &&
		    securelevel_of(value) > highest)
			highest = securelevel_of(value);
	*early |= highest == SECURELEVEL_HIGH;
	return highest != SECURELEVEL_LOW;
}

bool sysctl_in_script(struct span text)
{
	static const char name[] = "kern.securelevel";
	struct span line;

	while (span_line(&text, &line)) {
		size_t at = span_find(line, 0, span_text(name));
		struct span rest = span_skip(line, at == SIZE_MAX ? at : at + strlen(name));

		while (span_starts(rest, "\"") || span_starts(rest, "'"))
			rest = span_skip(rest, 1);
		if (span_starts(rest, "=") && !span_starts(rest, "==") &&
		    !span_starts(span_trim(line), "#"))
			return true;
	}
	return false;
}
