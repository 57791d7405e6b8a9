/* SPDX-License-Identifier: ISC */
/* unpack - bytes -> entries, visited one by one. The one door of this floor: it finds out what
 * the bytes are by their content, never by a name, and opens containers inside containers up to
 * a ceiling. It knows formats, not meaning. */
#ifndef KMODAUDIT_UNPACK_H
#define KMODAUDIT_UNPACK_H

#include "base/arena.h"
#include "base/error.h"

enum entry_kind { ENTRY_FILE, ENTRY_LINK, ENTRY_DIRECTORY };

/* What a visitor wants done with an entry of which only the name is known yet. */
enum want {
	WANT_NOTHING, /* not even the name */
	WANT_NAME, /* call entry() with no bytes: nothing is decoded */
	WANT_BYTES, /* call entry() with the bytes */
	/* the bytes are a container or a kernel: open them; entry() is called, with the bytes,
	 * only when they are neither. Errors within are errors of the whole */
	WANT_OPEN,
};

/* Which member of a package an entry lies in. */
enum part { PART_ROOT, PART_CONTROL, PART_DATA };

/* The paths, with PART_CONTROL, under which what an apk package or index says of its packages
 * is handed over, as the lines of apk's installed database ("P:name", "V:version", "D:depends",
 * ...; a blank line behind each package of an index). C: is the sha256 of the package's
 * database block in hex, which is what an index records. */
#define APK_PACKAGE_PATH "apk/package"
#define APK_INDEX_PATH "apk/index"
/* An index's signatures, each as the APK_SIGNED bytes that were signed, as
 * unpack/archive/apk_archive.c draws them, and the signature behind. */
#define APK_SIGNATURE_PATH "apk/signature"
enum { APK_SIGNED = 4 + 18 + 64, APK_SIGNATURES_MOST = 64 };

/* One entry; everything in it is valid only during the call. */
struct entry {
	/* no leading "/" or "./", no "." or ".." component, at most LIMIT_NAME bytes */
	const char *path;
	/* where it lies, to be shown: "fw.bin: squashfs at 0x150000: lib/modules/x.ko" */
	const char *witness;
	enum entry_kind kind;
	enum part part;
	const char *target; /* of a link: as stored, unchecked */
	struct span bytes; /* of a file; empty with WANT_NAME */
	uint64_t size; /* of a file, as its container states it */
	unsigned
		/* file systems and archives of one input are numbered in the order met: entries
		 * of one root file system share it */
		volume;
	unsigned worker; /* calls with the same worker never overlap, others may; below POOL_MOST */
};

/* A decompressed kernel, raw or ELF; valid only during the call. */
struct kernel_bytes {
	struct span bytes;
	const char *witness; /* "fw.bin: uimage at 0x0: lzma" */
	/* the name in the container's header ("MIPS OpenWrt Linux-4.14.167"), or NULL */
	const char *label;
	const char *architecture; /* what the container's header says ("mips"), or NULL */
	unsigned volume;
};

/* One thing found at one place of the outermost bytes. */
struct layout {
	/* in the input file; of what is nested, that of the outermost thing it lies in */
	uint64_t offset;
	uint64_t size; /* 0: not known */
	const char *
		/* "uimage", "squashfs", "tp-link-v1", "fwtool-metadata", "kernel", "cpio",
		 * "tar", ... lower case */
		kind;
	const char *
		/* "lzma", "xz, 262144 byte blocks", "header says 0x100000"; or NULL. May quote
		 * the input: hostile */
		detail;
	/* 0: lies in the file itself; 1: inside the thing of depth 0 before it; ... */
	unsigned depth;
};

/* A name in a file system that a device writes to: it may lie over another one and hide what
 * that has. */
enum shadow_kind {
	SHADOW_DIRECTORY, /* adds to what is below */
	SHADOW_OPAQUE, /* a directory that hides all that is below: trusted.overlay.opaque */
	SHADOW_FILE,
	SHADOW_LINK,
	/* takes the name away: a character device 0/0, or a link to "(overlay-whiteout)" */
	SHADOW_WHITEOUT,
	SHADOW_OTHER, /* devices, sockets */
};

struct shadow {
	const char *path, *witness; /* as of an entry */
	enum shadow_kind kind;
	unsigned volume;
};

/* Who looks. The functions may be NULL: then nothing is wanted of that sort. entry() may run on
 * several threads at once (see entry.worker); want() too; the others never overlap with
 * anything. Return false from entry() or kernel() to stop: the error goes up. */
struct visitor {
	void *context;
	/* A directory is asked about as "lib/modules/", with the slash and size 0: WANT_NOTHING
	 * leaves out everything below it
	 *    where the container allows that (squashfs, plain directories; an archive asks about
	 *        each file all the same), anything
	 *    else goes in and calls entry() with ENTRY_DIRECTORY and the path without the slash. A
	 *        link is asked about by its own
	 *    path with size 0. */
	enum want (*want)(void *context, const char *path, uint64_t size, enum part part);
	bool (*entry)(void *context, const struct entry *entry, struct error *error);
	bool (*kernel)(void *context, const struct kernel_bytes *kernel, struct error *error);
	void (*layout)(void *context, const struct layout *layout);
	/* Something that may hold what is looked for, and was not read: "fw.bin: squashfs at
	 * 0x150000: compressed in a vendor's
	 *    way". That nothing of it was handed over says nothing about what is in it. */
	void (*unread)(void *context, const char *text);
	/* Each name of a JFFS2 or UBIFS, whatever want() says of it; those of one volume come
	 * one behind the other. */
	void (*shadow)(void *context, const struct shadow *shadow);
	unsigned threads; /* at most this many at once, 0 and 1: all in the caller's */
};

/* The state of one unpacking, handed down through nested containers. Made by unpack_*; the
 * readers of this floor pass it on, put `path within` in front of witnesses, and account what
 * they decode. */
struct unpacking;

/* Opens PATH (file or directory). The error names the file and the place. A file that is no
 * container at all is handed to entry(), whatever want() would say, as one entry whose path is
 * its base name; an empty one is an error. "-" is not special. unpack_named: the same; NAME
 * stands for PATH in witnesses, errors and as an entry. */
bool unpack_path(const char *path, const struct visitor *visitor, struct error *error);
bool unpack_named(const char *path, const char *name, const struct visitor *visitor,
		  struct error *error);
/* The same for bytes in memory, NAME being what witnesses start with. The bytes must outlive
 * the call only. */
bool unpack_bytes(const char *name, struct span bytes, const struct visitor *visitor,
		  struct error *error);

#endif
