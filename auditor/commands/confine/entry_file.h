/* SPDX-License-Identifier: ISC */
/* entry_file - the folder of a cache of facts (facts/stored/fact_cache.h), and how its
 * entries are written. */
#ifndef KMODAUDIT_ENTRY_FILE_H
#define KMODAUDIT_ENTRY_FILE_H

#include "facts/stored/fact_cache.h"

/* Writes ENTRY into FOLDER, completely or not at all, under the name that its key
 * gives. 0, or errno. */
int entry_file_write(const char *folder, struct span entry);

/* Makes the folder and sets CACHE to it; entries are written by the clerk. FOLDER NULL:
 * *RET is NULL. */
CHECKED bool entries_begin(const char *folder, struct fact_cache *cache,
			   const struct fact_cache **ret, struct error *error);

#endif
