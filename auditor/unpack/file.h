/* SPDX-License-Identifier: ISC */
/* file - reads regular files. Small files are read into memory, large ones are
 * mapped. If a mapped file shrinks, the lost part reads as zeros, and
 * file_kept fails afterwards. */
#ifndef KMODAUDIT_FILE_H
#define KMODAUDIT_FILE_H

#include "unpack/reader.h"

#include <dirent.h>
#include <time.h>

#define FILE_MAP_FROM (32 * MIB)

struct file {
	int fd; /* -1: none */
	bool directory;
	uint64_t size;
	void *map;
	struct mapping *mapping; /* of MAP, where a fault in it is noted */
	struct timespec modified, changed; /* when FILE was opened */
};

/* Opens PATH relative to the directory AT, with additional FLAGS of open(2). Fails
 * unless it is a regular file or a directory. */
bool file_open(int at, const char *path, int flags, struct file *file, struct error *error);
/* Reads or maps all bytes, at most LIMIT_INPUT; they are valid until FILE is closed and
 * ARENA is reset. */
bool file_bytes(struct file *file, struct arena *arena, struct span *ret, struct error *error);
/* Reads a whole regular file into ARENA. Fails if it is larger than LIMIT. */
bool file_read(struct arena *arena, const char *path, uint64_t limit, struct span *ret,
	       struct error *error);
/* Fails if the bytes of file_bytes are no longer those of the file. Call it after the
 * last access to them. */
bool file_kept(const struct file *file, struct error *error);
void file_close(struct file *file);
void fd_close(int *fd);
/* Writes all BYTES to FD, also if it is interrupted; false with errno set. */
bool fd_write(int fd, struct span bytes);
void directory_close(DIR **directory);

#define _cleanup_file_ __attribute__((cleanup(file_close)))
#define _cleanup_fd_ __attribute__((cleanup(fd_close)))
#define _cleanup_directory_ __attribute__((cleanup(directory_close)))

/* mapping.c: maps SIZE bytes of FD, read only. NULL with errno set if that fails;
 * ENOSPC: too many files are mapped. */
struct mapping *mapping_new(int fd, size_t size, void **bytes);
/* True if a part of it was no longer in the file when it was read. */
bool mapping_lacks(const struct mapping *mapping);
void mapping_free(struct mapping *mapping);

/* directory.c: reads the directory FD as a root file system. FD is not closed. */
bool directory_read(const struct place *place, int fd, struct error *error);

#endif
