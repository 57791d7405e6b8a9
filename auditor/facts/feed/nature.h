/* SPDX-License-Identifier: ISC */
/* nature - guesses what a file is, for messages about wrong files and for writing a
 * plan. It is used only after reading failed or before a plan is written; no verdict
 * depends on it. */
#ifndef KMODAUDIT_NATURE_H
#define KMODAUDIT_NATURE_H

#include "base/arena.h"

enum nature_kind {
	NATURE_UNKNOWN,
	NATURE_ABSENT, /* it does not exist or is not accessible */
	NATURE_EMPTY,
	NATURE_SPECIAL, /* a pipe, a device, a socket */
	NATURE_DIRECTORY, /* any other directory than the next two */
	NATURE_ROOT, /* a directory with a root file system */
	NATURE_FEED, /* a directory or archive with packages or modules */
	NATURE_IMAGE, /* a firmware image or a kernel */
	NATURE_PACKAGE,
	NATURE_MODULE,
	NATURE_INDEX, /* Packages, packages.adb */
	NATURE_CONFIG, /* of a kernel */
	NATURE_MANIFEST, /* lines "name - version", one for each package */
	NATURE_SYMVERS, /* Module.symvers */
	NATURE_PLAN, /* of `kmodaudit gate` */
	NATURE_REPORT, /* a report of this program */
	NATURE_TEXT,
	NATURE_DOCUMENT, /* PDF, HTML, a picture, a program, ... */
};

struct nature {
	enum nature_kind kind;
	const char *words; /* "a PDF document"; NULL for UNKNOWN and ABSENT */
};

/* The nature of PATH by stat(2) alone, without opening it: a directory, a pipe, a
 * device, an empty file, or absent; else NATURE_UNKNOWN. */
struct nature nature_of_status(const char *path);
/* Recognises text and documents by the first bytes of the file PATH, and empty files,
 * pipes and devices. Reads at most 4 KiB. */
struct nature nature_of_head(const char *path);
/* Looks into the file or directory PATH until its nature is clear. */
struct nature nature_of(const char *path);

/* True if KIND, of a layout entry, occurs only in firmware images. True if PATH is in a
 * root file system or is a kernel. */
bool nature_layout_is_image(const char *kind);
bool nature_path_is_root(const char *path);

/* What a command that takes images says of another file. */
#define IMAGE_EXPECTED "an image is expected here: a firmware file, a kernel or a root directory"

/* True if it can be used as an image; as a feed. */
bool nature_is_image(struct nature nature);
bool nature_is_feed(struct nature nature);

#endif
