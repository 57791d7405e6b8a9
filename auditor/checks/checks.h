/* SPDX-License-Identifier: ISC */
/* checks - the functions behind check_table, and what they share. Private to checks/. */
#ifndef KMODAUDIT_CHECKS_H
#define KMODAUDIT_CHECKS_H

#include "checks/check.h"
#include "checks/check_list.h"

#define DECLARE_CHECK(name, function) __typeof__(*((struct check *)0)->run) function;
CHECKS(DECLARE_CHECK)

/* What of the image was not read. */
void check_image_unread(struct arena *arena, const struct image *image, struct findings *findings);

/* Packages that a feed named before FEED, which is one of the world's, has too. */
void check_shadow(struct arena *arena, const struct world *world, const struct feed *feed,
		  struct findings *findings);

enum { FOLD_MOST = 8 };

/* Findings of one kind about one module: how many were met. */
struct fold {
	size_t met;
	size_t last; /* index of the finding that counts those beyond FOLD_MOST */
};

/* As examine(), but NULL, the case counted in the last one's `more`, when FOLD_MOST of the kind
 * are there. */
struct finding *examine_folded(struct examination *examination, struct fold *fold, const char *id,
			       enum outcome outcome, const char *module, const char *subject);

/* What the image says and what the package says, with their witnesses. */
void finding_show(struct finding *finding, const char *expected, const char *expected_witness,
		  const char *found, const char *found_witness);

/* A finding with that id and outcome, about MODULE or, when NULL, about anything. */
bool examination_has(const struct examination *examination, const char *id, enum outcome outcome,
		     const char *module);

/* What the hash says of a config that nothing contradicts. */
const char *config_hash_text(enum hash_agreement hash);
/* Worth looking into: readable, and not of another machine than the image. */
bool module_judged(const struct world *world, const struct module *module);
/* The image's module that is MODULE byte for byte, by the same name, where the running kernel
 * looks for it; NULL when none is. */
const struct module *image_module_same(const struct image *image, const struct module *module);
/* The running kernel looks for MODULE of the image where it lies, or nothing says which release
 * runs. */
bool module_is_running(const struct image *image, const struct module *module);
/* The export table of the image's kernel; one without source when there is no kernel. */
const struct kernel_exports *image_exports(const struct image *image);
/* The table is whole and far smaller than that of any kernel that exports all it could, while
 * the image has modules: STRIP_KERNEL_EXPORTS or TRIM_UNUSED_KSYMS. */
bool exports_trimmed(const struct image *image);
/* What the image has installed is known: by its database, or by the manifest. */
bool installed_known(const struct image *image);
/* RELEASE (uname -r) is VERSION, or VERSION with a local suffix: "5.10.0-custom" of "5.10.0". */
bool release_fits(const char *release, const char *version);
/* PACKAGE shows by its abi or its modules directory that it is for another kernel release than
 * the image's. */
bool package_foreign(const struct image *image, const struct package *package);
/* The series of the image's kernel. */
struct series image_series(const struct image *image);
/* Where the image's kernel reads the symbol versions of MODULE. */
enum versions image_versions(const struct image *image, const struct module *module);
/* What the image's config says of OPTION, with CONFIG_: "y", "m", "n" or a value. NULL where no
 * config is known, where something contradicts it, and where it does not mention OPTION though
 * kconfig has not resolved it. */
const char *image_option(const struct world *world, const char *option);
/* It says "y". */
bool image_option_on(const struct world *world, const char *option);
/* check_place.c: the image's loader finds MODULE, which another one names NAME in depends=. */
bool module_found_as(const struct image *image, const struct module *module, const char *name,
		     struct arena *arena);
/* check_place.c: the image's loader looks where MODULE lies, and for files of its form. */
bool module_file_found(const struct image *image, const struct module *module);
/* check_namespace.c: NAME_SPACE is "module:LIST", and LIST names MODULE. */
bool name_space_names(const char *name_space, const char *module);
/* check_namespace.c: the image's kernel gives MODULE what is exported in NAME_SPACE; NULL: in
 * none. */
bool name_space_admits(const struct world *world, const struct module *module,
		       const char *name_space);
/* check_taint.c: the loader takes the module's license for one that is compatible with the GPL. */
bool module_is_gpl(const struct module *module);

#endif
