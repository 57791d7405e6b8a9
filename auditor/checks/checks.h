/* SPDX-License-Identifier: ISC */
/* checks - the functions in check_table, and what they share. Private to checks/. */
#ifndef KMODAUDIT_CHECKS_H
#define KMODAUDIT_CHECKS_H

#include "checks/check.h"
#include "checks/check_list.h"

#define DECLARE_CHECK(name, function, loaders) __typeof__(*((struct check *)0)->run) function;
CHECKS(DECLARE_CHECK)

/* Reports the parts of the image that were not read. */
void check_image_unread(struct arena *arena, const struct image *image, struct findings *findings);
void check_image_kernels(struct arena *arena, const struct image *image, struct findings *findings);

/* kld/check_kld_image.c: checks an image of FreeBSD: its modules,
 * linker.hints and kernel. */
void check_image_kld(struct arena *arena, const struct world *world, struct findings *findings);

/* Reports packages of FEED, one of the world's feeds, that an earlier feed
 * has as well. */
void check_shadow(struct arena *arena, const struct world *world, const struct feed *feed,
		  struct findings *findings);

enum { FOLD_MOST = 8 };

/* Counts findings of one kind about one module. */
struct fold {
	size_t met;
	size_t last; /* index of the finding that counts the cases beyond FOLD_MOST */
};

/* Like examine() for the first FOLD_MOST findings of FOLD. After that it returns NULL
 * and increases `more` of the last finding. */
struct finding *examine_folded(struct examination *examination, struct fold *fold, const char *id,
			       enum outcome outcome, const char *module, const char *subject);

/* Sets the values of the image and of the package, with their witnesses. */
void finding_show(struct finding *finding, const char *expected, const char *expected_witness,
		  const char *found, const char *found_witness);

/* True if there is a finding with that id and outcome about MODULE, or about anything
 * if MODULE is NULL. */
bool examination_has(const struct examination *examination, const char *id, enum outcome outcome,
		     const char *module);

/* A sentence about what the hash shows about a config that nothing contradicts. */
const char *config_hash_text(enum hash_agreement hash);
/* True if MODULE is readable and for the image's system and machine. */
bool module_judged(const struct world *world, const struct module *module);
/* The image's module with MODULE's name and the same bytes, in the directory in which
 * the running kernel searches; NULL if there is none. */
const struct module *image_module_same(const struct image *image, const struct module *module);
/* True if MODULE, of the image, is in the directory in which the running kernel
 * searches, or if the running release is unknown. */
bool module_is_running(const struct image *image, const struct module *module);
/* The export table of the image's kernel; one without SOURCE if there is no kernel. */
const struct kernel_exports *image_exports(const struct image *image);
/* True if the export table is complete but much smaller than that of an untrimmed
 * kernel, and the image has modules: STRIP_KERNEL_EXPORTS or TRIM_UNUSED_KSYMS. */
bool exports_trimmed(const struct image *image);
/* True if the installed packages are known, from the database or the manifest. */
bool installed_known(const struct image *image);
/* PACKAGE shows by its abi or its modules directory that it is for another kernel
 * release than the image's. */
bool package_foreign(const struct image *image, const struct package *package);
/* The series of the image's kernel. */
struct series image_series(const struct image *image);
/* The table from which the image's kernel reads the symbol versions of MODULE. */
enum versions image_versions(const struct image *image, const struct module *module);
/* The value of OPTION, with CONFIG_: what the kernel's bytes show, else what the image's config
 * says: "y", "m", "n" or a value. NULL if no config is known, if something contradicts it, or if
 * it does not mention OPTION and kconfig has not completed it. */
const char *image_option(const struct world *world, const char *option);
/* True if that value is "y". */
bool image_option_on(const struct world *world, const char *option);
/* What follows for a module that only a kernel with OPTION loads: FAILS if the image's has not,
 * REMARK if it has, UNKNOWN. */
enum outcome image_lacks(const struct world *world, const char *option);
/* check_place.c: true if the image's loader finds MODULE when it searches for NAME from
 * depends=. */
bool module_found_as(const struct image *image, const struct module *module, const char *name,
		     struct arena *arena);
/* check_release.c: what follows where a module of the release that is the first word of RELEASE
 * does not fit the image's kernel: FAILS; UNKNOWN if another kernel of the image, whose release
 * it may be, may run. */
enum outcome release_outcome(const struct image *image, const char *release);
/* check_place.c: true if kmodloader is the image's only loader. */
bool image_kmodloader_alone(const struct image *image);
/* check_place.c: true if kmodloader takes OTHER, which has an alias, for the module in
 * the file PATH, which it then never loads. */
bool module_name_taken(const struct module *other, const char *path);
/* check_place.c: true if the image's loader searches in MODULE's directory for files
 * of its form. */
bool module_file_found(const struct image *image, const struct module *module);
/* check_namespace.c: true if the image's kernel lets MODULE use symbols in NAME_SPACE;
 * NULL means no namespace. */
bool name_space_admits(const struct world *world, const struct module *module,
		       const char *name_space);
/* check_symbols.c: the first symbol that MODULE imports for PACKAGE and that nothing
 * exports; NULL: none. */
const char *module_lacks(const struct world *world, const struct package *package,
			 const struct module *module);
/* check_taint.c: true if the loader treats the module's license as compatible
 * with the GPL. */
bool module_is_gpl(const struct module *module);

#endif
