/* SPDX-License-Identifier: ISC */
/* shell_word - the words of a text that sh(1) reads. */
#ifndef KMODAUDIT_SHELL_WORD_H
#define KMODAUDIT_SHELL_WORD_H

#include "base/span.h"

#include <stddef.h>

/* The byte at AT; -1 behind the end. */
int shell_byte(struct span text, size_t at);
bool shell_blank(int byte);
/* The size of the word at the start of TEXT; SIZE_MAX if a quote in it does not end, or if
 * the word goes on in the next line. */
size_t shell_word_size(struct span text);
/* The offset behind the quoted, escaped or expanded piece at AT, or behind the byte there.
 * SIZE_MAX if it does not end, or if it is not known where sh ends it. */
size_t shell_past_piece(struct span text, size_t at);

#endif
