/* SPDX-License-Identifier: ISC */
/* kernel - how a kernel is looked for inside its wrappings. Private to the firmware readers of
 * this floor. */
#ifndef KMODAUDIT_UNPACK_KERNEL_H
#define KMODAUDIT_UNPACK_KERNEL_H

#include "unpack/reader.h"

/* One search for one kernel. The budget may be carried from search to search, to bound all of
 * them together. */
struct kernel_search {
	const struct place *place;
	const char *label, *architecture;
	uint64_t budget; /* bytes left to be read and written by decompressions */
	bool found;
	bool spent; /* the budget ended the search, and the visitor was told */
	uint64_t reached; /* bytes the last decompression read and wrote */
	uint64_t used; /* bytes the thing at the front takes, kernel or not; 0: not known */
};

/* A decompression that breaks sooner was none: magics and plausible headers stand in code and
 * tables, too. */
enum { TRY_LEAST = 16 << 10 };
/* What a decompression counts for that ends at once: a plain header in the wrong place costs
 * its setup only, and machine code has hundreds of them. The work bounds a search, never the
 * number of tries. */
enum { TRY_COST = 4 << 10 };

#define KERNEL_BUDGET (LIMIT_KERNEL + 64 * MIB)

/* True when nothing is left to search with; tells the visitor once that what lies behind was
 * not looked at. */
bool kernel_spent(struct kernel_search *search);

/* Looks for a kernel that begins where BYTES begin and hands it to the visitor. False:
 * something is there, and broken. */
bool kernel_begin(struct kernel_search *search, struct span bytes, struct error *error);
/* The same, but a loader may come first that nothing but its code tells from other bytes. */
bool kernel_behind(struct kernel_search *search, struct span bytes, struct error *error);

/* The banner that every Linux kernel prints first: "Linux version ", a digit, the rest of a
 * line. SIZE_MAX without one. */
size_t kernel_banner(struct span bytes);
/* A banner of the same form in which no release stands: "Linux version unknown (user@host) (gcc
 * ...) #1 ...". */
size_t kernel_nameless(struct span bytes);
/* Where init_uts_ns stands (include/uapi/linux/utsname.h, struct new_utsname), which uname
 * answers from; SIZE_MAX without it:
 *
 *   0 "Linux"   65 host   130 release   195 version, "#1 SMP ..."   260 machine
 *       325 domain; each 65 bytes, filled up with 0 */
enum { UTS_FIELD = 65, UTS_RELEASE = 2 * UTS_FIELD };
size_t kernel_uts(struct span bytes);
/* One of the three: something only a Linux kernel has. */
bool kernel_here(struct span bytes);
/* Beside the banner, the kernel has the same line once more as the format for /proc/version
 * (since 2.6.17). Compressed data never has both whole: the second refers to the first. */
bool kernel_sure(struct span bytes);

/* Wrappings that tell where the payload lies; wrapping.c. */
struct wrapping {
	const char *name;
	const char *architecture; /* where the wrapping is of one only */
	uint64_t size; /* of the whole; 0: not told */
	uint64_t payload, payload_size;
	bool scan; /* the payload lies somewhere in there */
	/* the payload is lzma without the header of a file of it, see wrapping_decode() */
	bool bare;
	uint64_t properties,
		/* of that: where its 5 bytes of properties stand; decoded size, UINT64_MAX: not
		 * told */
		decoded;
	bool checked; /* CRC is the payload's crc32 */
	uint32_t crc;
};

/* wrapping_lzma.c: the wrappings that hold such lzma, and how it is decoded. On failure RET has
 * the size that had been decoded. */
bool wrapping_bare(struct span bytes, struct wrapping *ret);
bool wrapping_decode(struct arena *arena, struct span bytes, const struct wrapping *wrapping,
		     uint64_t limit, struct span *ret, struct error *error);

bool wrapping_of(struct span bytes, struct wrapping *ret);
/* What a kernel without compression is called that has a header: "arm64 image", "riscv image";
 * NULL for others. */
const char *wrapping_raw(struct span bytes);
/* Its machine, where that is told, or NULL. */
const char *wrapping_machine(struct span bytes);

/* A search for compressed streams in BYTES. PAIRS has one bit for each two bytes that a stream
 * can begin with. */
struct payload_scan {
	struct span bytes;
	uint64_t pairs[1024];
};

struct payload_scan payload_scan_of(struct span bytes);
/* The next place at or behind FROM where a compressed stream large enough for a kernel may
 * begin. */
bool payload_next(const struct payload_scan *scan, size_t from, size_t *ret_at,
		  enum compression *ret);
/* False where none can begin: a cheap look at the first of LEFT bytes. */
bool payload_maybe(const uint8_t *at, size_t left);
/* The one at AT, or COMPRESSION_NONE. */
enum compression payload_at(struct span bytes, size_t at);

#endif
