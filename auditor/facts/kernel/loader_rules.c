/* SPDX-License-Identifier: ISC */
/* Parses what keeps a module loader from loading modules: etc/modules.conf of
 * kmodloader, etc/modprobe.d of kmod, and sysctl.conf. */
#include "facts/kernel/loader_rules.h"
#include "base/text.h"
#include "facts/module/module.h"

#include <string.h>

bool loader_rules_is_path(const char *path)
{
	static const char *const folders[] = {"etc/modprobe.d/", "lib/modprobe.d/",
					      "usr/lib/modprobe.d/", "usr/local/lib/modprobe.d/"};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (strncmp(path, folders[i], strlen(folders[i])) == 0)
			return text_ends(path, ".conf");
	return strcmp(path, "etc/modules.conf") == 0 || strcmp(path, "etc/modprobe.conf") == 0;
}

bool sysctl_is_path(const char *path)
{
	return strcmp(path, "etc/sysctl.conf") == 0 ||
	       (strncmp(path, "etc/sysctl.d/", 13) == 0 && text_ends(path, ".conf"));
}

/* LINE up to a '#'. */
static struct span uncommented(struct span line)
{
	struct span before, behind;

	return span_trim(span_split(line, '#', &before, &behind) ? before : line);
}

/* The command of an install line loads nothing if it is one of these; others may load
 * the module themselves (modprobe.d(5)). */
static bool command_is_idle(struct span command)
{
	static const char *const idle[] = {
		"/bin/true", "/bin/false", "/usr/bin/true", "/usr/bin/false", "true",
		"false",     ":",	   "/dev/null"};

	for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
		if (span_is(command, idle[i]))
			return true;
	return false;
}

/* etc/modules.conf (ubox kmodloader.c, load_options) and modprobe.d (kmod libkmod-config.c):
 *     blacklist NAME
 *     install NAME COMMAND...     kmod only */
static bool rule_read(struct span line, bool kmod, enum loader_rule_kind *kind, struct span *name)
{
	struct span rest = line, word, command;

	if (!span_token(&rest, &word) || !span_token(&rest, name))
		return false;
	*kind = kmod ? RULE_ALIASES : RULE_BLACKLIST;
	if (span_is(word, "blacklist"))
		return true;
	*kind = RULE_INSTALL;
	return kmod && span_is(word, "install") && span_token(&rest, &command) &&
	       command_is_idle(command);
}

bool loader_rules_read(struct arena *arena, const char *path, const char *witness, struct span text,
		       struct loader_rules *rules)
{
	bool kmod = strcmp(path_last(path), "modules.conf") != 0;
	enum loader_rule_kind kind;
	struct span line, name;

	while (span_line(&text, &line)) {
		line = uncommented(line);
		if (!rule_read(line, kmod, &kind, &name))
			continue;
		if (rules->count == LOADER_RULES_MOST)
			return false;

		const char *own = arena_string(arena, name);
		*array_add(arena, rules) =
			(struct loader_rule){kind, kmod ? module_name_of_path(arena, own) : own,
					     arena_string(arena, line), witness};
	}
	return true;
}

/* NAME = VALUE; '/' and '.' separate the parts of a name, and '-' before it
 * ignores errors (sysctl.conf(5)). */
static bool line_disables(struct span line)
{
	struct span name, value;

	if (!span_split(line, '=', &name, &value))
		return false;
	name = span_trim(name);
	name = span_skip(name, name.size > 0 && name.data[0] == '-');
	return (span_is(name, "kernel.modules_disabled") ||
		span_is(name, "kernel/modules_disabled")) &&
	       span_is(span_trim(value), "1");
}

/* A command of etc/rc.local:
 *     sysctl -w kernel.modules_disabled=1
 *     echo 1 >/proc/sys/kernel/modules_disabled */
static bool command_disables(struct span line)
{
	static const struct span name = {(const uint8_t *)"modules_disabled", 16};
	size_t at = span_find(line, 0, name);
	struct span before = span_head(line, at), word;

	if (at == SIZE_MAX)
		return false;
	if (span_starts(span_skip(line, at + name.size), "=1"))
		return true;
	return span_token(&before, &word) && span_is(word, "echo") && span_token(&before, &word) &&
	       (span_is(word, "1") || span_is(word, "\"1\"") || span_starts(word, "1>"));
}

bool sysctl_disables_modules(struct span text)
{
	struct span line;

	while (span_line(&text, &line)) {
		line = uncommented(line);
		if (line_disables(line) || command_disables(line))
			return true;
	}
	return false;
}
