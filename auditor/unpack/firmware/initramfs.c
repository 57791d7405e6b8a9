/* SPDX-License-Identifier: ISC */
/* Finds the cpio archive inside a kernel. usr/initramfs_data.S puts it into
 * .init.ramfs, raw or compressed; a raw kernel has no section headers that would
 * show the place. */
#include "unpack/firmware/payload.h"

#include <string.h>

/* newc (Linux Documentation/driver-api/early-userspace/buffer-format.rst):
 *
 *   "070701" | 13 numbers of 8 hex digits: inode, mode, uid, gid, links, time, size (6), 4
 *       devices, name size (11), check
 *   name with NUL, padded to 4 | bytes, padded to 4 | ... | an entry named "TRAILER!!!" */
enum { NEWC_HEADER = 110, NEWC_SIZE = 6 + 6 * 8, NEWC_NAME = 6 + 11 * 8 };

struct newc {
	struct span name;
	uint64_t next; /* offset of the next entry */
};

static bool newc_number(struct span bytes, uint64_t at, uint64_t *ret)
{
	struct span digits;

	return span_cut(bytes, at, 8, &digits) && digits.data[1] != 'x' && digits.data[1] != 'X' &&
	       span_number(digits, 16, ret);
}

static bool newc_here(struct span bytes, uint64_t at)
{
	uint64_t number;

	if (!span_has(bytes, at, SPAN_OF("070701")))
		return false;
	for (unsigned i = 0; i < 13; i++) {
		if (!newc_number(bytes, at + 6 + i * 8, &number))
			return false;
	}
	return true;
}

static uint64_t padded(uint64_t size)
{
	return (size + 3) & ~(uint64_t)3;
}

static bool newc_entry(struct span bytes, uint64_t at, struct newc *ret)
{
	uint64_t size, name;
	struct span text, whole;

	if (!newc_here(bytes, at) || !newc_number(bytes, at + NEWC_SIZE, &size) ||
	    !newc_number(bytes, at + NEWC_NAME, &name) || name == 0 || name > LIMIT_NAME + 2 ||
	    !span_cut(bytes, at + NEWC_HEADER, name, &text) || !span_string(text, 0, &ret->name))
		return false;
	ret->next = at + padded(NEWC_HEADER + name) + padded(size);
	return span_cut(bytes, at, padded(NEWC_HEADER + name) + size, &whole);
}

/* Cuts out the archive from the entry at AT to its trailer. ROOTS gets the number
 * of entries that only a root file system has. RET_END: where it, or what looked
 * like it, ends. */
static bool newc_archive(struct span bytes, uint64_t at, struct span *ret, size_t *roots,
			 uint64_t *ret_end)
{
	struct newc entry = {.next = 0};
	uint64_t from = at;

	*roots = 0;
	for (unsigned i = 0; i < LIMIT_ENTRIES; i++) {
		/* padding counts from the start of the archive */
		struct span archive = span_skip(bytes, from);

		*ret_end = at;
		if (!newc_entry(archive, at - from, &entry))
			return false;
		*ret_end = from + entry.next;
		if (span_is(entry.name, "TRAILER!!!"))
			return span_cut(bytes, from,
					entry.next < archive.size ? entry.next : archive.size, ret);

		struct span name = entry.name;
		while (span_starts(name, "./") || span_starts(name, "/"))
			name = span_skip(name, name.data[0] == '/' ? 1 : 2);
		*roots += span_starts(name, "lib/") || span_starts(name, "etc/");
		at = *ret_end;
	}
	return false;
}

static bool open_archive(const struct place *place, struct span archive, const char *what,
			 struct error *error)
{
	struct place inner;
	bool opened;

	if (!place_enter(place, 0, what, &inner, error))
		return false;
	return place_open(&inner, archive, &opened, error) || within(error, "%s", what);
}

static bool look_raw(const struct place *place, struct span kernel, bool *found,
		     struct error *error)
{
	const struct span magic = SPAN_OF("070701");
	struct span archive;
	uint64_t end;
	size_t roots;

	for (size_t at = span_find(kernel, 0, magic); at != SIZE_MAX;
	     at = span_find(kernel, end > at ? end : at + 1, magic)) {
		end = at;
		if (!newc_here(kernel, at) || !newc_archive(kernel, at, &archive, &roots, &end) ||
		    roots == 0)
			continue;
		*found = true;
		return open_archive(place, archive, "initramfs", error);
	}
	return true;
}

static bool open_stream(const struct place *place, enum compression compression, struct span bytes,
			bool *found, struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};
	const char *what =
		arena_format(place->scratch, "initramfs: %s", compression_name(compression));
	struct span decoded, archive;
	uint64_t used, end;
	size_t roots;

	if (!decompress(&arena, compression, bytes, place_allowed(place, LIMIT_FILE), &decoded,
			&used, error) ||
	    !place_account(place, decoded.size, error))
		return within(error, "initramfs");
	if (!newc_archive(decoded, 0, &archive, &roots, &end))
		return fail(error, "%s: the cpio archive ends early", what);
	if (roots == 0)
		return true;
	*found = true;
	return open_archive(place, archive, what, error);
}

/* False if the lzma stream at the start of BYTES certainly decodes to a first byte
 * other than BYTE (LZMA SDK, lzma-specification.txt): 4 bytes of code follow the first
 * byte of the range coder; a bit 0 announces a literal, and its 8 bits follow, the
 * highest first. The probability of each bit that was not decoded before is 1/2. */
static bool lzma_begins(struct span bytes, uint8_t byte)
{
	enum { CODE = 14, HALF = 1 << 10 };
	uint32_t range = UINT32_MAX, code;
	size_t next = CODE + 4;
	uint8_t more;

	if (!span_u32(bytes, CODE, ENDIAN_BIG, &code))
		return false;
	for (int bit = 8; bit >= 0; bit--) {
		uint32_t bound = (range >> 11) * HALF;
		bool one = code >= bound;

		if (one != (bit < 8 && (byte >> bit & 1)))
			return false;
		code -= one ? bound : 0;
		range = one ? range - bound : bound;
		if (range < (uint32_t)1 << 24) {
			if (!span_u8(bytes, next++, &more))
				return false;
			range <<= 8;
			code = code << 8 | more;
		}
	}
	return true;
}

/* The number of bytes that all tries together may read; each counts at least HEAD_COST.
 * That is 65,536 tries, in about 3 seconds. The code of an x86-64 kernel of 60 MiB
 * contains 35,523 plausible headers of lzma; those whose first byte is not that of a
 * cpio archive are not tried. */
enum { HEAD_COST = 2 << 10 };
#define HEADS_BUDGET (128 * MIB)

static bool look_compressed(const struct place *place, struct span kernel, bool *found,
			    struct error *error)
{
	enum compression compression;
	uint64_t spent = 0, used;

	for (size_t at = 0; !*found && payload_next(kernel, at, &at, &compression); at++) {
		_cleanup_arena_ struct arena arena = {0};
		struct span rest = span_skip(kernel, at), head;

		if (compression == COMPRESSION_LZMA && !lzma_begins(rest, '0'))
			continue;
		if (spent > HEADS_BUDGET) {
			place_unread(place,
				     "the search for an initramfs stopped at 0x%zx, at the limit "
				     "of %llu MiB: the rest was not searched",
				     at, (unsigned long long)(HEADS_BUDGET / MIB));
			return true;
		}
		head = decompress_head(&arena, compression, rest, NEWC_HEADER, &used);
		spent += used > HEAD_COST ? used : HEAD_COST;
		if (newc_here(head, 0) && !open_stream(place, compression, rest, found, error))
			return false;
	}
	return true;
}

bool initramfs_open(const struct place *place, struct span kernel, bool *found, struct error *error)
{
	*found = false;
	if (!look_raw(place, kernel, found, error))
		return false;
	return *found || look_compressed(place, kernel, found, error);
}
