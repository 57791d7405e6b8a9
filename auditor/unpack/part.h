/* SPDX-License-Identifier: ISC */
/* part - the part of an input that an entry is in, and what a path tells of the whole. */
#ifndef KMODAUDIT_PART_H
#define KMODAUDIT_PART_H

/* The part of a package that an entry is in. With the last two, want() is asked about a file of
 * a container that has a kernel and is no root file system, and answers WANT_OPEN if the root
 * file system may be in it; PART_EARLY: none was found with PART_BESIDE. */
enum part { PART_ROOT, PART_CONTROL, PART_DATA, PART_BESIDE, PART_EARLY };

/* What a path tells of the container that has it. */
enum sign {
	SIGN_NONE,
	SIGN_PART, /* modules, which also lie beside a kernel */
	SIGN_FOLDER, /* a root file system of a running system, in a folder: rootfs/bin/sh */
	SIGN_WHOLE, /* the same at the top */
};

#endif
