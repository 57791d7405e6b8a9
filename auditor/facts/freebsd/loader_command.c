/* SPDX-License-Identifier: ISC */
/* Reads a command of FreeBSD's boot loader (stand/common/interp_parse.c, commands.c).
 *
 *   set NAME[=VALUE], unset NAME, others
 *
 * A word has quotes, "\" and variables, which are not evaluated here. */
#include "facts/freebsd/loader_command.h"

static bool word_is_plain(struct span value)
{
	for (size_t i = 0; i < value.size; i++)
		if (strchr("$\\\"' \t", value.data[i]))
			return false;
	return true;
}

struct loader_command loader_command_read(struct span text)
{
	/* Commands that show something. What boot/defaults/loader.conf has is "echo
	 * ...", or ".( ... )" before FreeBSD 12. */
	static const char *const shows[] = {"echo", ".(",   "more", "show", "ls",      "lsdev",
					    "help", "?",    "mode", "gop",  "lsmod",   "lszfs",
					    "heap", "smap", "vbe",  "beep", "biosmem", NULL};
	struct loader_command ret = {.effect = LOADER_EFFECT_UNKNOWN};
	struct span word, rest;

	if (!span_token(&text, &word) || span_among(word, shows))
		return (struct loader_command){.effect = LOADER_EFFECT_NONE};
	rest = span_trim(text);
	ret.unset = span_is(word, "unset");
	if (!ret.unset && !span_is(word, "set"))
		return ret;
	if (ret.unset || !span_split(rest, '=', &ret.name, &ret.value)) {
		ret.name = rest;
		ret.value = (struct span){NULL, 0};
	}
	ret.plain = word_is_plain(ret.value);
	if (ret.name.size > 0 && word_is_plain(ret.name))
		ret.effect = LOADER_EFFECT_SET;
	return ret;
}
