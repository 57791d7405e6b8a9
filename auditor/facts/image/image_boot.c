/* SPDX-License-Identifier: ISC */
/* Reads boot/ of a FreeBSD image: which kernel is started, where
 * it finds modules, what it provides by its file or by
 * linker.hints (stand/lua/config.lua; sys/kern/kern_linker.c). */
#include "base/text.h"
#include "facts/freebsd/kld_secure.h"
#include "facts/image/image_boot.h"
#include "facts/package/package_file.h"
#include "unpack/reader.h"

#include <string.h>

const char *image_inner_path(const struct image_reading *reading, const struct found_file *file)
{
	const char *inner = text_after(file->path, reading->root);

	return inner ? inner : file->path;
}

/* The directory of the kernel that is judged. Without a kernel file it is the boot
 * loader's, if that has modules or hints, else the first that has hints. */
static const char *directory_decide(const struct image_reading *reading)
{
	const char *started = reading->started, *first = NULL;

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

static void hints_read(struct image_reading *reading, struct kld_boot *boot)
{
	const struct kernel *kernel = reading->image->kernel;
	const struct found_module *module =
		array_find(found, &reading->modules, found->module.machine.elf != 0);
	const struct machine *machine = module ? &module->module.machine : NULL;
	struct map names = {0};

	if (kernel)
		machine = &kernel->machine;

	array_each(path, &boot->module_path)
		array_each(file, &reading->files) {
			if (file->kept != KEPT_HINTS || !span_is(boot_folder(file->path), *path))
				continue;

			struct kld_hints *hints = array_add(reading->arena, &boot->hints);

			*hints = kld_hints_read(reading->arena, &names, *path, file->witness,
						file->bytes);
			if (!hints->problem && machine && hints->endian != machine->endian)
				hints->problem = "it was written for a machine of the other byte "
						 "order, and the kernel reads no such file";
		}
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

/* What a file that is named like a kernel is instead. */
static const char *kernel_is(struct arena *arena, const struct found_file *file)
{
	if (file->link)
		return arena_format(arena, "%s: a link to %s, which is not followed", file->witness,
				    file->target);
	if (file->size == 0)
		return arena_format(arena, "%s: it is empty", file->witness);
	if (span_starts(file->bytes, "\177ELF"))
		return arena_format(arena,
				    "%s: an ELF file of %llu bytes that is truncated or no kernel",
				    file->witness, (unsigned long long)file->size);
	return arena_format(arena, "%s: no ELF file, and not compressed", file->witness);
}

/* "14.1-RELEASE" is not 1402000: the first numbers of both are 14 and 1 or 2. */
static bool release_differs(const char *release, int32_t osreldate)
{
	struct span text = span_text(release), major, rest, minor, end;
	uint64_t first, second;

	if (!span_split(text, '.', &major, &rest) || !span_split(rest, '-', &minor, &end) ||
	    !span_number(major, 10, &first) || !span_number(minor, 10, &second) || second > 99)
		return false;
	return first * 100 + second != (uint64_t)osreldate / 1000;
}

/* Why there is no kernel although its file is there, and whether what is left of a damaged
 * one contradicts the hints beside it. */
static void problem_find(struct image_reading *reading, struct kld_boot *boot)
{
	array_each(found, &reading->found_kernels) {
		if (found->kernel || !found->path ||
		    !span_is(boot_folder(found->path), boot->directory))
			continue;
		if (found->why)
			boot->kernel_problem = found->why;
		if (found->banner && boot->osreldate > 0 &&
		    release_differs(found->banner, boot->osreldate))
			image_unread(reading,
				     "%s: it is a kernel of %s, and linker.hints was written for "
				     "%d",
				     found->witness, found->banner, boot->osreldate);
	}
	array_each(file, &reading->files)
		if (file->kept == KEPT_KERNEL && !boot->kernel_problem &&
		    span_is(boot_folder(file->path), boot->directory))
			boot->kernel_problem = kernel_is(reading->arena, file);
	if (boot->kernel_problem)
		reading->image->kernel_witness = boot->kernel_problem;
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
		problem_find(reading, boot);
	}
}

bool image_boot_searched(const struct kld_boot *boot, const char *path)
{
	struct span folder = boot_folder(path);

	return array_any(searched, &boot->module_path, span_is(folder, *searched));
}

/* Removes the modules that the kernel does not find: of other kernels (FreeBSD), or all
 * below boot/ (Linux, BOOT is NULL). */
static void modules_keep(struct image_reading *reading, const struct kld_boot *boot)
{
	struct strings left = {0};
	size_t kept = 0;

	array_each(found, &reading->modules) {
		const char *path = found->module.path;
		bool keep = boot ? image_boot_searched(boot, path) : boot_folder(path).size == 0;

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

static bool is_rc_file(const struct found_file *file)
{
	return file->kept == KEPT_RC_CONF || file->kept == KEPT_SYSCTL;
}

/* FILE, which is PATH, as rc reads it. PATHS has the numbers of the files that are no
 * links. */
static struct rc_file rc_file_of(const struct image_reading *reading, const struct map *paths,
				 const struct found_file *file, const char *path)
{
	const char *target = file->link && file->target ? image_link_names(reading, file) : NULL;
	uint32_t number = target ? map_get(paths, target) : MAP_NONE;

	if (number != MAP_NONE)
		file = &reading->files.list[number];

	struct rc_file ret = {.path = path, .witness = file->witness, .bytes = file->bytes};

	if (!file->link) {
		ret.problem =
			file->bytes.size < file->size ? "it is too large and was not read" : NULL;
		return ret;
	}
	if (!text_same(file->target, "/dev/null"))
		ret.problem = arena_format(reading->arena, "a link to %s, which is not followed",
					   text_or_empty(file->target));
	return ret;
}

static int rc_file_compare(const void *a, const void *b)
{
	return strcmp(((const struct rc_file *)a)->path, ((const struct rc_file *)b)->path);
}

static void secured_decide(struct image_reading *reading, struct kld_boot *boot)
{
	struct rc_files files = {.list = NULL};
	/* the directories of rc in /usr/local are behind a link to /etc/local, as nanobsd(8)
	 * makes it */
	bool local =
		array_any(file, &reading->files,
			  is_rc_file(file) && file->link && file->target &&
				  text_same(image_inner_path(reading, file), "usr/local/etc") &&
				  text_same(image_link_names(reading, file), "etc/local"));
	struct map paths = {.slots = NULL};

	array_each(file, &reading->files)
		if (is_rc_file(file) && !file->link)
			map_put(&paths, reading->arena, image_inner_path(reading, file),
				(uint32_t)(file - reading->files.list));
	array_each(file, &reading->files) {
		const char *path = image_inner_path(reading, file);

		if (!is_rc_file(file) || (local && strcmp(path, "usr/local/etc") == 0))
			continue;
		if (local && text_after(path, "etc/local/"))
			path = arena_format(reading->arena, "usr/local/etc/%s",
					    text_after(path, "etc/local/"));
		*array_add(reading->arena, &files) = rc_file_of(reading, &paths, file, path);
	}
	array_sort(&files, rc_file_compare);
	kld_secure(reading->arena, &files, boot);
}

void image_boot(struct image_reading *reading)
{
	struct kld_boot *boot = arena_new(reading->arena, struct kld_boot);

	if (!is_freebsd(reading)) {
		modules_keep(reading, NULL);
		return;
	}
	reading->image->loader = LOADER_FREEBSD;
	/* the linker compares directories of the image with those of packages */
	array_each(found, &reading->modules)
		found->module.path += strlen(found->root);
	boot->directory = directory_decide(reading);
	image_boot_path(reading, boot);
	hints_read(reading, boot);
	interfaces_decide(reading, boot);
	loader_conf_loads(reading->arena, &reading->loader_conf, &boot->loads);
	secured_decide(reading, boot);
	image_links(reading, boot);
	modules_keep(reading, boot);
	image_loads(reading, boot);
	reading->image->boot = boot;
	if (!reading->image->database_known)
		reading->image->database_witness = arena_format(
			reading->arena,
			"%s: the package database of FreeBSD, var/db/pkg/local.sqlite, is not read",
			reading->image->source);
}
