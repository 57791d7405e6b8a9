/* SPDX-License-Identifier: ISC */
/* Follows symbolic links by their paths. */
#include "facts/paths/path_links.h"

#include "base/array.h"
#include "base/text.h"
#include "facts/kernel/loader_rules.h"
#include "unpack/limits.h"

#include <string.h>

enum {
	LINKS_FOLLOWED = 40, /* as the kernel follows: MAXSYMLINKS (include/linux/namei.h) */
	ALIASES_MOST = 4096,
	ALIAS_VISITS = 1 << 16, /* links below folders that aliases lead to */
	ALIAS_DEPTH = 8, /* links on one path that lead to each other's directories */
};

static int link_compare(const void *a, const void *b)
{
	return strcmp(((const struct path_link *)a)->path, ((const struct path_link *)b)->path);
}

void path_links_sort(struct path_links *links)
{
	array_sort(links, link_compare);
}

/* Removes the last component of PATH. */
static void path_leave(char *path)
{
	char *slash = strrchr(path, '/');

	*(slash ? slash : path) = '\0';
}

/* Appends the component of SIZE bytes at NAME to PATH, of LIMIT_NAME bytes at most. */
static bool path_enter(char *path, const char *name, size_t size)
{
	size_t used = strlen(path);

	if (used + 1 + size > LIMIT_NAME)
		return false;
	if (used > 0)
		path[used++] = '/';
	memcpy(path + used, name, size);
	path[used + size] = '\0';
	return true;
}

const char *path_links_end(struct arena *arena, const struct path_links *links, const char *path)
{
	_cleanup_arena_ struct arena scratch = {0};
	char done[LIMIT_NAME + 2] = "";
	unsigned followed = 0;

	while (*path) {
		size_t size = strcspn(path, "/");
		const char *name = path;

		path += size + strspn(path + size, "/");
		if (size == 0 || (size == 1 && *name == '.'))
			continue;
		if (size == 2 && strncmp(name, "..", 2) == 0) {
			path_leave(done);
			continue;
		}
		if (!path_enter(done, name, size))
			return NULL;

		size_t at = array_lower(link, links, strcmp(link->path, done) < 0);

		if (at == links->count || strcmp(links->list[at].path, done) != 0)
			continue;

		const struct path_link *link = &links->list[at];

		if (++followed > LINKS_FOLLOWED || strlen(link->target) > LIMIT_NAME)
			return NULL;
		path_leave(done);
		if (*link->target == '/')
			*done = '\0';
		path = arena_format(&scratch, "%s/%s", link->target, path);
		if (strlen(path) > 2 * LIMIT_NAME)
			return NULL;
	}
	return arena_string(arena, span_text(done));
}

/* A release begins with a digit: lib/modules/current, a link beside it, is none. */
static bool is_release(const char *name)
{
	return *name >= '0' && *name <= '9';
}

/* The rest of PATH behind lib/modules/ or usr/lib/modules/, or NULL. */
static const char *below_modules(const char *path)
{
	const char *inner = text_after(path, "usr/");

	return text_after(inner ? inner : path, "lib/modules/");
}

enum kept path_decides(const char *path)
{
	const char *module = below_modules(path);
	size_t root;
	enum kept kept = path_kept(path, &root);

	if (kept == KEPT_COMMAND_LINE)
		return kept;
	if (root > 0)
		return KEPT_NOTHING;
	if (kept == KEPT_MODULE || kept == KEPT_BUILTIN)
		return module && is_release(module) ? kept : KEPT_NOTHING;
	return kept == KEPT_LOADER_RULES || kept == KEPT_SYSCTL || kept == KEPT_AUTOLOAD
		       ? kept
		       : KEPT_NOTHING;
}

/* True if PATH is above one of FOLDERS, or is one of them. */
static bool is_above(const char *path, const char *const *folders)
{
	size_t size = strlen(path);

	for (; *folders; folders++)
		if (strncmp(*folders, path, size) == 0 && (*folders)[size] == '/')
			return true;
	return false;
}

/* depmod leaves out build and source (kmod tools/depmod.c, depmod_modules_search_dir),
 * which lead to the sources of the kernel, and follows other links to directories. */
static bool leads_on(const char *path)
{
	static const char *const folders[] = {"lib/modules/",
					      "usr/lib/modules/",
					      "etc/modules.d/",
					      "etc/modules-boot.d/",
					      "etc/modules-load.d/",
					      "boot/grub/",
					      "boot/grub2/",
					      "boot/extlinux/",
					      "boot/syslinux/",
					      "boot/loader/entries/",
					      "boot/EFI/BOOT/",
					      "boot/efi/EFI/BOOT/",
					      NULL};
	const char *module = below_modules(path), *name = path_last(path);

	if (module)
		return is_release(module) && strcmp(name, "build") != 0 &&
		       strcmp(name, "source") != 0;
	return is_above(path, folders) || is_above(path, loader_rules_paths) ||
	       is_above(path, sysctl_paths);
}

/* The number of links on the way to what is below the alias number ABOVE; SIZE_MAX if LINK is
 * one of them: what is behind a circle has a shorter path, too. */
static size_t way_length(const struct path_aliases *aliases, size_t above,
			 const struct path_link *link)
{
	size_t length = 0;

	for (; above > 0; above = aliases->list[above - 1].above, length++)
		if (aliases->list[above - 1].link == link)
			return SIZE_MAX;
	return length;
}

static void alias_add(struct arena *arena, const struct path_links *links,
		      const struct path_link *link, const char *path, size_t above,
		      struct path_aliases *ret)
{
	size_t length = way_length(ret, above, link);

	if (length == SIZE_MAX || (path_decides(path) == KEPT_NOTHING && !leads_on(path)))
		return;

	const char *end = path_links_end(arena, links, link->path);

	if (!end)
		return;
	/* the merged /usr of distributions: the files have their own places below usr/lib */
	if ((strcmp(path, "lib") == 0 && strcmp(end, "usr/lib") == 0) ||
	    (strcmp(path, "usr/lib") == 0 && strcmp(end, "lib") == 0))
		return;
	/* what is there appears when the system runs. etc/sysctl.d/x.conf is a link to
	 * /dev/null if it is to hide another file (sysctl.d(5)) */
	if (text_after(end, "dev/") || text_after(end, "proc/") || text_after(end, "sys/"))
		return;
	if (ret->count >= ALIASES_MOST || length > ALIAS_DEPTH) {
		ret->cut = true;
		return;
	}
	*array_add(arena, ret) = (struct path_alias){path, end, link, above};
}

void path_aliases_find(struct arena *arena, const struct path_links *links,
		       struct path_aliases *ret)
{
	size_t visits = 0;

	array_each(link, links)
		alias_add(arena, links, link, link->path, 0, ret);
	for (size_t i = 0; i < ret->count && !ret->cut; i++) {
		const struct path_alias alias = ret->list[i];

		if (!leads_on(alias.path))
			continue;

		/* the links in the directory that it leads to */
		const char *folder = arena_format(arena, "%s/", alias.end);
		size_t at = array_lower(link, links, strcmp(link->path, folder) < 0);

		for (; at < links->count; at++) {
			const char *name = text_after(links->list[at].path, folder);

			if (!name)
				break;
			if (++visits > ALIAS_VISITS) {
				ret->cut = true;
				break;
			}
			alias_add(arena, links, &links->list[at],
				  arena_format(arena, "%s/%s", alias.path, name), i + 1, ret);
		}
	}
}

const char *path_alias_of(struct arena *arena, const struct path_alias *alias, const char *file)
{
	size_t size = strlen(alias->end);

	if (strncmp(file, alias->end, size) != 0 || (file[size] != '\0' && file[size] != '/'))
		return NULL;
	return arena_format(arena, "%s%s", alias->path, file + size);
}
