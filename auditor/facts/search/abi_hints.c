/* SPDX-License-Identifier: ISC */
/* Finds release and target in addresses of OpenWrt's download server, or in
 * paths like them. */
#include "facts/search/abi_hints.h"

#include <ctype.h>

enum { PART_MOST = 64 };

/* The part of a path that TEXT starts with; empty if it has other characters
 * than names have. */
static struct span part_of(struct span text)
{
	size_t size = 0;

	while (size < text.size && size < PART_MOST &&
	       (isalnum(text.data[size]) || text.data[size] == '_' || text.data[size] == '-' ||
		text.data[size] == '.'))
		size++;
	return span_head(text, size);
}

/* The part behind NAME, which begins and ends with '/'; empty if there is none. */
static struct span part_after(struct span text, struct span name, struct span *ret_rest)
{
	size_t at = span_find(text, 0, name);
	struct span part = {0};

	if (at == SIZE_MAX)
		return part;
	part = part_of(span_skip(text, at + name.size));
	*ret_rest = span_skip(text, at + name.size + part.size);
	return part;
}

void abi_hints_read(struct arena *arena, struct span text, struct abi_question *question)
{
	struct span rest, part = part_after(text, SPAN_OF("/releases/"), &rest);

	if (!question->release && part.size > 0 && isdigit(part.data[0]))
		question->release = arena_string(arena, part);
	part = part_after(text, SPAN_OF("/targets/"), &rest);
	if (question->target || part.size == 0 || rest.size == 0 || rest.data[0] != '/')
		return;
	rest = part_of(span_skip(rest, 1));
	if (rest.size > 0)
		question->target =
			arena_format(arena, "%.*s/%.*s", (int)part.size, (const char *)part.data,
				     (int)rest.size, (const char *)rest.data);
}
