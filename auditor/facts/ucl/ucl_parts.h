/* SPDX-License-Identifier: ISC */
/* ucl_parts - steps through the text of a UCL reader. Private to facts/ucl/. */
#ifndef KMODAUDIT_UCL_PARTS_H
#define KMODAUDIT_UCL_PARTS_H

#include "facts/ucl/ucl.h"

#include <string.h>

static inline int ucl_peek(const struct ucl_reader *reader, size_t ahead)
{
	return ahead < reader->text.size - reader->at ? reader->text.data[reader->at + ahead] : -1;
}

static inline void ucl_step(struct ucl_reader *reader, size_t count)
{
	const uint8_t *at = reader->text.data + reader->at, *end;

	if (count > reader->text.size - reader->at)
		count = reader->text.size - reader->at;
	reader->at += count;
	if (count == 1) {
		reader->line += *at == '\n';
		return;
	}
	end = at + count;
	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		reader->line++;
		at++;
	}
}

static inline bool ucl_bad(const struct ucl_reader *reader, struct error *error, const char *why)
{
	return fail(error, "line %zu: %s", reader->line, why);
}

/* ucl_quoted.c: reads a text between two equal quotes. */
bool ucl_quoted(struct ucl_reader *reader, const char **ret, struct error *error);

#endif
