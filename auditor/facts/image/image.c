/* SPDX-License-Identifier: ISC */
/* Reads an image from its path to the complete struct image: runs the other image_*.c
 * in order and rejects what is no image. */
#include "facts/image/image.h"
#include "facts/image/image_boot.h"
#include "facts/image/image_parts.h"
#include "facts/feed/nature.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void image_remark(struct image_reading *reading, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*array_add(reading->arena, &reading->image->remarks) =
		arena_vformat(reading->arena, format, args);
	va_end(args);
}

void image_unread(struct image_reading *reading, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*array_add(reading->arena, &reading->image->unread) =
		arena_vformat(reading->arena, format, args);
	va_end(args);
}

static const char *found_text(struct image_reading *reading)
{
	struct strings found = {0};

	array_each(layout, &reading->image->layout)
		*array_add(reading->arena, &found) =
			arena_format(reading->arena, "%s at 0x%llx", layout->kind,
				     (unsigned long long)layout->offset);
	return found.count ? strings_join(reading->arena, &found, 8) : "nothing known";
}

static bool has_contents(struct image_reading *reading, struct error *error)
{
	const struct image *image = reading->image;

	if (image->kernel || image->modules.count > 0 || image->database_known ||
	    (image->boot && image->boot->source != KLD_SOURCE_NONE))
		return true;
	if (image->unread.count > 0)
		return fail(error,
			    "%s: contains no kernel, no modules and no package database that can "
			    "be read: %s",
			    image->source, strings_join(reading->arena, &image->unread, 2));
	if (image->remarks.count > 0)
		return fail(
			error,
			"%s: contains no kernel, no modules and no package database: found %s (%s)",
			image->source, found_text(reading),
			strings_join(reading->arena, &image->remarks, 2));
	return fail(error, "%s: contains no kernel, no modules and no package database: found %s",
		    image->source, found_text(reading));
}

/* Completes the config from files beside it: the .config.set beside a config that was
 * given, or the config of the build tree that the image itself is. */
static bool config_around(struct image_reading *reading, const char *path, struct error *error)
{
	struct image *image = reading->image;
	const char *given = reading->options->config;
	const struct config *tree =
		given ? NULL : config_of_tree(reading->arena, path, image->release.value, error);
	struct config *config = arena_new(reading->arena, struct config);

	if (!given && !tree && *error->text)
		return false;
	if (!image->config && tree) {
		image->config = tree;
		image->config_witness = tree->witness;
		return true;
	}
	if (!image->config)
		return true;
	*config = *image->config;
	if (given)
		config_set_read(reading->arena, given, config);
	else if (tree && tree->vermagic && strcmp(tree->vermagic, config->vermagic) == 0)
		config->set_vermagic = tree->set_vermagic;
	image->config = config;
	return true;
}

static bool not_an_image(const struct image_reading *reading, const char *nature,
			 struct error *error)
{
	const char *expected = reading->options->expected;

	return fail(error, "%s: is %s, but %s", reading->image->source, nature,
		    expected ? expected : IMAGE_EXPECTED);
}

static const char *local_path(const struct image_reading *reading)
{
	return reading->options->local ? reading->options->local : reading->image->source;
}

static bool is_image(struct image_reading *reading, struct error *error)
{
	const struct image *image = reading->image;
	bool started = image->kernel || (image->boot && image->boot->source != KLD_SOURCE_NONE);
	bool package = array_any(layout, &image->layout,
				 !layout->depth && (strcmp(layout->kind, "package") == 0 ||
						    strcmp(layout->kind, "apk") == 0));

	/* A package that contains a kernel can be an image. A package with only modules is to
	 * be installed on one. */
	if (package && !started)
		return not_an_image(reading, "a package", error);
	if (has_contents(reading, error))
		return true;

	struct nature nature = nature_of(local_path(reading));

	return nature.words && !nature_is_image(nature) &&
	       not_an_image(reading, nature.words, error);
}

/* One kernel of a build tree, and what is found in it. */
struct device_kernel {
	struct image_reading *reading;
	const char *path;
};

static enum want device_want(void *context, const char *path, uint64_t size, enum part part)
{
	const struct device_kernel *kernel = context;

	(void)size;
	(void)part;
	if (strcmp(path, kernel->path) == 0)
		return WANT_OPEN;
	return text_ends(path, "/") && strncmp(path, kernel->path, strlen(path)) == 0
		       ? WANT_NAME
		       : WANT_NOTHING;
}

static bool device_found(void *context, const struct kernel_bytes *bytes, struct error *error)
{
	const struct device_kernel *kernel = context;

	return image_kernel_found(kernel->reading, bytes, error);
}

/* An ImageBuilder has a kernel for each device, all made of one vmlinux. If that is not there, the
 * first that can be read stands for all: in some files only the loader is the device's own. False
 * with the error of one of them if none can be read. */
static bool device_kernel_read(struct image_reading *reading, const char *path, struct error *error)
{
	struct strings paths = {0};
	struct error later;
	bool readable = true;

	for (size_t i = 0; i < POOL_MOST && reading->kernels == 0; i++)
		array_each(file, &reading->workers[i].files)
			if (file->kept == KEPT_DEVICE_KERNEL)
				*array_add(reading->arena, &paths) = file->path;
	array_sort(&paths, strings_compare);
	for (size_t i = 0; i < paths.count; i++) {
		struct device_kernel kernel = {reading, paths.list[i]};
		const struct visitor visitor = {
			.context = &kernel, .want = device_want, .kernel = device_found};

		readable &= unpack_named(local_path(reading), path, &visitor,
					 readable ? error : &later);
		if (reading->kernels > 0)
			break;
	}
	if (paths.count == 0 || reading->kernels == 0)
		return readable;
	image_remark(reading, "%s: no vmlinux is beside it; of %zu kernels for devices it is read",
		     reading->found_kernels.list[0].witness, paths.count);
	return true;
}

bool image_read(struct arena *arena, const char *path, const struct image_options *options,
		struct image *ret, struct error *error)
{
	struct image_reading *reading = arena_new(arena, struct image_reading);
	struct stat status;

	*ret = (struct image){.source = path};
	reading->arena = arena;
	reading->options = options;
	reading->image = ret;
	if (stat(local_path(reading), &status) != 0)
		return fail(error, "%s: %s", path, strerror(errno));
	/* checked before the file is opened: reading a pipe would block, and a device has no
	 * end */
	struct nature nature = nature_of_status(local_path(reading));

	if (nature.kind == NATURE_EMPTY || nature.kind == NATURE_SPECIAL)
		return not_an_image(reading, nature.words, error);
	if (!image_visit(reading, path, error) || !device_kernel_read(reading, path, error) ||
	    !image_merge(reading, error))
		return false;
	image_database(reading);
	image_loader_conf(reading);
	image_boot_directory(reading);
	image_kernel_choose(reading);
	image_boot(reading);
	if (!is_image(reading, error) || !image_manifest(reading, error))
		return false;
	if (!ret->kernel)
		ret->kernel_witness =
			arena_format(arena, "%s: no kernel in %s", path, found_text(reading));
	image_abi(reading);
	image_modules(reading);
	image_roots_doubt(reading);
	image_loaders(reading);
	image_texts(reading);
	image_pkg(reading);
	image_lost(reading);
	strings_unique(&ret->unread);
	if (!image_symvers(reading, error) || !image_config(reading, error))
		return false;
	image_fit(reading);
	return config_around(reading, path, error);
}

const struct package *image_package(const struct image *image, const char *name)
{
	return array_find(package, &image->packages, strcmp(package->name, name) == 0);
}

/* kmodloader reads etc/modules.conf, kmod etc/modprobe.d. busybox reads modprobe.d without
 * install lines; one that was built with MODPROBE_SMALL does not read aliases either. */
enum since image_reads_rule(const struct image *image, const struct loader_rule *rule)
{
	bool kmodloader = image->tools[TOOL_KMODLOADER], kmod = image->tools[TOOL_KMOD];

	if (kmodloader && kmod)
		return SINCE_UNKNOWN;
	if (kmodloader || kmod)
		return (rule->kind == RULE_BLACKLIST) == kmodloader ? SINCE_YES : SINCE_NO;
	return image->tools[TOOL_BUSYBOX] && rule->kind != RULE_ALIAS ? SINCE_NO : SINCE_UNKNOWN;
}

/* kmod takes the first install line that fits; the order of files is that of their names,
 * whatever their folders, so that only lines of one file are known to come in this order. */
const struct loader_rule *image_rule_of(const struct image *image, const struct loader_rules *rules,
					const struct module *module, bool needed)
{
	const struct loader_rule *aliases = NULL, *loads = NULL;

	array_each(rule, rules) {
		bool install = rule->kind == RULE_INSTALL || rule->kind == RULE_COMMAND;

		if (image_reads_rule(image, rule) == SINCE_NO || !loader_rule_names(rule, module))
			continue;
		if (rule->kind == RULE_LOADS)
			loads = rule;
		else if (rule->kind == RULE_ALIASES)
			aliases = rule;
		else if (install ? !loads || loads->witness != rule->witness : !needed)
			return rule;
	}
	return needed ? NULL : aliases;
}
