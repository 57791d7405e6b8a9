/* SPDX-License-Identifier: ISC */
/* kld_hints - a file linker.hints, which kldxref writes into each directory of modules:
 * what each file there provides. The kernel believes it before it looks at the files
 * (sys/sys/linker.h; sys/kern/kern_linker.c, linker_hints_lookup). */
#ifndef KMODAUDIT_KLD_HINTS_H
#define KMODAUDIT_KLD_HINTS_H

#include "base/array.h"
#include "base/error.h"
#include "base/map.h"

enum hint_type { HINT_MODULE = 2, HINT_VERSION = 3, HINT_PNP = 4 };

struct kld_hint {
	enum hint_type type;
	/* the interface (HINT_VERSION), the label of a module (HINT_MODULE),
	 * the bus (HINT_PNP) */
	const char *name;
	int32_t version; /* only of HINT_VERSION */
	/* "if_em.ko"; "kernel" for what the kernel itself has; NULL for HINT_PNP */
	const char *file;
};

struct kld_hints {
	const char *directory; /* "boot/kernel" */
	const char *witness;
	struct kld_hint *list; /* in the order of the file */
	size_t count, room;
	enum endian endian;
	/* Newer kldxref writes only the first MODULE of a file. True if this one wrote
	 * all: some file has two */
	bool modules_whole;
	/* NULL, or why the file cannot be read to its end: the kernel ignores it, or
	 * would take something else from it. LIST has the rows before */
	const char *problem;
	/* a record is damaged: the kernel takes the rows before, and what it makes of the
	 * bytes behind them is not known */
	bool torn;
};

struct kld_hints_list {
	struct kld_hints *list;
	size_t count, room;
};

/* Reads the BYTES of the file linker.hints in DIRECTORY. It never fails: see PROBLEM.
 * DIRECTORY and WITNESS are kept. */
struct kld_hints kld_hints_read(struct arena *arena, struct map *names, const char *directory,
				const char *witness, struct span bytes);

#endif
