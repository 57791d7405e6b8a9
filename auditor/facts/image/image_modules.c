/* SPDX-License-Identifier: ISC */
/* Determines the release of an image by its kernel or modules directory, and its
 * vermagic, struct module layout and machine by the majority of its modules where the
 * kernel does not tell. Finds which module loaders it has (kmodloader, kmod, busybox)
 * and whether its lib is a link to usr/lib. */
#include "base/text.h"
#include "facts/image/image_parts.h"

#include <string.h>

/* Chooses between several directories in lib/modules: the only one that contains
 * modules (an update may leave others with lists only), else the one that the package
 * database names. NULL: neither decides. */
static const char *directory_choose(const struct image_reading *reading, const char **ret_by)
{
	const struct image *image = reading->image;
	const char *only = NULL, *named = NULL;
	size_t filled = 0;

	for (size_t i = 0; i < image->releases.count; i++) {
		const char *release = image->releases.list[i];
		bool holds = false;

		array_each(module, &image->modules)
			holds |= span_is(path_release(module->path), release);
		filled += holds;
		only = holds ? release : only;
		if (holds && image->abi.release && release_begins(release, image->abi.release))
			named = release;
	}
	*ret_by = filled == 1 ? "is the only directory with modules"
			      : "is the one that the package database names";
	return filled == 1 ? only : named;
}

/* The rows of linker.hints for the kernel have its __FreeBSD_version, but
 * not its release. */
static void release_of_boot(struct image_reading *reading)
{
	struct image *image = reading->image;
	const struct kld_boot *boot = image->boot;

	image->release.value = NULL;
	image->release.witness =
		boot->osreldate
			? arena_format(reading->arena, "%s: __FreeBSD_version %d, but no release",
				       boot->source_witness, boot->osreldate)
			: boot->source_witness;
}

static void release_of_directories(struct image_reading *reading)
{
	struct arena *arena = reading->arena;
	struct image *image = reading->image;
	const struct kernel *kernel = image->kernel;
	const char *by = "is the only directory of modules";
	const char *release = image->releases.count == 1 ? image->releases.list[0]
							 : directory_choose(reading, &by);

	/* A release begins with KERNELVERSION (Linux Makefile). Some vendors have their modules in
	 * directories such as lib/modules/kmdir, from which their scripts load them. */
	if (release && (release[0] < '0' || release[0] > '9')) {
		image->release.witness =
			arena_format(arena, "%s: lib/modules/%s has the name of no release",
				     image->source, release);
		return;
	}
	image->release.value = release;
	image->release.witness =
		release ? arena_format(arena, "%s: lib/modules/%s %s", image->source, release, by)
			: arena_format(arena, "%s; %zu directories in lib/modules",
				       kernel && kernel->release.witness ? kernel->release.witness
									 : image->kernel_witness,
				       image->releases.count);
}

static void release_decide(struct image_reading *reading)
{
	struct arena *arena = reading->arena;
	struct image *image = reading->image;
	const struct kernel *kernel = image->kernel;

	/* the modules of FreeBSD are in no directory named after a release */
	if (image->loader != LOADER_FREEBSD) {
		array_each(module, &image->modules)
			*array_add(arena, &image->releases) =
				arena_string(arena, path_release(module->path));
		array_each(file, &reading->files)
			if (file->kept == KEPT_BUILTIN)
				*array_add(arena, &image->releases) =
					arena_string(arena, path_release(file->path));
	}
	strings_unique(&image->releases);

	const char *releases = strings_join(arena, &image->releases, 8);

	if (image->releases.count > 1)
		image_remark(reading, "modules of %zu releases: %s", image->releases.count,
			     releases);
	if (!kernel || !kernel->release.value) {
		(image->boot ? release_of_boot : release_of_directories)(reading);
		if (kernel && kernel->banner.value)
			image_remark(reading, "the release of the kernel is not known: %s",
				     kernel->release.witness);
		return;
	}
	image->release = kernel->release;
	if (image->releases.count > 0 && !strings_have(&image->releases, kernel->release.value))
		image_remark(reading, "the kernel is %s, but the modules are in lib/modules/%s",
			     kernel->release.value, releases);
}

bool image_module_runs_on(const char *release, const struct module *module)
{
	struct span directory = path_release(module->path);

	return !release || directory.size == 0 || span_is(directory, release);
}

bool image_module_runs(const struct image *image, const struct module *module)
{
	return image_module_runs_on(image->release.value, module);
}

/* A value, and the modules that have it. */
struct vote {
	const char *key;
	const struct module *first;
	struct strings modules;
};

struct votes {
	struct vote *list;
	size_t count, room;
	struct map numbers;
};

static void vote_add(struct arena *arena, struct votes *votes, const char *key,
		     const struct module *module)
{
	uint32_t number = map_put(&votes->numbers, arena, key, (uint32_t)votes->count);

	if (number == votes->count)
		*array_add(arena, votes) = (struct vote){.key = key, .first = module};
	*array_add(arena, &votes->list[number].modules) = module->name;
}

static int vote_compare(const void *a, const void *b)
{
	const struct vote *left = a, *right = b;

	if (left->modules.count != right->modules.count)
		return left->modules.count > right->modules.count ? -1 : 1;
	return strcmp(left->key, right->key);
}

/* Sorts the votes, most modules first, and adds a remark for each other value. */
static void votes_remark(struct image_reading *reading, struct votes *votes, const char *what)
{
	array_sort(votes, vote_compare);
	for (size_t i = 1; i < votes->count; i++) {
		const struct vote *most = &votes->list[0], *vote = &votes->list[i];
		bool fewer = vote->modules.count < most->modules.count;

		image_remark(reading, "%s: %s of %s is \"%s\", of %zu others it is \"%s\"",
			     fewer ? "foreign modules" : "modules of two kernels", what,
			     strings_join(reading->arena, &vote->modules, 8), vote->key,
			     most->modules.count, most->key);
	}
}

/* True if more than half of the modules agree, so that leftovers and single foreign
 * modules do not decide. */
static bool votes_decide(const struct votes *votes)
{
	size_t all = 0;

	array_each(vote, votes)
		all += vote->modules.count;
	return votes->count > 0 && votes->list[0].modules.count * 2 > all;
}

static void vermagic_decide(struct image_reading *reading)
{
	struct arena *arena = reading->arena;
	struct image *image = reading->image;
	struct votes votes = {0};

	if (image->kernel && image->kernel->vermagic.value) {
		image->vermagic = image->kernel->vermagic;
		return;
	}
	array_each(module, &image->modules)
		if (!module->problem && module->modinfo.vermagic &&
		    image_module_runs(image, module))
			vote_add(arena, &votes, module->modinfo.vermagic, module);
	votes_remark(reading, &votes, "vermagic");
	if (votes_decide(&votes)) {
		image->vermagic.value = votes.list[0].key;
		image->vermagic.witness = arena_format(
			arena,
			votes.count == 1
				? "%s and %zu other modules with one agree"
				: "%s and %zu other modules, most of those with one, agree",
			votes.list[0].first->witness, votes.list[0].modules.count - 1);
		return;
	}

	const char *kernel =
		image->kernel ? image->kernel->vermagic.witness : image->kernel_witness;
	image->vermagic.witness = arena_format(arena, "%s; %s", kernel ? kernel : image->source,
					       votes.count ? "the modules of the image do not agree"
							   : "no module of the image has one");
}

static const char *triple_key(struct arena *arena, const struct this_module *this_module)
{
	return arena_format(arena, "%llu bytes, init at %llu, exit at %llu",
			    (unsigned long long)this_module->size,
			    (unsigned long long)this_module->init,
			    (unsigned long long)this_module->exit);
}

/* How many of the three numbers a module shows. Only modules that show the
 * most are counted. */
static unsigned shown(const struct module *module)
{
	const struct this_module *this_module = &module->this_module;

	if (module->problem || !this_module->known)
		return 0;
	return 1u + this_module->has_init + this_module->has_exit;
}

static void this_module_decide(struct image_reading *reading)
{
	struct arena *arena = reading->arena;
	struct image *image = reading->image;
	struct votes votes = {0}, sizes = {0};
	unsigned most = 0;

	array_each(module, &image->modules)
		if (shown(module) > most && image_module_runs(image, module))
			most = shown(module);
	array_each(module, &image->modules) {
		if (shown(module) == 0 || !image_module_runs(image, module))
			continue;
		if (shown(module) == most)
			vote_add(arena, &votes, triple_key(arena, &module->this_module), module);
		vote_add(arena, &sizes,
			 arena_format(arena, "%llu bytes",
				      (unsigned long long)module->this_module.size),
			 module);
	}
	votes_remark(reading, &votes, "struct module");
	if (votes.count == 1)
		votes_remark(reading, &sizes, "struct module");
	else
		array_sort(&sizes, vote_compare);
	if (votes_decide(&votes) && votes_decide(&sizes) &&
	    sizes.list[0].first->this_module.size == votes.list[0].first->this_module.size) {
		image->this_module = votes.list[0].first->this_module;
		image->this_module_witness =
			arena_format(arena,
				     votes.count == 1 && sizes.count == 1
					     ? "%s and %zu other modules agree"
					     : "%s and %zu other modules, most of them, agree",
				     votes.list[0].first->witness, votes.list[0].modules.count - 1);
	} else {
		image->this_module_witness = arena_format(
			arena, "%s: %s", image->source,
			votes.count ? "its modules do not agree" : "none of its modules has one");
	}
}

static void machine_decide(struct image_reading *reading)
{
	struct arena *arena = reading->arena;
	struct image *image = reading->image;
	struct votes votes = {0};

	array_each(module, &image->modules)
		if (module->machine.elf)
			vote_add(arena, &votes,
				 arena_format(arena, "%s %u bit",
					      machine_name(arena, module->machine),
					      module->machine.bits),
				 module);
	votes_remark(reading, &votes, "machine");
	if (image->kernel && image->kernel->machine.elf) {
		image->machine = image->kernel->machine;
		image->machine_witness = image->kernel->machine_witness;
	} else if (votes.count > 0) {
		image->machine = votes.list[0].first->machine;
		image->machine_witness = votes.list[0].first->witness;
	} else {
		image->machine_witness =
			image->kernel ? image->kernel->machine_witness : image->kernel_witness;
	}
	if (votes.count > 0 && !machine_fits(image->machine, votes.list[0].first->machine))
		image_remark(reading, "the kernel is for %s, its modules are for %s",
			     machine_name(arena, image->machine), votes.list[0].key);
}

void image_modules(struct image_reading *reading)
{
	release_decide(reading);
	vermagic_decide(reading);
	this_module_decide(reading);
	machine_decide(reading);
}

/* A loader is recognised by the name of its file, or by the target of the link named
 * modprobe. */
void image_loaders(struct image_reading *reading)
{
	static const char *const names[TOOL_COUNT] = {
		[TOOL_KMODLOADER] = "kmodloader", [TOOL_KMOD] = "kmod", [TOOL_BUSYBOX] = "busybox"};
	static const char *const merged[] = {"usr/lib", "/usr/lib", "./usr/lib", NULL};
	struct image *image = reading->image;

	array_each(file, &reading->files) {
		const char *name = path_last(file->target ? file->target : file->path);
		unsigned tool = text_index(name, names, TOOL_COUNT);

		if (file->kept == KEPT_LOADER && tool < TOOL_COUNT && !image->tools[tool])
			image->tools[tool] = file->witness;
		if (file->kept == KEPT_LIB && file->target && text_among(file->target, merged))
			image->usr_lib = file->witness;
	}
}
