/* SPDX-License-Identifier: ISC */
#include "commands/image_source.h"

#include "commands/progress.h"
#include "facts/feed/feed.h"
#include "fetch/fetch.h"
#include "unpack/limits.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PIECE = 1 << 16 };

static void handle_close(int *handle)
{
	if (*handle >= 0)
		close(*handle);
}

static bool piece_write(int handle, const uint8_t *piece, size_t size, struct error *error)
{
	while (size > 0) {
		ssize_t put = write(handle, piece, size);

		if (put < 0 && errno != EINTR)
			return fail(error, "-: cannot be kept in memory: %s", strerror(errno));
		piece += put > 0 ? put : 0;
		size -= put > 0 ? (size_t)put : 0;
	}
	return true;
}

/* All of standard input into the memory file HANDLE: readers need its size and read it in any order. */
static bool input_keep(int handle, struct error *error)
{
	struct arena scratch _cleanup_arena_ = {0};
	uint8_t *piece = arena_raw(&scratch, PIECE);
	uint64_t kept = 0;
	ssize_t got;

	while ((got = read(STDIN_FILENO, piece, PIECE)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(error, "-: standard input: %s", strerror(errno));
		kept += (uint64_t)got;
		if (kept > LIMIT_IMAGE)
			return fail(error, "-: standard input has more than the %llu bytes allowed for an image",
				    (unsigned long long)LIMIT_IMAGE);
		if (!piece_write(handle, piece, (size_t)got, error))
			return false;
	}
	return kept > 0 || fail(error, "-: nothing came on standard input, but an image is expected there");
}

static bool image_from_input(struct arena *arena, struct image_options *options, struct image *ret, struct error *error)
{
	__attribute__((cleanup(handle_close))) int handle = -1;

	if (isatty(STDIN_FILENO))
		return fail(error, "-: standard input is a terminal, but an image is expected there");
	handle = memfd_create("image", MFD_CLOEXEC);
	if (handle < 0)
		return fail(error, "-: cannot be kept in memory: %s", strerror(errno));
	options->local = arena_format(arena, "/proc/self/fd/%d", handle);
	return input_keep(handle, error) && image_read(arena, "-", options, ret, error);
}

static bool image_from_url(struct arena *arena, const char *url, const struct feeds_wanted *how,
			   struct image_options *options, struct image *ret, struct error *error)
{
	_cleanup_progress_ struct progress progress = {0};
	_cleanup_fetcher_ struct fetcher *fetcher = NULL;
	struct fetch fetch = {.url = url, .limit = LIMIT_IMAGE};

	progress_begin(&progress, how->quiet);
	if (!fetcher_start(arena, how, &progress, &fetcher, error))
		return false;
	fetch_all(fetcher, &fetch, 1);
	progress_end(&progress);
	if (!fetch.path)
		return fail(error, "%s", fetch.problem);
	options->local = fetch.path;
	return image_read(arena, url, options, ret, error);
}

bool image_open(struct arena *arena, const char *path, const struct image_options *options,
		const struct feeds_wanted *how, struct image *ret, struct error *error)
{
	struct image_options own = *options;

	if (url_has_password(path))
		return fail(error, "a URL must not contain a user name and password, because reports show it: put them "
				   "into ~/.netrc");
	if (strcmp(path, "-") == 0)
		return image_from_input(arena, &own, ret, error);
	if (url_is_remote(path))
		return image_from_url(arena, path, how, &own, ret, error);
	own.local = url_local(arena, path);
	if (!own.local)
		return fail(error, "%s: this kind of URL cannot be read; use http, https, or file without a host",
			    path);
	return image_read(arena, path, &own, ret, error);
}
