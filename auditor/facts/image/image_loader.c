/* SPDX-License-Identifier: ISC */
/* Finds which module loaders an image has (kmodloader, kmod, busybox) and whether its lib is a
 * link to usr/lib. */
#include "facts/image/image_parts.h"

#include "base/text.h"

#include <string.h>

/* Recognises a loader by the name of its file, or by the target of the link named modprobe. */
static bool tool_named(const char *name, enum load_tool *ret)
{
	static const char *const names[TOOL_COUNT] = {
		[TOOL_KMODLOADER] = "kmodloader", [TOOL_KMOD] = "kmod", [TOOL_BUSYBOX] = "busybox"};

	for (unsigned i = 0; i < TOOL_COUNT; i++)
		if (strcmp(name, names[i]) == 0) {
			*ret = (enum load_tool)i;
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
	enum load_tool tool;

	array_each(file, &reading->files) {
		const char *name = path_last(file->target ? file->target : file->path);

		if (file->kept == KEPT_LOADER && tool_named(name, &tool) && !image->tools[tool])
			image->tools[tool] = file->witness;
		if (file->kept == KEPT_LIB && file->target && leads_to_usr_lib(file->target))
			image->usr_lib = file->witness;
	}
}
