/* SPDX-License-Identifier: ISC */
/* Reads the YAML plan of `kmodaudit gate`: its images, feeds and policy (format:
 * docs/gate.md). */
#include "commands/gate/plan_parts.h"

#include "base/digest.h"
#include "base/text.h"
#include "facts/feed/feed.h"
#include "unpack/file.h"
#include "unpack/unpack.h"
#include "verdict/rules.h"

#include <glob.h>
#include <string.h>

enum { PLAN_SIZE_MOST = 4 << 20, THINGS_MOST = 4096 };

/* True if NAME can be used in file names. */
static bool name_is_plain(const char *name)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-";

	return *name && *name != '.' && *name != '-' && name[strspn(name, plain)] == '\0';
}

/* The last component of PATH, with '_' for characters that names cannot have. */
static const char *name_of(struct arena *arena, const char *path)
{
	size_t size = strlen(path);

	while (size > 1 && path[size - 1] == '/')
		size--;
	size_t from = size;
	while (from > 0 && path[from - 1] != '/')
		from--;

	char *name = arena_get(arena, size - from + 2), letter[2] = "";
	memcpy(name, path + from, size - from);
	for (char *at = name; *at; at++) {
		letter[0] = *at;
		if (!name_is_plain(letter) && *at != '.' && *at != '-')
			*at = '_';
	}
	if (!*name || *name == '.' || *name == '-')
		*name = '_';
	return name;
}

/* PATH, or all files that match it if it is a pattern. */
static bool matches_of(const struct plan_reading *reading, const struct yaml *at, const char *path,
		       struct strings *ret)
{
	glob_t found = {0};

	if (!path[strcspn(path, PATTERN_CHARACTERS)] || strstr(path, "://")) {
		*array_add(reading->arena, ret) = path;
		return true;
	}

	int status = glob(path, GLOB_ERR, NULL, &found);
	for (size_t i = 0; !status && i < found.gl_pathc; i++)
		*array_add(reading->arena, ret) =
			arena_string(reading->arena, span_text(found.gl_pathv[i]));
	globfree(&found);
	return ret->count > 0 || plan_wrong(reading, at, "no file matches %s", path);
}

/* Reads the name of an entry. MATCHES: the number of files that the
 * entry stands for. */
static bool name_key_read(const struct plan_reading *reading, const struct yaml *entry,
			  size_t matches, const char **ret)
{
	if (!plan_text_read(reading, entry, "name", ret))
		return false;
	if (*ret && !name_is_plain(*ret))
		return plan_wrong(
			reading, entry,
			"a name consists of letters, digits and ._+-, and does not begin with "
			". or -");
	return !*ret || matches == 1 ||
	       plan_wrong(reading, entry,
			  "one name for %zu paths: leave it out, or list the paths one by one",
			  matches);
}

static bool image_parse(const struct plan_reading *reading, const struct yaml *entry)
{
	static const char *const keys[] = {"name", "path", "manifest",	"config", "symvers",
					   "part", "keys", "providers", NULL};
	struct plan_image image = {.line = entry->line};
	struct strings paths = {0};

	if (entry->kind != YAML_MAP)
		return plan_wrong(reading, entry, "an image must be a map with a path");
	if (!yaml_only(reading->path, entry, keys, reading->error) ||
	    !plan_path_read(reading, entry, "path", &image.path) ||
	    !plan_path_read(reading, entry, "manifest", &image.manifest) ||
	    !plan_path_read(reading, entry, "config", &image.config) ||
	    !plan_path_read(reading, entry, "symvers", &image.symvers) ||
	    !plan_part_read(reading, entry, &image.part) ||
	    !plan_paths_read(reading, entry, "keys", &image.keys) ||
	    !plan_paths_read(reading, entry, "providers", &image.providers))
		return false;
	if (!image.path)
		return plan_wrong(reading, entry, "an image needs a path");
	if (!matches_of(reading, entry, image.path, &paths) ||
	    !name_key_read(reading, entry, paths.count, &image.name))
		return false;
	array_each(path, &paths) {
		struct plan_image *added = array_add(reading->arena, &reading->plan->images);

		*added = image;
		added->path = *path;
		added->name = image.name ? image.name : name_of(reading->arena, *path);
	}
	return true;
}

/* Reads the sources of a feed. Each match of `path` is a feed; all `sources` together
 * are one feed. */
static bool feed_sources_parse(const struct plan_reading *reading, const struct yaml *entry,
			       struct plan_feed *feed, struct strings *paths)
{
	const char *path = NULL;

	if (!plan_path_read(reading, entry, "path", &path) ||
	    !plan_paths_read(reading, entry, "sources", &feed->sources) ||
	    !plan_paths_read(reading, entry, "lists", &feed->lists) ||
	    !plan_flag_read(reading, entry, "from-image", &feed->from_image))
		return false;
	if (!path)
		return feed->sources.count || feed->lists.count || feed->from_image ||
		       plan_wrong(reading, entry,
				  "a feed needs a path, sources, lists or from-image");
	return feed->sources.count || feed->lists.count || feed->from_image
		       ? plan_wrong(reading, entry,
				    "a feed with a path cannot have sources, lists or from-image")
		       : matches_of(reading, entry, path, paths);
}

static bool feed_parse(const struct plan_reading *reading, const struct yaml *entry)
{
	static const char *const keys[] = {"name",   "path",	"sources",   "lists", "from-image",
					   "config", "symvers", "providers", NULL};
	struct plan_feed feed = {.line = entry->line};
	struct strings paths = {0};

	if (entry->kind != YAML_MAP)
		return plan_wrong(reading, entry, "a feed must be a map with a path");
	if (!yaml_only(reading->path, entry, keys, reading->error) ||
	    !feed_sources_parse(reading, entry, &feed, &paths) ||
	    !plan_path_read(reading, entry, "config", &feed.config) ||
	    !plan_path_read(reading, entry, "symvers", &feed.symvers) ||
	    !plan_paths_read(reading, entry, "providers", &feed.providers) ||
	    !name_key_read(reading, entry, paths.count ? paths.count : 1, &feed.name))
		return false;
	if (!paths.count) {
		const char *first = feed.sources.count ? feed.sources.list[0]
				    : feed.lists.count ? feed.lists.list[0]
						       : "from-image";
		feed.name = feed.name ? feed.name : name_of(reading->arena, first);
		*array_add(reading->arena, &reading->plan->feeds) = feed;
	}
	array_each(path, &paths) {
		struct plan_feed *added = array_add(reading->arena, &reading->plan->feeds);

		*added = feed;
		*array_add(reading->arena, &added->sources) = *path;
		added->name = feed.name ? feed.name : name_of(reading->arena, *path);
	}
	return true;
}

static bool
list_key_read(const struct plan_reading *reading, const struct yaml *root, const char *key,
	      bool (*read_entry)(const struct plan_reading *reading, const struct yaml *entry))
{
	const struct yaml *list = yaml_get(root, key);

	if (!list || list->kind != YAML_LIST || !list->count || list->count > THINGS_MOST)
		return plan_wrong(reading, list ? list : root, "%s must be a list of 1 to %d", key,
				  THINGS_MOST);
	yaml_each(entry, list)
		if (!read_entry(reading, entry))
			return false;
	return true;
}

static bool names_differ(const struct plan_reading *reading)
{
	const struct plan *plan = reading->plan;
	struct map images = {0}, feeds = {0};

	for (uint32_t i = 0; i < plan->images.count; i++)
		if (map_put(&images, reading->arena, plan->images.list[i].name, i) != i)
			return fail(reading->error,
				    "%s: line %zu: two images have the name %s: give them "
				    "different names",
				    reading->path, plan->images.list[i].line,
				    plan->images.list[i].name);
	for (uint32_t i = 0; i < plan->feeds.count; i++)
		if (map_put(&feeds, reading->arena, plan->feeds.list[i].name, i) != i)
			return fail(reading->error,
				    "%s: line %zu: two feeds have the name %s: give them different "
				    "names",
				    reading->path, plan->feeds.list[i].line,
				    plan->feeds.list[i].name);
	return true;
}

static bool terms_keys_read(const struct plan_reading *reading, const struct yaml *root)
{
	struct plan *plan = reading->plan;
	const char *policy = NULL;

	if (!plan_paths_read(reading, root, "keys", &plan->keys) ||
	    !plan_paths_read(reading, root, "providers", &plan->providers) ||
	    !plan_path_read(reading, root, "waivers", &plan->waivers) ||
	    !plan_path_read(reading, root, "baseline", &plan->baseline) ||
	    !plan_path_read(reading, root, "reports", &plan->reports) ||
	    !plan_path_read(reading, root, "rules", &plan->rules) ||
	    !plan_text_read(reading, root, "policy", &policy))
		return false;
	/* a policy is a preset, or a file, which may have the name of a preset */
	plan->policy = policy && strpbrk(policy, "/.") ? plan_path(reading, policy) : policy;
	if (policy && policy != plan->policy && text_among(plan->policy, preset_names))
		plan->policy = arena_format(reading->arena, "./%s", plan->policy);
	return true;
}

/* A key of an image or feed at the left margin means that it is not indented enough. */
static bool keys_indented(const char *path, const struct yaml *root, struct error *error)
{
	static const char *const below[] = {"path", "manifest", "config", "symvers",	"part",
					    "name", "sources",	"lists",  "from-image", NULL};

	for (const char *const *key = below; *key; key++) {
		const struct yaml *value = yaml_get(root, *key);

		if (value)
			return fail(error,
				    "%s: line %zu: key '%s' belongs to an image or a feed: indent "
				    "it as far as the other keys of that entry",
				    path, value->line, *key);
	}
	return true;
}

bool plan_read(struct arena *arena, const char *path, struct plan *ret, struct error *error)
{
	static const char *const keys[] = {"schema",  "images",	   "feeds",   "pairs",
					   "keys",    "providers", "waivers", "baseline",
					   "reports", "rules",	   "policy",  NULL};
	const char *slash = strrchr(path, '/');
	struct plan_reading reading = {
		arena, path,
		slash ? arena_format(arena, "%.*s", (int)(slash + 1 - path), path) : "", ret,
		error};
	const struct yaml *root;
	const char *schema;
	struct span text;

	*ret = (struct plan){.path = path};
	if (!file_read(arena, path, PLAN_SIZE_MOST, &text, error) ||
	    !yaml_parse(arena, path, text, &root, error))
		return false;
	schema = yaml_text(root, "schema");
	if (!schema || strcmp(schema, "kmodaudit/plan/1") != 0)
		return fail(
			error,
			"%s: line 1: is not a plan: the line schema: kmodaudit/plan/1 is missing",
			path);
	ret->sha256 = sha256_hex(arena, text);
	return keys_indented(path, root, error) && yaml_only(path, root, keys, error) &&
	       list_key_read(&reading, root, "images", image_parse) &&
	       list_key_read(&reading, root, "feeds", feed_parse) && names_differ(&reading) &&
	       terms_keys_read(&reading, root) &&
	       plan_pairs_read(arena, yaml_get(root, "pairs"), ret, error);
}
