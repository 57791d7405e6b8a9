/* SPDX-License-Identifier: ISC */
/* Finds the kernel's .config in a build tree, SDK or ImageBuilder directory, and reads
 * the hash of a .config.set beside a .config. */
#include "facts/config/config.h"
#include "base/text.h"
#include "unpack/file.h"
#include "unpack/limits.h"
#include "unpack/unpack.h"

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void config_set_read(struct arena *arena, const char *path, struct config *config)
{
	_cleanup_arena_ struct arena scratch = {0};
	const char *beside = arena_format(&scratch, "%s.set", path);
	struct config set;
	struct error error;
	struct span text;
	struct stat status;

	if (strcmp(path_last(path), ".config") != 0 || stat(beside, &status) != 0 ||
	    !S_ISREG(status.st_mode))
		return;
	if (!file_read(&scratch, beside, LIMIT_CONFIG, &text, &error) ||
	    !config_read(&scratch, beside, text, &set, &error) || set.resolved)
		return;
	config->set_vermagic = arena_string(arena, span_text(set.vermagic));
}

/* Where the config of a kernel is, relative to its own directory, to an SDK or
 * ImageBuilder, and to a whole OpenWrt tree. */
static const char *const places[] = {
	".config",
	"config",
	"kernel.config",
	"linux-*/.config",
	"linux-*/linux-*/.config",
	"build_dir/linux-*/linux-*/.config",
	"build_dir/target-*/linux-*/linux-*/.config",
	"boot/config-*",
	"lib/modules/*/config",
	"usr/lib/modules/*/config",
};

struct search {
	struct arena *arena;
	char root[PATH_MAX]; /* the resolved path, with which the targets of links are compared */
	const char *release;
	const struct config *found;
	struct error *error; /* has a text: a directory could not be read */
};

/* OpenWrt's own .config has the same name but describes packages, so the file counts
 * only if kconfig wrote it for a kernel. */
static void file_try(struct search *search, const char *path)
{
	struct config *config = arena_new(search->arena, struct config);
	struct span text, named = release_in_name(path);
	struct error error;
	struct stat status;

	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
	    !path_leads_into(path, search->root) ||
	    !file_read(search->arena, path, LIMIT_CONFIG, &text, &error) ||
	    !config_read(search->arena, path, text, config, &error) || !config->release)
		return;
	if (search->release && ((named.size > 0 && !span_is(named, search->release)) ||
				!(config_named(path, config->release, search->release) ||
				  release_extends(search->release, config->release))))
		return;
	config_set_read(search->arena, path, config);
	search->found = config;
}

static struct strings names_like(struct search *search, const char *path, const char *pattern)
{
	struct arena *arena = search->arena;
	_cleanup_directory_ DIR *directory = opendir(path);
	struct strings names = {0};
	size_t seen = 0;

	errno = 0;
	for (const struct dirent *entry;
	     directory && seen++ < LIMIT_ENTRIES && (entry = readdir(directory)); errno = 0)
		if (fnmatch(pattern, entry->d_name, FNM_PERIOD) == 0)
			*array_add(arena, &names) = arena_string(arena, span_text(entry->d_name));
	if (directory && errno != 0)
		fail(search->error, "%s: %s", path, strerror(errno));
	array_sort(&names, strings_compare);
	return names;
}

/* Tries the files that match the pattern PLACE below PATH, one path component
 * at a time. */
static void place_try(struct search *search, const char *path, const char *place)
{
	const char *slash = strchr(place, '/');
	const char *pattern =
		slash ? arena_string(search->arena, span_from(place, (size_t)(slash - place)))
		      : place;
	struct strings names = names_like(search, path, pattern);

	for (size_t i = 0; i < names.count && !search->found && !*search->error->text; i++) {
		const char *next = arena_format(search->arena, "%s/%s", path, names.list[i]);

		if (!slash)
			file_try(search, next);
		else if (path_leads_into(next, search->root))
			place_try(search, next, slash + 1);
	}
}

const struct config *config_of_tree(struct arena *arena, const char *path, const char *release,
				    struct error *error)
{
	struct search search = {.arena = arena, .release = release, .error = error};
	struct stat status;
	size_t size = strlen(path);

	*error = (struct error){.text = ""};
	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode) || !realpath(path, search.root))
		return NULL;
	while (size > 1 && path[size - 1] == '/')
		size--;
	for (size_t i = 0; i < sizeof places / sizeof *places && !search.found; i++)
		place_try(&search, arena_string(arena, span_from(path, size)), places[i]);
	return *error->text ? NULL : search.found;
}
