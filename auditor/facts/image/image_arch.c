/* SPDX-License-Identifier: ISC */
/* Reads which Architecture words the image's package manager accepts: opkg.conf
 * (libopkg/opkg_conf.c) or etc/apk/arch (apk-tools src/database.c); and of which
 * distribution the image is: name, release, target and revision, from
 * etc/openwrt_release, etc/os-release and usr/lib/os-release. */
#include "facts/image/image_parts.h"
#include "facts/kernel/banner.h"

#include <string.h>

/* The architectures that the package manager accepts:
 *
 *   opkg  lines "arch WORD PRIORITY" of etc/opkg.conf and of *.conf in etc/opkg; priority 0
 *         accepts none (libopkg/opkg_conf.c, pkg_hash.c). Without such a line it accepts the
 *         architecture that it was built for, which no file states.
 *   apk   the words of etc/apk/arch, one per line (apk-tools src/database.c) */
static void arch_add(struct image_reading *reading, struct span word, const char *witness)
{
	struct image *image = reading->image;

	*array_add(reading->arena, &image->arches) = arena_string(reading->arena, word);
	if (!image->arches_witness)
		image->arches_witness = witness;
}

void image_arch(struct image_reading *reading)
{
	struct image *image = reading->image;
	struct span rest, line, key, word, number;
	uint64_t priority;

	array_each(conf, &image->feed_lists) {
		rest = strstr(conf->path, "opkg") ? conf->text : (struct span){NULL, 0};
		while (span_line(&rest, &line)) {
			if (!span_token(&line, &key) || !span_token(&line, &word))
				continue;
			if (span_is(key, "arch") && span_token(&line, &number) &&
			    span_number(number, 10, &priority) && priority > 0) {
				arch_add(reading, word, conf->witness);
				map_put(&image->arch_priorities, reading->arena,
					arena_string(reading->arena, word),
					(uint32_t)(priority < MAP_NONE ? priority : MAP_NONE - 1));
			}
			if (span_is(key, "option") && span_is(word, "check_signature"))
				image->check_signature = conf->witness;
		}
	}
	array_each(file, &reading->files) {
		rest = file->kept == KEPT_APK_ARCH ? file->bytes : (struct span){NULL, 0};
		while (span_token(&rest, &word))
			arch_add(reading, word, file->witness);
	}
	strings_unique(&image->arches);
}

/* ---- the distribution ---- */

/* A longer value is no name of a release, target or revision. */
enum { VALUE_MOST = 256 };

/* The value of a shell variable in TEXT: NAME=value, with either quotes or none.
 * Empty: not set. */
static struct span variable_get(struct span text, const char *name)
{
	struct span line, key, value;

	while (span_line(&text, &line)) {
		if (!span_split(span_trim(line), '=', &key, &value) || !span_is(key, name))
			continue;
		if (value.size >= 2 && (value.data[0] == '"' || value.data[0] == '\'') &&
		    value.data[value.size - 1] == value.data[0])
			value = span_skip(span_head(value, value.size - 1), 1);
		return value;
	}
	return (struct span){0};
}

static void fact_set(struct image_reading *reading, struct fact *fact,
		     const struct found_file *file, const char *name)
{
	struct span value = variable_get(file->bytes, name);

	if (fact->value)
		return;
	if (value.size > 0 && value.size <= VALUE_MOST)
		fact->value = arena_string(reading->arena, value);
	fact->witness = arena_format(reading->arena, "%s: %s%s", file->witness, name,
				     value.size > VALUE_MOST ? " is too long"
				     : value.size == 0	     ? " is not set"
							     : "");
}

/* OpenWrt's toolchain is of the revision of the tree that it was built in, and the
 * banner of the kernel names it. */
static void banner_read(struct image_reading *reading)
{
	const struct kernel *kernel = reading->image->kernel;
	const char *revision =
		kernel ? banner_parts(reading->arena, kernel->banner.value).revision : NULL;

	if (!reading->image->revision.value && revision && strlen(revision) <= VALUE_MOST)
		reading->image->revision = (struct fact){
			revision, arena_format(reading->arena, "%s: the compiler in the banner",
					       kernel->banner.witness)};
}

static void fact_miss(struct image_reading *reading, struct fact *fact)
{
	if (!fact->witness)
		fact->witness = arena_format(
			reading->arena,
			"%s: no etc/openwrt_release, etc/os-release, usr/lib/os-release",
			reading->image->source);
}

/* etc/openwrt_release is read before os-release, because it is more exact. */
void image_distribution(struct image_reading *reading)
{
	struct image *image = reading->image;

	array_each(file, &reading->files) {
		if (file->kept != KEPT_OPENWRT_RELEASE)
			continue;
		fact_set(reading, &image->distribution, file, "DISTRIB_DESCRIPTION");
		fact_set(reading, &image->distribution_release, file, "DISTRIB_RELEASE");
		fact_set(reading, &image->target, file, "DISTRIB_TARGET");
		fact_set(reading, &image->revision, file, "DISTRIB_REVISION");
	}
	array_each(file, &reading->files) {
		if (file->kept != KEPT_OS_RELEASE)
			continue;
		fact_set(reading, &image->distribution, file, "PRETTY_NAME");
		fact_set(reading, &image->revision, file, "BUILD_ID");
		fact_set(reading, &image->target, file, "OPENWRT_BOARD");
		fact_set(reading, &image->target, file, "LEDE_BOARD");
		/* other distributions number their releases in another way */
		if (image->target.value)
			fact_set(reading, &image->distribution_release, file, "VERSION_ID");
		else if (!image->distribution_release.witness)
			image->distribution_release.witness = arena_format(
				reading->arena, "%s: names no target of OpenWrt", file->witness);
	}
	array_each(file, &reading->files) {
		struct span text = span_trim(file->bytes);

		/* etc/openwrt_version contains the revision and nothing else */
		if (file->kept == KEPT_OPENWRT_VERSION && !image->revision.value && text.size > 0 &&
		    text.size <= VALUE_MOST)
			image->revision =
				(struct fact){arena_string(reading->arena, text), file->witness};
	}
	banner_read(reading);
	fact_miss(reading, &image->distribution);
	fact_miss(reading, &image->distribution_release);
	fact_miss(reading, &image->target);
	fact_miss(reading, &image->revision);
}
