/* SPDX-License-Identifier: ISC */
/* Opens and reads regular files of the host: small ones into memory, large ones mapped. */
#include "unpack/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

bool file_open(int at, const char *path, int flags, struct file *file, struct error *error)
{
	struct stat status;

	/* without O_NONBLOCK, open would block on a FIFO */
	*file = (struct file){
		.fd = openat(at, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags)};
	if (file->fd < 0)
		return fail(error, "%s", strerror(errno));
	if (fstat(file->fd, &status) != 0)
		return fail(error, "%s", strerror(errno));
	file->directory = S_ISDIR(status.st_mode);
	if (!file->directory && !S_ISREG(status.st_mode))
		return fail(error, "neither a regular file nor a directory");
	file->size = (uint64_t)status.st_size;
	return true;
}

static bool file_fill(const struct file *file, uint8_t *bytes, struct error *error)
{
	uint64_t done = 0;

	while (done < file->size) {
		ssize_t got = pread(file->fd, bytes + done, file->size - done, (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(error, "%s", strerror(errno));
		if (got == 0)
			return fail(error, "it was truncated while being read");
		done += (uint64_t)got;
	}
	return true;
}

bool file_bytes(struct file *file, struct arena *arena, struct span *ret, struct error *error)
{
	if (file->size <= FILE_MAP_FROM) {
		uint8_t *bytes = arena_raw(arena, file->size);

		*ret = span_from(bytes, file->size);
		return file_fill(file, bytes, error);
	}
	if (file->size > SIZE_MAX)
		return fail(error, "too large for memory");

	void *map = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, file->fd, 0);

	if (map == MAP_FAILED)
		return fail(error, "%s", strerror(errno));
	file->map = map;
	*ret = span_from(map, file->size);
	return true;
}

void file_close(struct file *file)
{
	if (file->map)
		munmap(file->map, file->size);
	fd_close(&file->fd);
}

bool file_read(struct arena *arena, const char *path, uint64_t limit, struct span *ret,
	       struct error *error)
{
	_cleanup_file_ struct file file = {.fd = -1};

	if (!file_open(AT_FDCWD, path, 0, &file, error))
		return within(error, "%s", path);
	if (file.directory)
		return fail(error, "%s: is a directory", path);
	if (file.size > limit)
		return fail(error, "%s: %llu bytes, more than the %llu allowed", path,
			    (unsigned long long)file.size, (unsigned long long)limit);

	uint8_t *bytes = arena_raw(arena, file.size);

	if (!file_fill(&file, bytes, error))
		return within(error, "%s", path);
	*ret = span_from(bytes, file.size);
	return true;
}
