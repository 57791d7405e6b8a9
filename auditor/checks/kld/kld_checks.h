/* SPDX-License-Identifier: ISC */
/* kld_checks - what the checks of FreeBSD's kernel linker share. Private to checks/. */
#ifndef KMODAUDIT_KLD_CHECKS_H
#define KMODAUDIT_KLD_CHECKS_H

#include "checks/checks.h"
#include "facts/world/world_kld.h"

/* What happens when module number INDEX of the examined package is loaded; NULL if it
 * is not judged. */
const struct linker_trial *trial_of(const struct examination *examination, size_t index);
/* The file of a kernel that PACKAGE brings and with which MODULE of it will run; NULL:
 * MODULE is for the image's kernel. */
const char *kld_own_kernel(struct arena *arena, const struct image *image,
			   const struct package *package, const struct module *module);
/* The name of MODULE's file, as messages of the kernel have it. */
const char *kld_file_name(const struct module *module);
/* "the image", or the name of the package that FILE is in; FILE is NULL
 * for the kernel. */
const char *kld_file_owner(const struct linker_file *file);
/* The file BASE of the image in DIRECTORY, an index in kern.module_path; NULL: none. */
const struct linker_file *kld_image_file(const struct linker *linker, uint32_t directory,
					 const char *base);
/* What the kernel prints when TRIAL's file is refused, with the reason behind it; NULL
 * if it is not refused for certain. */
const char *kld_trial_text(struct arena *arena, const struct world *world,
			   const struct linker_trial *trial);
/* "; drm.ko, i915kms.ko: depend on it" for the files of PACKAGE that are refused
 * because the file of TRIAL is; "" if there is none. */
const char *kld_followers_text(const struct package *package, const struct linker_trial *trial,
			       const struct examination *examination);
/* What the kernel prints about CLASH. */
const char *kld_clash_text(struct arena *arena, const struct linker_clash *clash);

/* check_kld_depends.c: the kernel's message about ANSWER of the file BASE, followed by what
 * the message leaves out. */
const char *kld_answer_text(struct arena *arena, const struct world *world, const char *base,
			    const struct linker_answer *answer);
/* check_kld_kernel.c: the same for the interface "kernel" in a version that
 * does not fit. */
const char *kld_kernel_text(struct arena *arena, const char *base, const struct kld_depend *depend,
			    int32_t version);
/* check_kld_symbol.c: a clause about who defines the symbol NAME, or
 * that nothing does. */
const char *kld_symbol_text(struct arena *arena, const struct world *world,
			    const struct linker_trial *trial, const struct import *import);

/* kld_options.c: a sentence that says why the kernel has other structs than modules of
 * its version; NULL: nothing shows it. */
const char *kld_structs_text(struct arena *arena, const struct image *image);
/* A sentence that says why MODULE expects several network stacks and the kernel has
 * one; NULL: nothing shows it. */
const char *kld_stacks_text(struct arena *arena, const struct image *image,
			    const struct module *module);

/* check_kld.c: the __FreeBSD_version of the image's kernel; 0: unknown. */
int32_t image_osreldate(const struct image *image);

#endif
