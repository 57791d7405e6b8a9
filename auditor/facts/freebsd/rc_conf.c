/* SPDX-License-Identifier: ISC */
/* Parses what raises kern.securelevel, and what is loaded before: rc.conf and
 * sysctl.conf of FreeBSD (libexec/rc/rc.d/securelevel, kld, sysctl). */
#include "facts/freebsd/rc_conf.h"
#include "facts/module/module.h"

#include <string.h>
#include <strings.h>

/* NAME=VALUE of the shell: a comment begins with '#', and quotes are around VALUE or
 * not there. False for any other line. */
static bool setting_read(struct span line, struct span *name, struct span *value)
{
	struct span rest;

	line = span_trim(line);
	if (!span_split(line, '=', name, value) || name->size == 0 || name->data[0] == '#')
		return false;
	if (value->size > 0 && (value->data[0] == '"' || value->data[0] == '\''))
		return span_split(span_skip(*value, 1), (char)value->data[0], value, &rest);
	if (span_split(*value, '#', value, &rest))
		*value = span_trim(*value);
	return true;
}

/* False only if VALUE is certainly not: "$level" may be. Base 16 tells 0 from others in
 * the bases that strtol of sysctl(8) takes. An empty value sets nothing. */
static bool is_above_zero(struct span value)
{
	uint64_t level;

	value = span_trim(value);
	return value.size > 0 && !span_starts(value, "-") &&
	       (!span_number(value, 16, &level) || level > 0);
}

/* checkyesno of libexec/rc/rc.subr. */
static bool is_yes(struct span value)
{
	static const char *const words[] = {"yes", "true", "on", "1"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (value.size == strlen(words[i]) &&
		    strncasecmp((const char *)value.data, words[i], value.size) == 0)
			return true;
	return false;
}

/* "i915kms /boot/modules/nvidia.ko"; "${kld_list} x" goes on with the list. */
static void klds_read(struct arena *arena, struct span value, struct strings *ret)
{
	struct span word;

	while (span_token(&value, &word))
		*array_add(arena, ret) = module_name_of_path(arena, arena_string(arena, word));
}

void rc_conf_read(struct arena *arena, const char *witness, struct span text, struct rc_conf *ret)
{
	struct span line, name, value;

	while (span_line(&text, &line)) {
		if (!setting_read(line, &name, &value))
			continue;
		if (span_is(name, "kern_securelevel_enable"))
			ret->raises = is_yes(value);
		else if (span_is(name, "kern_securelevel"))
			ret->level = is_above_zero(value) ? witness : NULL;
		else if (span_is(name, "kld_list"))
			klds_read(arena, value, &ret->klds);
	}
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

bool sysctl_secures(struct span text)
{
	struct span line, name, value;
	bool secures = false;

	while (span_line(&text, &line))
		if (sysctl_read(line, &name, &value) && span_is(name, "kern.securelevel"))
			secures |= is_above_zero(value);
	return secures;
}
