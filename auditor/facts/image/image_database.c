/* SPDX-License-Identifier: ISC */
/* Reads the installed packages from the opkg, ipkg, dpkg or apk database of an image,
 * and the file lists and control files beside it. */
#include "facts/package/apk.h"
#include "facts/image/image_parts.h"
#include "facts/package/package_file.h"

#include <string.h>

/* Databases in the order in which they are used. Control files in info/ are last: they
 * have the same text, but do not say whether the package is installed. */
static const struct database_kind {
	enum kept kept;
	const char *path;
} kinds[] = {
	{KEPT_OPKG_STATUS, "usr/lib/opkg/status"},     {KEPT_IPKG_STATUS, "usr/lib/ipkg/status"},
	{KEPT_DPKG_STATUS, "var/lib/dpkg/status"},     {KEPT_APK, "lib/apk/db/installed"},
	{KEPT_CONTROL, "usr/lib/opkg/info/*.control"},
};

/* What the database says of a package with its field Status, "install ok installed". */
enum standing {
	STANDING_NONE,
	STANDING_INSTALLED, /* its files are there */
	STANDING_WANTED, /* they are not, and it excludes what conflicts with it */
};

static enum standing row_standing(const struct package *package, enum kept kept)
{
	bool dpkg = kept == KEPT_DPKG_STATUS;
	struct span rest, want, flag, state;

	/* a database without this field has no states */
	if (!package->status)
		return STANDING_INSTALLED;
	rest = span_text(package->status);
	if (!span_token(&rest, &want) || !span_token(&rest, &flag) || !span_token(&rest, &state))
		return STANDING_NONE;
	/* opkg (libopkg/pkg_hash.c) does not know the states of triggers: those are dpkg's
	 * (dpkg(1), package states) */
	if (span_is(state, "installed") || span_is(state, "unpacked") ||
	    (dpkg && (span_is(state, "triggers-awaited") || span_is(state, "triggers-pending"))))
		return STANDING_INSTALLED;
	/* opkg looks at the first word (libopkg/pkg_depends.c, pkg_hash_fetch_conflicts); to
	 * dpkg a package of which no file is left excludes nothing */
	if (!span_is(want, "install") ||
	    (dpkg && (span_is(state, "not-installed") || span_is(state, "config-files"))))
		return STANDING_NONE;
	return STANDING_WANTED;
}

enum { INSTALLED_MOST = 1 << 18 };

/* The contents of one database: stanzas with a package name, without one,
 * and bad lines. */
struct tally {
	size_t named, nameless, bad;
};

static struct tally stanzas_read(struct arena *arena, const struct found_file *file,
				 struct image *image)
{
	struct tally tally = {0};
	struct span rest = file->bytes;
	struct stanza stanza;
	size_t line = 1;

	while (stanza_read(arena, &rest, &line, &stanza, &tally.bad)) {
		struct package package = {.origin = PACKAGE_INSTALLED};
		const char *witness =
			arena_format(arena, "%s: line %zu", file->witness, stanza.line);

		if (!package_from_stanza(arena, &stanza, witness, &package)) {
			tally.nameless++;
			continue;
		}
		tally.named++;
		enum standing standing = row_standing(&package, file->kept);

		if (standing == STANDING_INSTALLED)
			*array_add(arena, &image->packages) = package;
		else if (standing == STANDING_WANTED)
			*array_add(arena, &image->wanted) = package;
	}
	return tally;
}

static struct tally listing_read(struct arena *arena, const struct found_file *file,
				 struct packages *packages)
{
	struct tally tally = {0};
	struct span rest = file->bytes;
	struct package package;
	size_t line = 1, start = 1;

	while (apk_package_next(arena, &rest, &line,
				arena_format(arena, "%s: line %zu", file->witness, start), &package,
				&tally.bad)) {
		/* no real image has this many packages; the rest is counted
		 * as bad lines */
		if (packages->count == INSTALLED_MOST) {
			tally.bad++;
			break;
		}
		*array_add(arena, packages) = package;
		tally.named++;
		start = line;
	}
	return tally;
}

/* Adds the packages of one file. Bad lines become a remark of the image. If the file
 * contains no package, the reason is returned, else NULL. */
static const char *database_read(struct image_reading *reading, const struct found_file *file)
{
	struct arena *arena = reading->arena;
	struct packages *packages = &reading->image->packages;
	struct tally tally;

	if (file->size > 0 && file->bytes.size == 0)
		return arena_format(arena, "%s: larger than the limit: %llu bytes", file->witness,
				    (unsigned long long)file->size);
	tally = file->kept == KEPT_APK ? listing_read(arena, file, packages)
				       : stanzas_read(arena, file, reading->image);
	if (packages->count >= INSTALLED_MOST)
		image_unread(reading, "%s: more than %d packages: the rest of them is not read",
			     file->witness, INSTALLED_MOST);
	if (tally.named == 0)
		return arena_format(arena,
				    "%s: lists no package: %zu stanzas without the field Package",
				    file->witness, tally.nameless);
	if (tally.nameless + tally.bad > 0)
		image_remark(
			reading,
			"%s: %zu stanzas without the field Package, %zu lines that are not fields",
			file->witness, tally.nameless, tally.bad);
	return NULL;
}

static void reason_add(struct arena *arena, const char **reasons, const char *reason)
{
	*reasons = *reasons ? arena_format(arena, "%s; %s", *reasons, reason) : reason;
}

/* True if a file of that kind names packages, installed or not. */
static bool kind_read(struct image_reading *reading, const struct database_kind *kind,
		      const char **reasons)
{
	struct image *image = reading->image;
	size_t files = 0;

	image->wanted = (struct packages){0};
	array_each(file, &reading->files) {
		if (file->kept != kind->kept)
			continue;

		const char *reason = database_read(reading, file);
		if (reason)
			reason_add(reading->arena, reasons, reason);
		else if (files++ == 0)
			image->database_witness = file->witness;
	}
	image->database_known = image->packages.count > 0;
	if (!image->database_known && files > 0)
		reason_add(reading->arena, reasons,
			   arena_format(reading->arena, "%s: no package of it is installed",
					image->database_witness));
	if (image->database_known && files > 1)
		image->database_witness = arena_format(reading->arena, "%s and %zu more",
						       image->database_witness, files - 1);
	return files > 0;
}

static void list_read(struct arena *arena, struct span text, struct package *package)
{
	struct span line;

	while (span_line(&text, &line)) {
		line = span_trim(line);
		while (span_starts(line, "/") || span_starts(line, "./"))
			line = span_skip(line, 1);
		if (line.size > 0 && line.size <= LIMIT_NAME)
			*array_add(arena, &package->files) = arena_string(arena, line);
	}
	strings_unique(&package->files);
}

/* Adds what a row of the database omits and the control file in info/ states. */
static void control_add(struct arena *arena, const struct found_file *file, struct package *package)
{
	struct package control = {0};
	struct span rest = file->bytes;
	struct stanza stanza;
	size_t line = 1, bad = 0;

	if (package->depends.count > 0 || !stanza_read(arena, &rest, &line, &stanza, &bad) ||
	    !package_from_stanza(arena, &stanza, file->witness, &control))
		return;
	package->depends = control.depends;
	package->abi = control.abi;
	if (package->provides.count == 0)
		package->provides = control.provides;
	if (package->conflicts.count == 0)
		package->conflicts = control.conflicts;
	if (!package->architecture)
		package->architecture = control.architecture;
}

/* What info/ has of a package. opkg writes both files of each. */
struct info {
	bool control, list;
};

static void info_add(struct image_reading *reading)
{
	struct image *image = reading->image;
	struct info *infos = arena_get(reading->arena, (image->packages.count + 1) * sizeof *infos);
	struct map numbers = {0};
	const char *lost = NULL;
	size_t lists = 0;

	for (size_t i = 0; i < image->packages.count; i++)
		map_put(&numbers, reading->arena, image->packages.list[i].name, (uint32_t)i);
	array_each(file, &reading->files) {
		if (file->kept != KEPT_LIST && file->kept != KEPT_CONTROL)
			continue;

		/* "kmod-nf-nat" of "usr/lib/opkg/info/kmod-nf-nat.list"; Debian adds ":amd64" */
		const char *slash = strrchr(file->path, '/'), *dot = strrchr(file->path, '.');
		struct span name = span_from(slash + 1, (size_t)(dot - slash - 1)), rest;

		span_split(name, ':', &name, &rest);

		uint32_t at = map_get(&numbers, arena_string(reading->arena, name));
		struct package *package = at == MAP_NONE ? NULL : &image->packages.list[at];

		if (package && file->kept == KEPT_LIST)
			list_read(reading->arena, file->bytes, package);
		else if (package)
			control_add(reading->arena, file, package);
		if (package)
			*(file->kept == KEPT_LIST ? &infos[at].list : &infos[at].control) = true;
	}
	for (size_t i = 0; i < image->packages.count; i++) {
		lists += infos[i].list;
		if (infos[i].control && !infos[i].list && !lost)
			lost = image->packages.list[i].name;
	}
	if (lists > 0 && lost)
		image_unread(reading, "%s: the list of files of %s is missing in info/",
			     image->database_witness, lost);
}

void image_database(struct image_reading *reading)
{
	struct image *image = reading->image;
	const char *reasons = NULL;
	bool named = false;

	/* control files cannot replace a status file that says what is not installed */
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !image->database_known; i++)
		if (kinds[i].kept != KEPT_CONTROL || !named)
			named |= kind_read(reading, &kinds[i], &reasons);
	if (!image->database_known)
		image->database_witness =
			reasons ? reasons
				: arena_format(reading->arena,
					       "%s: no usr/lib/opkg/status, usr/lib/ipkg/status, "
					       "var/lib/dpkg/status, lib/apk/db/installed, "
					       "usr/lib/opkg/info",
					       image->source);
	info_add(reading);
	array_each(package, &image->packages) {
		array_each(file, &package->files) {
			struct span release = release_of_path(*file);

			if (module_is_path(*file) && release.size > 0)
				*array_add(reading->arena, &package->releases) =
					arena_string(reading->arena, release);
		}
		strings_unique(&package->releases);
	}
	array_sort(&image->packages, package_compare);
}
