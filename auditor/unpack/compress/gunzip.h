/* SPDX-License-Identifier: ISC */
/* gunzip - decodes gzip piece by piece and verifies its checksum, which libarchive's
 * filter does not do: a damaged module must be noticed. Private to unpack/. */
#ifndef KMODAUDIT_GUNZIP_H
#define KMODAUDIT_GUNZIP_H

#include "base/error.h"
#include "base/span.h"

struct gunzip {
	void *state; /* of the current gzip member; NULL between members */
	uint8_t *buffer; /* the bytes that were decoded last */
	bool full; /* the decoder may have more output */
	bool ended; /* the bytes that follow are not gzip */
	unsigned members;
	uint64_t decoded;
};

bool gunzip_here(struct span bytes);
/* Decodes IN in one step, if it is a single gzip member of at most MOST decoded bytes
 * with nothing behind it. RET is valid until gunzip_free(). False if it must be decoded
 * piece by piece, which also finds out what is wrong with it. */
bool gunzip_at_once(struct gunzip *gunzip, struct span in, uint64_t most, struct span *ret);
/* Decodes a part of IN, which is advanced. RET is valid until the next call, and empty
 * if IN was used up. */
bool gunzip_some(struct gunzip *gunzip, struct span *in, struct span *ret, struct error *error);
/* False if the data ended inside a member. */
bool gunzip_whole(const struct gunzip *gunzip, struct error *error);
void gunzip_free(struct gunzip *gunzip);

#endif
