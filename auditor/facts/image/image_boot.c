/* SPDX-License-Identifier: ISC */
/* Reads boot/ of a FreeBSD image: which kernel is started, where it finds modules, what it provides
 * by its file or by linker.hints (stand/lua/config.lua; sys/kern/kern_linker.c). */
#include "facts/image/image_parts.h"
#include "unpack/reader.h"

#include <string.h>

/* The order in which the boot loader reads its files; those of loader.conf.d by name. */
static unsigned conf_place(const char *path)
{
	if (text_ends(path, "/loader.conf.local"))
		return 2;
	return strstr(path, "/loader.conf.d/") ? 1 : 0;
}

void image_loader_conf(struct image_reading *reading)
{
	for (unsigned place = 0; place < 3; place++)
		array_each(file, &reading->files)
			if (file->kept == KEPT_LOADER_CONF && conf_place(file->path) == place)
				loader_conf_add(reading->arena, file->witness, file->bytes,
						&reading->loader_conf);
}

const char *image_boot_directory(const struct image_reading *reading)
{
	const char *kernel = reading->loader_conf.kernel;

	return arena_format(reading->arena, "boot/%s", kernel ? kernel : "kernel");
}

/* The directory of the kernel that is judged. Without a kernel file it is the boot loader's, if
 * that has modules or hints, else the first that has hints. */
static const char *directory_decide(const struct image_reading *reading)
{
	const char *started = image_boot_directory(reading), *first = NULL;

	array_each(found, &reading->found_kernels)
		if (found->number == reading->kernel_part && found->kernel && found->path &&
		    boot_folder(found->path).size > 0)
			return arena_string(reading->arena, boot_folder(found->path));
	array_each(file, &reading->files) {
		if (file->kept != KEPT_HINTS || span_is(boot_folder(file->path), "boot/modules"))
			continue;
		if (span_is(boot_folder(file->path), started))
			return started;
		if (!first)
			first = arena_string(reading->arena, boot_folder(file->path));
	}
	array_each(found, &reading->modules)
		if (span_is(boot_folder(found->module.path), started))
			return started;
	return first ? first : started;
}

enum { PATH_MOST = 64 };

static void path_add(const struct image_reading *reading, struct kld_boot *boot, struct span folder)
{
	while (folder.size > 0 && folder.data[0] == '/')
		folder = span_skip(folder, 1);
	while (folder.size > 0 && folder.data[folder.size - 1] == '/')
		folder.size--;

	const char *text = arena_string(reading->arena, folder);

	if (*text && boot->module_path.count <= PATH_MOST &&
	    !strings_have(&boot->module_path, text))
		*array_add(reading->arena, &boot->module_path) = text;
}

/* The boot loader puts the kernel's directory before module_path, whose default is /boot/modules.
 * ";" separates; "," did before FreeBSD 5. */
static void path_decide(struct image_reading *reading, struct kld_boot *boot)
{
	const struct loader_conf *conf = &reading->loader_conf;
	struct span rest = span_text(conf->module_path ? conf->module_path : "/boot/modules");
	struct span folder, tail;

	boot->module_path_witness = conf->module_path_witness;
	path_add(reading, boot, span_text(boot->directory));
	while (span_split(rest, ';', &folder, &tail)) {
		path_add(reading, boot, span_trim(folder));
		rest = tail;
	}
	path_add(reading, boot, span_trim(rest));
	if (boot->module_path.count > PATH_MOST)
		image_unread(reading, "%s: module_path names more than %d directories",
			     boot->module_path_witness, PATH_MOST);
	array_each(path, &boot->module_path)
		if (strncmp(*path, "boot/", 5) != 0 || strchr(*path + 5, '/'))
			image_unread(reading,
				     "%s: module_path names /%s, whose modules are not read",
				     boot->module_path_witness ? boot->module_path_witness
							       : reading->image->source,
				     *path);
}

static void hints_read(struct image_reading *reading, struct kld_boot *boot)
{
	struct map names = {0};

	array_each(path, &boot->module_path)
		array_each(file, &reading->files)
			if (file->kept == KEPT_HINTS && span_is(boot_folder(file->path), *path))
				*array_add(reading->arena, &boot->hints) = kld_hints_read(
					reading->arena, &names, *path, file->witness, file->bytes);
}

/* The rows for the file "kernel" in the hints of its own directory. */
static void interfaces_of_hints(struct image_reading *reading, struct kld_boot *boot)
{
	array_each(hints, &boot->hints) {
		if (strcmp(hints->directory, boot->directory) != 0)
			continue;
		array_each(hint, hints) {
			if (!hint->file || strcmp(hint->file, "kernel") != 0)
				continue;
			if (hint->type == HINT_VERSION)
				*array_add(reading->arena, &boot->interfaces) =
					(struct kld_version){hint->name, hint->version};
			else
				array_add(reading->arena, &boot->registered)->label = hint->name;
		}
		if (boot->interfaces.count == 0)
			continue;
		boot->source = KLD_SOURCE_HINTS;
		boot->source_witness = hints->witness;
		boot->registered_whole = hints->modules_whole;
	}
	array_each(version, &boot->interfaces)
		if (strcmp(version->name, "kernel") == 0)
			boot->osreldate = version->version;
}

static void interfaces_decide(struct image_reading *reading, struct kld_boot *boot)
{
	const struct kernel *kernel = reading->image->kernel;

	boot->source_witness =
		arena_format(reading->arena,
			     "%s: no kernel that can be read and no rows for it in %s/linker.hints",
			     reading->image->source, boot->directory);
	if (kernel && kernel->kld) {
		boot->source = KLD_SOURCE_KERNEL;
		boot->source_witness = kernel->witness;
		boot->osreldate = kernel->kld->osreldate;
		boot->interfaces = kernel->kld->records->versions;
		boot->registered = kernel->kld->records->modules;
		boot->registered_whole = true;
	} else {
		interfaces_of_hints(reading, boot);
	}
}

static bool is_searched(const struct kld_boot *boot, const char *path)
{
	struct span folder = boot_folder(path);

	array_each(searched, &boot->module_path)
		if (span_is(folder, *searched))
			return true;
	return false;
}

/* Removes the modules that the kernel does not find: of other kernels (FreeBSD), or all below boot/
 * (Linux, BOOT is NULL). */
static void modules_keep(struct image_reading *reading, const struct kld_boot *boot)
{
	struct strings left = {0};
	size_t kept = 0;

	array_each(found, &reading->modules) {
		const char *path = found->module.path;
		bool keep = boot ? is_searched(boot, path) : boot_folder(path).size == 0;

		if (keep)
			reading->modules.list[kept++] = *found;
		else
			*array_add(reading->arena, &left) = path;
	}
	reading->modules.count = kept;
	reading->image->modules.count = 0;
	array_each(found, &reading->modules)
		*array_add(reading->arena, &reading->image->modules) = found->module;
	if (left.count > 0)
		image_remark(reading,
			     "%zu modules are outside %s, where the kernel does not look; they are "
			     "not judged: %s",
			     left.count,
			     boot ? strings_join(reading->arena, &boot->module_path, 8)
				  : "lib/modules/RELEASE",
			     strings_join(reading->arena, &left, 8));
}

enum { LINKS_MOST = 8 };

/* The path that LINK names. As in the running system an absolute one begins at the root of the
 * link's file system. */
static const char *link_names(const struct image_reading *reading, const struct found_file *link)
{
	const char *slash = strrchr(link->path, '/');
	int folder = slash ? (int)(slash - link->path) : 0;
	bool leaves;
	const char *text =
		link->target[0] == '/'
			? arena_format(reading->arena, "%s%s", link->root, link->target)
			: arena_format(reading->arena, "%.*s/%s", folder, link->path, link->target);

	return path_resolve(reading->arena, span_text(text), &leaves);
}

/* The number of the module that LINK leads to, directly or by further links, or MAP_NONE. LINKS has
 * the number of each link of a module by path, MODULES that of each module. */
static uint32_t link_leads(const struct image_reading *reading, const struct map *links,
			   const struct map *modules, const struct found_file *link)
{
	for (unsigned i = 0; i < LINKS_MOST; i++) {
		const char *path = link_names(reading, link);
		uint32_t next = path ? map_get(links, path) : MAP_NONE;

		if (!path || next == MAP_NONE)
			return path ? map_get(modules, path) : MAP_NONE;
		link = &reading->files.list[next];
	}
	return MAP_NONE;
}

/* if_igb.ko -> if_em.ko, if_re.ko -> /boot/modules/if_re.ko: the kernel loads the file of either
 * name, so it is a module of each. */
static void links_follow(struct image_reading *reading, const struct kld_boot *boot)
{
	struct found_modules added = {0};
	struct map numbers = {0}, links = {0};

	array_each(found, &reading->modules)
		map_put(&numbers, reading->arena, found->module.path,
			(uint32_t)(found - reading->modules.list));
	array_each(file, &reading->files)
		if (file->kept == KEPT_MODULE && file->target)
			map_put(&links, reading->arena, file->path,
				(uint32_t)(file - reading->files.list));
	array_each(file, &reading->files) {
		if (file->kept != KEPT_MODULE || !file->target || !is_searched(boot, file->path))
			continue;

		uint32_t target = link_leads(reading, &links, &numbers, file);

		if (target == MAP_NONE) {
			image_unread(reading, "%s: a link to %s, which is not followed",
				     file->witness, file->target);
			continue;
		}

		struct found_module *copy = array_add(reading->arena, &added);

		*copy = reading->modules.list[target];
		copy->module.path = file->path;
		copy->module.witness = file->witness;
		copy->module.name = kld_name_of_path(reading->arena, file->path);
	}
	array_each(found, &added)
		*array_add(reading->arena, &reading->modules) = *found;
}

static bool is_freebsd(const struct image_reading *reading)
{
	size_t freebsd = 0, other = 0, hints = 0;

	if (reading->image->kernel)
		return reading->image->kernel->loader == LOADER_FREEBSD;
	array_each(found, &reading->modules) {
		freebsd += found->module.loader == LOADER_FREEBSD;
		other += found->module.loader == LOADER_LINUX && !found->module.problem;
	}
	array_each(file, &reading->files)
		hints += file->kept == KEPT_HINTS;
	return freebsd > other || (freebsd + other == 0 && hints > 0);
}

void image_boot(struct image_reading *reading)
{
	struct kld_boot *boot = arena_new(reading->arena, struct kld_boot);

	if (!is_freebsd(reading)) {
		modules_keep(reading, NULL);
		return;
	}
	reading->image->loader = LOADER_FREEBSD;
	boot->directory = directory_decide(reading);
	path_decide(reading, boot);
	hints_read(reading, boot);
	interfaces_decide(reading, boot);
	loader_conf_loads(reading->arena, &reading->loader_conf, &boot->loads);
	links_follow(reading, boot);
	modules_keep(reading, boot);
	reading->image->boot = boot;
	if (!reading->image->database_known)
		reading->image->database_witness = arena_format(
			reading->arena,
			"%s: the package database of FreeBSD, var/db/pkg/local.sqlite, is not read",
			reading->image->source);
}
