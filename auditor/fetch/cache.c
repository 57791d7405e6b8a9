/* SPDX-License-Identifier: ISC */
/* Stores fetched files on disk by sha256, with the ETag of each URL, and locks partial
 * files so that several runs can share the cache. */
#include "fetch/cache.h"
#include "base/text.h"
#include "unpack/file.h"
#include "unpack/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KNOWN_MOST = 4096, TRIES = 8, HEX = 2 * SHA256_SIZE };

static bool directory_make(const char *path, struct error *error)
{
	_cleanup_arena_ struct arena scratch = {0};
	char *grown = arena_get(&scratch, strlen(path) + 1);

	for (size_t i = 0; path[i]; i++) {
		if (i > 0 && path[i] == '/' && mkdir(grown, 0700) != 0 && errno != EEXIST)
			return fail(error, "%s: %s", grown, strerror(errno));
		grown[i] = path[i];
	}
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return fail(error, "%s: %s", path, strerror(errno));
	return true;
}

bool cache_open(const char *root, struct cache *ret, struct error *error)
{
	static const char *const parts[] = {"sha256", "url", "partial"};
	_cleanup_arena_ struct arena scratch = {0};

	ret->root = root;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!directory_make(arena_format(&scratch, "%s/%s", root, parts[i]), error))
			return within(error, "the cache");
	return true;
}

static bool fd_digest(int fd, struct sha256 *ret, struct error *error)
{
	struct sha256_state *state = sha256_begin();
	uint8_t bytes[65536];
	off_t at = 0;
	ssize_t got;

	while ((got = pread(fd, bytes, sizeof bytes, at)) > 0 || (got < 0 && errno == EINTR))
		if (got > 0) {
			sha256_add(state, span_from(bytes, (size_t)got));
			at += got;
		}

	const char *why = got < 0 ? strerror(errno) : NULL;

	*ret = sha256_end(state);
	return !why || fail(error, "%s", why);
}

static const char *body_path(const struct cache *cache, struct arena *arena, const char *sha256)
{
	return arena_format(arena, "%s/sha256/%.2s/%s", cache->root, sha256, sha256);
}

const char *cache_find(const struct cache *cache, struct arena *arena, const char *sha256)
{
	_cleanup_file_ struct file file = {.fd = -1};
	const char *path = text_is_hex(sha256, HEX) ? body_path(cache, arena, sha256) : NULL;
	struct sha256 digest;
	struct error error;

	if (!path || !file_open(AT_FDCWD, path, 0, &file, &error) || file.directory ||
	    !fd_digest(file.fd, &digest, &error))
		return NULL;
	if (strcmp(digest_hex(arena, digest.bytes, SHA256_SIZE), sha256) == 0)
		return path;
	unlink(path);
	return NULL;
}

static const char *known_path(const struct cache *cache, struct arena *arena, const char *url)
{
	return arena_format(arena, "%s/url/%s", cache->root, sha256_hex(arena, span_text(url)));
}

static void field_read(struct span line, const char *name, char *ret)
{
	size_t size = strlen(name);

	if (!span_starts(line, name) || line.size - size >= TAG_MOST)
		return;
	memcpy(ret, line.data + size, line.size - size);
	ret[line.size - size] = '\0';
}

static void tag_read(struct span text, struct tag *tag)
{
	struct span line;

	*tag = (struct tag){{0}, {0}};
	while (span_line(&text, &line)) {
		field_read(line, "etag ", tag->etag);
		field_read(line, "modified ", tag->modified);
	}
}

const char *cache_known(const struct cache *cache, struct arena *arena, const char *url,
			struct tag *tag)
{
	struct span text, line;
	struct error error;

	*tag = (struct tag){{0}, {0}};
	if (!file_read(arena, known_path(cache, arena, url), KNOWN_MOST, &text, &error) ||
	    !span_line(&text, &line))
		return NULL;
	tag_read(text, tag);

	const char *sha256 = arena_string(arena, line);
	return text_is_hex(sha256, HEX) ? sha256 : NULL;
}

static const char *tag_text(struct arena *arena, const struct tag *tag)
{
	return arena_format(arena, "%s%s%s%s%s%s", *tag->etag ? "etag " : "", tag->etag,
			    *tag->etag ? "\n" : "", *tag->modified ? "modified " : "",
			    tag->modified, *tag->modified ? "\n" : "");
}

/* writes the file completely or not at all */
static void text_write(struct arena *arena, const char *path, const char *text)
{
	const char *temporary = arena_format(arena, "%s.%ld", path, (long)getpid());
	FILE *file = fopen(temporary, "we");

	if (!file)
		return;

	bool written = fputs(text, file) >= 0;

	if (fclose(file) != 0 || !written || rename(temporary, path) != 0)
		unlink(temporary);
}

void cache_learn(const struct cache *cache, const char *url, const char *sha256,
		 const struct tag *tag)
{
	_cleanup_arena_ struct arena scratch = {0};

	text_write(&scratch, known_path(cache, &scratch, url),
		   arena_format(&scratch, "%s\n%surl %s\n", sha256, tag_text(&scratch, tag), url));
}

/* Locks the partial file. Whoever has the lock owns the file if it still has this name:
 * its last owner may have renamed it. */
static bool partial_lock(struct partial *partial, const char *path)
{
	struct stat opened, named;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &opened) == 0 &&
	    S_ISREG(opened.st_mode) && stat(path, &named) == 0 && opened.st_ino == named.st_ino &&
	    opened.st_dev == named.st_dev) {
		*partial = (struct partial){
			.fd = fd, .path = path, .shared = true, .size = (uint64_t)opened.st_size};
		return true;
	}
	fd_close(&fd);
	return false;
}

bool partial_open(const struct cache *cache, struct arena *arena, const char *key,
		  struct partial *ret, struct error *error)
{
	const char *path = arena_format(arena, "%s/partial/%s", cache->root, key);
	struct error none;
	struct span text;

	for (unsigned i = 0; i < TRIES; i++)
		if (partial_lock(ret, path)) {
			if (file_read(arena, arena_format(arena, "%s.tag", path), KNOWN_MOST, &text,
				      &none))
				tag_read(text, &ret->tag);
			return true;
		}

	/* another run has it */
	char *own = arena_get(arena, strlen(path) + 8);

	sprintf(own, "%s.XXXXXX", path);
	*ret = (struct partial){.fd = mkostemp(own, O_CLOEXEC), .path = own};
	return ret->fd >= 0 || fail(error, "%s: %s", path, strerror(errno));
}

bool partial_write(struct partial *partial, struct span bytes, struct error *error)
{
	while (bytes.size > 0) {
		ssize_t put = pwrite(partial->fd, bytes.data, bytes.size, (off_t)partial->size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return fail(error, "%s: %s", partial->path, strerror(errno));
		partial->size += (uint64_t)put;
		bytes = span_skip(bytes, (uint64_t)put);
	}
	return true;
}

bool partial_empty(struct partial *partial, struct error *error)
{
	partial->tag = (struct tag){{0}, {0}};
	partial->size = 0;
	return ftruncate(partial->fd, 0) == 0 ||
	       fail(error, "%s: %s", partial->path, strerror(errno));
}

void partial_tag(const struct partial *partial, const struct tag *tag)
{
	_cleanup_arena_ struct arena scratch = {0};

	if (partial->shared)
		text_write(&scratch, arena_format(&scratch, "%s.tag", partial->path),
			   tag_text(&scratch, tag));
}

bool partial_digest(const struct partial *partial, struct sha256 *ret, struct error *error)
{
	return fd_digest(partial->fd, ret, error) || within(error, "%s", partial->path);
}

static void partial_untag(const struct partial *partial)
{
	_cleanup_arena_ struct arena scratch = {0};

	if (partial->shared)
		unlink(arena_format(&scratch, "%s.tag", partial->path));
}

bool partial_finish(const struct cache *cache, struct arena *arena, struct partial *partial,
		    const char *sha256, const char **ret, struct error *error)
{
	const char *path = body_path(cache, arena, sha256);
	const char *directory =
		arena_string(arena, span_from(path, (size_t)(strrchr(path, '/') - path)));

	if (!directory_make(directory, error))
		return false;
	if (rename(partial->path, path) != 0)
		return fail(error, "%s: %s", path, strerror(errno));
	partial_untag(partial);
	partial->path = NULL;
	partial_close(partial);
	*ret = path;
	return true;
}

void partial_close(struct partial *partial)
{
	if (partial->path && (!partial->shared || partial->size == 0)) {
		partial_untag(partial);
		unlink(partial->path);
	}
	fd_close(&partial->fd);
	*partial = (struct partial){.fd = -1};
}
