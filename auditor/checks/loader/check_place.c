/* SPDX-License-Identifier: ISC */
/* Checks that module files lie where kmodloader or modprobe look for them, in a form
 * they read (ubox kmodloader.c; kmod shared/util.c). */
#include "base/text.h"
#include "checks/loader/orders.h"
#include "facts/package/package_file.h"

#include <string.h>

/* How a module file is stored below lib/modules/<release>/. */
struct form {
	bool usr; /* it is in usr/lib/modules */
	bool deep; /* it is in a subfolder of the release's folder */
	const char *suffix; /* ".ko", ".ko.xz", ... */
};

/* The form of the file PATH. False if it is not in a lib/modules/<release>/. ROOT gets
 * the length of the part before lib/ or usr/lib/. */
static bool form_of(const char *path, struct form *ret, size_t *ret_root)
{
	struct span release = release_of_path(path);
	size_t root = release.size
			      ? (size_t)((const char *)release.data - path) - strlen("lib/modules/")
			      : 0;
	const char *rest = release.size ? (const char *)release.data + release.size + 1 : path;
	const char *slash = strrchr(rest, '/'), *suffix = strstr(slash ? slash : rest, ".ko");

	*ret = (struct form){.deep = slash != NULL, .suffix = suffix ? suffix : ""};
	if (root >= 4 && strncmp(path + root - 4, "usr/", 4) == 0) {
		ret->usr = true;
		root -= 4;
	}
	*ret_root = root;
	return release.size > 0;
}

/* A module of the running release that the image itself has in that form: what loads it
 * can also load this one. NULL if there is none. */
static const struct module *form_witness(const struct image *image, const struct form *form)
{
	struct form own;
	size_t root;

	return array_find(module, &image->modules,
			  form_of(module->path, &own, &root) && own.usr == form->usr &&
				  own.deep == form->deep && strcmp(own.suffix, form->suffix) == 0 &&
				  (!image->release.value ||
				   span_is(release_of_path(module->path), image->release.value)));
}

/* True if the image has modules of the running release in usr/lib/modules, or
 * /lib is /usr/lib. */
static bool usr_searched(const struct image *image)
{
	struct form own;
	size_t root;

	if (image->usr_lib)
		return true;
	return array_any(module, &image->modules,
			 module_is_running(image, module) && form_of(module->path, &own, &root) &&
				 own.usr);
}

bool image_kmodloader_alone(const struct image *image)
{
	return image->tools[TOOL_KMODLOADER] && !image->tools[TOOL_KMOD] &&
	       !image->tools[TOOL_BUSYBOX];
}

static bool form_is_plain(const struct form *form)
{
	return strcmp(form->suffix, ".ko") == 0;
}

/* True if the image's loader finds files of this form: kmod shared/util.c,
 * kmod_exts; ubox kmodloader.c, scan_module_folder, which finds only "*.ko" in
 * the release's folder. modprobe of kmod and of busybox reads modules.dep, in which
 * depmod also lists subfolders. */
static bool form_found(const struct image *image, const struct form *form)
{
	if (form->usr && !usr_searched(image))
		return false;
	if (form_is_plain(form) && !form->deep)
		return true;
	if (image_kmodloader_alone(image))
		return false;

	bool deep = image->tools[TOOL_KMOD] || image->tools[TOOL_BUSYBOX];

	return (form_is_plain(form) && deep) || form_witness(image, form);
}

static void place_report(const struct image *image, const char *module, const char *path,
			 const char *witness, enum outcome outcome, const char *text,
			 struct examination *examination)
{
	struct finding *finding = examine(examination, "modules-directory", outcome, module, path);

	/* the first tool that the image has */
	for (unsigned i = 0; i < TOOL_COUNT && !finding->witness[0]; i++)
		finding->witness[0] = image->tools[i];
	finding->witness[1] = witness;
	finding->text = text;
	if (outcome == OUTCOME_UNKNOWN)
		finding->settle = "an image in which the module loader is found, or that has a "
				  "module in such a place";
}

static void form_check(const struct image *image, const struct module *module,
		       const struct form *form, struct examination *examination)
{
	bool sure = !form->usr && image_kmodloader_alone(image);

	place_report(image, module->name, module->path, module->witness,
		     sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
		     sure ? "the image's loader, kmodloader, reads only *.ko files directly in "
			    "/lib/modules/<release>: none in subdirectories, none compressed"
		     : form->usr && image->modules.count > 0 && !usr_searched(image)
			     ? "it is in /usr/lib/modules, but the image has neither a link /lib "
			       "to /usr/lib nor a module there"
			     : "nothing in the image shows that its module loader reads compressed "
			       "modules or subdirectories of /lib/modules/<release>",
		     examination);
}

/* The name of a file without ".ko": "nf_nat" in "lib/modules/6.6.86/nf_nat.ko". */
static struct span file_name(const char *path)
{
	struct span name = span_text(path_last(path));

	return span_head(name, name.size - 3);
}

/* '-' and '_' are equal. */
static bool names_equal(const char *alias, struct span name)
{
	for (size_t i = 0; i < name.size; i++) {
		char a = alias[i] == '-' ? '_' : alias[i];
		char b = name.data[i] == '-' ? '_' : (char)name.data[i];

		if (a != b)
			return false;
	}
	return alias[name.size] == '\0';
}

/* True if kmodloader takes OTHER for the module in the file PATH: it reads the files of
 * its folder by name, and skips a file whose name is a name or an alias that it has
 * already (ubox kmodloader.c, scan_module_folder). */
bool module_name_taken(const struct module *other, const char *path)
{
	struct span name = file_name(path);
	struct form form;
	size_t root;

	return array_any(alias, &other->modinfo.alias, names_equal(*alias, name)) &&
	       form_of(other->path, &form, &root) && root == 0 && !form.deep &&
	       form_is_plain(&form) && strcmp(path_last(other->path), path_last(path)) < 0;
}

/* Reports a file that kmodloader never loads, because an alias of another
 * has its name. */
static void alias_check(const struct image *image, const struct package *package,
			const struct module *module, struct examination *examination)
{
	const struct module *taker =
		array_find(other, &package->modules, module_name_taken(other, module->path));

	if (!taker)
		taker = array_find(other, &image->modules,
				   module_name_taken(other, module->path) &&
					   module_is_running(image, other));
	if (!taker)
		return;
	place_report(image, module->name, module->path, taker->witness, OUTCOME_FAILS,
		     arena_format(examination->arena,
				  "kmodloader never loads this file: it reads %s first, which has "
				  "the alias %s, and takes that module for this one",
				  path_last(taker->path),
				  arena_string(examination->arena, file_name(module->path))),
		     examination);
}

/* Reports the first module of the image that kmodloader no longer loads, because an
 * alias of MODULE has the name of its file. */
static void hiding_check(const struct image *image, const struct module *module,
			 struct examination *examination)
{
	array_each(other, &image->modules) {
		if (!module_name_taken(module, other->path) ||
		    strcmp(other->name, module->name) == 0 || !module_is_running(image, other) ||
		    !module_file_found(image, other))
			continue;
		struct finding *finding = examine(examination, "state-breaks", OUTCOME_FAILS,
						  module->name, other->path);

		finding->witness[0] = other->witness;
		finding->witness[1] = module->witness;
		finding->text = arena_format(
			examination->arena,
			"kmodloader then no longer loads the image's module %s: it reads %s first, "
			"which has the alias %s, and takes that module for it",
			other->name, path_last(module->path),
			arena_string(examination->arena, file_name(other->path)));
		return;
	}
}

static void file_check(const struct image *image, const struct package *package,
		       const struct module *module, struct examination *examination)
{
	struct form form;
	size_t root;

	if (!form_of(module->path, &form, &root) || !*form.suffix)
		return;
	if (root > 0)
		place_report(image, module->name, module->path, module->witness, OUTCOME_UNKNOWN,
			     "it is not in /lib/modules/<release> at the root, the only place "
			     "where the loader looks; only a script of the package could load it",
			     examination);
	else if (!form_found(image, &form))
		form_check(image, module, &form, examination);
	else if (image_kmodloader_alone(image)) {
		alias_check(image, package, module, examination);
		hiding_check(image, module, examination);
	}
}

/* The part of PATH, a file in a directory of modules, from ".ko" in any case on; NULL
 * if it has none, is a module, or holds debug symbols. */
static const char *odd_suffix(const char *path)
{
	const char *slash = strrchr(path, '/'), *suffix = strcasestr(slash ? slash : path, ".ko");

	if (!suffix || module_is_path(path) || release_of_path(path).size == 0 ||
	    text_ends(path, ".debug") || (suffix[3] && suffix[3] != '.'))
		return NULL;
	return suffix;
}

/* Reports a file that is called like a module, but that no loader takes for one. */
static void odd_check(const struct image *image, const struct package *package, const char *path,
		      struct examination *examination)
{
	static const char *const compressions[] = {".ko.bz2", ".ko.lzma", ".ko.lz4",
						   ".ko.lzo", ".ko.lz",	  ".ko.br",
						   ".ko.Z",   ".KO",	  NULL};
	const char *suffix = odd_suffix(path);
	size_t size = suffix ? (size_t)(suffix - path) : 0;
	bool sure;

	/* the package may also have the module, whose path is the same up to SUFFIX */
	if (!suffix || array_any(module, &package->modules,
				 strncmp(module->path, path, size) == 0 &&
					 strncmp(module->path + size, ".ko", 3) == 0))
		return;
	sure = text_among(suffix, compressions);
	place_report(image, NULL, path, package->witness, sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
		     sure ? "no module loader reads this file: kmodloader reads *.ko only, kmod "
			    "and busybox .ko, .ko.gz, .ko.xz and .ko.zst"
			  : "its name is not that of a module: if it is one, no module loader "
			    "finds it",
		     examination);
}

void check_place(const struct world *world, const struct package *package,
		 struct examination *examination)
{
	const struct image *image = world_image(world);

	if (package->origin != PACKAGE_FILE)
		return;
	array_each(module, &package->modules)
		file_check(image, package, module, examination);
	array_each(file, &package->files)
		odd_check(image, package, *file, examination);
}

/* The form of MODULE's file, if kmodloader, which is the image's only loader, does not find it. */
static bool form_missed(const struct image *image, const struct module *module, struct form *ret)
{
	size_t root;

	return image_kmodloader_alone(image) && form_of(module->path, ret, &root) && !ret->usr &&
	       (ret->deep || !form_is_plain(ret));
}

bool place_missed(const struct image *image, const struct module *module)
{
	struct form form;

	return form_missed(image, module, &form);
}

void place_needed(const struct world *world, const struct module *module,
		  struct examination *examination)
{
	struct form form;

	if (form_missed(world_image(world), module, &form))
		form_check(world_image(world), module, &form, examination);
}

bool module_file_found(const struct image *image, const struct module *module)
{
	struct form form;
	size_t root;

	return form_of(module->path, &form, &root) && root == 0 && form_found(image, &form);
}

/* kmodloader searches names from depends= among file names and the aliases in modules
 * (ubox kmodloader.c, find_module). '-' and '_' are equal. */
bool module_found_as(const struct image *image, const struct module *module, const char *name,
		     struct arena *arena)
{
	if (!image_kmodloader_alone(image) ||
	    strcmp(module_name_of_path(arena, module->path), name) == 0)
		return true;
	return array_any(alias, &module->modinfo.alias,
			 strcmp(module_name_of_path(arena, *alias), name) == 0);
}
