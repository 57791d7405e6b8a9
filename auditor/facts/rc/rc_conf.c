/* SPDX-License-Identifier: ISC */
/* Obeys rc.conf of FreeBSD: what raises kern.securelevel, and what is loaded before
 * (libexec/rc/rc.subr; rc.d/securelevel, kld). */
#include "facts/rc/rc_conf.h"
#include "base/text.h"
#include "facts/rc/rc_command.h"
#include "facts/rc/shell_command.h"
#include "facts/rc/shell_value.h"
#include "facts/rc/sysctl_conf.h"

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
	struct shell_command command; /* the last one that was read */
	bool maybe; /* it may not run */
	bool defaults; /* it is etc/defaults/rc.conf */
	struct rc_conf *conf;
};

/* Where the reading is: "etc/rc.conf: line 3: . /etc/rc.more". */
static const char *place_of(const struct rc_reading *reading)
{
	const struct shell_command *command = &reading->command;
	const char *text = "";

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
	if (((reading->maybe && differs) || !known) && !setting->doubt)
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

/* Something may have been done to the variables at this place. */
static void doubt_all(struct rc_reading *reading)
{
	struct rc_conf *conf = reading->conf;

	setting_set(reading, &conf->raises, true, false);
	setting_set(reading, &conf->level, true, false);
	conf->list = NULL;
}

/* What is behind this place may not run, or means something else. */
static void doubt_rest(struct rc_reading *reading)
{
	doubt_all(reading);
	reading->conf->loose = true;
}

/* As shell_expand; NULL, too, once all values are longer than are read. What LIST
 * stands for is known only where it is set again. */
static const char *value_expand(struct rc_reading *reading, struct span value, bool list)
{
	struct rc_conf *conf = reading->conf;
	const char *old = text_or_empty(conf->list), *text;

	if (conf->expanded >= EXPANDED_MOST)
		return NULL;
	text = shell_expand(reading->arena, value, list ? "kld_list" : NULL, old);
	conf->expanded += strlen(text_or_empty(text)) + 1;
	return text;
}

/* Sets the list; where the command may not run, to the words that the list has before
 * and after it. */
static void list_set(struct rc_reading *reading, struct span value)
{
	struct rc_conf *conf = reading->conf;
	const char *old = text_or_empty(conf->list), *list = value_expand(reading, value, true);

	conf->list = list;
	if (!list || !reading->maybe)
		return;
	/* each word of one is compared with those of the other */
	conf->expanded += strlen(old) * strlen(list) / 256 + strlen(old);

	struct span rest = span_text(old), word;
	char *common = arena_get(reading->arena, strlen(old) + 2), *end = common;

	while (span_token(&rest, &word))
		if (list_has(list, word)) {
			end = mempcpy(end, word.data, word.size);
			*end++ = ' ';
		}
	*end = '\0';
	conf->list = common;
}

/* Other files are read if these are set; later, so that they count. VALUE is TEXT
 * without its quotes. */
static bool is_other_files(const struct rc_reading *reading, struct span name, struct span value,
			   const char *text)
{
	static const struct {
		const char *name, *usual;
	} rows[] = {{"rc_conf_files", "/etc/rc.conf /etc/rc.conf.local"},
		    {"local_startup", "/usr/local/etc/rc.d"},
		    {"_localbase", "/usr/local"}};

	if (reading->defaults && span_is(value, "\"${_localbase}/etc/rc.d\""))
		return false;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (span_is(name, rows[i].name))
			return !text_same(text, rows[i].usual);
	return false;
}

static void variable_set(struct rc_reading *reading, struct span name, struct span value)
{
	struct rc_conf *conf = reading->conf;
	const char *text;
	uint64_t number;
	bool known;

	if (rc_word_sets(value)) {
		doubt_all(reading);
		return;
	}
	/* sh divides kld_list at the bytes of IFS */
	if (span_is(name, "IFS"))
		doubt_rest(reading);
	if (!rc_word_mentions(name) && !span_is(name, "_localbase"))
		return;
	if (span_is(name, "kld_list")) {
		list_set(reading, value);
		return;
	}
	text = value_expand(reading, value, false);
	known = text && !strchr(text, '$');
	text = text_or_empty(text);
	if (span_is(name, "kern_securelevel_enable"))
		setting_set(reading, &conf->raises, !known || is_yes(text), known);
	else if (span_is(name, "kern_securelevel"))
		setting_set(reading, &conf->level,
			    !known || securelevel_of(span_text(text)) != SECURELEVEL_LOW,
			    /* what test(1) takes for a number; it fails for other words */
			    known && span_number(span_text(text + (*text == '-')), 10, &number));
	else if (is_other_files(reading, name, value, text))
		doubt_rest(reading);
}

/* True if WORD may be an argument that sets kern.securelevel. */
static bool argument_raises(struct rc_reading *reading, struct span word)
{
	const char *text = value_expand(reading, word, false);

	return !text || strchr(text, '$') || (*text == '-' && strchr(text, 'f')) ||
	       (strstr(text, "securelevel") && strpbrk(text, "=:"));
}

/* True if a command, whose name is WORDS[FIRST], may raise the level while the file is read. */
static bool command_raises(struct rc_reading *reading, const struct span *words, size_t count,
			   size_t first)
{
	bool calls = first < count && span_contains(words[first], "sysctl");
	bool harmless = first == count || rc_command_harmless(words[first]);

	for (size_t i = 0; i < count; i++)
		if ((span_contains(words[i], "kern.securelevel") &&
		     span_contains_any(words[i], "=:") &&
		     (!harmless || span_contains_any(words[i], "$`"))) ||
		    (calls && i > first && argument_raises(reading, words[i])))
			return true;
	return false;
}

/* The level may be raised while the files are read. The first place is told. */
static void early_set(struct rc_conf *conf, const char *witness, const char *place)
{
	if (conf->early)
		return;
	conf->early = place;
	conf->early_witness = witness;
}

static void command_obey(struct rc_reading *reading)
{
	const struct shell_command *command = &reading->command;
	size_t settings = 0, count = command->words.count;
	const struct span *words = command->words.list;
	struct rc_conf *conf = reading->conf;
	struct span name, value;
	bool early;

	while (settings < count && shell_setting(words[settings], &name, &value))
		settings++;
	/* "x=1 command" sets x for the command, and not for the shell */
	reading->maybe = command->maybe || settings < count;
	for (size_t i = 0; i < settings; i++)
		if (shell_setting(words[i], &name, &value))
			variable_set(reading, name, value);
	early = command->broken || command_raises(reading, words, count, settings);
	if (command->broken)
		doubt_rest(reading);
	/* a command may have no words, and then WORDS is NULL */
	if (settings > 0)
		words += settings;
	count -= settings;
	if (count > 0 && !(reading->defaults && rc_command_known(words, count))) {
		enum rc_effect effect = rc_command_effect(words, count);

		if (command->pattern)
			effect = rc_words_set(words, count) ? RC_SETS : RC_NONE;
		early |= effect == RC_RUNS;
		conf->loose |= effect == RC_LEAVES || effect == RC_RUNS;
		if (effect == RC_SETS || effect == RC_RUNS)
			doubt_all(reading);
	}
	if (early && !conf->early)
		early_set(conf, reading->witness, place_of(reading));
}

void rc_conf_read(struct arena *arena, const char *witness, struct span text, bool defaults,
		  struct rc_conf *ret)
{
	struct shell_text shell = {.rest = text, .line = 1, .loose = ret->loose};
	struct rc_reading reading = {
		.arena = arena, .witness = witness, .defaults = defaults, .conf = ret};
	struct shell_command command;

	if (text.size > 0 && memchr(text.data, '\0', text.size)) {
		/* sh leaves the byte out */
		doubt_rest(&reading);
		return;
	}
	while (shell_command_read(arena, &shell, &command)) {
		if (command.words.count == 0 && !command.broken)
			continue;
		reading.command = command;
		command_obey(&reading);
		shell.loose |= ret->loose;
	}
	if (shell.depth > 0 || shell.shells > 0 || shell.joined)
		doubt_all(&reading);
	ret->loose |= shell.loose && !defaults;
}

void rc_conf_doubt(const char *witness, const char *doubt, struct rc_conf *ret)
{
	ret->raises = ret->level = (struct rc_setting){true, witness, doubt};
	ret->list = NULL;
	ret->loose = true;
	early_set(ret, witness, doubt);
}

void rc_conf_klds(struct arena *arena, const struct rc_conf *conf, struct strings *ret)
{
	struct span rest = span_text(text_or_empty(conf->list)), word;

	while (span_token(&rest, &word))
		if (span_find(word, 0, span_text("$")) == SIZE_MAX)
			*array_add(arena, ret) = arena_string(arena, word);
}
