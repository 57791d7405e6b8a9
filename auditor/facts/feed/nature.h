/* SPDX-License-Identifier: ISC */
/* nature - what a file is, for messages about a wrong file: a guess by content, made only where
 * reading it failed or before a plan is written. No verdict rests on it. */
#ifndef KMODAUDIT_NATURE_H
#define KMODAUDIT_NATURE_H

#include "base/arena.h"

enum nature_kind {
	NATURE_UNKNOWN,
	NATURE_ABSENT, /* nothing has that name, or it cannot be looked at */
	NATURE_EMPTY,
	NATURE_SPECIAL, /* a pipe, a device, a socket */
	NATURE_DIRECTORY, /* neither of the next two */
	NATURE_ROOT, /* a directory with a root file system */
	NATURE_FEED, /* a directory with packages or modules, or an archive of them */
	NATURE_IMAGE, /* a firmware image or a kernel */
	NATURE_PACKAGE,
	NATURE_MODULE,
	NATURE_INDEX, /* Packages, packages.adb */
	NATURE_CONFIG, /* of a kernel */
	NATURE_MANIFEST, /* "name - version", a package a line */
	NATURE_SYMVERS, /* Module.symvers */
	NATURE_PLAN, /* of `kmodaudit gate` */
	NATURE_REPORT, /* of kmodaudit */
	NATURE_TEXT,
	NATURE_DOCUMENT, /* PDF, HTML, a picture, a program, ... */
};

struct nature {
	enum nature_kind kind;
	const char *words; /* "a PDF document"; of UNKNOWN and ABSENT NULL */
};

/* By the first bytes alone: text and documents, which no reader of this program opens; else
 * NATURE_UNKNOWN. */
struct nature nature_of_bytes(struct span head);
/* PATH is a file: as nature_of_bytes, and whether it is empty, a pipe or a device. Reads 4 KiB
 * at most. */
struct nature nature_of_head(const char *path);
/* PATH is a file or directory: opens what it holds until it is clear. */
struct nature nature_of(const char *path);

/* A layout entry of KIND is met in firmware images only; PATH lies in a root file system or is
 * a kernel's. */
bool nature_layout_is_image(const char *kind);
bool nature_path_is_root(const char *path);

/* It can stand where an image is expected; where a feed is. */
bool nature_is_image(struct nature nature);
bool nature_is_feed(struct nature nature);

#endif
