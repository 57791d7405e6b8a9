/* SPDX-License-Identifier: ISC */
/* Runs a function over numbered items on several threads and returns when all
 * items are done. */
#include "base/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct pool {
	atomic_size_t next;
	size_t count;
	void (*work)(void *context, unsigned worker, size_t item);
	void *context;
};

struct worker {
	struct pool *pool;
	pthread_t thread;
	unsigned number;
};

unsigned pool_size(unsigned asked)
{
	long processors = asked ? (long)asked : sysconf(_SC_NPROCESSORS_ONLN);

	if (processors < 1)
		return 1;
	return processors > POOL_MOST ? POOL_MOST : (unsigned)processors;
}

static void *worker_run(void *argument)
{
	struct worker *worker = argument;
	struct pool *pool = worker->pool;

	for (size_t item; (item = atomic_fetch_add(&pool->next, 1)) < pool->count;)
		pool->work(pool->context, worker->number, item);
	return NULL;
}

void pool_run(unsigned threads, size_t count,
	      void (*work)(void *context, unsigned worker, size_t item), void *context)
{
	struct pool pool = {.count = count, .work = work, .context = context};
	struct worker workers[POOL_MOST];
	unsigned started = 1;

	if (threads > POOL_MOST)
		threads = POOL_MOST;
	if (threads > count)
		threads = (unsigned)count;
	for (; started < threads; started++) {
		workers[started] = (struct worker){.pool = &pool, .number = started};
		if (pthread_create(&workers[started].thread, NULL, worker_run, &workers[started]) !=
		    0)
			break;
	}
	workers[0] = (struct worker){.pool = &pool, .number = 0};
	worker_run(&workers[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
}
