/* SPDX-License-Identifier: ISC */
/* Writes values, blocks and files of apk-tools 3 databases. */
#include "vet/adb_write.h"

#include "unpack/limits.h"
#include "vet/gzip_write.h"

#include <stdio.h>
#include <string.h>

enum { OFFSET_MOST = 0x0fffffff, DEPTH_MOST = 16, SLOTS_MOST = 1 << 20, BLOCK_PAD = 8 };
enum { NUMBER = 1, NUMBER_32 = 2, NUMBER_64 = 3, BLOB_8 = 8, BLOB_16 = 9, BLOB_32 = 10 };
enum { ARRAY = 13, OBJECT = 14 };

/* Appends SPAN; its place is a multiple of ALIGN. */
static size_t put(struct adb_writer *writer, struct span span, size_t align)
{
	size_t at = (writer->bytes.used + align - 1) / align * align;

	if (at + span.size > OFFSET_MOST) {
		writer->failed = true;
		return 0;
	}
	buffer_put(&writer->bytes, writer->arena, at, span);
	return at;
}

static size_t put_word(struct adb_writer *writer, uint64_t word, size_t width)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < width; i++)
		bytes[i] = (uint8_t)(word >> 8 * i);
	return put(writer, span_from(bytes, width), width > 4 ? 4 : width);
}

static uint32_t value_of(unsigned type, size_t low)
{
	return type << 28 | (uint32_t)low;
}

struct adb_writer adb_writer_begin(struct arena *arena)
{
	static const uint8_t header[8];
	struct adb_writer writer = {.arena = arena};

	put(&writer, span_from(header, sizeof header), 1);
	return writer;
}

uint32_t adb_put_blob(struct adb_writer *writer, struct span bytes)
{
	size_t width = bytes.size > UINT16_MAX ? 4 : bytes.size > UINT8_MAX ? 2 : 1, at;

	if (bytes.size == 0)
		return 0;
	at = put_word(writer, bytes.size, width);
	put(writer, bytes, 1);
	return value_of(width == 4 ? BLOB_32 : width == 2 ? BLOB_16 : BLOB_8, at);
}

uint32_t adb_put_number(struct adb_writer *writer, uint64_t number)
{
	if (number <= OFFSET_MOST)
		return value_of(NUMBER, number);
	if (number <= UINT32_MAX)
		return value_of(NUMBER_32, put_word(writer, number, 4));
	return value_of(NUMBER_64, put_word(writer, number, 8));
}

static uint32_t put_slots(struct adb_writer *writer, unsigned type, const struct adb_words *words)
{
	size_t count = words->count, at;

	while (count > 0 && words->list[count - 1] == 0)
		count--;
	if (count == 0)
		return 0;
	at = put_word(writer, count + 1, 4);
	for (size_t i = 0; i < count; i++)
		put_word(writer, words->list[i], 4);
	return value_of(type, at);
}

uint32_t adb_put_object(struct adb_writer *writer, const struct adb_words *words)
{
	return put_slots(writer, OBJECT, words);
}

uint32_t adb_put_array(struct adb_writer *writer, const struct adb_words *words)
{
	return put_slots(writer, ARRAY, words);
}

static uint32_t copy(struct adb_writer *writer, struct adb_source *source, uint32_t value,
		     unsigned depth);

static uint32_t copy_new(struct adb_writer *writer, struct adb_source *source, uint32_t value,
			 unsigned depth)
{
	unsigned type = value >> 28;
	struct adb_words words = {0};
	struct span blob;
	uint64_t number;

	if (type >= BLOB_8 && type <= BLOB_32 && adb_blob(source->adb, value, &blob))
		return adb_put_blob(writer, blob);
	if (type < BLOB_8 && adb_number(source->adb, value, &number))
		return adb_put_number(writer, number);

	/* has no slots if the value is no array and no object */
	struct adb_object object = adb_object(source->adb, value);

	if (!object.slots.data || adb_count(object) > SLOTS_MOST || depth == DEPTH_MOST) {
		writer->failed = true;
		return 0;
	}
	for (uint32_t i = 1; i <= adb_count(object) && !writer->failed; i++)
		*array_add(writer->arena, &words) =
			copy(writer, source, adb_field(object, i), depth + 1);
	return put_slots(writer, type, &words);
}

/* Each value is copied once, so shared values stay shared and the work is bounded. A
 * value that refers to itself ends at DEPTH_MOST. */
static uint32_t copy(struct adb_writer *writer, struct adb_source *source, uint32_t value,
		     unsigned depth)
{
	char key[sizeof "ffffffff"];
	uint32_t known, copied;

	if (value >> 28 <= NUMBER)
		return value;
	snprintf(key, sizeof key, "%08x", value);
	known = map_get(&source->copied, key);
	if (known != MAP_NONE)
		return known;
	copied = copy_new(writer, source, value, depth);
	/* several values of the source that overlap would make the copy much larger */
	if (writer->bytes.used > 2 * source->adb->payload.size + MIB)
		writer->failed = true;
	map_put(&source->copied, writer->arena, arena_string(writer->arena, span_text(key)),
		copied);
	return copied;
}

uint32_t adb_copy(struct adb_writer *writer, struct adb_source *source, uint32_t value)
{
	return copy(writer, source, value, 0);
}

bool adb_writer_end(struct adb_writer *writer, uint32_t root, struct span *ret)
{
	for (size_t i = 0; i < 4; i++)
		writer->bytes.bytes[4 + i] = (uint8_t)(root >> 8 * i);
	*ret = span_from(writer->bytes.bytes, writer->bytes.used);
	return !writer->failed;
}

void adb_file_begin(struct adb_writer *file, const char *schema)
{
	put(file, SPAN_OF("ADB."), 1);
	put(file, span_text(schema), 1);
}

void adb_file_block(struct adb_writer *file, unsigned type, struct span payload)
{
	put_word(file, (uint64_t)type << 30 | (payload.size + 4), 4);
	put(file, payload, 1);
	put(file, (struct span){NULL, 0}, BLOCK_PAD);
}

struct span adb_file_end(struct arena *arena, const struct adb_writer *file)
{
	struct span packed = deflate_write(arena, span_from(file->bytes.bytes, file->bytes.used));
	uint8_t *bytes = arena_raw(arena, packed.size + 4);

	memcpy(bytes, "ADBd", 4);
	memcpy(bytes + 4, packed.data, packed.size);
	return span_from(bytes, packed.size + 4);
}
