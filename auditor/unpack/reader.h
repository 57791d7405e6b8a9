/* SPDX-License-Identifier: ISC */
/* reader - functions that all format readers use: where they are in the input, and how
 * they report what they find. */
#ifndef KMODAUDIT_READER_H
#define KMODAUDIT_READER_H

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

/* As every valid size of a sector, block or fragment is. */
static inline bool is_power_of_two(uint32_t number)
{
	return number && (number & (number - 1)) == 0;
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

/* Tells the visitor that another entry replaces PATH. False: it cannot forget it. */
bool place_replaced(const struct place *place, const char *path);
/* Whether the visitor wants shadows; reports SHADOW, whose volume and path
 * are set here. */
bool place_wants_shadows(const struct place *place);
void place_shadow(const struct place *place, struct shadow *shadow);

/* What the visitor wants with PATH, which must be clean (path_clean). */
enum want place_want(const struct place *place, const char *path, uint64_t size);

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
/* The part of SIZE, which a header states, that the input can have at all: as much is
 * reserved at once, so that a header alone costs no memory. */
uint64_t place_room(const struct place *place, uint64_t size);
/* The bytes that may still be decoded, at most MOST. */
uint64_t place_allowed(const struct place *place, uint64_t most);

/* A new volume number: one for each file system or archive. */
unsigned place_volume(const struct place *place);

/* The formats in the order in which they are tried; ends with NULL. Each has its own
 * file, and a line in format_list.h. */
#define DECLARE_FORMAT(name) extern const struct format name;
FORMATS(DECLARE_FORMAT)
extern const struct format *const unpack_formats[];

/* payload.c: reads BYTES as a kernel in any wrapping (compressed, bzImage, zImage,
 * Image, ELF, lzma-loader); padding may follow. If there is no kernel, sets *FOUND to
 * false and succeeds. RET_USED is the kernel's size in BYTES, or 0 if the format does
 * not state it. */
bool kernel_open(const struct place *place, struct span bytes, const char *label,
		 const char *architecture, bool *found, uint64_t *ret_used, struct error *error);

/* initramfs.c: finds the cpio archive in a decompressed KERNEL, raw or compressed, and
 * opens it if it contains a root file system. The few device nodes that every kernel
 * contains do not count. */
bool initramfs_open(const struct place *place, struct span kernel, bool *found,
		    struct error *error);

#endif
