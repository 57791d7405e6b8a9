/* SPDX-License-Identifier: ISC */
/* loader - whose kernel loads a module. Kernels of different systems look for
 * dependencies, symbols and versions by different rules. */
#ifndef KMODAUDIT_LOADER_H
#define KMODAUDIT_LOADER_H

/* LOADER_LINUX is also the loader of an image or module that shows none. The bytes of a
 * file show it, never its name. */
enum loader { LOADER_LINUX, LOADER_FREEBSD, LOADER_COUNT };

/* The system that a loader belongs to, for messages: "Linux", "FreeBSD". */
extern const char *const loader_name[LOADER_COUNT];

#endif
