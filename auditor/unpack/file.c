/* SPDX-License-Identifier: ISC */
/* Opens and reads regular files of the host: small ones into memory,
 * large ones mapped. */
#include "unpack/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void directory_close(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

bool fd_write(int fd, struct span bytes)
{
	while (bytes.size > 0) {
		ssize_t put = write(fd, bytes.data, bytes.size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		bytes = span_skip(bytes, (uint64_t)put);
	}
	return true;
}

bool file_open(int at, const char *path, int flags, struct file *file, struct error *error)
{
	struct stat status;

	/* without O_NONBLOCK, open would block on a FIFO */
	*file = (struct file){
		.fd = openat(at, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags)};
	/* ENXIO: a socket, or a device without a driver (open(2)) */
	if (file->fd < 0)
		return fail(error, "%s",
			    errno == ENXIO ? "neither a regular file nor a directory"
					   : strerror(errno));
	if (fstat(file->fd, &status) != 0)
		return fail(error, "%s", strerror(errno));
	file->directory = S_ISDIR(status.st_mode);
	if (!file->directory && !S_ISREG(status.st_mode))
		return fail(error, "neither a regular file nor a directory");
	file->size = (uint64_t)status.st_size;
	file->modified = status.st_mtim;
	file->changed = status.st_ctim;
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
	if (file->size > LIMIT_INPUT || file->size > SIZE_MAX)
		return fail(error, "%llu bytes, more than the %llu allowed",
			    (unsigned long long)file->size, (unsigned long long)LIMIT_INPUT);
	file->mapping = mapping_new(file->fd, file->size, &file->map);
	if (!file->mapping)
		return fail(error, "cannot be mapped: %s", strerror(errno));
	*ret = span_from(file->map, file->size);
	return true;
}

static bool times_equal(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool file_kept(const struct file *file, struct error *error)
{
	struct stat status;

	if (!file->mapping)
		return true;
	if (fstat(file->fd, &status) != 0)
		return fail(error, "%s", strerror(errno));
	if (mapping_lacks(file->mapping) || (uint64_t)status.st_size < file->size)
		return fail(error, "it was truncated while being read");
	return (times_equal(status.st_mtim, file->modified) &&
		times_equal(status.st_ctim, file->changed)) ||
	       fail(error, "it was changed while being read");
}

void file_close(struct file *file)
{
	if (file->mapping)
		mapping_free(file->mapping);
	file->mapping = NULL;
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
