/* SPDX-License-Identifier: ISC */
/* image_boot - reading boot/ of FreeBSD: its loader.conf, links, kernel and modules.
 * Private to image*.c. */
#ifndef KMODAUDIT_IMAGE_BOOT_H
#define KMODAUDIT_IMAGE_BOOT_H

#include "facts/image/image_parts.h"

/* image_conf.c: reads loader.conf of FreeBSD and the files beside it, once
 * for all below. */
void image_loader_conf(struct image_reading *reading);
/* image_kernel.c: sets the directory of the kernel that FreeBSD's boot loader starts. */
void image_boot_directory(struct image_reading *reading);
/* image_boot.c: after image_merge, the path of FILE below the root, "boot/loader.conf" for
 * "rootfs/boot/loader.conf". */
const char *image_inner_path(const struct image_reading *reading, const struct found_file *file);
/* image_links.c: the path below the root that LINK names. As in the running system an
 * absolute one begins at the root, and no path leaves it. NULL: too long. */
const char *image_link_names(const struct image_reading *reading, const struct found_file *link);
/* Adds a module for each link to one in the directories that the kernel searches:
 * if_igb.ko -> if_em.ko, if_re.ko -> /boot/modules/if_re.ko; the kernel loads the file
 * of either name. Links to nothing go to BOOT->broken. */
void image_links(struct image_reading *reading, struct kld_boot *boot);
/* image_loads.c: sets the module_path of BOOT, whose directory is known. */
void image_boot_path(struct image_reading *reading, struct kld_boot *boot);
/* Sets the path of each load of BOOT, whose hints and
 * interfaces are known. */
void image_loads(struct image_reading *reading, struct kld_boot *boot);
/* image_boot.c: true if PATH is in a directory of kern.module_path. */
bool image_boot_searched(const struct kld_boot *boot, const char *path);
/* Decides whose loader the image's is, and reads boot/ of a FreeBSD image: only the
 * modules that its kernel finds are kept. */
void image_boot(struct image_reading *reading);

#endif
