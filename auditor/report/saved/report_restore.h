/* SPDX-License-Identifier: ISC */
/* report_restore - restores facts about an image from a report. Private to report/. */
#ifndef KMODAUDIT_REPORT_RESTORE_H
#define KMODAUDIT_REPORT_RESTORE_H

#include "base/yaml.h"
#include "facts/image/image.h"

/* The machine whose machine_name() is NAME (NULL: unknown). */
void machine_restore(const char *name, struct machine *ret);
/* A kernel with the number of exports in EXPORTS, the map of that key; their names
 * are not known. */
const struct kernel *kernel_restore(struct arena *arena, const struct yaml *exports);

#endif
