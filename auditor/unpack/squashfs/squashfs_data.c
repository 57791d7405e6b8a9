/* SPDX-License-Identifier: ISC */
/* Decodes the data blocks of the wanted files of a squashfs on several threads, in the
 * order in which they lie. */
#include "base/array.h"
#include "base/pool.h"
#include "unpack/squashfs/squashfs.h"

#include <stdatomic.h>
#include <string.h>

#define STORED ((uint32_t)1 << 24) /* in a stored size: not compressed */
#define CHUNKS_PER_WORKER 8

/* The state of one thread. */
struct reader {
	struct squashfs *squashfs;
	sqfs_compressor_t *compressor;
	struct place place;
	struct arena scratch; /* for one file */
	uint8_t *block; /* the fragment block that was decoded last */
	uint32_t fragment; /* its number, or SQUASHFS_NO_FRAGMENT */
	uint32_t fragment_size;
};

/* Files that one thread reads. All files in one fragment block are in
 * the same chunk. */
struct chunk {
	size_t from, to;
	bool failed;
	struct error error;
};

struct delivery {
	struct wanted_list *wanted;
	struct reader readers[POOL_MOST];
	struct chunk *list;
	size_t count, room;
};

static int wanted_compare(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->fragment != y->fragment)
		return x->fragment < y->fragment ? -1 : 1;
	if (x->fragment_offset != y->fragment_offset)
		return x->fragment_offset < y->fragment_offset ? -1 : 1;
	return strcmp(x->path, y->path);
}

/* Decodes the block at START to exactly SIZE bytes at OUT; with RET_SIZE, to at
 * most SIZE bytes. */
static bool block_decode(struct reader *reader, uint64_t start, uint32_t stored, uint8_t *out,
			 uint32_t size, uint32_t *ret_size, struct error *error)
{
	struct span block;
	uint32_t got = stored & (STORED - 1);

	if (!span_cut(reader->squashfs->file.span, start, got, &block))
		return fail(error, "data corrupted: block at 0x%llx is outside the file system",
			    (unsigned long long)start);
	if (stored & STORED) {
		if (got <= size)
			memcpy(out, block.data, got);
	} else {
		sqfs_s32 result = reader->compressor->do_block(reader->compressor, block.data, got,
							       out, size);

		got = result > 0 ? (uint32_t)result : UINT32_MAX;
	}
	if (got > size || (!ret_size && got != size))
		return fail(error, "data corrupted: block at 0x%llx does not decode to its size",
			    (unsigned long long)start);
	if (ret_size)
		*ret_size = got;
	return true;
}

/* Decodes block I of a file, which is stored at START, to its place in OUT. */
static bool file_block(struct reader *reader, const struct wanted *file, size_t i, uint64_t start,
		       uint8_t *out, struct error *error)
{
	uint64_t block_size = reader->squashfs->super.block_size, at = i * block_size;
	uint64_t left = file->size > at ? file->size - at : 0;
	uint32_t size = (uint32_t)(left < block_size ? left : block_size);

	out += file->size - left;
	if ((file->blocks[i] & (STORED - 1)) > 0)
		return block_decode(reader, start, file->blocks[i], out, size, NULL, error);
	memset(out, 0, size);
	return true;
}

/* Copies what is behind the blocks from the fragment block that has it. */
static bool file_end(struct reader *reader, const struct wanted *file, uint8_t *out,
		     struct error *error)
{
	const struct squashfs *squashfs = reader->squashfs;
	uint64_t at = file->block_count * (uint64_t)squashfs->super.block_size;
	struct span tail;

	if (at >= file->size)
		return true;
	if (reader->fragment != file->fragment) {
		const struct squashfs_fragment *fragment = &squashfs->fragments[file->fragment];

		reader->fragment = SQUASHFS_NO_FRAGMENT;
		if (!block_decode(reader, fragment->start, fragment->stored, reader->block,
				  squashfs->super.block_size, &reader->fragment_size, error))
			return false;
		reader->fragment = file->fragment;
	}
	if (!span_cut(span_from(reader->block, reader->fragment_size), file->fragment_offset,
		      (uint32_t)(file->size - at), &tail))
		return fail(error, "data corrupted: it reaches beyond the end of fragment %u",
			    file->fragment);
	memcpy(out + at, tail.data, tail.size);
	return true;
}

static bool file_decode(struct reader *reader, const struct wanted *file, uint8_t *out,
			struct error *error)
{
	uint64_t start = file->start;

	for (size_t i = 0; i < file->block_count; i++) {
		if (!file_block(reader, file, i, start, out, error))
			return false;
		start += file->blocks[i] & (STORED - 1);
	}
	return file_end(reader, file, out, error);
}

static bool file_hand(struct reader *reader, const struct wanted *file, const uint8_t *bytes,
		      struct error *error)
{
	return place_entry(&reader->place, file->path, ENTRY_FILE, NULL,
			   span_from(bytes, file->size), file->size, file->want, error);
}

/* A file whose blocks are decoded by several threads. */
struct shared_file {
	struct delivery *delivery;
	const struct wanted *file;
	const uint64_t *starts; /* of its blocks */
	uint8_t *bytes;
	atomic_bool failed;
};

static void shared_block(void *context, unsigned worker, size_t item)
{
	struct shared_file *shared = context;
	struct error ignored;

	if (!file_block(&shared->delivery->readers[worker], shared->file, item,
			shared->starts[item], shared->bytes, &ignored))
		shared->failed = true;
}

/* Decodes FILE on all threads. After a failure the blocks are decoded one after
 * the other, so that the error is that of the first. */
static bool file_share(struct delivery *delivery, const struct wanted *file, unsigned threads,
		       struct error *error)
{
	struct reader *reader = &delivery->readers[0];
	uint64_t *starts = arena_raw(&reader->scratch, file->block_count * sizeof *starts);
	uint8_t *bytes = arena_raw(&reader->scratch, file->size);
	struct shared_file shared = {delivery, file, starts, bytes, false};
	uint64_t start = file->start;

	for (size_t i = 0; i < file->block_count; i++) {
		starts[i] = start;
		start += file->blocks[i] & (STORED - 1);
	}
	pool_run(threads, file->block_count, shared_block, &shared);

	bool ok = (shared.failed ? file_decode(reader, file, bytes, error)
				 : file_end(reader, file, bytes, error)) &&
		  file_hand(reader, file, bytes, error);

	arena_reset(&reader->scratch);
	return ok || within(error, "%s", file->path);
}

static void chunk_read(void *context, unsigned worker, size_t item)
{
	struct delivery *delivery = context;
	struct chunk *chunk = &delivery->list[item];
	struct reader *reader = &delivery->readers[worker];

	for (size_t i = chunk->from; i < chunk->to && !chunk->failed; i++) {
		const struct wanted *file = &delivery->wanted->list[i];
		uint8_t *bytes;

		if (file->want != WANT_BYTES)
			continue;
		bytes = arena_raw(&reader->scratch, file->size);
		chunk->failed = !file_decode(reader, file, bytes, &chunk->error) ||
				!file_hand(reader, file, bytes, &chunk->error);
		if (chunk->failed)
			within(&chunk->error, "%s", file->path);
		arena_reset(&reader->scratch);
	}
}

static bool delivery_run(struct delivery *delivery, struct arena *arena, unsigned threads,
			 uint64_t total, struct error *error)
{
	const struct wanted *files = delivery->wanted->list;
	size_t count = delivery->wanted->count, from = 0;
	uint64_t size = 0;

	/* Opens files that are containers one after another, because what they report
	 * must not overlap, and first: a decoded kernel is the largest, and no facts of
	 * modules are there yet. */
	array_each(file, delivery->wanted) {
		if (file->want == WANT_OPEN && !file_share(delivery, file, threads, error))
			return false;
	}
	/* cuts the list only between files that have no fragment block in common */
	for (size_t i = 0; i < count; i++) {
		size += files[i].size;
		if (i + 1 < count && (files[i].key == files[i + 1].key ||
				      size < total / (threads * CHUNKS_PER_WORKER)))
			continue;
		*array_add(arena, delivery) = (struct chunk){.from = from, .to = i + 1};
		from = i + 1;
		size = 0;
	}
	pool_run(threads, delivery->count, chunk_read, delivery);
	array_each(chunk, delivery) {
		if (chunk->failed) {
			*error = chunk->error;
			return false;
		}
	}
	return true;
}

static bool reader_open(struct reader *reader, struct squashfs *squashfs, unsigned worker,
			struct error *error)
{
	*reader = (struct reader){
		.squashfs = squashfs, .place = *squashfs->place, .fragment = SQUASHFS_NO_FRAGMENT};
	reader->place.scratch = &reader->scratch;
	reader->place.worker = worker;
	reader->block = arena_raw(&squashfs->arena, squashfs->super.block_size);
	reader->compressor = squashfs_compressor(squashfs, error);
	return reader->compressor != NULL;
}

bool squashfs_deliver(struct squashfs *squashfs, struct wanted_list *wanted, struct error *error)
{
	struct delivery *delivery = arena_new(&squashfs->arena, struct delivery);
	unsigned threads = place_threads(squashfs->place), opened = 0;
	uint64_t total = 0;
	bool ok = true;

	delivery->wanted = wanted;
	array_sort(wanted, wanted_compare);
	/* all files are counted before decoding, so that the result does not depend on the
	 * order of threads */
	array_each(file, wanted)
		total += file->size;
	if (!place_account(squashfs->place, total, error))
		return false;
	while (ok && opened < threads) {
		ok = reader_open(&delivery->readers[opened], squashfs, opened, error);
		opened++;
	}
	ok = ok && delivery_run(delivery, &squashfs->arena, threads, total, error);
	for (unsigned i = 0; i < opened; i++) {
		struct reader *reader = &delivery->readers[i];

		sqfs_destroy(reader->compressor);
		arena_free(&reader->scratch);
	}
	return ok;
}
