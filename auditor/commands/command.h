/* SPDX-License-Identifier: ISC */
/* command - the table of commands, and functions that all of them use. Only this floor
 * prints to the user's terminal and ends the program with a status. */
#ifndef KMODAUDIT_COMMAND_H
#define KMODAUDIT_COMMAND_H

#include "base/array.h"
#include "base/error.h"
#include "commands/feeds.h"
#include "facts/image/image.h"

#include <stdio.h>

/* The program's exit status. */
enum status {
	STATUS_SAFE = 0, /* everything audited is safe or installed; the command succeeded */
	STATUS_UNSAFE = 1, /* something is unsafe */
	STATUS_UNPROVEN = 2, /* nothing unsafe, something unproven */
	STATUS_NO_ANSWER = 3 /* usage, unreadable input, write error */
};

/* MAYBE: a text that can be omitted, which gives ""; the next argument is its value
 * unless it starts with '-'. */
enum choice_kind {
	CHOICE_FLAG,
	CHOICE_TEXT,
	CHOICE_NUMBER,
	CHOICE_WORD,
	CHOICE_LIST,
	CHOICE_MAYBE
};

/* One option of a command. */
struct choice {
	const char *name; /* "--jobs", or "-o" if there is no long name */
	char letter; /* 'v' for -v, or 0 */
	enum choice_kind kind;
	/* offset in the command's struct of a bool, const char *, unsigned, unsigned
	 * (index of the word) or struct strings (gets one more string each time) */
	size_t offset;
	/* the value's name in --help; of a WORD the words, "auto|always|never" */
	const char *value;
	const char *help; /* NULL: not shown */
};

/* The row that ends a table of options. */
#define CHOICE_END                                  \
	{                                           \
		NULL, 0, CHOICE_FLAG, 0, NULL, NULL \
	}

struct command {
	const char *name, *synopsis;
	const char *title; /* one line */
	const char *help; /* the text of --help besides synopsis, title and options */
	const struct choice *choices; /* its options, or NULL */
	enum status (*run)(const struct command *command, int count, char **arguments);
};

extern const struct command command_table[]; /* ends with a NULL name */

/* Each runs a command. ARGUMENTS are the COUNT arguments after the command's name. */
enum status command_audit(const struct command *command, int count, char **arguments);
enum status command_explain(const struct command *command, int count, char **arguments);
enum status command_vet(const struct command *command, int count, char **arguments);
enum status command_gate(const struct command *command, int count, char **arguments);
enum status command_merge(const struct command *command, int count, char **arguments);
enum status command_diff(const struct command *command, int count, char **arguments);
enum status command_convert(const struct command *command, int count, char **arguments);
enum status command_facts(const struct command *command, int count, char **arguments);
enum status command_symvers(const struct command *command, int count, char **arguments);
enum status command_abi(const struct command *command, int count, char **arguments);
enum status command_config(const struct command *command, int count, char **arguments);
enum status command_vermagic(const struct command *command, int count, char **arguments);
enum status command_rules(const struct command *command, int count, char **arguments);
enum status command_help(const struct command *command, int count, char **arguments);

/* Each ends with a NULL name. */
extern const struct choice audit_choices[], explain_choices[], vet_choices[], gate_choices[],
	merge_choices[], diff_choices[], convert_choices[], abi_choices[], config_choices[],
	facts_choices[], rules_choices[], help_choices[], reading_choices[];

/* symvers and vermagic */
struct reading_values {
	bool no_sandbox;
};

/* help.c */
void help_print_command(FILE *out, const struct command *command);
/* Prints "kmodaudit: TEXT" and where to find help to
 * stderr. Returns STATUS_NO_ANSWER. */
enum status usage_error(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Reports that command NAME does not exist, and which was probably meant. Returns
 * STATUS_NO_ANSWER. */
enum status command_unknown(const struct command *command, const char *name);
/* Prints "kmodaudit: TEXT", escaped with quote(), to
 * stderr. Returns STATUS_NO_ANSWER. */
enum status complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* options.c */
/* Reads options into VALUES, and before them the default of --search from
 * KMODAUDIT_SEARCH. A long option may be abbreviated if that is unambiguous. The other
 * arguments are appended to OPERANDS in their order. False, with RET_STATUS set, if the
 * command is finished: --help was printed, or an error was reported. */
bool options_read(const struct command *command, int count, char **arguments, void *values,
		  struct arena *arena, struct strings *operands, enum status *ret_status);

/* Sets DAY, the value of --today, to the current date in UTC, YYYY-MM-DD, unless it is
 * given. False, and the user was told, if it is given and not a date. */
bool today_read(const struct command *command, struct arena *arena, const char **day);

/* output.c - the destination of a report: stdout, or a temporary file that is renamed
 * to the wanted name when everything was written. */
struct output {
	FILE *file;
	const char *path; /* NULL: stdout */
	bool temporary; /* false: PATH is written directly */
};

/* Once, before any output: a signal that ends the program removes the
 * temporary file first. */
void outputs_begin(void);
bool output_open(const char *path, struct output *ret, struct error *error);
/* Flushes and closes the file and, if GOOD, renames it once it is on the disk. One
 * output at a time. */
bool output_close(struct output *output, bool good, struct error *error);
/* Flushes stdout. If that fails, reports the error and returns a worse
 * status than STATUS. */
enum status stdout_close(enum status status);

/* inputs.c */
/* Reads a kernel config from PATH: a config, plain or compressed with gzip, or a
 * kernel, image or configs.ko with IKCONFIG. */
bool config_open(struct arena *arena, const char *path, struct config *ret, struct error *error);
/* The same; the bytes are in the file LOCAL, and messages name PATH. */
bool config_open_named(struct arena *arena, const char *path, const char *local, struct config *ret,
		       struct error *error);

#endif
