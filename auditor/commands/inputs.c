/* SPDX-License-Identifier: ISC */
/* Reads the kernel config that a command takes, from a config file or from IKCONFIG in
 * a kernel, an image or configs.ko. */
#include "commands/inputs.h"

#include "base/text.h"
#include "commands/mistake/mistake.h"
#include "facts/feed/index.h"
#include "facts/image/image.h"
#include "report/saved/saved.h"
#include "unpack/file.h"
#include "unpack/limits.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool path_is_directory(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

static bool config_of_image(struct arena *arena, const char *path, const char *local,
			    struct config *ret, struct error *error)
{
	struct image_options options = {.local = local,
					.expected = "a kernel config or an abi hash is expected "
						    "here, or an image, a kernel or a module "
						    "that contains one"};
	struct image image;

	if (!image_read(arena, path, &options, &image, error))
		return false;
	if (!image.config)
		return fail(error, "%s: no kernel config in it%s%s", path,
			    image.config_witness ? ": " : "",
			    image.config_witness ? image.config_witness : "");
	*ret = *image.config;
	return true;
}

bool config_open_named(struct arena *arena, const char *path, const char *local, struct config *ret,
		       struct error *error)
{
	const struct config *embedded;
	struct span bytes;

	if (path_is_directory(local)) {
		const struct config *found = config_of_tree(arena, local, NULL, error);

		if (found)
			*ret = *found;
		return found || (!*error->text && config_of_image(arena, path, local, ret, error));
	}
	if (!file_read(arena, local, LIMIT_FILE, &bytes, error))
		return false;
	if (config_read(arena, path, bytes, ret, error)) {
		config_set_read(arena, local, ret);
		return true;
	}
	embedded = ikconfig_read(arena, path, bytes);
	if (embedded) {
		*ret = *embedded;
		return true;
	}
	return config_of_image(arena, path, local, ret, error);
}

bool config_open(struct arena *arena, const char *path, struct config *ret, struct error *error)
{
	return config_open_named(arena, path, path, ret, error);
}

bool configs_explain(struct arena *arena, const char *dir, const struct config *a,
		     const struct config *b, struct comparison *ret, struct error *error)
{
	const char *release = a->release ? a->release : b->release;
	struct rules *rules = arena_new(arena, struct rules); /* RET refers to them */
	struct layout_choice layout;

	if (!rules_read(arena, dir, rules, error) ||
	    !layout_choose(arena, release, rules, LAYOUT_ALL, &layout, error))
		return false;
	*ret = configs_compare(arena, a, b, &layout);
	return true;
}

bool report_open(struct arena *arena, const char *path, const struct rules *rules,
		 const char *policy, struct saved *ret, struct error *error)
{
	return saved_read(arena, path, rules, policy, ret, error) ||
	       mistake_report(arena, path, error);
}

/* True if FILE, a real path, is FEED, is below FEED, or is below the folder of
 * the index FEED. */
static bool feed_has(const char *feed, const char *file)
{
	struct arena arena _cleanup_arena_ = {0};
	const char *real = path_real(&arena, feed);
	size_t size = real ? strlen(real) : 0;

	if (!real)
		return false;
	if (strcmp(real, file) == 0)
		return true;
	if (!path_is_directory(real) && index_is_path(real))
		size = (size_t)(path_last(real) - 1 - real);
	else if (!path_is_directory(real))
		return false;
	return strncmp(file, real, size) == 0 && file[size] == '/';
}

bool file_beside(const struct strings *feeds, const char *path)
{
	struct arena arena _cleanup_arena_ = {0};
	const char *real = path_real(&arena, path);
	struct stat status;

	if (!real || stat(real, &status) != 0 || !S_ISREG(status.st_mode))
		return false;
	return !array_any(feed, feeds, feed_has(*feed, real));
}
