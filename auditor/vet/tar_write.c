/* SPDX-License-Identifier: ISC */
/* Exchanges one member of a tar archive and makes small archives (POSIX ustar, and GNU
 * tar's variant of it). */
#include "vet/tar_write.h"

#include <stdio.h>
#include <string.h>

/*
 * A header block of 512 bytes, numbers in octal text; the data follow, padded to 512; two blocks
 * of zeros end the archive:
 *
 *   0 name[100]  100 mode[8]  108 uid[8]  116 gid[8]  124 size[12]  136 mtime[12]
 *   148 checksum[8]: the sum of all header bytes, with blanks in its own place
 *   156 type: '0' or NUL file, '5' directory, '1' '2' links, 'L' 'K' GNU's long names,
 *       'x' 'g' pax
 *   157 link name[100]  257 "ustar"  263 version[2]  345 prefix[155]
 */
enum { BLOCK = 512, NAME = 100, SIZE = 124, SIZE_SIZE = 12, SUM = 148, SUM_SIZE = 8 };
enum { TYPE = 156, MAGIC = 257, PREFIX = 345 };

struct entry {
	size_t header, data; /* offsets in the archive */
	uint64_t size;
	char type;
};

static uint64_t padded(uint64_t size)
{
	return (size + BLOCK - 1) / BLOCK * BLOCK;
}

static unsigned header_sum(const uint8_t *header)
{
	unsigned sum = SUM_SIZE * ' ';

	for (size_t i = 0; i < BLOCK; i++)
		if (i < SUM || i >= SUM + SUM_SIZE)
			sum += header[i];
	return sum;
}

static bool octal_read(struct span field, uint64_t *ret)
{
	uint64_t value = 0;
	size_t i = 0;

	while (i < field.size && field.data[i] == ' ')
		i++;
	if (i == field.size || field.data[i] < '0' || field.data[i] > '7')
		return false;
	for (; i < field.size && field.data[i] >= '0' && field.data[i] <= '7'; i++)
		value = value * 8 + (uint64_t)(field.data[i] - '0');
	*ret = value;
	return i == field.size || field.data[i] == ' ' || field.data[i] == '\0';
}

/* Reads the entry at *AT and moves *AT behind it. *MORE is false at the end
 * of the archive. */
static bool entry_next(struct span tar, size_t *at, struct entry *ret, bool *more,
		       struct error *error)
{
	struct span header, size, sum, data;
	uint64_t stated = 0;

	*more = false;
	if (!span_cut(tar, *at, BLOCK, &header))
		return fail(error, "the tar archive is truncated");
	if (span_filled(header, 0))
		return true;
	if (!span_cut(header, SUM, SUM_SIZE, &sum) || !octal_read(sum, &stated) ||
	    stated != header_sum(header.data) || !span_has(header, MAGIC, SPAN_OF("ustar")))
		return fail(error, "the tar header at 0x%zx is damaged", *at);
	*ret = (struct entry){.header = *at, .data = *at + BLOCK, .type = (char)header.data[TYPE]};
	if (ret->type == 'x' || ret->type == 'g')
		return fail(error, "the tar archive has pax headers, which cannot be rewritten");
	if (!span_cut(header, SIZE, SIZE_SIZE, &size) || !octal_read(size, &ret->size) ||
	    !span_cut(tar, ret->data, padded(ret->size), &data))
		return fail(error, "the tar member at 0x%zx has a wrong size", *at);
	*at = ret->data + (size_t)data.size;
	*more = true;
	return true;
}

static bool entry_is(struct span tar, const struct entry *entry, const char *name)
{
	struct span field = span_head(span_skip(tar, entry->header), NAME), text = field;

	if (head_u8(span_skip(tar, entry->header), PREFIX) || !span_string(field, 0, &text))
		return false;
	return span_is(text, name) ||
	       (span_starts(text, "./") && span_is(span_skip(text, 2), name));
}

static bool entry_find(struct span tar, const char *name, struct entry *ret, struct error *error)
{
	struct entry entry, before = {0};
	bool more = true, found = false;
	size_t at = 0;

	for (;;) {
		if (!entry_next(tar, &at, &entry, &more, error))
			return false;
		if (!more)
			break;
		bool named = before.type != 'L' && entry_is(tar, &entry, name);

		before = entry;
		if (!named)
			continue;
		if (found || (entry.type != '0' && entry.type != '\0'))
			return fail(error, found ? "%s occurs twice" : "%s is not a regular file",
				    name);
		found = true;
		*ret = entry;
	}
	return found || fail(error, "it has no %s", name);
}

bool tar_find(struct span tar, const char *name, struct span *ret, struct error *error)
{
	struct entry entry;

	return entry_find(tar, name, &entry, error) &&
	       (span_cut(tar, entry.data, entry.size, ret) || fail(error, "%s is truncated", name));
}

static void header_size_put(uint8_t *header, uint64_t size)
{
	char text[SIZE_SIZE + 1];

	snprintf(text, sizeof text, "%011llo", (unsigned long long)size & 077777777777ULL);
	memcpy(header + SIZE, text, SIZE_SIZE);
	snprintf(text, sizeof text, "%06o", header_sum(header));
	memcpy(header + SUM, text, 7);
	header[SUM + 7] = ' ';
}

bool tar_exchange(struct arena *arena, struct span tar, const char *name, struct span bytes,
		  struct span *ret, struct error *error)
{
	struct entry entry;

	if (!entry_find(tar, name, &entry, error))
		return false;

	struct span rest = span_skip(tar, entry.data + padded(entry.size));
	size_t size = entry.data + (size_t)padded(bytes.size) + rest.size;
	uint8_t *out = arena_get(arena, size);

	memcpy(out, tar.data, entry.data);
	memcpy(out + entry.data, bytes.data, bytes.size);
	memcpy(out + size - rest.size, rest.data, rest.size);
	header_size_put(out + entry.header, bytes.size);
	*ret = span_from(out, size);
	return true;
}

struct span tar_make(struct arena *arena, const struct tar_member *members, size_t count)
{
	size_t size = 2 * BLOCK, at = 0;

	for (size_t i = 0; i < count; i++)
		size += BLOCK + (size_t)padded(members[i].bytes.size);

	uint8_t *out = arena_get(arena, size);
	for (size_t i = 0; i < count; i++) {
		uint8_t *header = out + at;

		memcpy(header, members[i].name, strnlen(members[i].name, NAME - 1));
		memcpy(header + 100, "0000644", 7);
		memcpy(header + 108, "0000000", 7);
		memcpy(header + 116, "0000000", 7);
		memcpy(header + 136, "00000000000", 11);
		header[TYPE] = '0';
		memcpy(header + MAGIC, "ustar\00000", 8);
		header_size_put(header, members[i].bytes.size);
		memcpy(out + at + BLOCK, members[i].bytes.data, members[i].bytes.size);
		at += BLOCK + (size_t)padded(members[i].bytes.size);
	}
	return span_from(out, size);
}
