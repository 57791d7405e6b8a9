/* SPDX-License-Identifier: ISC */
/* Decides the proof osreldate: every module of the package was built for
 * the very version of the image's kernel, loads, and finds all its
 * symbols (sys/sys/param.h, __FreeBSD_version). */
#include "checks/kld/kld_checks.h"

#include "facts/freebsd/kld_fork.h"

#include <string.h>

/* The number of files that are followed from a module to what it depends on. */
enum { FOLLOWED_MOST = 256 };

/* The first record on the kernel that does not prefer VERSION; NULL if all do. NONE is
 * set if there is no record at all. */
static const struct kld_depend *record_other(const struct module *module, int32_t version,
					     bool *none)
{
	const struct kld_depend *other = NULL;

	*none = true;
	if (!module->kld || module->kld->set != KLD_SET_FOUND)
		return NULL;
	array_each(depend, &module->kld->depends) {
		if (strcmp(depend->name, "kernel") != 0)
			continue;
		*none = false;
		if (!other && depend->preferred != version)
			other = depend;
	}
	return other;
}

static const char *other_version(struct examination *examination, const struct module *module,
				 const struct kld_depend *depend, int32_t version)
{
	struct arena *arena = examination->arena;

	if (!kld_depend_fits(depend, version))
		return arena_format(arena, "%s was built for %d, and the kernel is %d",
				    kld_file_name(module), depend->preferred, version);
	examination->proof_settle = arena_format(
		arena,
		"a package built for %d (the kmods repository of %s), or --providers with a "
		"statement that the kernel supports modules of version %d",
		version, osreldate_words(arena, version), depend->preferred);
	return arena_format(arena,
			    "loads: built for %d, kernel %d, its range %d..%d is the client's own "
			    "word",
			    depend->preferred, version, depend->minimum, depend->maximum);
}

/* Symbols of which nothing shows that they are there. */
static const char *symbols_unknown(const struct world *world, struct examination *examination,
				   const struct linker_trial *trial)
{
	const char *first = NULL;
	size_t count = 0;

	array_each(import, &trial->file->module->imports)
		if (linker_symbol(world_linker(world), trial, import) != SYMBOL_THERE &&
		    !world_taken(world, import->name)) {
			first = first ? first : import->name;
			count++;
		}
	if (count == 0)
		return NULL;
	examination->proof_settle = "an image with its kernel, boot/kernel/kernel";
	return arena_format(examination->arena,
			    "%s imports %zu symbol%s not known to be there: %s%s",
			    trial->file->base, count, count > 1 ? "s that are" : " that is", first,
			    count > 1 ? ", ..." : "");
}

/* Files of the image that a module depends on, directly or through others. */
struct below {
	const struct linker_file *list[FOLLOWED_MOST];
	size_t count;
};

static void below_add(struct below *below, const struct linker_trial *trial)
{
	array_each(answer, &trial->answers) {
		bool seen = answer->result != LINKER_FITS || !answer->file || answer->file->package;

		for (size_t i = 0; i < below->count && !seen; i++)
			seen = below->list[i] == answer->file;
		if (!seen && below->count < FOLLOWED_MOST)
			below->list[below->count++] = answer->file;
	}
}

/* A file of the image that TRIAL depends on, directly or not, and that was built for
 * another kernel: it is loaded with such a module. Files without a record on the kernel
 * are not looked at. */
static const char *below_unproven(const struct world *world, const struct package *package,
				  struct examination *examination, const struct linker_trial *trial)
{
	int32_t version = image_osreldate(world_image(world));
	struct below below = {.count = 0};

	below_add(&below, trial);
	for (size_t i = 0; i < below.count; i++) {
		const struct module *module = below.list[i]->module;
		const struct linker_trial *next;
		bool none;
		const struct kld_depend *other = record_other(module, version, &none);

		if (other || below.count == FOLLOWED_MOST) {
			examination->proof_settle =
				arena_format(examination->arena,
					     "an image whose modules were built for %d", version);
			return arena_format(examination->arena,
					    "%s depends on %s of the image, %s %d",
					    trial->file->base, below.list[i]->base,
					    other ? "which was built for"
						  : "and on more files than are followed:",
					    other ? other->preferred : FOLLOWED_MOST);
		}
		next = world_try_installed(examination->arena, world, package, module);
		if (next)
			below_add(&below, next);
	}
	return NULL;
}

static const char *module_unproven(const struct world *world, const struct package *package,
				   struct examination *examination, const struct module *module,
				   const struct linker_trial *trial)
{
	int32_t version = image_osreldate(world_image(world));
	bool none;
	const struct kld_depend *other = record_other(module, version, &none);
	const char *kernel =
		kld_own_kernel(examination->arena, world_image(world), package, module);

	if (kernel) {
		examination->proof_settle = "an image on which this package is installed";
		return arena_format(examination->arena,
				    "%s comes with the kernel of its package, /%s, and not with "
				    "that of the image",
				    kld_file_name(module), kernel);
	}
	if (other)
		return other_version(examination, module, other, version);
	if (none) {
		examination->proof_settle = "--providers with a statement that the kernel supports "
					    "this build; the module names no version";
		return arena_format(examination->arena,
				    "%s names no kernel version, so nothing says for which it was "
				    "built",
				    kld_file_name(module));
	}
	if (!trial || trial->fails || trial->unsure) {
		examination->proof_settle = "what the other findings ask for";
		return arena_format(examination->arena, "it is not known that %s loads%s%s",
				    kld_file_name(module), trial && trial->unsure ? ": " : "",
				    trial && trial->unsure ? trial->unsure : "");
	}

	const char *why = below_unproven(world, package, examination, trial);
	return why ? why : symbols_unknown(world, examination, trial);
}

static const char *unproven(const struct world *world, const struct package *package,
			    struct examination *examination)
{
	const struct image *image = world_image(world);
	const struct kld_kernel *kernel = image->kernel ? image->kernel->kld : NULL;
	/* systems that were made from FreeBSD keep its numbers and change structs: struct vmspace
	 * of HardenedBSD, and of OPNsense when it was made from that, has more members
	 * (sys/vm/vm_map.h) */
	const char *fork = kernel ? kld_fork(examination->arena, kernel) : NULL;
	const char *structs = kld_structs_text(examination->arena, image);

	if (fork) {
		examination->proof_settle =
			"modules built from the sources of this kernel, and --providers with a "
			"statement that the kernel supports this build";
		return arena_format(examination->arena,
				    "the kernel is not known to be FreeBSD's: it is %s; the number "
				    "%d says nothing about modules that were built from other "
				    "sources",
				    fork, image_osreldate(image));
	}
	for (size_t i = 0; i < package->modules.count && !structs; i++)
		structs = kld_stacks_text(examination->arena, image, &package->modules.list[i]);
	if (structs) {
		examination->proof_settle =
			"modules built with the configuration of this kernel, and --providers "
			"with a statement that the kernel supports this build";
		return structs;
	}
	if (!image_osreldate(image)) {
		examination->proof_settle = "an image with its kernel, boot/kernel/kernel, or the "
					    "linker.hints beside it";
		return "the version of the image's kernel is not known";
	}
	for (size_t i = 0; i < package->modules.count; i++) {
		const char *why =
			module_unproven(world, package, examination, &package->modules.list[i],
					trial_of(examination, i));

		if (why)
			return why;
	}
	return NULL;
}

static void holds(struct arena *arena, const struct world *world, struct examination *examination)
{
	const struct image *image = world_image(world);
	int32_t version = image_osreldate(image);
	/* The number of a release and its updates is their own; -CURRENT, -STABLE and what comes
	 * before a release have one number for weeks of change. uname -r says which it is.
	 * Without that the number does: x00 to x04 in its last three digits are those of a
	 * release branch, except in X.0, whose -CURRENT counts up from 0. */
	bool release = image->release.value ? strstr(image->release.value, "-RELEASE") != NULL
					    : version / 1000 % 100 > 0 && version % 1000 < 500;
	enum proof proof = release ? PROOF_OSRELDATE : PROOF_OSRELDATE_BRANCH;

	examination->proven[proof] = true;
	if (release || examination->kernel_declared)
		return;
	examination->unproven[PROOF_OSRELDATE] = arena_format(
		arena,
		"built for %d, but the kernel is %s, where this number covers weeks of changes",
		version,
		image->release.value ? image->release.value
				     : "by its number of a development branch");
	examination->unproven[PROOF_OSRELDATE_BRANCH] =
		"built for the number of a development branch";
	examination->proof_settle = "modules built from the sources of this kernel, or a policy "
				    "that accepts osreldate-branch";
}

void check_proof_osreldate(const struct world *world, const struct package *package,
			   struct examination *examination)
{
	if (package->modules.count == 0)
		return;

	const char *why = unproven(world, package, examination);
	if (why) {
		examination->unproven[PROOF_OSRELDATE] = why;
		return;
	}
	examination->unproven[PROOF_OSRELDATE] = NULL;
	holds(examination->arena, world, examination);
	struct finding *finding =
		examine(examination, "osreldate", OUTCOME_HOLDS, NULL, package->name);
	finding_show(finding,
		     arena_format(examination->arena, "%d", image_osreldate(world_image(world))),
		     world_image(world)->boot->source_witness, NULL, package->witness);
	finding->text = arena_format(
		examination->arena,
		"every module of it was built for %d, the version of the image's kernel; %s",
		image_osreldate(world_image(world)),
		image_exports(world_image(world))->complete
			? "the kernel and what it depends on have all its symbols"
			: "modules of the image that load take the same symbols from the kernel, "
			  "whose symbols are not known otherwise");
}
