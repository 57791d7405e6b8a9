/* SPDX-License-Identifier: ISC */
/* fact_cache - a folder with the facts of packages and images that earlier runs read. A file is
 * read and digested in every run; with an entry for its name and digest it is not unpacked again.
 * An entry is a file of that folder:
 *
 *     0    "kmafacts"
 *     8    key (32): sha256 of what it is about, see cache_key; in hex it is the entry's name
 *     40   sha256 of what follows (32)
 *     72   the facts (facts/stored/coded.h)
 *
 * The key includes a digest of this program's sources, so that other versions have other entries.
 * What is cut, changed or about something else is ignored. Facts are only kept if nothing was
 * wrong with the file. */
#ifndef KMODAUDIT_FACT_CACHE_H
#define KMODAUDIT_FACT_CACHE_H

#include "facts/package/package_file.h"
#include "facts/stored/found.h"

enum { ENTRY_KEY_AT = 8, ENTRY_SUM_AT = 40, ENTRY_FACTS_AT = 72 };

struct fact_cache {
	const char *folder;
	/* Stores ENTRY in the folder if that is possible; calls do not overlap. */
	void (*store)(const struct fact_cache *cache, struct span entry);
	struct package_keeper packages; /* for module_reader.keeper */
};

/* Entries are read from FOLDER and written by STORE. */
void fact_cache_set(struct fact_cache *cache, const char *folder,
		    void (*store)(const struct fact_cache *cache, struct span entry));

/* What a walk through the image NAME, a file with DIGEST, found when it was
 * asked for PART. */
bool found_recall(const struct fact_cache *cache, struct arena *arena, const char *name,
		  unsigned part, const struct sha256 *digest, struct found *ret);
void found_keep(const struct fact_cache *cache, const char *name, unsigned part,
		const struct sha256 *digest, const struct found *found);

#endif
