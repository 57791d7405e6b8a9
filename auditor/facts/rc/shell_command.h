/* SPDX-License-Identifier: ISC */
/* shell_command - the simple commands of a file that sh(1) reads, as far as it takes to
 * know which variables the file sets. */
#ifndef KMODAUDIT_SHELL_COMMAND_H
#define KMODAUDIT_SHELL_COMMAND_H

#include "base/array.h"
#include "base/span.h"

struct shell_words {
	struct span *list; /* as they are written, with their quotes */
	size_t count, room;
};

struct shell_command {
	struct shell_words words;
	unsigned line;
	/* it runs under a condition, in another process, or in a function */
	bool maybe;
	bool pattern; /* it is no command, but a pattern of "case" */
	/* what sh makes of this command and of the rest, which is dropped, is not known: a
	 * quote that does not end, a here-document, a word that goes on in the next line,
	 * ... */
	bool broken;
};

enum { SHELL_DEPTH = 32 };

struct shell_text {
	struct span rest;
	unsigned line; /* from 1 */
	const char *open[SHELL_DEPTH]; /* the words that close what is open: "fi", "}" */
	unsigned depth, shells; /* the number of OPEN; of open "(" */
	bool joined; /* by "&&", "||" or "|" to the command before */
	/* whether and when what follows runs is not known: a function was defined, or
	 * the file may have been left */
	bool loose;
};

/* Removes the next command from TEXT. False at its end. The words of "for" and "case" up to
 * the first line end are a command. */
bool shell_command_read(struct arena *arena, struct shell_text *text, struct shell_command *ret);

#endif
