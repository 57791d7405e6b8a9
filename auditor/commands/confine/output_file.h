/* SPDX-License-Identifier: ISC */
/* output_file - the file of an output: a temporary one beside it that takes its place
 * when it is complete. One at a time. */
#ifndef KMODAUDIT_OUTPUT_FILE_H
#define KMODAUDIT_OUTPUT_FILE_H

#include <stdbool.h>

/* Opens PATH if it is a device, a pipe or a link, which must not be replaced, else a
 * temporary file beside it. -1 with errno set: it failed. */
int output_file_open(const char *path, bool *temporary);
/* The temporary file takes the place of PATH. False with errno set: it failed, and the
 * temporary file is gone. */
bool output_file_keep(const char *path);
/* Removes the temporary file, if there is one; safe in a signal handler. */
void output_file_drop(void);

#endif
