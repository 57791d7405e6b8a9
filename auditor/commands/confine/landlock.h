/* SPDX-License-Identifier: ISC */
/* landlock - what this process and its threads may open from now on
 * (landlock(7)). Names can still be looked up with stat and readlink, which the
 * kernel does not restrict. */
#ifndef KMODAUDIT_LANDLOCK_H
#define KMODAUDIT_LANDLOCK_H

#include <stdbool.h>

/* A new set of rules; -1 with errno set: the kernel has no landlock, or it
 * is switched off. */
int landlock_begin(void);
/* Allows reading the file PATH, or, if it is a directory, listing it and all below it;
 * with FILES also reading the files below it. What does not exist is ignored. */
void landlock_allow(int rules, const char *path, bool files);
/* Applies RULES to this thread and those that it starts, and closes it. False with
 * errno set: nothing was restricted. */
bool landlock_apply(int rules);

#endif
