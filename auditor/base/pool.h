/* SPDX-License-Identifier: ISC */
/* pool - runs one function over the numbers 0..COUNT-1 on several threads. */
#ifndef KMODAUDIT_POOL_H
#define KMODAUDIT_POOL_H

#include <stddef.h>

enum { POOL_MOST = 64 };

/* The number of threads to use, 1 to POOL_MOST. ASKED is the user's number; 0 means one
 * for each processor. */
unsigned pool_size(unsigned asked);

/* Calls WORK(context, worker, item) once for each item 0..COUNT-1, from at most THREADS
 * threads, and returns when all calls have returned. WORKER is below THREADS, and calls
 * with the same WORKER never overlap, so a worker can have its own arena. Items start
 * in rising order but end in any order: write results into slot ITEM. With THREADS 1,
 * or if no thread can be started, the caller's thread does all the work. */
void pool_run(unsigned threads, size_t count,
	      void (*work)(void *context, unsigned worker, size_t item), void *context);

#endif
