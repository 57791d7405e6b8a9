/* SPDX-License-Identifier: ISC */
/* seccomp - the system calls that this process and its threads cannot use
 * any more (seccomp(2)). */
#ifndef KMODAUDIT_SECCOMP_H
#define KMODAUDIT_SECCOMP_H

#include <stdbool.h>

/* Refuses sockets, new processes and programs, and what acts on other processes or the
 * machine. WRITES: files may be opened for writing, made, renamed and removed. False
 * with errno set: nothing was restricted. */
bool seccomp_apply(bool writes);

#endif
