/* SPDX-License-Identifier: ISC */
/* reader - functions that all format readers use: where they are in the input, and how
 * they report what they find. */
#ifndef KMODAUDIT_READER_H
#define KMODAUDIT_READER_H

#include "base/digest.h"
#include "unpack/format_list.h"
#include "unpack/compress/decompress.h"
#include "unpack/limits.h"
#include "unpack/path.h"
#include "unpack/unpack.h"

struct beside;

/* A position in the input, at which the bytes are that a reader reads. May be copied;
 * lives on the caller's stack. */
struct place {
	struct unpacking *run;
	const char *witness; /* "fw.bin: squashfs at 0x150000" */
	/* of these bytes in the outermost file, or in the bytes decoded from it */
	uint64_t offset;
	unsigned depth; /* depth of layout entries that are made here */
	unsigned nesting; /* number of containers opened so far, at most LIMIT_NESTING */
	unsigned volume;
	unsigned worker;
	enum part part;
	int64_t time; /* of the entry that is passed on, as in struct entry */
	const char *path; /* of the file that was opened last in a container; NULL: none */
	unsigned around; /* the volume that has that file */
	/* partitions and volumes: contents that no reader recognises are not an error;
	 * does not apply to what is nested in them */
	bool optional;
	bool partition; /* in a partition of a disk, which has others */
	/* a file beside a kernel: it is no error if all of it is nothing that is known, also of
	 * what is nested in it */
	bool lenient;
	struct beside *beside; /* the container of which names are asked for; NULL: none */
	bool spare; /* kernels here are those of configurations that are not the default */
	/* for witnesses and decoded bytes; whoever made the place resets it
	 * after the call */
	struct arena *scratch;
};

enum { FORMAT_BEGINNINGS = 2 };

/* One container format. */
struct format {
	const char *kind; /* the kind in struct layout */
	bool image; /* a file that begins with it is a firmware image, whatever else is in it */
	/* True if BYTES have this format. Must be quick and use only the content. A magic
	 * alone is not enough if the header has a checksum or sizes to check. Also true if
	 * BYTES are truncated, so that read() fails and no other format is tried. */
	bool (*probe)(struct span bytes);
	bool (*read)(const struct place *place, struct span bytes, struct error *error);
	/* The number of bytes at the start of BYTES, which probe() accepted, that
	 * belong to the format; the bytes after it are scanned separately. NULL: all
	 * belong to it, or read() handles the rest. */
	uint64_t (*extent)(struct span bytes);
	/* Magics with which the scan of a flash image finds the format; none: it is
	 * only found at the start. */
	struct span begins[FORMAT_BEGINNINGS];
};

static inline bool bytes_wanted(enum want want)
{
	return want == WANT_BYTES || want == WANT_OPEN;
}

/* As every valid size of a sector, block or fragment is. */
static inline bool is_power_of_two(uint32_t number)
{
	return number && (number & (number - 1)) == 0;
}

/* The crc32 of BYTES, as if the four at OFFSET, where it is stored, were 0. */
static inline uint32_t crc32_without(struct span bytes, uint64_t offset)
{
	uint32_t crc = crc32_of(crc32_of(0, span_head(bytes, offset)), SPAN_OF("\0\0\0\0"));

	return crc32_of(crc, span_skip(bytes, offset + 4));
}

/* Tries all formats on BYTES and reads them with the first that matches. If none does,
 * sets *OPENED to false and succeeds. */
bool place_open(const struct place *place, struct span bytes, bool *opened, struct error *error);

/* Makes a place for bytes at OFFSET in PLACE's bytes, one nesting level deeper (at
 * depth 0 offsets add up). WHAT is appended to the witness ("squashfs at 0x150000"); it
 * may be NULL. Fails at LIMIT_NESTING. A format's read() gets the place of its first
 * byte, makes its layout entry there, and enters places for its contents. */
bool place_enter(const struct place *place, uint64_t offset, const char *what, struct place *ret,
		 struct error *error);

/* "WHAT at 0x1234" for place_enter, in the scratch arena. OFFSET counts from the start
 * of the outermost file. */
const char *place_at(const struct place *place, const char *what, uint64_t offset);

/* Reports a layout entry to the visitor. SIZE 0 and DETAIL NULL: unknown. OFFSET is
 * relative to PLACE's bytes. After LIMIT_LAYOUT entries all others are omitted, except
 * for a last one of kind "more". */
void place_layout(const struct place *place, uint64_t offset, uint64_t size, const char *kind,
		  const char *detail);

/* Reports to the visitor that something cannot be read, as "PLACE's witness:
 * FORMAT...". For bytes that may not be this format after all, or if other parts can
 * still be read; otherwise the reader must fail. */
void place_unread(const struct place *place, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What the visitor wants with PATH, which must be clean (path_clean). */
enum want place_want(const struct place *place, const char *path, uint64_t size);
/* The same for a file of a file system. If its bytes are wanted, SIZE is compared with the limit
 * for a file and counted. */
bool place_want_file(const struct place *place, const char *path, uint64_t size, enum want *ret,
		     struct error *error);
/* The last component of the witness: the name of the file that PLACE is in. */
const char *place_name(const struct place *place);

/* Passes an entry to the visitor, with witness, volume, worker and part. With WANT_OPEN
 * its bytes go through place_open first. The caller prepends the path to an error. */
bool place_entry(const struct place *place, const char *path, enum entry_kind kind,
		 const char *target, struct span bytes, uint64_t size, enum want want,
		 struct error *error);

/* Passes a decompressed kernel to the visitor, and opens the root file system inside it
 * (initramfs). */
bool place_kernel(const struct place *place, struct span bytes, const char *label,
		  const char *architecture, struct error *error);

/* Counts DECODED bytes. Fails if all that was decoded from the input file and from
 * what is nested in it is more than LIMIT_TOTAL, or than LIMIT_RATIO times the
 * file and LIMIT_RATIO_FREE. */
bool place_account(const struct place *place, uint64_t decoded, struct error *error);
/* The bytes that may still be decoded, at most MOST. */
uint64_t place_allowed(const struct place *place, uint64_t most);

/* A new volume number: one for each file system or archive. */
unsigned place_volume(const struct place *place);

/* The formats in the order in which they are tried; ends with NULL. Each has its own
 * file, and a line in format_list.h. */
#define DECLARE_FORMAT(name) extern const struct format name;
FORMATS(DECLARE_FORMAT)
extern const struct format *const unpack_formats[];

#endif
