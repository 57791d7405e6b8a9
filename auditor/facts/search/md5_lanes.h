/* SPDX-License-Identifier: ISC */
/* md5_lanes - MD5 (RFC 1321) of many texts at once. libcrypto's does one text at a time and each
 * step waits for the one before; eight texts side by side take little more time than one. Only
 * the search for sets needs it (facts/abi/set_search.c); everything else uses base/digest.h. */
#ifndef KMODAUDIT_MD5_LANES_H
#define KMODAUDIT_MD5_LANES_H

#include <stddef.h>
#include <stdint.h>

enum { MD5_BLOCK = 64, MD5_LANES = 8, MD5_PADDING = 2 * MD5_BLOCK };

/* After a whole number of blocks. */
struct md5_state {
	uint32_t words[4];
};

struct md5_lane {
	struct md5_state state; /* before and after */
	const uint8_t *data;
	size_t blocks; /* of MD5_BLOCK bytes */
};

struct md5_state md5_start(void);
/* The states after each of COUNT blocks of DATA, which begins at STATE. */
void md5_marks(struct md5_state state, const uint8_t *data, size_t count, struct md5_state *ret);
/* Takes each of COUNT lanes, at most MD5_LANES, over its blocks. */
void md5_lanes(struct md5_lane *lanes, size_t count);
/* Writes behind a text of TOTAL bytes, whose last block begins at BLOCK, what MD5 ends it with;
 * returns the number of blocks from BLOCK on, 1 or 2. BLOCK has room for MD5_PADDING bytes. */
size_t md5_pad(uint8_t *block, uint64_t total);
/* The state that DIGEST, 16 bytes, is written from. */
struct md5_state md5_wanted(const uint8_t *digest);

#endif
