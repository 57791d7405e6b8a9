/* SPDX-License-Identifier: ISC */
/* Reports parts of the image that were not read. They may contain anything: a module,
 * the package database, changes made on the device. So while there are any, nothing is
 * proven, and nothing counts as installed, because it may have been removed. */
#include "checks/checks.h"

void check_image_unread(struct arena *arena, const struct image *image, struct findings *findings)
{
	for (size_t i = 0; i < image->unread.count; i++) {
		struct finding *finding = finding_add(arena, findings, "image-unread",
						      OUTCOME_UNKNOWN, NULL, "image");

		finding->witness[0] = image->source;
		finding->text = image->unread.list[i];
	}
}

void check_unread(const struct world *world, const struct package *package,
		  struct examination *examination)
{
	const struct strings *unread = &world_image(world)->unread;
	struct finding *finding;

	if (unread->count == 0 || (package->modules.count == 0 && !package->abi.version))
		return;
	finding = examine(examination, "image-unread", OUTCOME_UNKNOWN, NULL, package->name);
	finding->witness[0] = unread->list[0];
	finding->witness[1] = package->witness;
	finding->text = arena_format(examination->arena,
				     "the image was not read completely, and the missing part may "
				     "change the verdict: %s",
				     strings_join(examination->arena, unread, 2));
	finding->settle = "a complete image, or a directory that contains its unpacked files";
}
