/* SPDX-License-Identifier: ISC */
/* Chooses the kernel that is judged when an image holds several, by the release of the
 * modules and of the package database. */
#include "base/text.h"
#include "facts/image/image_boot.h"

#include <string.h>

/* An image with two slots, or with an update in boot/, contains several kernels. The
 * audit uses the one that its root file system was made for: a kernel with the modules
 * and database of another never runs. */

/* True if the package database has the kernel of RELEASE in the name of a package, as Debian's
 * linux-image-RELEASE and Yocto's kernel-image-RELEASE. Others may be installed beside it. */
static bool database_names(const struct image_reading *reading, const char *release)
{
	static const char *const names[] = {"linux-image-", "linux-binary-", "kernel-image-"};

	array_each(package, &reading->image->packages)
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			size_t size = strlen(names[i]), length = strlen(release);
			const char *rest = package->name + size;

			if (strncmp(package->name, names[i], size) == 0 &&
			    strncmp(rest, release, length) == 0 &&
			    (rest[length] == '\0' || strcmp(rest + length, "-unsigned") == 0))
				return true;
		}
	return false;
}

bool release_begins(const char *release, const char *version)
{
	size_t size = strlen(version);

	return strncmp(release, version, size) == 0 &&
	       (release[size] == '\0' || release[size] == '-' || release[size] == '+');
}

/* 4: there are modules of its release, and the database names it; 2: only modules; 1:
 * only the database; 0: neither. Of FreeBSD 4: its boot loader starts it; 2: there are
 * modules in its directory. */
static unsigned kernel_fit(struct image_reading *reading, const struct found_kernel *found)
{
	const char *release = found->kernel->release.value;
	const struct package *package = image_package(reading->image, "kernel");
	struct span folder = found->path ? boot_folder(found->path) : (struct span){NULL, 0};
	bool modules, database;

	if (found->kernel->loader == LOADER_FREEBSD) {
		if (span_is(folder, reading->started))
			return 4;
		modules = folder.size > 0 &&
			  array_any(module, &reading->modules,
				    span_equal(boot_folder(module->module.path), folder));
		return modules ? 2 : 0;
	}

	const char *wanted =
		package ? abi_read(reading->arena, package->version, package->witness).release
			: NULL;

	database = release && wanted && release_begins(release, wanted);
	modules = release && array_any(module, &reading->modules,
				       span_is(path_release(module->module.path), release));
	return modules && database ? 4 : modules ? 2 : database;
}

/* A path in loader.conf may also be that of the kernel's file (config.lua, tryLoad). */
static void absent_remark(struct image_reading *reading, const struct found_kernel *best)
{
	const struct loader_setting *set = loader_conf_get(&reading->loader_conf, "kernel");
	const char *directory = reading->started;

	if (best->kernel->loader != LOADER_FREEBSD || !best->path ||
	    boot_folder(best->path).size == 0 || span_is(boot_folder(best->path), directory))
		return;
	if (set && set->value[0] == '/')
		image_unread(reading,
			     "%s: the boot loader starts the kernel /%s, which is not read",
			     set->witness, directory);
	else
		image_remark(reading,
			     "the boot loader starts the kernel in /%s, where none is; that of %s "
			     "is judged",
			     directory, best->witness);
}

/* How well KERNEL fits the root file system: by releases, then by what its modules
 * import. 0: not at all. */
static unsigned kernel_rank(struct image_reading *reading, const struct found_kernel *found)
{
	unsigned fit = kernel_fit(reading, found);

	/* FreeBSD's boot loader looks for kernel.gz only where there is no kernel
	 * (stand/libsa, gzipfs.c) */
	if (found->kernel->loader == LOADER_FREEBSD) {
		bool packed = found->path && boot_folder(found->path).size > 0 &&
			      !text_ends(found->path, "/kernel");

		return fit * 2 + !packed;
	}

	bool foreign = reading->kernels > 1 && found->kernel->loader == LOADER_LINUX &&
		       image_kernel_foreign(reading, found->kernel);

	return fit * 2 + !foreign;
}

/* A boot loader starts a spare one only when it is asked to. */
static const struct found_kernel *kernel_fitting(struct image_reading *reading, bool spare)
{
	const struct found_kernel *best = NULL;
	unsigned most = 0;

	array_each(found, &reading->found_kernels) {
		if (!found->kernel || found->spare != spare)
			continue;
		const char *release = found->kernel->release.value;
		/* if there are as many kernels as root file systems, they belong together in
		 * their order */
		bool slot =
			reading->roots == reading->kernels && found->number == reading->root_part;
		unsigned fit = kernel_rank(reading, found) * 4 + slot * 2 +
			       (release && database_names(reading, release));

		if (!best || fit > most) {
			best = found;
			most = fit;
		}
	}
	return best;
}

static const struct found_kernel *kernel_best(struct image_reading *reading)
{
	static const struct found_kernel none;
	const char *directory = reading->started;
	const struct found_kernel *best = kernel_fitting(reading, false);

	if (!best)
		best = kernel_fitting(reading, true);
	if (!best || best->kernel->loader != LOADER_FREEBSD)
		return best;
	/* if the kernel that FreeBSD's boot loader starts cannot be read, or only its modules
	 * are there, another one does not take its place */
	array_each(found, &reading->found_kernels)
		if (found->path && span_is(boot_folder(found->path), directory))
			return found->kernel ? best : found;
	array_each(file, &reading->files)
		if ((file->kept == KEPT_KERNEL || file->kept == KEPT_HINTS) &&
		    span_is(boot_folder(file->path), directory))
			return &none;
	array_each(module, &reading->modules)
		if (span_is(boot_folder(module->module.path), directory))
			return &none;
	return best;
}

/* The folder of PATH, with its slash; empty at the top. */
static struct span folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return span_from(path, slash ? (size_t)(slash - path) + 1 : 0);
}

static bool is_in(const char *path, struct span folder)
{
	return strlen(path) >= folder.size && memcmp(path, folder.data, folder.size) == 0;
}

/* True if A and B are one kernel: the same bytes, or two forms of one build, such as
 * vmlinux and Image in its tree. What is in boot/ is installed, and of any build. */
static bool kernels_equal(const struct found_kernel *a, const struct found_kernel *b)
{
	static const struct span boot = SPAN_OF("boot/");
	const char *left = a->kernel ? a->kernel->banner.value : NULL,
		   *right = b->kernel ? b->kernel->banner.value : NULL;

	if (strcmp(a->sha256, b->sha256) == 0)
		return true;
	if (!a->path || !b->path || !left || !right || strcmp(left, right) != 0 ||
	    is_in(a->path, boot) || is_in(b->path, boot))
		return false;
	return is_in(a->path, folder_of(b->path)) || is_in(b->path, folder_of(a->path));
}

/* True if both are below one directory boot of FreeBSD: then its boot loader decides. */
static bool same_boot(const struct found_kernel *a, const struct found_kernel *b)
{
	struct span left = a->path ? boot_folder(a->path) : (struct span){NULL, 0},
		    right = b->path ? boot_folder(b->path) : (struct span){NULL, 0};

	if (left.size == 0 || right.size == 0 || a->volume != b->volume)
		return false;

	size_t size = (size_t)((const char *)left.data - a->path);
	return size == (size_t)((const char *)right.data - b->path) &&
	       memcmp(a->path, b->path, size) == 0;
}

/* True if OTHER may be what runs instead of BEST: another kernel that fits as well, or
 * whose root file system is another one. */
static bool is_rival(struct image_reading *reading, const struct found_kernel *other,
		     const struct found_kernel *best)
{
	if (other == best || other->why || other->spare != best->spare ||
	    kernels_equal(other, best))
		return false;
	if (best->kernel->loader == LOADER_FREEBSD)
		return other->kernel && other->kernel->loader == LOADER_FREEBSD &&
		       !same_boot(other, best);
	return reading->roots > 1 || !other->kernel ||
	       kernel_rank(reading, other) >= kernel_rank(reading, best);
}

static const char *kernel_shown(struct arena *arena, const struct found_kernel *found)
{
	const char *release = found->kernel ? found->kernel->release.value : NULL;

	return arena_format(arena, "%s (number %u, %s)", found->witness, found->number,
			    release ? release : "its release is not known");
}

static void kernel_doubt(struct image_reading *reading, const struct found_kernel *best)
{
	struct arena *arena = reading->arena;
	struct strings rivals = {0};

	array_each(found, &reading->found_kernels)
		if (is_rival(reading, found, best))
			*array_add(arena, &rivals) = kernel_shown(arena, found);
	if (rivals.count > 0)
		reading->image->kernel_doubt = arena_format(
			arena, "nothing shows which kernel runs: %s, or another one, %s",
			kernel_shown(arena, best), strings_join(arena, &rivals, 4));
}

void image_kernel_choose(struct image_reading *reading)
{
	struct image *image = reading->image;
	unsigned part = reading->options->part;
	const struct found_kernel *asked =
		part > 0 ? array_find(found, &reading->found_kernels, found->number == part) : NULL;
	const struct found_kernel *best = asked ? asked : kernel_best(reading);

	/* one kernel starts any root file system that is asked for */
	if (!best || !best->kernel || (part > 0 && !asked && reading->kernels > 1))
		return;
	if (!asked) {
		absent_remark(reading, best);
		kernel_doubt(reading, best);
	}
	image->kernel = best->kernel;
	image->kernel_witness = best->witness;
	reading->kernel_part = best->number;
	array_each(found, &reading->found_kernels)
		if (found != best)
			*array_add(reading->arena, &image->other_kernels) = found->witness;
	if (image->other_kernels.count > 0)
		image_remark(reading,
			     "%u kernels: number %u is used, %s; --image-part selects another: %s",
			     reading->kernels, reading->kernel_part, image->kernel_witness,
			     strings_join(reading->arena, &image->other_kernels, 8));
}

/* ---- the kernel that is started ---- */

/* bootfile names the files that are tried before "kernel" in that directory; of these
 * no other name is read (config.lua, loadBootfile). */
static void bootfile_check(struct image_reading *reading)
{
	const struct loader_setting *files = loader_conf_get(&reading->loader_conf, "bootfile");
	struct span rest = span_text(files ? files->value : ""), file;

	while (span_item(&rest, ';', &file)) {
		const char *name = arena_string(reading->arena, span_trim(file));
		const char *below = name + strspn(name, "/");
		const char *own = arena_format(reading->arena, "%s/kernel", reading->started);

		if (!*name)
			continue;
		if (strcmp(name, "kernel") != 0 && (*name != '/' || strcmp(below, own) != 0))
			image_unread(reading,
				     "%s: bootfile has the boot loader start %s, which is not read",
				     files->witness, name);
		break;
	}
	if (files && files->unknown)
		image_unread(reading, "%s: bootfile has ${%s}, whose value is not known",
			     files->witness, files->unknown);
}

/* The loader tries "kernel" below /boot, then by itself as a path (config.lua,
 * loadKernel). A link in its place leads to the directory. */
void image_boot_directory(struct image_reading *reading)
{
	const struct loader_setting *kernel = loader_conf_get(&reading->loader_conf, "kernel");
	const char *name = kernel && *kernel->value ? kernel->value : "kernel";
	const char *below = name + strspn(name, "/");

	reading->started =
		*name == '/' && *below ? below : arena_format(reading->arena, "boot/%s", below);

	const struct found_file *link =
		array_find(file, &reading->files,
			   file->kept == KEPT_FOLDER && file->target &&
				   strcmp(image_inner_path(reading, file), reading->started) == 0);
	const char *target = link ? image_link_names(reading, link) : NULL;

	if (target)
		reading->started = target;
	bootfile_check(reading);
	if (kernel && kernel->unknown)
		image_unread(reading, "%s: kernel has ${%s}, whose value is not known",
			     kernel->witness, kernel->unknown);
}
