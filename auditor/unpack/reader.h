/* SPDX-License-Identifier: ISC */
/* reader - what the format readers of this floor share: where they are, and how they report
 * what they meet. Private to unpack/. */
#ifndef KMODAUDIT_READER_H
#define KMODAUDIT_READER_H

#include "unpack/format_list.h"
#include "unpack/compress/decompress.h"
#include "unpack/limits.h"
#include "unpack/unpack.h"

/* A place inside the input: the bytes being read lie here. Copied freely, lives on the stack of
 * the caller. */
struct place {
	struct unpacking *run;
	const char *witness; /* "fw.bin: squashfs at 0x150000" */
	/* of these bytes in the outermost file (of what they were decoded from, when nested) */
	uint64_t offset;
	unsigned depth; /* of layout entries made here */
	unsigned nesting; /* containers opened so far, at most LIMIT_NESTING */
	unsigned volume;
	unsigned worker;
	enum part part;
	/* bytes with nothing in them that is known are no error: partitions, volumes; not for
	 * what is inside */
	bool optional;
	/* for witnesses and decoded bytes; reset by the maker of the place after the call */
	struct arena *scratch;
};

enum { FORMAT_BEGINNINGS = 2 };

/* One container format. */
struct format {
	const char *kind; /* as in struct layout */
	/* Cheap, by content, and sure: a magic alone is not enough where the format has a
	 * checksum or sizes to check. */
	bool (*probe)(struct span bytes);
	bool (*read)(const struct place *place, struct span bytes, struct error *error);
	/* How many of BYTES, which probe() took, are the format's: what lies behind is another
	 * thing, and is scanned. NULL: all are,
	 *    or read() looks behind itself. */
	uint64_t (*extent)(struct span bytes);
	/* Magics by which the scan of a flash image finds it between other things; none: it is
	 * found at the start only. */
	struct span begins[FORMAT_BEGINNINGS];
};

/* The door from inside: tries every format on BYTES and reads them with the first that fits.
 * Sets *OPENED to false, and succeeds, when none does. */
bool place_open(const struct place *place, struct span bytes, bool *opened, struct error *error);

/* A place for something at OFFSET inside PLACE's bytes (depth 0: offsets add up), one nesting
 * deeper; WHAT is put behind the witness ("squashfs at 0x150000"), nothing when NULL. Fails at
 * LIMIT_NESTING. A format's read() is called with the place that its first byte has, makes its
 * own layout entry there, and enters for what is inside. */
bool place_enter(const struct place *place, uint64_t offset, const char *what, struct place *ret,
		 struct error *error);

/* "what at 0x1234" for the line above, in the scratch arena. OFFSET counts from the outermost
 * file. */
const char *place_at(const struct place *place, const char *what, uint64_t offset);

/* Reports to the visitor; SIZE 0 and DETAIL NULL when not known. OFFSET counts from PLACE's
 * bytes. Anything over LIMIT_LAYOUT is dropped silently but for a last entry of kind "more". */
void place_layout(const struct place *place, uint64_t offset, uint64_t size, const char *kind,
		  const char *detail);

/* Tells the visitor what cannot be read, and goes on: "PLACE's witness: FORMAT...". For what
 * may be another thing after all, or lies beside something that can be read; otherwise it is an
 * error. */
void place_unread(const struct place *place, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A name of a file system that a device writes to; volume and path are set. */
bool place_wants_shadows(const struct place *place);
void place_shadow(const struct place *place, struct shadow *shadow);

/* What the visitor wants done with PATH. Paths must be clean (path_clean). */
enum want place_want(const struct place *place, const char *path, uint64_t size);

/* Hands one entry over, filling in witness, volume, worker and part; WANT_OPEN bytes go through
 * place_open first. The caller puts the path in front of an error. */
bool place_entry(const struct place *place, const char *path, enum entry_kind kind,
		 const char *target, struct span bytes, uint64_t size, enum want want,
		 struct error *error);

/* A decompressed kernel; also looks for the root file system inside it (initramfs). */
bool place_kernel(const struct place *place, struct span bytes, const char *label,
		  const char *architecture, struct error *error);

/* Accounts DECODED bytes got from ENCODED ones; fails over LIMIT_TOTAL, or over LIMIT_RATIO
 * beyond LIMIT_RATIO_FREE. */
bool place_account(const struct place *place, uint64_t decoded, uint64_t encoded,
		   struct error *error);

/* A new volume number (one for each file system or archive that has names in it). */
unsigned place_volume(const struct place *place);

/* The path without leading "/" and "./", in SCRATCH; NULL when it has a ".." or "." component
 * inside, an empty one, a NUL, or is too long: such an entry is an error of the container for
 * files that are wanted, never followed. The root directory itself gives "". */
const char *path_clean(struct arena *scratch, struct span path);

/* The formats in the order in which they are tried, ends with NULL. A file each, a line each in
 * format_list.h. */
#define DECLARE_FORMAT(name) extern const struct format name;
FORMATS(DECLARE_FORMAT)
extern const struct format *const unpack_formats[];

/* squashfs.c */
/* The whole super block holds together and fits into BYTES (bytes_used is at most their size).
 * RET_SIZE: bytes_used. */
bool squashfs_here(struct span bytes, uint64_t *ret_size);

/* kernel.c: BYTES are a kernel in any wrapping (compressed, bzImage, zImage, Image, ELF,
 * lzma-loader), perhaps with padding behind. Sets *FOUND to false, and succeeds, when no kernel
 * is in them; RET_USED is how many bytes it takes where the format tells, else 0. */
bool kernel_open(const struct place *place, struct span bytes, const char *label,
		 const char *architecture, bool *found, uint64_t *ret_used, struct error *error);

/* initramfs.c: opens the cpio archive that lies in a decompressed KERNEL, raw or compressed,
 * with a root file system in it; the few device nodes that every kernel carries are none. */
bool initramfs_open(const struct place *place, struct span kernel, bool *found,
		    struct error *error);

#endif
