/* SPDX-License-Identifier: ISC */
/* Finds what FreeBSD's pkg trusts in an image: the keys and
 * fingerprints that the files of its repositories name
 * (pkg.conf(5); libpkg/pkg_repo.c, pkg_repo_load_fingerprints). */
#include "base/text.h"
#include "facts/freebsd/pkg_conf.h"
#include "facts/image/image_boot.h"
#include "unpack/reader.h"

#include <string.h>

/* The folders of repositories in the order in which pkg reads them (REPOS_DIR),
 * each by name. */
static const char *const folders[] = {"etc/pkg/", "usr/local/etc/pkg/repos/"};

/* What an image without any such file has from base.txz. */
#define USUAL "usr/share/keys/pkg"

enum { LINKS_MOST = 32 };

struct pkg_reading {
	struct image_reading *reading;
	struct map files; /* by path below the root: the number in reading->files */
	struct strings paths; /* of the files of repositories, sorted */
	struct pkg_configuration configuration;
};

/* The file that PATH leads to over links, or NULL. */
static const struct found_file *file_at(const struct pkg_reading *pkg, const char *path)
{
	const struct found_files *files = &pkg->reading->files;

	for (unsigned i = 0; path && i < LINKS_MOST; i++) {
		uint32_t number = map_get(&pkg->files, path);

		if (number == MAP_NONE)
			return NULL;
		if (!files->list[number].link)
			return &files->list[number];
		path = image_link_names(pkg->reading, &files->list[number]);
	}
	return NULL;
}

/* Reads the files of repositories, and notes those that they may name. */
static void confs_read(struct pkg_reading *pkg)
{
	struct arena *arena = pkg->reading->arena;
	struct error error;

	array_each(file, &pkg->reading->files) {
		const char *path = image_inner_path(pkg->reading, file);

		if (file->kept != KEPT_PKG_CONF && file->kept != KEPT_PKG_KEY)
			continue;
		map_put(&pkg->files, arena, path, (uint32_t)(file - pkg->reading->files.list));
		if (file->kept == KEPT_PKG_CONF)
			*array_add(arena, &pkg->paths) = path;
	}
	strings_unique(&pkg->paths);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		array_each(path, &pkg->paths) {
			const char *name = text_after(*path, folders[i]);
			/* what pkg takes for a file of a repository */
			bool conf = name && !strchr(name, '/') && *name != '.' &&
				    strlen(name) > strlen(".conf");
			const struct found_file *file = conf ? file_at(pkg, *path) : NULL;

			if (file && !pkg_conf_add(arena, file->bytes, &pkg->configuration, &error))
				image_remark(pkg->reading,
					     "%s: %s: the keys that it names are not known",
					     file->witness, error.text);
		}
}

static const char *named(const struct pkg_reading *pkg, const char *text)
{
	const struct kld_boot *boot = pkg->reading->image->boot;
	uint64_t osversion = boot && boot->osreldate > 0 ? (uint64_t)boot->osreldate : 0;
	bool leaves;

	if (!text)
		return NULL;
	text = pkg_conf_expand(pkg->reading->arena, text, osversion);
	return path_resolve(pkg->reading->arena, span_text(text), &leaves);
}

/* Adds the fingerprints in FOLDER/trusted and FOLDER/revoked. */
static void fingerprints_add(struct pkg_reading *pkg, const char *folder)
{
	static const char *const kinds[] = {"trusted", "revoked"};
	struct image_reading *reading = pkg->reading;

	for (size_t i = 0; folder && i < sizeof kinds / sizeof *kinds; i++) {
		const char *begin = arena_format(reading->arena, "%s/%s/", folder, kinds[i]);

		array_each(file, &reading->files) {
			const char *path = image_inner_path(reading, file);
			const struct found_file *end;

			if (file->kept != KEPT_PKG_KEY || strncmp(path, begin, strlen(begin)) != 0)
				continue;
			end = file_at(pkg, path);
			if (end && strchr(path + strlen(begin), '/') == NULL)
				key_add(reading->arena, file->witness, end->bytes,
					&reading->image->keys);
		}
	}
}

void image_pkg(struct image_reading *reading)
{
	struct pkg_reading pkg = {.reading = reading};

	confs_read(&pkg);
	if (pkg.paths.count == 0)
		fingerprints_add(&pkg, USUAL);
	array_each(one, &pkg.configuration) {
		if (one->enabled && one->trust == PKG_TRUST_FINGERPRINTS)
			fingerprints_add(&pkg, named(&pkg, one->fingerprints));
		if (!one->enabled || one->trust != PKG_TRUST_PUBKEY)
			continue;

		const struct found_file *file = file_at(&pkg, named(&pkg, one->pubkey));

		if (file)
			key_add(reading->arena, file->witness, file->bytes, &reading->image->keys);
	}
}
