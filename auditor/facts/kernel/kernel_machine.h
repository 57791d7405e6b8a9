/* SPDX-License-Identifier: ISC */
/* kernel_machine - what a raw kernel runs on. Private to facts/. */
#ifndef KMODAUDIT_KERNEL_MACHINE_H
#define KMODAUDIT_KERNEL_MACHINE_H

#include "facts/module/fact.h"

/* From magic numbers in the header of an Image, else from what its instructions look like;
 * RET_HOW is put behind the witness. False when neither tells. */
bool machine_of_image(struct span image, struct machine *ret, const char **ret_how);
/* From a container's name for it: "mips", "arm64", "x86_64", ... False when it is not known. */
bool machine_of_label(const char *label, struct machine *ret);

#endif
