/* SPDX-License-Identifier: ISC */
/* report_restore - restores facts about an image from a report. Private to report/. */
#ifndef KMODAUDIT_REPORT_RESTORE_H
#define KMODAUDIT_REPORT_RESTORE_H

#include "base/yaml.h"
#include "checks/finding.h"
#include "facts/freebsd/kld_boot.h"
#include "facts/image/image.h"
#include "facts/package/pkg.h"

/* The machine whose machine_name() is NAME (NULL: unknown). */
void machine_restore(const char *name, struct machine *ret);
/* A kernel with the number of exports in EXPORTS, the map of that key; their names
 * are not known. */
const struct kernel *kernel_restore(struct arena *arena, const struct yaml *exports);
/* What KERNEL, the map of that key, says about a kernel of FreeBSD; NULL: it is of Linux. */
const struct kld_boot *boot_restore(struct arena *arena, const struct yaml *kernel);
/* Sets which package manager PACKAGE is for, by what was found about that. */
void manager_restore(struct arena *arena, const struct findings *findings, struct package *package);

#endif
