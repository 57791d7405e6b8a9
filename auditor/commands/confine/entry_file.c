/* SPDX-License-Identifier: ISC */
/* Makes the folder of a cache of facts and writes its entries. */
#include "commands/confine/entry_file.h"

#include "commands/command.h"
#include "commands/confine/clerk.h"
#include "unpack/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int entry_file_write(const char *folder, struct span entry)
{
	_cleanup_arena_ struct arena scratch = {0};
	_cleanup_fd_ int fd = -1;
	char *temporary =
		arena_chars(&scratch, span_text(arena_format(&scratch, "%s/new.XXXXXX", folder)));
	struct span key;

	if (!span_cut(entry, ENTRY_KEY_AT, SHA256_SIZE, &key))
		return EINVAL;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return errno;

	const char *path =
		arena_format(&scratch, "%s/%s", folder, digest_hex(&scratch, key.data, key.size));

	if (fd_write(fd, entry) && rename(temporary, path) == 0)
		return 0;

	int problem = errno;

	unlink(temporary);
	return problem;
}

/* The report does not depend on the cache, so it is only a message, once, if that
 * cannot be written. */
static void entry_store(const struct fact_cache *cache, struct span entry)
{
	static bool told;
	int problem = clerk_store(cache->folder, entry);

	if (problem && !told)
		complain("the cache %s: cannot be written: %s", cache->folder, strerror(problem));
	told |= problem != 0;
}

/* The folder is made if it is missing, readable by the user alone. Others who may write
 * into it could put facts into it. */
bool entries_begin(const char *folder, struct fact_cache *cache, const struct fact_cache **ret,
		   struct error *error)
{
	struct stat status;

	*ret = NULL;
	if (!folder)
		return true;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return fail(error, "the cache %s: cannot be made: %s", folder, strerror(errno));
	if (stat(folder, &status) != 0)
		return fail(error, "the cache %s: %s", folder, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return fail(error, "the cache %s: is not a directory", folder);
	if (status.st_uid != geteuid())
		return fail(error, "the cache %s: belongs to another user", folder);
	if (status.st_mode & (S_IWGRP | S_IWOTH))
		return fail(error, "the cache %s: other users may write into it (chmod go-w)",
			    folder);
	fact_cache_set(cache, folder, entry_store);
	*ret = cache;
	return true;
}
