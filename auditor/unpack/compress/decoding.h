/* SPDX-License-Identifier: ISC */
/* decoding - decodes a compressed archive piece by piece and verifies its checksums,
 * also those behind the end of the archive, which libarchive's filters do not do: a
 * damaged module must be noticed. Private to unpack/. */
#ifndef KMODAUDIT_DECODING_H
#define KMODAUDIT_DECODING_H

#include "unpack/compress/decompress.h"

struct decoding {
	enum compression compression;
	void *state; /* of the current member, frame or stream; NULL between them */
	uint8_t *buffer; /* the bytes that were decoded last */
	bool full; /* the decoder may have more output */
	bool ended; /* the bytes that follow are no other member */
	unsigned members;
	uint64_t decoded;
};

/* The compression of an archive that begins with BYTES, if it is one that is decoded
 * piece by piece, else COMPRESSION_NONE. */
enum compression decoding_of(struct span bytes);
/* Decodes IN in one step, if it is a single gzip member of at most MOST decoded bytes
 * with nothing behind it. RET is valid until decoding_free(). False if it must be
 * decoded piece by piece, which also finds out what is wrong with it. */
bool decoding_at_once(struct decoding *decoding, struct span in, uint64_t most, struct span *ret);
/* Decodes a part of IN, which is advanced. RET is valid until the next call, and empty
 * if IN was used up. */
bool decoding_some(struct decoding *decoding, struct span *in, struct span *ret,
		   struct error *error);
/* False if the data ended inside a member. */
bool decoding_whole(const struct decoding *decoding, struct error *error);
void decoding_free(struct decoding *decoding);

#endif
