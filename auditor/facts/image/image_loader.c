/* SPDX-License-Identifier: ISC */
/* Finds which module loaders an image has (kmodloader, kmod, busybox) and whether its lib is a
 * link to usr/lib. */
#include "facts/image/image_parts.h"

#include "base/text.h"

#include <string.h>

/* Recognises a loader by the name of its file, or by the target of the link named modprobe. */
static bool loader_named(const char *name, enum loader *ret)
{
	static const char *const names[LOADERS] = {[LOADER_KMODLOADER] = "kmodloader",
						   [LOADER_KMOD] = "kmod",
						   [LOADER_BUSYBOX] = "busybox"};

	for (unsigned i = 0; i < LOADERS; i++)
		if (strcmp(name, names[i]) == 0) {
			*ret = (enum loader)i;
			return true;
		}
	return false;
}

static bool leads_to_usr_lib(const char *target)
{
	return strcmp(target, "usr/lib") == 0 || strcmp(target, "/usr/lib") == 0 ||
	       strcmp(target, "./usr/lib") == 0;
}

void image_loaders(struct image_reading *reading)
{
	struct image *image = reading->image;
	enum loader loader;

	array_each(file, &reading->files) {
		const char *name = path_last(file->target ? file->target : file->path);

		if (file->kept == KEPT_LOADER && loader_named(name, &loader) &&
		    !image->loaders[loader])
			image->loaders[loader] = file->witness;
		if (file->kept == KEPT_LIB && file->target && leads_to_usr_lib(file->target))
			image->usr_lib = file->witness;
	}
}
