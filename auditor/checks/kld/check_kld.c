/* SPDX-License-Identifier: ISC */
/* Loads each module of a package as the kernel linker of FreeBSD would, once for all checks
 * of it (sys/kern/kern_linker.c, linker_load_dependencies), and words what comes of it. */
#include "checks/kld/kld_checks.h"

#include "base/text.h"
#include "facts/paths/path_kept.h"

enum { FOLLOWERS_SHOWN = 6 };

const struct linker_trial *trial_of(const struct examination *examination, size_t index)
{
	return examination->trials ? examination->trials[index] : NULL;
}

const char *kld_file_name(const struct module *module)
{
	return path_last(text_or_empty(module->path));
}

const char *kld_file_owner(const struct linker_file *file)
{
	return file && file->package ? file->package->name : "the image";
}

const struct linker_file *kld_image_file(const struct linker *linker, uint32_t directory,
					 const char *base)
{
	size_t count;
	const struct linker_file *file = linker_based(linker, directory, base, &count);

	for (size_t i = 0; i < count; i++)
		if (!file[i].package)
			return &file[i];
	return NULL;
}

const char *kld_followers_text(const struct package *package, const struct linker_trial *trial,
			       const struct examination *examination)
{
	struct strings names = {0};

	for (size_t i = 0; i < package->modules.count; i++) {
		const struct linker_trial *other = trial_of(examination, i);
		bool follows = other && other->file != trial->file &&
			       array_any(answer, &other->answers,
					 answer->result == LINKER_INHERITED && answer->because &&
						 linker_root(answer->because)->file == trial->file);

		if (follows)
			*array_add(examination->arena, &names) =
				kld_file_name(&package->modules.list[i]);
	}
	if (names.count == 0)
		return "";
	return arena_format(examination->arena, "; %s: %s on it",
			    strings_join(examination->arena, &names, FOLLOWERS_SHOWN),
			    names.count == 1 ? "depends" : "depend");
}

int32_t image_osreldate(const struct image *image)
{
	return image->boot ? image->boot->osreldate : 0;
}

const char *kld_clash_text(struct arena *arena, const struct linker_clash *clash)
{
	const char *other = clash->other ? clash->other->base : "kernel";

	return clash->interface ? arena_format(arena,
					       "interface %s.%d already present in the KLD '%s'!",
					       clash->name, clash->interface->version, other)
				: arena_format(
					  arena,
					  "module_register: cannot register %s from %s; already "
					  "loaded from %s",
					  clash->name, clash->file->base, other);
}

const char *kld_trial_text(struct arena *arena, const struct world *world,
			   const struct linker_trial *trial)
{
	const struct module *module = trial->file->module;

	if (module->problem)
		return module->problem;
	if (trial->refused)
		return trial->refused;
	if (trial->clash && trial->clash->interface)
		return kld_clash_text(arena, trial->clash);
	array_each(answer, &trial->answers)
		if (answer->result != LINKER_FITS && !answer->unsure)
			return kld_answer_text(arena, world, trial->file->base, answer);
	if (trial->symbol)
		return kld_symbol_text(arena, world, trial, trial->symbol);
	return trial->clash ? kld_clash_text(arena, trial->clash) : NULL;
}

/* The file of a kernel in FOLDER among those of PACKAGE; NULL: none. */
static const char *kernel_in(struct arena *arena, const struct package *package, struct span folder)
{
	static const char *const names[] = {"kernel", "kernel.gz"};

	for (size_t i = 0; folder.size > 0 && i < sizeof names / sizeof *names; i++) {
		const char *path = arena_format(arena, "%.*s/%s", (int)folder.size,
						(const char *)folder.data, names[i]);

		if (strings_find(&package->files, path))
			return path;
	}
	return NULL;
}

const char *kld_own_kernel(struct arena *arena, const struct image *image,
			   const struct package *package, const struct module *module)
{
	struct span folder = boot_folder(text_or_empty(module->path));
	const char *beside = kernel_in(arena, package, folder);

	return beside || !image->boot
		       ? beside
		       : kernel_in(arena, package, span_text(image->boot->directory));
}

void check_kld_load(const struct world *world, const struct package *package,
		    struct examination *examination)
{
	examination->trials = arena_get(examination->arena,
					(package->modules.count + 1) * sizeof *examination->trials);
	for (size_t i = 0; i < package->modules.count; i++)
		if (module_judged(world, &package->modules.list[i]) &&
		    !kld_own_kernel(examination->arena, world_image(world), package,
				    &package->modules.list[i]))
			examination->trials[i] = world_try(examination->arena, world, package,
							   &package->modules.list[i]);
}
