/* SPDX-License-Identifier: ISC */
/* kernel_machine - finds out which machine a raw kernel is for. Private to facts/. */
#ifndef KMODAUDIT_KERNEL_MACHINE_H
#define KMODAUDIT_KERNEL_MACHINE_H

#include "facts/module/fact.h"

/* From magic numbers in the image header, else from the frequency of
 * typical instructions. RET_HOW is appended to the witness. False if
 * neither shows the machine. */
bool machine_of_image(struct span image, struct machine *ret, const char **ret_how);
/* From the name in a container header: "mips", "arm64", "x86_64", ... False for
 * an unknown name. */
bool machine_of_label(const char *label, struct machine *ret);

#endif
