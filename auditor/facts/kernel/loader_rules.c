/* SPDX-License-Identifier: ISC */
/* Parses what keeps a module loader from loading modules: etc/modules.conf of
 * kmodloader, etc/modprobe.d of kmod, and sysctl.conf. */
#include "facts/kernel/loader_rules.h"
#include "base/text.h"
#include "facts/module/module.h"

#include <fnmatch.h>
#include <string.h>

/* ubox kmodloader.c, load_options; kmod libkmod.c, default_config_paths */
const char *const loader_rules_paths[] = {"etc/modules.conf",
					  "etc/modprobe.conf",
					  "etc/modprobe.d/",
					  "usr/local/lib/modprobe.d/",
					  "usr/lib/modprobe.d/",
					  "lib/modprobe.d/",
					  NULL};

/* OpenWrt base-files, etc/init.d/sysctl and etc/init.d/done; systemd sysctl.d(5); procps
 * sysctl(8); FreeBSD libexec/rc/rc.d/sysctl */
const char *const sysctl_paths[] = {
	"etc/sysctl.conf",   "etc/sysctl.conf.local", "etc/sysctl.d/", "usr/local/lib/sysctl.d/",
	"usr/lib/sysctl.d/", "lib/sysctl.d/",	      "etc/rc.local",  NULL};

bool orders_path(const char *const *paths, const char *path)
{
	for (; *paths; paths++) {
		size_t size = strlen(*paths);

		if ((*paths)[size - 1] != '/'
			    ? strcmp(path, *paths) == 0
			    : strncmp(path, *paths, size) == 0 && !strchr(path + size, '/') &&
				      text_ends(path, ".conf"))
			return true;
	}
	return false;
}

/* LINE up to a '#'. */
static struct span uncommented(struct span line)
{
	struct span before, behind;

	return span_trim(span_split(line, '#', &before, &behind) ? before : line);
}

/* True if WORDS, a command without what the shell runs behind it, is modprobe or insmod and
 * loads NAME: "/sbin/modprobe --ignore-install NAME". */
static bool command_loads(struct arena *arena, const struct strings *words, const char *name)
{
	static const char *const ignores[] = {"-i", "--ignore-install", NULL}, *const shows[] = {
										       "-n",
										       "--dry-run",
										       "--show",
										       NULL};
	/* in which kmod gives the shell the module's name */
	static const char *const variables[] = {"$MODPROBE_MODULE", "\"$MODPROBE_MODULE\"", NULL};
	const char *program = path_last(words->list[0]);

	if (array_any(word, words, text_among(*word, shows)) ||
	    !array_any(word, words,
		       text_among(*word, variables) ||
			       strcmp(module_name_of_path(arena, *word), name) == 0))
		return false;
	return strcmp(program, "insmod") == 0 ||
	       (strcmp(program, "modprobe") == 0 &&
		array_any(word, words, text_among(*word, ignores)));
}

/* What COMMAND of an install line does to load NAME (modprobe.d(5)). The shell runs it:
 *     /sbin/modprobe --ignore-install NAME && /sbin/modprobe OTHER
 * What is behind the first command does not change whether that one loads the module. */
static enum loader_rule_kind command_kind(struct arena *arena, struct span command,
					  const char *name)
{
	static const char *const idles[] = {
		"/bin/true", "/bin/false", "/usr/bin/true", "/usr/bin/false", "true", "false", ":",
		"/dev/null", NULL};
	struct strings words = {0};
	bool first_only = true;
	struct span word;

	while (first_only && span_token(&command, &word)) {
		char *text = arena_chars(arena, word);
		size_t end = strcspn(text, ";&|");

		first_only = !text[end];
		text[end] = '\0';
		*array_add(arena, &words) = text;
	}
	if (command_loads(arena, &words, name))
		return RULE_LOADS;
	return first_only && text_among(words.list[0], idles) ? RULE_INSTALL : RULE_COMMAND;
}

/* WORD with '_' for '-', but not between brackets (kmod shared/util.c, underscores); NULL
 * if a bracket is not closed. */
static const char *pattern_of(struct arena *arena, struct span word)
{
	char *text = arena_chars(arena, word);

	for (char *at = text; *at; at++) {
		if (*at == '[')
			at = strchr(at, ']');
		else if (*at == '-')
			*at = '_';
		if (!at)
			return NULL;
	}
	return text;
}

/* etc/modules.conf (ubox kmodloader.c, load_options):
 *     blacklist NAME
 * modprobe.d (kmod libkmod-config.c, kmod_config_parse):
 *     blacklist NAME
 *     install PATTERN COMMAND...
 *     alias PATTERN TARGET
 * Aliases of devices, which have a ':', name no module. */
static bool rule_read(struct arena *arena, struct span line, bool kmod, struct loader_rule *rule)
{
	struct span rest = line, word, name, target;

	if (!span_token(&rest, &word) || !span_token(&rest, &name))
		return false;
	if (!kmod) {
		*rule = (struct loader_rule){RULE_BLACKLIST, .name = arena_string(arena, name)};
		return span_is(word, "blacklist");
	}
	if (span_is(word, "blacklist")) {
		*rule = (struct loader_rule){
			RULE_ALIASES,
			.name = module_name_of_path(arena, arena_string(arena, name))};
		return true;
	}
	rule->name = pattern_of(arena, name);
	if (!rule->name)
		return false;
	if (span_is(word, "install") && span_trim(rest).size > 0) {
		rule->kind = command_kind(arena, rest, rule->name);
		return true;
	}
	if (!span_is(word, "alias") || strchr(rule->name, ':') || !span_token(&rest, &target))
		return false;
	rule->kind = RULE_ALIAS;
	rule->target = module_name_of_path(arena, arena_string(arena, target));
	return strcmp(rule->target, rule->name) != 0;
}

/* TEXT without each '\\' before the end of a line, which joins the next one to it (kmod
 * shared/util.c, getline_wrapped). */
static struct span lines_joined(struct arena *arena, struct span text)
{
	struct span joined = arena_copy(arena, text);
	uint8_t *to = (uint8_t *)(uintptr_t)joined.data;
	size_t size = 0;

	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == '\\' && i + 1 < text.size && text.data[i + 1] == '\n')
			i++;
		else
			to[size++] = text.data[i];
	return span_head(joined, size);
}

bool loader_rules_read(struct arena *arena, const char *path, const char *witness, struct span text,
		       struct loader_rules *rules)
{
	bool kmod = strcmp(path_last(path), "modules.conf") != 0;
	struct span line;

	if (kmod)
		text = lines_joined(arena, text);
	while (span_line(&text, &line)) {
		struct loader_rule rule = {0};

		line = uncommented(line);
		if (!rule_read(arena, line, kmod, &rule))
			continue;
		if (rules->count == LOADER_RULES_MOST)
			return false;
		rule.line = arena_string(arena, line);
		rule.witness = witness;
		*array_add(arena, rules) = rule;
	}
	return true;
}

/* True if C fits the character or the brackets at *PATTERN, which is then moved behind
 * them. */
static bool char_fits(const char **pattern, char c)
{
	if (**pattern != '[') {
		bool fits = **pattern == '?' || **pattern == c;

		*pattern += fits;
		return fits;
	}

	const char *end = *pattern + 1 + strspn(*pattern + 1, "!^");
	char set[64], text[2] = {c, '\0'};
	size_t size;

	end = *end ? memchr(end + 1, ']', strnlen(end + 1, sizeof set)) : NULL;
	size = end ? (size_t)(end + 1 - *pattern) : 0;
	if (!size || size >= sizeof set)
		return false;
	memcpy(set, *pattern, size);
	set[size] = '\0';
	*pattern += size;
	return fnmatch(set, text, 0) == 0;
}

/* As fnmatch, with which kmod compares the names in install and alias lines. Only the last
 * '*' is tried again, which bounds the time for any PATTERN. */
static bool pattern_fits(const char *pattern, const char *name)
{
	const char *star = NULL, *again = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = pattern++;
			again = name;
		} else if (char_fits(&pattern, *name)) {
			name++;
		} else if (star) {
			pattern = star + 1;
			name = ++again;
		} else {
			return false;
		}
	}
	return !pattern[strspn(pattern, "*")];
}

bool loader_rule_names(const struct loader_rule *rule, const struct module *module)
{
	struct span file = span_text(path_last(module->path)), end;

	if (rule->kind == RULE_ALIASES)
		return strcmp(rule->name, module->name) == 0;
	if (rule->kind == RULE_ALIAS && strcmp(rule->target, module->name) == 0)
		return false;
	if (rule->kind != RULE_BLACKLIST)
		return pattern_fits(rule->name, module->name);
	return span_split(file, '.', &file, &end) && span_is(file, rule->name);
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
	struct span line, name, value;

	while (span_line(&text, &line)) {
		line = uncommented(line);
		if (command_disables(line))
			return true;
		/* NAME = VALUE; '/' and '.' separate the parts of a name, and '-'
		 * before it ignores errors (sysctl.conf(5)) */
		if (!span_split(line, '=', &name, &value))
			continue;
		name = span_trim(name);
		name = span_skip(name, span_starts(name, "-"));
		if ((span_is(name, "kernel.modules_disabled") ||
		     span_is(name, "kernel/modules_disabled")) &&
		    span_is(span_trim(value), "1"))
			return true;
	}
	return false;
}
