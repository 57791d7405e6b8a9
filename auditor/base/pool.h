/* SPDX-License-Identifier: ISC */
/* pool - runs one function over the numbers 0..COUNT-1 on several threads. */
#ifndef KMODAUDIT_POOL_H
#define KMODAUDIT_POOL_H

#include <stddef.h>

enum { POOL_MOST = 64 };

/* Threads to use when the user asked for ASKED (0: one for each processor); between 1 and
 * POOL_MOST. */
unsigned pool_size(unsigned asked);

/* Calls WORK(context, worker, item) once for each item, from up to THREADS threads; WORKER is
 * below THREADS and no two calls with the same WORKER overlap. Items start in rising order but
 * end in any: put results into slot ITEM. Returns when all are done. With one thread, or when
 * none can be started, everything runs in the caller's. */
void pool_run(unsigned threads, size_t count,
	      void (*work)(void *context, unsigned worker, size_t item), void *context);

#endif
