/* SPDX-License-Identifier: ISC */
/* unpack - reads files and containers and passes their entries to a visitor, one by one. The
 * format is recognised by content, never by name, and containers in containers are opened up to
 * a limit. This floor knows formats, but not what their contents mean. */
#ifndef KMODAUDIT_UNPACK_H
#define KMODAUDIT_UNPACK_H

#include "base/arena.h"
#include "base/error.h"
#include "unpack/part.h"

enum entry_kind { ENTRY_FILE, ENTRY_LINK, ENTRY_DIRECTORY };

/* What a visitor wants with an entry of which so far only the name is known. */
enum want {
	WANT_NOTHING, /* do not call entry() */
	WANT_NAME, /* call entry() without bytes: nothing is decoded */
	WANT_BYTES, /* call entry() with the bytes */
	/* the bytes are a container or a kernel: open them. entry() is called, with the bytes,
	 * only if they are neither. An error inside is an error of the whole input */
	WANT_OPEN,
};

/* The paths, with PART_CONTROL, of the metadata of apk packages and indexes, as lines of apk's
 * installed database ("P:name", "V:version", "D:depends", ...; in an index each package ends
 * with an empty line). C: is the sha256, in hex, of the package's database block, which an index
 * records. */
#define APK_PACKAGE_PATH "apk/package"
#define APK_INDEX_PATH "apk/index"
/* The signatures of an index: each has the APK_SIGNED signed bytes, in the form described in
 * unpack/archive/apk_archive.c, and then the signature. */
#define APK_SIGNATURE_PATH "apk/signature"
enum { APK_SIGNED = 4 + 18 + 64, APK_SIGNATURES_MOST = 64 };

/* An entry. All pointers in it are valid only during the call. */
struct entry {
	/* without a leading "/" or "./" and without "." and ".." components; at most LIMIT_NAME
	 * bytes */
	const char *path;
	/* its place, for messages: "fw.bin: squashfs at 0x150000: lib/modules/x.ko" */
	const char *witness;
	enum entry_kind kind;
	enum part part;
	const char *target; /* of a link: as stored, not checked */
	struct span bytes; /* of a file; empty with WANT_NAME */
	uint64_t size; /* of a file, as the container states it */
	/* of a member of a package: its modification time, in seconds since 1970; 0: not stated */
	int64_t time;
	/* file systems and archives of an input are numbered in the order in which they are
	 * found; all entries of one root file system have the same number */
	unsigned volume;
	/* the file with WANT_OPEN that was opened last, in which the entry is, and the volume of
	 * that file; NULL: none */
	const char *inside;
	unsigned around;
	unsigned worker; /* below POOL_MOST; calls with the same worker never overlap, others may */
};

/* A decompressed kernel, raw or ELF. Valid only during the call. */
struct kernel_bytes {
	struct span bytes;
	const char *witness; /* "fw.bin: uimage at 0x0: lzma" */
	const char *path; /* of the file that has it: "boot/kernel/kernel"; NULL: no file */
	/* its name in the container's header ("MIPS OpenWrt Linux-4.14.167"), or NULL */
	const char *label;
	const char *architecture; /* its architecture in the container's header ("mips"), or NULL */
	unsigned volume;
	bool spare; /* its container names another kernel that is started unless somebody asks */
};

/* Something that was found in the input. */
struct layout {
	/* offset in the input file; for nested things that of the outermost container */
	uint64_t offset;
	uint64_t size; /* 0: unknown */
	/* "uimage", "squashfs", "tp-link-v1", "fwtool-metadata", "kernel", "cpio", "tar", ... */
	const char *kind;
	/* "lzma", "xz, 262144 byte blocks", "header says 0x100000"; or NULL. Not escaped: it may
	 * contain text from the input */
	const char *detail;
	/* 0: in the file itself; 1: inside the last thing of depth 0; ... */
	unsigned depth;
};

/* A name in a writable file system, which may be mounted over another one and hide names there. */
enum shadow_kind {
	SHADOW_DIRECTORY, /* adds to the directory below it */
	SHADOW_OPAQUE, /* a directory that hides the one below it: trusted.overlay.opaque */
	SHADOW_FILE,
	SHADOW_LINK,
	/* removes the name: a character device 0/0, or a link to "(overlay-whiteout)" */
	SHADOW_WHITEOUT,
	SHADOW_OTHER, /* devices, sockets */
};

struct shadow {
	const char *path, *witness; /* as in struct entry */
	enum shadow_kind kind;
	unsigned volume;
};

/* Receives what is found. A function may be NULL if nothing of its kind is wanted. want(),
 * opened() and entry() may run on several threads at once (see entry.worker); the others never
 * overlap with anything. If entry() or kernel() returns false, unpacking stops with the error. */
struct visitor {
	void *context;
	/* Called for each name. A directory is passed as "lib/modules/", with the slash and size
	 * 0: WANT_NOTHING skips everything below it if the container can do that (squashfs,
	 * plain directories; in an archive each file is asked for anyway); otherwise entry() gets
	 * ENTRY_DIRECTORY and the path without the slash. A link has its own path and size 0. */
	enum want (*want)(void *context, const char *path, uint64_t size, enum part part);
	/* Whether a file or link PATH shows that it is in a root file system. */
	enum sign (*root)(void *context, const char *path);
	bool (*entry)(void *context, const struct entry *entry, struct error *error);
	/* A file with WANT_OPEN, with its bytes, before anything in it is looked at. */
	void (*opened)(void *context, const struct entry *entry);
	bool (*replaced)(void *context, const struct entry *entry); /* by a later one; false: no */
	bool (*format)(void *context, bool image); /* of each container; false: end */
	/* All bytes of a file, first of all. False: leave them. */
	bool (*whole)(void *context, struct span bytes);
	bool (*kernel)(void *context, const struct kernel_bytes *kernel, struct error *error);
	void (*layout)(void *context, const struct layout *layout);
	/* A part that was not read and may contain anything: "fw.bin: squashfs at 0x150000:
	 * compressed in a vendor's way". */
	void (*unread)(void *context, const char *text);
	/* Called for each name of a JFFS2 or UBIFS, whatever want() returned. Names of one
	 * volume are consecutive. */
	void (*shadow)(void *context, const struct shadow *shadow);
	unsigned threads; /* the most threads that may be used; 0 and 1: only the caller's */
};

/* The state of one unpacking, which is passed down through nested containers. */
struct unpacking;

/* Reads PATH, a file or directory. Errors name the file and the place. A file that is not a
 * container is passed to entry(), whatever want() returns, as one entry named like the file; an
 * empty file is an error. "-" has no special meaning. unpack_named does the same; NAME replaces
 * PATH in witnesses, errors and the entry's name. */
bool unpack_path(const char *path, const struct visitor *visitor, struct error *error);
bool unpack_named(const char *path, const char *name, const struct visitor *visitor,
		  struct error *error);
/* The same for bytes in memory, which must stay valid during the call. Witnesses begin with
 * NAME. */
bool unpack_bytes(const char *name, struct span bytes, const struct visitor *visitor,
		  struct error *error);

/* True if the file PATH begins as a package of FreeBSD's pkg does. Reads at most 1 MiB. */
bool unpack_is_pkg(const char *path);

#endif
