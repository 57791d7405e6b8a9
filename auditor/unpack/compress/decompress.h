/* SPDX-License-Identifier: ISC */
/* decompress - decodes single compressed streams. Only decompress*.c and codecs.c use
 * liblzma, zlib, libbz2, libzstd, liblz4 and liblzo2. */
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
	COMPRESSION_LZ4, /* the legacy frame, which kernels use, and the modern one */
	COMPRESSION_BZIP2,
	COMPRESSION_LZO, /* the container of lzop */
	/* without any header: compression_of never returns it */
	COMPRESSION_DEFLATE,
	COMPRESSION_LZO1X, /* likewise: a single block */
};

/* The compression whose magic and plausible header are at the start of BYTES. */
enum compression compression_of(struct span bytes);
/* True for the first byte of lzma, its properties, as encoders write it. */
bool lzma_properties_likely(uint8_t properties);
const char *compression_name(enum compression compression);
/* Decodes the stream at the start of BYTES into ARENA; bytes after the stream are
 * ignored. Fails if it decodes to more than LIMIT bytes. RET_USED, which may be NULL,
 * gets the number of encoded bytes. On failure RET has no data, and its size is the
 * number of bytes that were decoded. */
bool decompress(struct arena *arena, enum compression compression, struct span bytes,
		uint64_t limit, struct span *ret, uint64_t *ret_used, struct error *error);
/* Decodes lzma whose header is elsewhere: PROPERTIES are its first 5 bytes, SIZE is
 * the decoded size. If SIZE is UINT64_MAX, STREAM ends with an end marker or with
 * its last byte. */
bool decompress_lzma(struct arena *arena, struct span properties, uint64_t size, struct span stream,
		     uint64_t limit, struct span *ret, struct error *error);
/* Decodes a zstd frame that states its size and was made with BASE as a raw dictionary
 * (`zstd -D`; it may be empty). Fails if the size is more than LIMIT. */
bool decompress_zstd_from(struct arena *arena, struct span base, struct span bytes, uint64_t limit,
			  struct span *ret, struct error *error);
/* The first SIZE decoded bytes, or fewer if the stream ends or is damaged before.
 * RET_USED gets the number of encoded bytes that were read for them. */
struct span decompress_head(struct arena *arena, enum compression compression, struct span bytes,
			    size_t size, uint64_t *ret_used);

#endif
