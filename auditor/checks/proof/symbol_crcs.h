/* SPDX-License-Identifier: ISC */
/* symbol_crcs - what equal CRCs of symbols prove. Private to checks/. */
#ifndef KMODAUDIT_SYMBOL_CRCS_H
#define KMODAUDIT_SYMBOL_CRCS_H

#include "checks/checks.h"

/* Why the CRC of IMPORT does not prove that it fits, as a clause; NULL if it does, or
 * if the import does not matter. */
const char *import_crc_unproven(const struct world *world, const struct package *package,
				const struct module *module, const struct import *import,
				struct arena *arena);
/* The same for module_layout, whose CRC covers
 * struct module (kernel/module/version.c). */
const char *layout_crc_unproven(const struct image *image, const struct module *module,
				struct arena *arena);

#endif
