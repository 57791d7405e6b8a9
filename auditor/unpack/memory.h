/* SPDX-License-Identifier: ISC */
/* memory - the ceiling for all memory of a run, whatever the number of threads, and what
 * is done before the process is confined. */
#ifndef KMODAUDIT_MEMORY_H
#define KMODAUDIT_MEMORY_H

#include <stdint.h>

enum { MEMORY_MOST = 2048 }; /* MiB */

/* Limits the memory of the process to MIB, or to a lower limit that it already has.
 * Mapped files do not count. An allocation beyond it fails, which ends the program
 * (arena.c) or is an error of the file that a library reads. */
void memory_limit(uint64_t mib);

/* Opens the files of the C library that reading archives needs (stream_member.c). */
void unpack_begin(void);

#endif
