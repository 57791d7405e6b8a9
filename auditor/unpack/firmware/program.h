/* SPDX-License-Identifier: ISC */
/* program - which system an ELF program or shared object belongs to. */
#ifndef KMODAUDIT_PROGRAM_H
#define KMODAUDIT_PROGRAM_H

#include "base/span.h"

enum program {
	PROGRAM_OTHER, /* no ELF program, or one that shows no BSD */
	PROGRAM_FREEBSD, /* a program for users, or a library */
	PROGRAM_FREEBSD_MODULE, /* ET_DYN with a set of module records */
	PROGRAM_FREEBSD_KERNEL,
	PROGRAM_NETBSD_KERNEL,
	PROGRAM_OPENBSD_KERNEL,
	PROGRAM_DRAGONFLY_KERNEL,
};

/* What BYTES are, an ELF file of type ET_EXEC or ET_DYN. Truncated files are
 * recognised as well. */
enum program program_of(struct span bytes);

#endif
