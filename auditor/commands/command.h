/* SPDX-License-Identifier: ISC */
/* command - the table of commands, and what all of them share. Everything that prints to a
 * user's terminal or ends the program with a status stands on this floor. */
#ifndef KMODAUDIT_COMMAND_H
#define KMODAUDIT_COMMAND_H

#include "base/array.h"
#include "base/error.h"
#include "facts/image/image.h"

#include <stdio.h>

/* The program's exit status. */
enum status {
	STATUS_SAFE = 0, /* everything audited is safe or installed; what was asked for was done */
	STATUS_UNSAFE = 1, /* something is unsafe */
	STATUS_UNPROVEN = 2, /* nothing unsafe, something unproven */
	STATUS_NO_ANSWER = 3 /* usage, unreadable input, write error */
};

/* MAYBE: a text that may be left out, and then is "": the next argument is it unless that
 * starts with '-'. */
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
	const char *name; /* "--jobs", or "-o" where there is no long one */
	char letter; /* 'v' for -v, or 0 */
	enum choice_kind kind;
	/* of a bool, const char *, unsigned, unsigned (index of the word), struct strings (one
	 * more each time) in the command's struct */
	size_t offset;
	/* what --help calls the value; of a WORD: the words, "auto|always|never" */
	const char *value;
	const char *help; /* NULL: not shown */
};

struct command {
	const char *name, *synopsis;
	const char *title; /* one line */
	const char *help; /* what --help says beside synopsis, title and options */
	const struct choice *choices; /* its options, or NULL */
	enum status (*run)(const struct command *command, int count, char **arguments);
};

extern const struct command command_table[]; /* ends with a NULL name */

enum status command_audit(const struct command *command, int count, char **arguments);
enum status command_explain(const struct command *command, int count, char **arguments);
enum status command_gate(const struct command *command, int count, char **arguments);
enum status command_merge(const struct command *command, int count, char **arguments);
enum status command_diff(const struct command *command, int count, char **arguments);
enum status command_convert(const struct command *command, int count, char **arguments);
enum status command_facts(const struct command *command, int count, char **arguments);
enum status command_symvers(const struct command *command, int count, char **arguments);
enum status command_config(const struct command *command, int count, char **arguments);
enum status command_vermagic(const struct command *command, int count, char **arguments);
enum status command_rules(const struct command *command, int count, char **arguments);
enum status command_help(const struct command *command, int count, char **arguments);

/* Each ends with a NULL name. */
extern const struct choice audit_choices[], explain_choices[], gate_choices[], merge_choices[],
	diff_choices[], convert_choices[], config_choices[], facts_choices[], rules_choices[],
	help_choices[];

/* help.c */
void help_print(FILE *out);
void help_print_command(FILE *out, const struct command *command);
/* "kmodaudit: TEXT" and where to find help, on stderr. Returns STATUS_NO_ANSWER. */
enum status usage_error(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* There is no command NAME: says so, and what was probably meant. Returns STATUS_NO_ANSWER. */
enum status command_unknown(const struct command *command, const char *name);
/* "kmodaudit: TEXT" on stderr, hostile bytes quoted. Returns STATUS_NO_ANSWER. */
enum status complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* options.c */
/* Reads options into VALUES; a long one may be shortened while it is unambiguous. Leaves the
 * other arguments, in order, in OPERANDS. False when the command is done already, with
 * RET_STATUS: --help was printed, or an error was told. */
bool options_read(const struct command *command, int count, char **arguments, void *values,
		  struct arena *arena, struct strings *operands, enum status *ret_status);

/* output.c - where the report goes: stdout, or a temporary file that takes the name of the
 * wanted one when all went well. */
struct output {
	FILE *file;
	const char *path, *temporary; /* NULL: stdout, or written in place */
};

bool output_open(struct arena *arena, const char *path, struct output *ret, struct error *error);
/* Flushes, closes and, when GOOD, renames. */
bool output_close(struct output *output, bool good, struct error *error);
/* Flushes stdout; a failure is told to the user and makes STATUS worse. */
enum status stdout_close(enum status status);

/* today.c: YYYY-MM-DD as it was given, else (NULL) by the clock, in UTC. false: what was given
 * is no date. */
bool today_read(struct arena *arena, const char **day);

/* inputs.c */
/* A kernel config out of PATH: the file itself, plain or gzip'd; IKCONFIG in a kernel, an image
 * or configs.ko. */
bool config_open(struct arena *arena, const char *path, struct config *ret, struct error *error);
/* The same; LOCAL is where the bytes are, PATH what messages call them. */
bool config_open_named(struct arena *arena, const char *path, const char *local, struct config *ret,
		       struct error *error);

/* feeds.c */
struct feeds_wanted {
	struct strings paths, lists; /* FEED and --feeds-from as the user gave them */
	bool from_image, offline, quiet;
	unsigned timeout, threads;
};

struct fetcher;
struct progress;
/* Opens a fetcher that uses the cache and shows in PROGRESS how far it is. */
bool fetcher_start(struct arena *arena, const struct feeds_wanted *wanted,
		   struct progress *progress, struct fetcher **ret, struct error *error);
/* PATHS, then what LISTS name, then what IMAGE names. */
bool feeds_paths(struct arena *arena, const struct feeds_wanted *wanted, const struct image *image,
		 struct strings *ret, struct error *error);
/* Reads PATHS, then what LISTS name, then what IMAGE names. Only a URL among them makes it use
 * the network. */
bool feeds_gather(struct arena *arena, const struct feeds_wanted *wanted, const struct image *image,
		  struct feeds *ret, struct error *error);

#endif
