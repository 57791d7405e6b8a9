/* SPDX-License-Identifier: ISC */
/* What lies in the image and was not read may be anything: a module, the package database, what
 * a device changed. So nothing is proved as long as something of it is missing, and nothing
 * counts as installed: it may be gone. */
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
