/* SPDX-License-Identifier: ISC */
/* file - a regular file's bytes. Small ones are read. Large ones are mapped: should such a file
 * shrink meanwhile, the program dies by SIGBUS, which is loud, where a short read that goes
 * unnoticed would be wrong in silence. */
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

/* Opens PATH below the directory AT, with FLAGS of open(2) besides. Only regular files and
 * directories. */
bool file_open(int at, const char *path, int flags, struct file *file, struct error *error);
/* All bytes; valid until FILE is closed and ARENA is reset. */
bool file_bytes(struct file *file, struct arena *arena, struct span *ret, struct error *error);
/* A whole regular file read into ARENA (not mapped: a file that shrinks under us must not kill
 * us); error when it is larger than LIMIT. */
bool file_read(struct arena *arena, const char *path, uint64_t limit, struct span *ret,
	       struct error *error);
void file_close(struct file *file);
void fd_close(int *fd);

#define _cleanup_file_ __attribute__((cleanup(file_close)))
#define _cleanup_fd_ __attribute__((cleanup(fd_close)))

/* directory.c: a directory as a root file system. FD stays the caller's. */
bool directory_read(const struct place *place, int fd, struct error *error);

#endif
