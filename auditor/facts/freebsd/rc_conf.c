/* SPDX-License-Identifier: ISC */
/* Parses what raises kern.securelevel, and what is loaded before: rc.conf and
 * sysctl.conf of FreeBSD (libexec/rc/rc.d/securelevel, kld, sysctl). */
#include "facts/freebsd/rc_conf.h"
#include "base/text.h"
#include "facts/freebsd/shell_command.h"

/* ---- values ---- */

enum level { LEVEL_LOW, LEVEL_ZERO, LEVEL_HIGH };

/* What is no number may be any: "$level". Base 16 tells 0 from others in the bases that
 * strtol of sysctl(8) takes. An empty value sets nothing. */
static enum level level_of(struct span value)
{
	uint64_t level;

	value = span_trim(value);
	if (value.size == 0 || span_starts(value, "-"))
		return LEVEL_LOW;
	return span_number(value, 16, &level) && level == 0 ? LEVEL_ZERO : LEVEL_HIGH;
}

/* checkyesno of libexec/rc/rc.subr. */
static bool is_yes(const char *value)
{
	return span_is_nocase(span_text(value), "yes") ||
	       span_is_nocase(span_text(value), "true") || span_is_nocase(span_text(value), "on") ||
	       strcmp(value, "1") == 0;
}

/* ---- rc.conf ---- */

/* "$kld_list $kld_list" doubles with each line. */
enum { EXPANDED_MOST = 1 << 19 };

struct rc_reading {
	struct arena *arena;
	const char *witness; /* of the file */
	const char *target; /* NULL, or the file that a link in its place leads to */
	struct shell_command command; /* the last one that was read */
	bool maybe; /* it may not run */
	struct rc_conf *conf;
};

/* Where the reading is: "etc/rc.conf: line 3: . /etc/rc.more". */
static const char *place_of(const struct rc_reading *reading)
{
	const struct shell_command *command = &reading->command;
	const char *text = "";

	if (reading->target)
		return arena_format(reading->arena, "%s: line 1: . %s", reading->witness,
				    reading->target);
	if (command->line == 0)
		return reading->witness;
	for (size_t i = 0; i < command->words.count && i < 4; i++) {
		struct span word = span_head(command->words.list[i], 40);

		if (span_is_line(word))
			text = arena_format(reading->arena, "%s%s%s", text, *text ? " " : "",
					    arena_string(reading->arena, word));
	}
	return arena_format(reading->arena, "%s: line %u: %s", reading->witness, command->line,
			    text);
}

static void setting_set(const struct rc_reading *reading, struct rc_setting *setting, bool on,
			bool known)
{
	bool was = setting->on, differs = was != on;

	if (on || !reading->maybe)
		setting->witness = reading->witness;
	if (!reading->maybe)
		setting->doubt = NULL;
	if ((reading->maybe && differs) || !known)
		setting->doubt = place_of(reading);
	setting->on = on || (reading->maybe && was);
}

static bool list_has(const char *list, struct span word)
{
	struct span rest = span_text(list), other;

	while (span_token(&rest, &other))
		if (span_equal(other, word))
			return true;
	return false;
}

/* The words that LIST and OTHER have. */
static const char *list_common(struct arena *arena, const char *list, const char *other)
{
	struct span rest = span_text(list), word;
	char *text = arena_get(arena, strlen(list) + 2), *end = text;

	while (span_token(&rest, &word))
		if (list_has(other, word)) {
			end = mempcpy(end, word.data, word.size);
			*end++ = ' ';
		}
	*end = '\0';
	return text;
}

/* Something may have been done to the variables at this place. */
static void doubt_all(struct rc_reading *reading)
{
	struct rc_conf *conf = reading->conf;

	setting_set(reading, &conf->raises, true, false);
	setting_set(reading, &conf->level, true, false);
	conf->list = NULL;
}

static void list_set(struct rc_reading *reading, struct span value)
{
	struct rc_conf *conf = reading->conf;
	const char *old = text_or_empty(conf->list);
	const char *list = conf->expanded < EXPANDED_MOST
				   ? shell_expand(reading->arena, value, "kld_list", old)
				   : NULL;

	conf->expanded += strlen(text_or_empty(list));
	if (list && reading->maybe)
		list = list_common(reading->arena, old, list);
	conf->list = list;
}

/* Other files are read if these are set; later, so that they count. */
static bool is_other_files(struct span name, const char *value)
{
	static const char *const names[] = {"rc_conf_files", "local_startup"};
	static const char *const usual[] = {"/etc/rc.conf /etc/rc.conf.local",
					    "/usr/local/etc/rc.d"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_is(name, names[i]))
			return !text_same(value, usual[i]);
	return false;
}

static bool word_mentions(struct span word)
{
	static const char *const names[] = {"securelevel", "kld_list", "rc_conf_files",
					    "local_startup"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_find(word, 0, span_text(names[i])) != SIZE_MAX)
			return true;
	return false;
}

/* "${kld_list:=x}" sets the variable wherever it stands. */
static bool word_sets(struct span word)
{
	return word_mentions(word) && span_find(word, 0, span_text("${")) != SIZE_MAX &&
	       span_find(word, 0, span_text("=")) != SIZE_MAX;
}

static void variable_set(struct rc_reading *reading, struct span name, struct span value)
{
	struct rc_conf *conf = reading->conf;
	const char *text;

	if (word_sets(value)) {
		doubt_all(reading);
		return;
	}
	if (!word_mentions(name))
		return;
	if (span_is(name, "kld_list")) {
		list_set(reading, value);
		return;
	}
	text = text_or_empty(
		shell_expand(reading->arena, value, "kld_list", text_or_empty(conf->list)));

	bool known = !strchr(text, '$');

	if (span_is(name, "kern_securelevel_enable")) {
		setting_set(reading, &conf->raises, !known || is_yes(text), known);
	} else if (span_is(name, "kern_securelevel")) {
		setting_set(reading, &conf->level, level_of(span_text(text)) != LEVEL_LOW, known);
	} else if (is_other_files(name, text)) {
		doubt_all(reading);
		conf->loose = true;
	}
}

/* True if WORDS, a command, may set variables of the shell that reads the file. "x+=y" is no
 * command of sh(1), and none of that name is found. */
static bool command_sets(const struct span *words, size_t count, bool defaults)
{
	static const char *const runs[] = {".",	    "eval",    "source", "exec",   "exit",
					   "alias", "builtin", "trap",	 "command"};
	static const char *const harmless[] = {"[", "test", "echo", "printf", "logger"};
	bool looks = false;

	if (defaults && span_is(words[0], ".") && count == 2 &&
	    (span_is(words[1], "$i") || span_is(words[1], "/etc/defaults/vendor.conf")))
		return false;
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
		if (span_is(words[0], runs[i]))
			return true;
	if (words[0].size > 0 && strchr("$`\\'\"", words[0].data[0]))
		return true;
	if (span_find(words[0], 0, span_text("+=")) != SIZE_MAX)
		return false;
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		looks |= span_is(words[0], harmless[i]);
	for (size_t i = 0; i < count; i++)
		if (looks ? word_sets(words[i]) : word_mentions(words[i]))
			return true;
	return false;
}

static void command_obey(struct rc_reading *reading, bool defaults)
{
	const struct shell_command *command = &reading->command;
	size_t settings = 0, count = command->words.count;
	const struct span *words = command->words.list;
	struct span name, value;

	while (settings < count && shell_setting(words[settings], &name, &value))
		settings++;
	/* "x=1 command" sets x for the command, and not for the shell */
	reading->maybe = command->maybe || settings < count;
	for (size_t i = 0; i < settings; i++)
		if (shell_setting(words[i], &name, &value))
			variable_set(reading, name, value);
	if (command->broken ||
	    (settings < count && command_sets(words + settings, count - settings, defaults)))
		doubt_all(reading);
	reading->conf->loose |= settings < count && (span_is(words[settings], "return") ||
						     span_is(words[settings], "exit"));
}

void rc_conf_read(struct arena *arena, const char *witness, struct span text, bool defaults,
		  struct rc_conf *ret)
{
	struct shell_text shell = {.rest = text, .line = 1, .loose = ret->loose};
	struct rc_reading reading = {.arena = arena, .witness = witness, .conf = ret};
	struct shell_command command;

	while (shell_command_read(arena, &shell, &command)) {
		if (command.words.count == 0 && !command.broken)
			continue;
		reading.command = command;
		command_obey(&reading, defaults);
		shell.loose |= ret->loose;
	}
	if (shell.depth > 0 || shell.shells > 0 || shell.joined)
		doubt_all(&reading);
	ret->loose |= shell.loose && !defaults;
}

void rc_conf_link(struct arena *arena, const char *witness, const char *target, struct rc_conf *ret)
{
	struct rc_reading reading = {
		.arena = arena, .witness = witness, .target = target, .conf = ret};

	doubt_all(&reading);
}

void rc_conf_klds(struct arena *arena, const struct rc_conf *conf, struct strings *ret)
{
	struct span rest = span_text(text_or_empty(conf->list)), word;

	while (span_token(&rest, &word))
		if (span_find(word, 0, span_text("$")) == SIZE_MAX)
			*array_add(arena, ret) = arena_string(arena, word);
}

/* ---- sysctl.conf ---- */

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
	enum level highest = LEVEL_LOW;

	while (span_line(&text, &line))
		if (sysctl_read(line, &name, &value) && span_is(name, "kern.securelevel") &&
		    level_of(value) > highest)
			highest = level_of(value);
	*early |= highest == LEVEL_HIGH;
	return highest != LEVEL_LOW;
}
