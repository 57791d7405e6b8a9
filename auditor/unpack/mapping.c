/* SPDX-License-Identifier: ISC */
/* Maps files of the host, and keeps the program alive when a mapped file is cut off:
 * the kernel sends SIGBUS for a page that is no longer in the file (mmap(2)), and zeros
 * take its place. */
#include "unpack/file.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAPPINGS_MOST = 128 };

struct mapping {
	atomic_uintptr_t begin; /* 0: not in use; 1: being taken or given back */
	size_t size;
	atomic_bool lacks;
};

static struct mapping mappings[MAPPINGS_MOST];
static uintptr_t page;

static struct mapping *mapping_at(uintptr_t address)
{
	for (size_t i = 0; i < MAPPINGS_MOST; i++) {
		uintptr_t begin = atomic_load(&mappings[i].begin);

		if (begin > 1 && address >= begin && address - begin < mappings[i].size)
			return &mappings[i];
	}
	return NULL;
}

/* Only functions that signal-safety(7) lists, and mmap, which is one system call. */
static void bus_caught(int number, siginfo_t *info, void *context)
{
	uintptr_t address = (uintptr_t)info->si_addr, begin = address & ~(page - 1);
	struct mapping *mapping = mapping_at(address);

	(void)context;
	if (mapping) {
		size_t rest = mapping->size - (begin - atomic_load(&mapping->begin));

		atomic_store(&mapping->lacks, true);
		if (mmap((void *)begin, rest, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
			 -1, 0) != MAP_FAILED)
			return;
	}
	/* not ours: it happens again, and ends the program */
	signal(number, SIG_DFL);
}

static void bus_catch(void)
{
	struct sigaction action = {.sa_sigaction = bus_caught, .sa_flags = SA_SIGINFO | SA_NODEFER};

	page = (uintptr_t)sysconf(_SC_PAGESIZE);
	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}

struct mapping *mapping_new(int fd, size_t size, void **bytes)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct mapping *mapping = NULL;
	uintptr_t unused;

	pthread_once(&once, bus_catch);
	for (size_t i = 0; i < MAPPINGS_MOST && !mapping; i++) {
		unused = 0;
		if (atomic_compare_exchange_strong(&mappings[i].begin, &unused, 1))
			mapping = &mappings[i];
	}
	if (!mapping) {
		errno = ENOSPC;
		return NULL;
	}
	*bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (*bytes == MAP_FAILED) {
		atomic_store(&mapping->begin, 0);
		return NULL;
	}
	mapping->size = size;
	atomic_store(&mapping->lacks, false);
	atomic_store(&mapping->begin, (uintptr_t)*bytes);
	return mapping;
}

bool mapping_lacks(const struct mapping *mapping)
{
	return atomic_load(&mapping->lacks);
}

void mapping_free(struct mapping *mapping)
{
	void *begin = (void *)atomic_exchange(&mapping->begin, 1);

	munmap(begin, mapping->size);
	atomic_store(&mapping->begin, 0);
}
