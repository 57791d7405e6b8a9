/* SPDX-License-Identifier: ISC */
#include "commands/command.h"

#include "facts/image/image.h"
#include "unpack/file.h"
#include "unpack/limits.h"

#include <sys/stat.h>

static bool is_directory(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

static bool config_of_image(struct arena *arena, const char *path, struct config *ret, struct error *error)
{
	struct image_options options = {0};
	struct image image;

	if (!image_read(arena, path, &options, &image, error))
		return false;
	if (!image.config)
		return fail(error, "%s: no kernel config in it%s%s", path, image.config_witness ? ": " : "",
			    image.config_witness ? image.config_witness : "");
	*ret = *image.config;
	return true;
}

bool config_open(struct arena *arena, const char *path, struct config *ret, struct error *error)
{
	const struct config *embedded;
	struct span bytes;

	if (is_directory(path)) {
		const struct config *found = config_of_tree(arena, path, NULL);

		if (found)
			*ret = *found;
		return found ? true : config_of_image(arena, path, ret, error);
	}
	if (!file_read(arena, path, LIMIT_FILE, &bytes, error))
		return false;
	if (config_read(arena, path, bytes, ret, error)) {
		config_set_read(arena, path, ret);
		return true;
	}
	embedded = ikconfig_read(arena, path, bytes);
	if (embedded) {
		*ret = *embedded;
		return true;
	}
	return config_of_image(arena, path, ret, error);
}
