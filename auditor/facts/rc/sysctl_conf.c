/* SPDX-License-Identifier: ISC */
/* Parses values of kern.securelevel: sysctl.conf and scripts (sbin/sysctl/sysctl.c;
 * libexec/rc/rc.d/sysctl). */
#include "facts/rc/sysctl_conf.h"

/* sysctl(8) reads a longer line as two: fgets(3) with BUFSIZ. */
enum { LINE_MOST = 1023 };

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

bool sysctl_line(struct span line, struct span *name, struct span *value)
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

	while (span_line(&text, &line)) {
		if (sysctl_line(line, &name, &value) && span_is(name, "kern.securelevel") &&
		    securelevel_of(value) > highest)
			highest = securelevel_of(value);
		if (line.size >= LINE_MOST && span_contains(line, "kern.securelevel"))
			highest = SECURELEVEL_HIGH;
	}
	*early |= highest == SECURELEVEL_HIGH;
	return highest != SECURELEVEL_LOW;
}

/* True if REST, behind the name, begins with "=" or ":" and a value. A blank may stand
 * between them where sysctl(8) is called. */
static bool value_follows(struct span line, struct span rest)
{
	bool called = span_contains(line, "sysctl") || span_contains(line, "SYSCTL");

	while (span_starts(rest, "\"") || span_starts(rest, "'") ||
	       (called && (span_starts(rest, " ") || span_starts(rest, "\t"))))
		rest = span_skip(rest, 1);
	return (span_starts(rest, "=") && !span_starts(rest, "==")) ||
	       (called && span_starts(rest, ":"));
}

bool sysctl_in_script(struct span text)
{
	static const char name[] = "kern.securelevel";
	struct span line;

	while (span_line(&text, &line)) {
		size_t at = span_find(line, 0, span_text(name));
		struct span command = span_trim(line);
		bool prints = span_starts(command, "echo ") || span_starts(command, "printf ");
		bool only_prints = span_starts(command, "#") ||
				   (prints && !span_contains_any(command, "`(;&|"));

		if (at != SIZE_MAX && !only_prints &&
		    value_follows(line, span_skip(line, at + strlen(name))))
			return true;
	}
	return false;
}
