/* SPDX-License-Identifier: ISC */
/* report_restore - facts of an image out of what a report says of them. Private to report/. */
#ifndef KMODAUDIT_REPORT_RESTORE_H
#define KMODAUDIT_REPORT_RESTORE_H

#include "base/yaml.h"
#include "facts/image/image.h"

/* The machine that machine_name() calls NAME (NULL: not known). */
void machine_restore(const char *name, struct machine *ret);
/* A kernel with what EXPORTS, the map of that key, says of its exports: how many they are, not
 * which. */
const struct kernel *kernel_restore(struct arena *arena, const struct yaml *exports);

#endif
