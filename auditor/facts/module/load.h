/* SPDX-License-Identifier: ISC */
/* load - reads numbers without a bounds check, for loops over large tables whose bounds
 * were checked before. Private to facts/. */
#ifndef KMODAUDIT_LOAD_H
#define KMODAUDIT_LOAD_H

#include "base/span.h"

#include <endian.h>
#include <string.h>

static inline uint16_t load16(const uint8_t *at, enum endian endian)
{
	uint16_t value;

	memcpy(&value, at, sizeof value);
	return endian == ENDIAN_BIG ? be16toh(value) : le16toh(value);
}

static inline uint32_t load32(const uint8_t *at, enum endian endian)
{
	uint32_t value;

	memcpy(&value, at, sizeof value);
	return endian == ENDIAN_BIG ? be32toh(value) : le32toh(value);
}

static inline uint64_t load64(const uint8_t *at, enum endian endian)
{
	uint64_t value;

	memcpy(&value, at, sizeof value);
	return endian == ENDIAN_BIG ? be64toh(value) : le64toh(value);
}

/* A machine word of BYTES (4 or 8) bytes. */
static inline uint64_t load_word(const uint8_t *at, unsigned bytes, enum endian endian)
{
	return bytes == 8 ? load64(at, endian) : load32(at, endian);
}

#endif
