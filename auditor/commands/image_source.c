/* SPDX-License-Identifier: ISC */
/* Opens an image that is given as a path, as "-" for standard input (copied to a memory
 * file), or as a URL (fetched into the cache). */
#include "commands/image_source.h"

#include "commands/progress.h"
#include "facts/feed/feed.h"
#include "fetch/fetch.h"
#include "unpack/file.h"
#include "unpack/limits.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PIECE = 1 << 16 };

void source_close(struct source *source)
{
	if (source->handle >= 0)
		close(source->handle);
	source->handle = -1;
}

/* Copies standard input to a memory file, because readers need its size and read in
 * any order. */
static bool source_from_input(struct arena *arena, struct source *source, struct error *error)
{
	struct arena scratch _cleanup_arena_ = {0};
	uint8_t *piece = arena_raw(&scratch, PIECE);
	uint64_t kept = 0;
	ssize_t got;

	if (isatty(STDIN_FILENO))
		return fail(error, "-: standard input is a terminal, but a file is expected there");
	source->handle = memfd_create("source", MFD_CLOEXEC);
	if (source->handle < 0)
		return fail(error, "-: cannot be kept in memory: %s", strerror(errno));
	source->local = arena_format(arena, "/proc/self/fd/%d", source->handle);
	while ((got = read(STDIN_FILENO, piece, PIECE)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(error, "-: standard input: %s", strerror(errno));
		kept += (uint64_t)got;
		if (kept > LIMIT_IMAGE)
			return fail(error, "-: standard input has more than the %llu bytes allowed",
				    (unsigned long long)LIMIT_IMAGE);
		if (!fd_write(source->handle, span_from(piece, (size_t)got)))
			return fail(error, "-: cannot be kept in memory: %s", strerror(errno));
	}
	return kept > 0 ||
	       fail(error, "-: nothing came on standard input, but a file is expected there");
}

bool source_open(struct arena *arena, const char *path, const struct feeds_wanted *how,
		 struct source *ret, struct error *error)
{
	_cleanup_progress_ struct progress progress = {0};
	_cleanup_fetcher_ struct fetcher *fetcher = NULL;
	struct fetch fetch = {.url = path, .limit = LIMIT_IMAGE};

	*ret = (struct source){.name = path, .handle = -1};
	if (url_has_password(path))
		return fail(error, "a URL must not contain a user name and password, because "
				   "reports show it: put them into ~/.netrc");
	if (strcmp(path, "-") == 0)
		return source_from_input(arena, ret, error);
	if (!url_is_remote(path)) {
		ret->local = url_local(arena, path);
		return ret->local ||
		       fail(error,
			    "%s: this kind of URL cannot be read; use http, https, or file "
			    "without a host",
			    path);
	}
	progress_begin(&progress, how->quiet);
	if (!fetcher_start(arena, how, &progress, &fetcher, error))
		return false;
	fetch_all(fetcher, &fetch, 1);
	progress_end(&progress);
	if (!fetch.path)
		return fail(error, "%s", fetch.problem);
	ret->local = arena_string(arena, span_text(fetch.path));
	return true;
}

bool image_open(struct arena *arena, const char *path, const struct image_options *options,
		const struct feeds_wanted *how, struct image *ret, struct error *error)
{
	_cleanup_source_ struct source source = {.handle = -1};
	struct image_options own = *options;

	if (!source_open(arena, path, how, &source, error))
		return false;
	own.local = source.local;
	own.cache = how->cache;
	return image_read(arena, path, &own, ret, error);
}
