/* SPDX-License-Identifier: ISC */
/* Tells by its words what a command of rc.conf may do to the variables
 * (sh(1) of FreeBSD; libexec/rc/rc.subr). */
#include "facts/rc/rc_command.h"

bool rc_word_mentions(struct span word)
{
	static const char *const names[] = {"securelevel", "kld_list", "rc_conf_files",
					    "local_startup"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_contains(word, names[i]))
			return true;
	return false;
}

bool rc_word_sets(struct span word)
{
	bool mentions = rc_word_mentions(word);

	if (span_contains(word, "$(("))
		return mentions || span_contains(word, "=");
	return mentions && span_contains(word, "${") && span_contains(word, "=");
}

bool rc_command_harmless(struct span name)
{
	static const char *const names[] = {"[",      "test", "echo", "printf",
					    "logger", "case", "for",  NULL};

	return span_among(name, names);
}

static bool is_redirection(struct span word)
{
	return span_starts(word, "<") || span_starts(word, ">");
}

/* True if WORDS, an argument list of export(1) and the like, may name any variable. */
static bool names_dark(const struct span *words, size_t count)
{
	static const char *const names[] = {"export", "readonly", "unset",     "read", "getopts",
					    "setvar", "local",	  "set_rcvar", "let",  NULL};

	for (size_t i = 1; span_among(words[0], names) && i < count; i++) {
		struct span name = words[i], value;

		span_split(words[i], '=', &name, &value);
		if (span_contains_any(name, "$`\\'\""))
			return true;
	}
	return false;
}

bool rc_words_set(const struct span *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (rc_word_sets(words[i]))
			return true;
	return false;
}

/* sh divides kld_list at the bytes of IFS. */
static bool divides(const struct span *words, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (span_is(words[i], "IFS") || span_starts(words[i], "IFS="))
			return true;
	return false;
}

enum rc_effect rc_command_effect(const struct span *words, size_t count)
{
	static const char *const runs[] = {
		".",	   "eval", "source",  "exec",		"exit",		  "alias",
		"builtin", "trap", "command", "load_rc_config", "run_rc_command", "run_rc_script",
		NULL};
	static const char *const leaves[] = {"return", "readonly", "set", NULL};
	uint64_t number;
	/* WORDS begin with a redirection, ">x" or "2" and ">x": the name of the command
	 * may be any word then */
	bool redirected =
		count > 1 && (is_redirection(words[0]) ||
			      (is_redirection(words[1]) && span_number(words[0], 10, &number)));

	/* "x+=y" is no command of sh(1), and none of that name is found */
	if (span_contains(words[0], "+=") && !span_contains_any(words[0], "$`"))
		return rc_words_set(words, count) ? RC_SETS : RC_NONE;
	if (span_among(words[0], runs) || span_contains_any(words[0], "$`\\'\"") || redirected ||
	    divides(words, count))
		return RC_RUNS;
	if (rc_words_set(words, count) || names_dark(words, count) ||
	    (span_is(words[0], "for") && count > 1 && rc_word_mentions(words[1])))
		return RC_SETS;
	for (size_t i = 0; !rc_command_harmless(words[0]) && i < count; i++)
		if (rc_word_mentions(words[i]))
			return span_among(words[0], leaves) ? RC_RUNS : RC_SETS;
	return span_among(words[0], leaves) ? RC_LEAVES : RC_NONE;
}

bool rc_command_known(const struct span *words, size_t count)
{
	if (span_is(words[0], "."))
		return count == 2 &&
		       (span_is(words[1], "$i") || span_is(words[1], "/etc/defaults/vendor.conf"));
	if (span_is(words[0], ":"))
		return count == 2 && span_is(words[1], "${_localbase:=\"/usr/local\"}");
	return span_is(words[0], "for") && count == 4 && span_is(words[1], "i") &&
	       span_is(words[3], "${rc_conf_files}");
}
