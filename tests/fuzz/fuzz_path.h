/* SPDX-License-Identifier: ISC */
/* fuzz_path - hands bytes to a reader that takes a path. */
#ifndef KMODAUDIT_FUZZ_PATH_H
#define KMODAUDIT_FUZZ_PATH_H

#include "base/arena.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A memory file with the bytes. The caller closes FD. */
static inline const char *path_make(struct arena *arena, const uint8_t *data, size_t size, int *fd)
{
	*fd = memfd_create("input", MFD_CLOEXEC);
	if (*fd < 0 || write(*fd, data, size) != (ssize_t)size)
		abort();
	return arena_format(arena, "/proc/self/fd/%d", *fd);
}

#endif
