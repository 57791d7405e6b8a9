/* SPDX-License-Identifier: ISC */
/* rc_command - what a command of rc.conf may do to the variables that count: kern_securelevel,
 * kern_securelevel_enable, kld_list, and those that name other files. */
#ifndef KMODAUDIT_RC_COMMAND_H
#define KMODAUDIT_RC_COMMAND_H

#include "base/span.h"

#include <stddef.h>

/* True if WORD contains the name of one of these variables. */
bool rc_word_mentions(struct span word);
/* True if WORD sets such a variable wherever it stands: "${kld_list:=x}", "$((kld_list = 1))". */
bool rc_word_sets(struct span word);

/* NAME is a command that sets no variable but by an expansion in its words. */
bool rc_command_harmless(struct span name);
enum rc_effect {
	RC_NONE,
	RC_SETS, /* it may set such variables */
	RC_LEAVES, /* what is behind it may not run, or means something else */
	RC_RUNS, /* it may run any command in the shell that reads the file */
};

/* What WORDS, a command, may do. COUNT is above 0 here and below. */
enum rc_effect rc_command_effect(const struct span *words, size_t count);
/* True if one of WORDS sets such a variable by an expansion. */
bool rc_words_set(const struct span *words, size_t count);
/* True if WORDS are those by which etc/defaults/rc.conf reads the other files. */
bool rc_command_known(const struct span *words, size_t count);

#endif
