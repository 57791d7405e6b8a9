/* SPDX-License-Identifier: ISC */
/* sink - where a decoder writes to: memory that grows without being copied, within the limits
 * of one decompression. Private to decompress*.c. */
#ifndef KMODAUDIT_SINK_H
#define KMODAUDIT_SINK_H

#include "base/arena.h"
#include "base/error.h"
#include "unpack/limits.h"

struct sink {
	uint8_t *data;
	size_t size, room;
	uint64_t limit;
	bool open_end; /* the stream has no end but that of its bytes */
	/* only the first LIMIT bytes are wanted: reaching them ends the decoding and is no
	 * error */
	bool head;
};

/* Makes room for MORE bytes behind what is there; USED encoded bytes were needed so far. False
 * over the limits. */
bool sink_room(struct sink *sink, size_t more, uint64_t used, struct error *error);
/* True when a decoder may stop early. */
bool sink_full(const struct sink *sink);
/* Hands what was written over to ARENA. */
struct span sink_finish(struct sink *sink, struct arena *arena);
void sink_free(struct sink *sink);

#define _cleanup_sink_ __attribute__((cleanup(sink_free)))

/* One call's worth of input and output; step() moves both forward. */
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

/* decompress_lz.c: formats that are blocks in a row. RET_USED is also set on failure: how far
 * it came. */
bool lz4_legacy_here(struct span bytes);
bool lz4_legacy_decode(struct sink *sink, struct span bytes, uint64_t *ret_used,
		       struct error *error);
bool lzop_decode(struct sink *sink, struct span bytes, uint64_t *ret_used, struct error *error);
bool lzo1x_decode(struct sink *sink, struct span bytes, uint64_t *ret_used, struct error *error);

#endif
