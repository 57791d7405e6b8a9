/* SPDX-License-Identifier: ISC */
/* adb_write - writes apk-tools 3 databases: values, the file with its blocks, its
 * compression (format: apk-tools src/adb.h, src/adb.c, src/adb_comp.c;
 * unpack/archive/adb.c draws it). */
#ifndef KMODAUDIT_ADB_WRITE_H
#define KMODAUDIT_ADB_WRITE_H

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/map.h"
#include "unpack/archive/adb.h"
#include "unpack/buffer.h"

/* The payload that is being written: an 8-byte header, then values, each behind those
 * that it refers to. */
struct adb_writer {
	struct arena *arena;
	struct buffer bytes;
	bool failed; /* a value was damaged, nested too deeply, or there was no room for it */
};

struct adb_words {
	uint32_t *list;
	size_t count, room;
};

/* The source of adb_copy(): remembers where each of its values was copied to. */
struct adb_source {
	const struct adb *adb;
	struct map copied;
};

struct adb_writer adb_writer_begin(struct arena *arena);
/* These return the value to store in a field: 0, which is null, for an empty blob or
 * for an object without fields. WORDS are the fields from the first, without the
 * number of slots. */
uint32_t adb_put_blob(struct adb_writer *writer, struct span bytes);
uint32_t adb_put_number(struct adb_writer *writer, uint64_t number);
uint32_t adb_put_object(struct adb_writer *writer, const struct adb_words *words);
uint32_t adb_put_array(struct adb_writer *writer, const struct adb_words *words);
/* Copies VALUE of the source with everything that it refers to. */
uint32_t adb_copy(struct adb_writer *writer, struct adb_source *source, uint32_t value);
/* Sets the root and returns the payload; false if writing failed. */
bool adb_writer_end(struct adb_writer *writer, uint32_t root, struct span *ret);

/* Appends a block of TYPE with PAYLOAD, padded to 8 bytes, to a file that begins with
 * "ADB." and the SCHEMA, 4 letters. */
void adb_file_begin(struct adb_writer *file, const char *schema);
void adb_file_block(struct adb_writer *file, unsigned type, struct span payload);
/* The file, compressed by deflate: equal bytes give equal bytes. */
struct span adb_file_end(struct arena *arena, const struct adb_writer *file);

#endif
