/* SPDX-License-Identifier: ISC */
/* abi_packed - the built-in sets and parts, written by scripts/abi-pack from rules/abi.
 * Private to facts/abi/. */
#ifndef KMODAUDIT_ABI_PACKED_H
#define KMODAUDIT_ABI_PACKED_H

#include <stddef.h>
#include <stdint.h>

/* The files of all series, joined, in xz: series are alike, so together they need half
 * as much space as one by one. */
enum { ABI_STREAM_SETS, ABI_STREAM_PARTS, ABI_STREAMS };

struct abi_stream {
	const uint8_t *bytes;
	size_t size;
};

extern const struct abi_stream abi_streams[ABI_STREAMS];

/* The joined files of one series: its sets or its parts. */
struct abi_packed {
	const char *series; /* "24.10" */
	uint32_t stream;
	uint32_t offset, size; /* in the unpacked stream */
};

/* Ends with a NULL series. */
extern const struct abi_packed abi_packed[];

/* The series that has a hash. */
struct abi_key {
	uint32_t prefix; /* the first 8 digits of the hash */
	uint32_t series; /* an index of abi_packed */
};

/* Sorted by prefix; one for each different hash of a series. */
extern const struct abi_key abi_keys[];
extern const unsigned abi_key_count;

#endif
