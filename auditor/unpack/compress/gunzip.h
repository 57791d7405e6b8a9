/* SPDX-License-Identifier: ISC */
/* gunzip - decodes gzip piece by piece and verifies its checksum, which libarchive's own filter
 * does not do: a damaged module must not pass for a whole one. Private to unpack/. */
#ifndef KMODAUDIT_GUNZIP_H
#define KMODAUDIT_GUNZIP_H

#include "base/error.h"
#include "base/span.h"

struct gunzip {
	void *state; /* of the gzip member being decoded; NULL between members */
	uint8_t *buffer; /* what was decoded last */
	bool full; /* the decoder may hold back more of it */
	bool ended; /* what follows is no gzip */
	unsigned members;
	uint64_t encoded, decoded;
};

bool gunzip_here(struct span bytes);
/* Decodes some of IN, which moves on; RET is valid until the next call, and empty when IN is
 * used up. */
bool gunzip_some(struct gunzip *gunzip, struct span *in, struct span *ret, struct error *error);
/* False when the data ended inside a member. */
bool gunzip_whole(const struct gunzip *gunzip, struct error *error);
void gunzip_free(struct gunzip *gunzip);

#endif
