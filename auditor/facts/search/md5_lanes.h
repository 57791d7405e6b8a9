/* SPDX-License-Identifier: ISC */
/* md5_lanes - MD5 (RFC 1321) of many texts at once. In the MD5 of one text, as in
 * libcrypto, each step waits for the one before; sixteen texts at once take little
 * longer than one. Only the search for sets needs this (facts/search/set_search.c);
 * everything else uses base/digest.h. */
#ifndef KMODAUDIT_MD5_LANES_H
#define KMODAUDIT_MD5_LANES_H

#include <stddef.h>
#include <stdint.h>

enum { MD5_BLOCK = 64, MD5_LANES = 16, MD5_PADDING = 2 * MD5_BLOCK };

/* The state of MD5 after a whole number of blocks. */
struct md5_state {
	uint32_t words[4];
};

struct md5_lane {
	struct md5_state state; /* before the call, and after it */
	const uint8_t *data;
	size_t blocks; /* number of blocks of MD5_BLOCK bytes */
};

struct md5_state md5_start(void);
/* Stores the states after each of the COUNT blocks of DATA; STATE is the one
 * before the first. */
void md5_marks(struct md5_state state, const uint8_t *data, size_t count, struct md5_state *ret);
/* Hashes the blocks of each of COUNT lanes, at most MD5_LANES. */
void md5_lanes(struct md5_lane *lanes, size_t count);
/* Appends the padding of MD5 to a text of TOTAL bytes whose last block begins at BLOCK,
 * which must have room for MD5_PADDING bytes. Returns the number of blocks from BLOCK
 * on, 1 or 2. */
size_t md5_pad(uint8_t *block, uint64_t total);
/* The final state of a text whose MD5 is the 16 bytes of DIGEST. */
struct md5_state md5_wanted(const uint8_t *digest);

#endif
