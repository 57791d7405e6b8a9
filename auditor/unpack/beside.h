/* SPDX-License-Identifier: ISC */
/* beside - opens the files beside a kernel, of which one may have the root file system: in a
 * directory, an archive or a file system that is none itself. Private to unpack/. */
#ifndef KMODAUDIT_BESIDE_H
#define KMODAUDIT_BESIDE_H

#include "unpack/place.h"

/* What the names of one container tell of it, and what was opened in it. */
struct beside {
	enum part pass; /* PART_ROOT: the first walk; PART_BESIDE, PART_EARLY: the later ones */
	bool root, folder; /* a root file system, at the top and in a folder */
	bool kernel, top; /* a kernel, and one that is in no folder with a root file system */
	bool mapped; /* its files take no memory, whatever their size */
	bool strict; /* nothing else was wanted: an error in a file is one of the container */
	unsigned tries;
	bool more, told;
	char first[LIMIT_NAME + 1]; /* the file that has a root file system, or a part of one */
	bool whole; /* FIRST has more than modules */
};

/* True in a later walk of PLACE's container. */
bool beside_again(const struct place *place);
/* Keeps in the first walk what PATH, with which the visitor does WANT, tells. */
void beside_note(const struct place *place, const char *path, uint64_t size, enum want want);
/* WANT_OPEN if PATH is opened in a later walk; WANT_NAME for a directory to walk. */
enum want beside_want(const struct place *place, const char *path, uint64_t size);
/* Opens PATH, which has BYTES, in a later walk. */
bool beside_open(const struct place *place, const char *path, struct span bytes,
		 struct error *error);
/* Whether PLACE, whose names STATE has seen, has a kernel and no root file system. */
bool beside_lacks_root(const struct place *place, const struct beside *state);
/* Calls WALK for the later walks of PLACE, which has STATE. */
bool beside_passes(const struct place *place, struct beside *state,
		   bool (*walk)(void *context, struct error *error), void *context,
		   struct error *error);
/* Calls WALK, which visits the names of PLACE, once, and again if that shows that the root file
 * system may be in a file. MAPPED as in struct beside. */
bool beside_walk(struct place *place, bool mapped, bool (*walk)(void *context, struct error *error),
		 void *context, struct error *error);

#endif
