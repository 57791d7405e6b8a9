/* SPDX-License-Identifier: ISC */
/* containers - helpers for tests of unpack/: a scratch directory, real tools run in it, and a
 * visitor that records what it is given. */
#ifndef KMODAUDIT_TEST_CONTAINERS_H
#define KMODAUDIT_TEST_CONTAINERS_H

#include "base/array.h"
#include "base/digest.h"
#include "unpack/file.h"
#include "unpack/unpack.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char scratch_dir[] = "/tmp/kmodaudit-test-XXXXXX";

static int scratch_make(void **state)
{
	(void)state;
	return mkdtemp(scratch_dir) && chdir(scratch_dir) == 0 ? 0 : -1;
}

static int scratch_remove(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "cd / && rm -rf '%s'", scratch_dir);
	return system(command);
}

/* Runs a shell command in the scratch directory; a failure fails the test. */
static void sh(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void sh(const char *format, ...)
{
	char line[4096];
	va_list args;

	strcpy(line, "set -e; export LC_ALL=C; ");
	va_start(args, format);
	vsnprintf(line + strlen(line), sizeof line - strlen(line), format, args);
	va_end(args);
	if (system(line) != 0)
		fail_msg("failed: %s", line);
}

/* What the visitor recorded, as lines: "file PATH SHA256", "name PATH SIZE", "link PATH ->
 * TARGET", "dir PATH". */
struct seen {
	struct arena arena;
	struct strings lines, layout, witnesses;
	pthread_mutex_t lock;
	enum want (*choose)(const char *path);
	unsigned calls, worker_most;
	const char *part; /* only lines of this part: "root", "control", "data"; NULL: all */
};

static inline enum want want_bytes(const char *path)
{
	return path[strlen(path) - 1] == '/' ? WANT_NAME : WANT_BYTES;
}

static inline enum want want_open(const char *path)
{
	return path[strlen(path) - 1] == '/' ? WANT_NAME : WANT_OPEN;
}

static enum want seen_want(void *context, const char *path, uint64_t size, enum part part)
{
	struct seen *seen = context;

	(void)size;
	(void)part;
	return seen->choose(path);
}

static const char *seen_line(struct seen *seen, const struct entry *entry)
{
	if (entry->kind == ENTRY_DIRECTORY)
		return arena_format(&seen->arena, "dir %s", entry->path);
	if (entry->kind == ENTRY_LINK)
		return arena_format(&seen->arena, "link %s -> %s", entry->path, entry->target);
	if (entry->bytes.size == 0 && entry->size > 0)
		return arena_format(&seen->arena, "name %s %llu", entry->path,
				    (unsigned long long)entry->size);
	return arena_format(&seen->arena, "file %s %s", entry->path,
			    sha256_hex(&seen->arena, entry->bytes));
}

static bool seen_entry(void *context, const struct entry *entry, struct error *error)
{
	static const char *const parts[] = {"root", "control", "data"};
	struct seen *seen = context;

	(void)error;
	pthread_mutex_lock(&seen->lock);
	seen->calls++;
	if (entry->worker > seen->worker_most)
		seen->worker_most = entry->worker;
	if (!seen->part || strcmp(seen->part, parts[entry->part]) == 0) {
		*array_add(&seen->arena, &seen->lines) = seen_line(seen, entry);
		*array_add(&seen->arena, &seen->witnesses) =
			arena_string(&seen->arena, span_text(entry->witness));
	}
	pthread_mutex_unlock(&seen->lock);
	return true;
}

static void seen_layout(void *context, const struct layout *layout)
{
	struct seen *seen = context;

	*array_add(&seen->arena, &seen->layout) = arena_format(
		&seen->arena, "%u 0x%llx %s%s%s", layout->depth, (unsigned long long)layout->offset,
		layout->kind, layout->detail ? " " : "", layout->detail ? layout->detail : "");
}

static struct visitor seen_visitor(struct seen *seen, unsigned threads)
{
	pthread_mutex_init(&seen->lock, NULL);
	return (struct visitor){
		.context = seen,
		.want = seen_want,
		.entry = seen_entry,
		.layout = seen_layout,
		.threads = threads,
	};
}

static inline bool look(struct seen *seen, const char *path, struct error *error)
{
	struct visitor visitor = seen_visitor(seen, 1);

	if (!seen->choose)
		seen->choose = want_bytes;
	return unpack_path(path, &visitor, error);
}

static inline bool look_bytes(struct seen *seen, struct span bytes, struct error *error)
{
	struct visitor visitor = seen_visitor(seen, 1);

	if (!seen->choose)
		seen->choose = want_bytes;
	return unpack_bytes("input", bytes, &visitor, error);
}

/* All lines, sorted, as one string. */
static inline const char *seen_all(struct seen *seen)
{
	const char *text = "";

	array_sort(&seen->lines, strings_compare);
	array_each(line, &seen->lines)
		text = arena_format(&seen->arena, "%s%s\n", text, *line);
	return text;
}

static inline void seen_free(struct seen *seen)
{
	arena_free(&seen->arena);
}

#define _cleanup_seen_ __attribute__((cleanup(seen_free)))

static inline struct span slurp(struct arena *arena, const char *path)
{
	struct span bytes;
	struct error error;

	if (!file_read(arena, path, (uint64_t)1 << 30, &bytes, &error))
		fail_msg("%s", error.text);
	return bytes;
}

static inline const char *slurp_text(struct arena *arena, const char *path)
{
	return arena_string(arena, slurp(arena, path));
}

static inline void spill(const char *path, struct span bytes)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
	assert_int_equal(fclose(file), 0);
}

/* IMAGE gives the entries that the directory TREE gives. */
static inline void assert_same_as(const char *tree, const char *image, const char *what)
{
	_cleanup_seen_ struct seen wanted = {.choose = want_bytes}, got = {0};
	struct visitor visitor = seen_visitor(&wanted, 1);
	struct error error;

	assert_true(unpack_path(tree, &visitor, &error));
	if (!look(&got, image, &error))
		fail_msg("%s: %s", what, error.text);
	if (strcmp(seen_all(&wanted), seen_all(&got)) == 0)
		return;
	spill("wanted", span_text(seen_all(&wanted)));
	spill("got", span_text(seen_all(&got)));
	sh("diff wanted got >&2 || true");
	fail_msg("%s: other entries", what);
}

/* Writes the lines that a visitor should record for TREE into TREE.want. */
static inline void tree_want(const char *tree)
{
	sh("cd %s; find . -type f -printf '%%P\\n' | sort | while read -r f; do echo \"file $f "
	   "$(sha256sum < \"$f\" | cut -d' ' -f1)\"; done > ../%s.want",
	   tree, tree);
	sh("cd %s; { cat ../%s.want; find . -mindepth 1 -type d -printf 'dir %%P\\n'; find . -type "
	   "l -printf 'link %%P -> %%l\\n'; } | sort > ../%s.all; mv ../%s.all ../%s.want",
	   tree, tree, tree, tree, tree);
}

/* Puts files, directories and links into TREE, and the lines that a visitor should record into
 * TREE.want. */
static inline void tree_make(const char *tree)
{
	sh("rm -rf %s; mkdir -p %s/lib/modules/5.4/kernel %s/etc/modules.d %s/empty", tree, tree,
	   tree, tree);
	sh("cd %s; seq 1 30000 > lib/modules/5.4/long.ko; echo short > lib/modules/5.4/short.ko",
	   tree);
	sh("cd %s; for i in 1 2 3 4 5 6 7 8 9; do seq $i 77 $((i * 4000)) > "
	   "lib/modules/5.4/kernel/m$i.ko; done",
	   tree);
	sh("cd %s; head -c 262144 /dev/zero > zeros; : > nothing; ln -s ../lib/modules etc/link; "
	   "seq 1 9 > etc/opkg",
	   tree);
	tree_want(tree);
}

#endif
