/* SPDX-License-Identifier: ISC */
/* Keeps the feeds of a plan so that each is read once, and gives every pair its own
 * copy of the feed's struct. */
#include "commands/gate/feed_store.h"

#include "facts/feed/index.h"

#include <string.h>
#include <sys/stat.h>

/* One feed: a directory, an index, a URL, or consecutive single files. */
struct store_unit {
	struct feeds feeds; /* empty if it cannot be read */
	const char *problem; /* NULL, or why it cannot be read */
};

static bool is_single(const char *path)
{
	struct stat status;

	return !strstr(path, "://") && !index_is_path(path) && stat(path, &status) == 0 &&
	       S_ISREG(status.st_mode);
}

static const struct store_unit *unit_read(struct store *store, const struct strings *paths,
					  bool untrusted)
{
	struct store_unit *unit = array_add(store->arena, &store->units);
	struct feeds_wanted wanted = store->how;
	struct error error = {0};

	/* a path from a list or an image is freed with its pair */
	array_each(path, paths)
		*array_add(store->arena, &wanted.paths) =
			arena_string(store->arena, span_text(*path));
	if (untrusted)
		wanted.untrusted = wanted.paths;
	if (!feeds_gather(store->arena, &wanted, NULL, &unit->feeds, &error))
		unit->problem = arena_string(store->arena, span_text(error.text));
	store->unpacked += unit->feeds.unpacked;
	return unit;
}

/* Copies a feed for a pair, because its signature and its index among the feeds depend
 * on the image. */
static void feed_copy(struct arena *arena, const struct feed *from, struct feeds *to)
{
	struct feed *feed = array_add(arena, to);

	*feed = *from;
	feed->packages = (struct packages){0};
	array_each(package, &from->packages) {
		struct package *own = array_add(arena, &feed->packages);

		*own = *package;
		own->feed = to->count - 1;
	}
}

bool store_get(struct store *store, struct arena *arena, const struct strings *paths,
	       const struct strings *untrusted, struct feeds *ret, struct error *error)
{
	*ret = (struct feeds){0};
	for (size_t from = 0, count; from < paths->count; from += count) {
		for (count = 1; is_single(paths->list[from]) && from + count < paths->count &&
				is_single(paths->list[from + count]);)
			count++;

		const struct strings own = {paths->list + from, count, count};
		bool by_image = strings_have(untrusted, *own.list);
		/* a feed that an image names is fetched without passwords, so it is kept
		 * apart from the same feed that a user names */
		const char *key = by_image ? "image\n" : "";

		array_each(path, &own)
			key = arena_format(store->arena, "%s%s\n", key, *path);

		uint32_t next = (uint32_t)store->units.count,
			 place = map_put(&store->places, store->arena, key, next);
		const struct store_unit *unit = place == next ? unit_read(store, &own, by_image)
							      : &store->units.list[place];

		if (unit->problem)
			return fail(error, "%s", unit->problem);
		array_each(feed, &unit->feeds)
			feed_copy(arena, feed, ret);
	}
	return true;
}
