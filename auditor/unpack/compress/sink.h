/* SPDX-License-Identifier: ISC */
/* sink - the output of a decoder: memory that grows without being copied, within the
 * limits of one decompression. Private to unpack/compress/. */
#ifndef KMODAUDIT_SINK_H
#define KMODAUDIT_SINK_H

#include "base/arena.h"
#include "base/error.h"
#include "unpack/limits.h"

struct sink {
	uint8_t *data;
	size_t size, room;
	uint64_t limit;
	bool open_end; /* the stream has no end marker */
	/* only the first LIMIT bytes are wanted: decoding stops there
	 * without an error */
	bool head;
};

/* Makes room for MORE bytes. USED encoded bytes were read so far. False if a
 * limit is exceeded. */
bool sink_room(struct sink *sink, size_t more, uint64_t used, struct error *error);
/* True if a decoder may stop early. */
bool sink_full(const struct sink *sink);
/* Moves the decoded bytes to ARENA. */
struct span sink_finish(struct sink *sink, struct arena *arena);
void sink_free(struct sink *sink);

#define _cleanup_sink_ __attribute__((cleanup(sink_free)))

/* The input and output of one call; step() advances both. */
struct flow {
	const uint8_t *in;
	size_t in_size;
	uint8_t *out;
	size_t out_size;
	const char *why; /* set with STEP_BAD */
};

enum step { STEP_MORE, STEP_END, STEP_BAD };

/* A library that decodes piece by piece. */
struct codec {
	void *(*begin)(void);
	enum step (*step)(void *state, struct flow *flow);
	void (*end)(void *state);
};

extern const struct codec codec_gzip;
extern const struct codec codec_deflate;
extern const struct codec codec_xz;
extern const struct codec codec_lzma;
extern const struct codec codec_zstd;
extern const struct codec codec_bzip2;
extern const struct codec codec_lz4_frame;

/* decompress_lz.c: formats that are sequences of blocks. On failure RET_USED is the
 * number of bytes that were read. */
bool lz4_legacy_here(struct span bytes);
bool lz4_legacy_decode(struct sink *sink, struct span bytes, uint64_t *ret_used,
		       struct error *error);
bool lzop_decode(struct sink *sink, struct span bytes, uint64_t *ret_used, struct error *error);
bool lzo1x_decode(struct sink *sink, struct span bytes, uint64_t *ret_used, struct error *error);
/* lzma_wide.c: lzma-alone that liblzma does not decode. */
bool lzma_wide_here(struct span bytes);
bool lzma_wide_decode(struct sink *sink, struct span bytes, uint64_t *ret_used,
		      struct error *error);

#endif
