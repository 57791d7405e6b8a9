/* SPDX-License-Identifier: ISC */
/* abi_packed - the built-in sets and parts: rules/abi as scripts/abi-pack writes it. Private to
 * facts/abi. */
#ifndef KMODAUDIT_ABI_PACKED_H
#define KMODAUDIT_ABI_PACKED_H

#include <stddef.h>
#include <stdint.h>

/* The joined files of a series of releases, compressed with xz. */
struct abi_packed {
	const char *series; /* "24.10" */
	const uint8_t *bytes;
	size_t size;
};

/* Ends with a NULL series. */
extern const struct abi_packed abi_packed[];

/* Which series has a hash. */
struct abi_key {
	uint32_t prefix; /* the first 8 digits of the hash */
	uint32_t series; /* a place in abi_packed */
};

/* Sorted by prefix; one for each different hash of a series. */
extern const struct abi_key abi_keys[];
extern const unsigned abi_key_count;

#endif
