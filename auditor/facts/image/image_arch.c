/* SPDX-License-Identifier: ISC */
/* Reads which Architecture words the image's package manager accepts: opkg.conf
 * (libopkg/opkg_conf.c) or etc/apk/arch (apk-tools src/database.c). */
#include "facts/image/image_parts.h"

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

static void conf_read(struct image_reading *reading, const struct feed_list *conf)
{
	struct span rest = conf->text, line, key, word, number;
	uint64_t priority;

	while (span_line(&rest, &line)) {
		if (!span_token(&line, &key) || !span_token(&line, &word))
			continue;
		if (span_is(key, "arch") && span_token(&line, &number) &&
		    span_number(number, 10, &priority) && priority > 0)
			arch_add(reading, word, conf->witness);
		if (span_is(key, "option") && span_is(word, "check_signature"))
			reading->image->check_signature = conf->witness;
	}
}

void image_arch(struct image_reading *reading)
{
	struct span rest, word;

	array_each(conf, &reading->image->feed_lists)
		if (strstr(conf->path, "opkg"))
			conf_read(reading, conf);
	array_each(file, &reading->files) {
		if (file->kept != KEPT_APK_ARCH)
			continue;
		rest = file->bytes;
		while (span_token(&rest, &word))
			arch_add(reading, word, file->witness);
	}
	strings_unique(&reading->image->arches);
}
