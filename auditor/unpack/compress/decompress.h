/* SPDX-License-Identifier: ISC */
/* decompress - single compressed streams. decompress*.c and codecs.c alone know liblzma, zlib,
 * libbz2, libzstd, liblz4, liblzo2. */
#ifndef KMODAUDIT_DECOMPRESS_H
#define KMODAUDIT_DECOMPRESS_H

#include "base/arena.h"
#include "base/error.h"

enum compression {
	COMPRESSION_NONE,
	COMPRESSION_GZIP,
	COMPRESSION_XZ,
	COMPRESSION_LZMA, /* LZMA-alone: props, dictionary, size */
	COMPRESSION_ZSTD,
	COMPRESSION_LZ4, /* both the legacy frame that kernels use and the modern one */
	COMPRESSION_BZIP2,
	COMPRESSION_LZO, /* lzop container */
	/* raw, without any header: never found by compression_of, only asked for by name */
	COMPRESSION_DEFLATE,
	COMPRESSION_LZO1X, /* likewise: one block */
};

/* By magic and plausible header at the front of BYTES. */
enum compression compression_of(struct span bytes);
const char *compression_name(enum compression compression);
/* Decodes one stream at the front of BYTES into memory of ARENA, at most LIMIT bytes (a stream
 * that goes on beyond is an error); what follows the stream is left alone. RET_USED: encoded
 * bytes consumed, NULL if not wanted. On failure RET has no data and the size that had been
 * decoded. */
bool decompress(struct arena *arena, enum compression compression, struct span bytes,
		uint64_t limit, struct span *ret, uint64_t *ret_used, struct error *error);
/* lzma whose header lies apart: PROPERTIES are the first 5 bytes of it, SIZE the decoded size;
 * with UINT64_MAX STREAM ends with an end mark or with its last byte. */
bool decompress_lzma(struct arena *arena, struct span properties, uint64_t size, struct span stream,
		     uint64_t limit, struct span *ret, struct error *error);
/* At most the first SIZE decoded bytes; fewer, perhaps none, when the stream ends or breaks
 * before. RET_USED: encoded bytes that were read for them. */
struct span decompress_head(struct arena *arena, enum compression compression, struct span bytes,
			    size_t size, uint64_t *ret_used);

#endif
