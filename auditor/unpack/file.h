/* SPDX-License-Identifier: ISC */
/* file - reads regular files. Small files are read into memory, large ones are mapped. If a
 * mapped file shrinks, the program is killed by SIGBUS, which is better than a short read that
 * goes unnoticed. */
#ifndef KMODAUDIT_FILE_H
#define KMODAUDIT_FILE_H

#include "unpack/reader.h"

#define FILE_MAP_FROM (32 * MIB)

struct file {
	int fd; /* -1: none */
	bool directory;
	uint64_t size;
	void *map;
};

/* Opens PATH relative to the directory AT, with additional FLAGS of open(2). Fails unless it is
 * a regular file or a directory. */
bool file_open(int at, const char *path, int flags, struct file *file, struct error *error);
/* Reads or maps all bytes; they are valid until FILE is closed and ARENA is reset. */
bool file_bytes(struct file *file, struct arena *arena, struct span *ret, struct error *error);
/* Reads a whole regular file into ARENA. Fails if it is larger than LIMIT. */
bool file_read(struct arena *arena, const char *path, uint64_t limit, struct span *ret,
	       struct error *error);
void file_close(struct file *file);
void fd_close(int *fd);

#define _cleanup_file_ __attribute__((cleanup(file_close)))
#define _cleanup_fd_ __attribute__((cleanup(fd_close)))

/* directory.c: reads the directory FD as a root file system. FD is not closed. */
bool directory_read(const struct place *place, int fd, struct error *error);

#endif
