/* SPDX-License-Identifier: ISC */
/* Codes numbers, texts, bytes and the heads of lists. */
#include "facts/stored/coder.h"

#include <string.h>

static void fault(struct coder *coder)
{
	coder->failed = true;
	coder->rest = (struct span){NULL, 0};
}

static void put(struct coder *coder, const void *bytes, size_t size)
{
	struct coded *written = &coder->written;

	if (size == 0)
		return;
	if (written->room - written->count < size) {
		size_t room = (written->count + size) * 2;
		uint8_t *grown = arena_raw(coder->arena, room);

		if (written->count > 0)
			memcpy(grown, written->list, written->count);
		written->list = grown;
		written->room = room;
	}
	memcpy(written->list + written->count, bytes, size);
	written->count += size;
}

/* The next SIZE bytes; empty if there are fewer. */
static struct span take(struct coder *coder, uint64_t size)
{
	struct span taken = {NULL, 0};

	if (span_cut(coder->rest, 0, size, &taken))
		coder->rest = span_skip(coder->rest, size);
	else
		fault(coder);
	return taken;
}

static uint64_t number_take(struct coder *coder)
{
	struct span *rest = &coder->rest;
	uint64_t number = 0;

	for (unsigned shift = 0; shift < 64 && rest->size > 0; shift += 7) {
		uint8_t byte = *rest->data++;

		rest->size--;
		number |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return number;
	}
	fault(coder);
	return 0;
}

void code_number(struct coder *coder, uint64_t *number)
{
	uint8_t bytes[10];
	size_t size = 0;

	if (coder->reads) {
		*number = number_take(coder);
		return;
	}
	for (uint64_t rest = *number; size == 0 || rest > 0; rest >>= 7)
		bytes[size++] = (uint8_t)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
	put(coder, bytes, size);
}

void code_block(struct coder *coder, void *at, size_t size)
{
	if (!coder->reads) {
		put(coder, at, size);
		return;
	}

	struct span bytes = take(coder, size);

	if (bytes.size > 0)
		memcpy(at, bytes.data, size);
}

void code_span(struct coder *coder, struct span *bytes)
{
	uint64_t size = bytes->size;

	code_number(coder, &size);
	if (coder->reads)
		*bytes = size > 0 ? take(coder, size) : (struct span){NULL, 0};
	else
		put(coder, bytes->data, bytes->size);
}

void code_string(struct coder *coder, const char **text)
{
	uint64_t size = *text ? strlen(*text) + 1 : 0;
	struct span bytes;

	code_number(coder, &size);
	if (!coder->reads) {
		put(coder, *text, size);
		return;
	}
	*text = NULL;
	bytes = size > 0 ? take(coder, size) : (struct span){NULL, 0};
	if (bytes.size == 0)
		return;
	if (memchr(bytes.data, '\0', bytes.size) == bytes.data + bytes.size - 1)
		*text = (const char *)bytes.data;
	else
		fault(coder);
}

void code_name(struct coder *coder, const char **name)
{
	code_string(coder, name);
	if (*name)
		return;
	fault(coder);
	*name = "";
}

void code_names(struct coder *coder, struct strings *names)
{
	CODE_LIST(coder, names, code_name);
}

bool code_set(struct coder *coder, bool set)
{
	CODE(coder, set);
	return set && !coder->failed;
}

void *code_room(struct coder *coder, void *list, size_t *count, size_t size)
{
	uint64_t all = *count;

	code_number(coder, &all);
	if (!coder->reads)
		return list;
	/* each member of an element has at least one byte, and at most
	 * LIST_GROWTH in memory */
	if (all > coder->rest.size || all * (size / LIST_GROWTH) > coder->rest.size) {
		fault(coder);
		all = 0;
	}
	*count = all;
	return all > 0 ? arena_get(coder->arena, all * size) : NULL;
}

bool code_ended(const struct coder *coder)
{
	return !coder->failed && coder->rest.size == 0;
}
