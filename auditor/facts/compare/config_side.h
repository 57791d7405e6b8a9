/* SPDX-License-Identifier: ISC */
/* config_side - checks whether a kernel config can belong to given binaries. */
#ifndef KMODAUDIT_CONFIG_SIDE_H
#define KMODAUDIT_CONFIG_SIDE_H

#include "facts/config/config.h"
#include "facts/kernel/kernel.h"
#include "facts/compare/layout_rules.h"
#include "facts/package/version.h"
#include "facts/compare/module_options.h"

/* The facts of one side, image or feed. Unknown members are NULL, zero or empty. */
struct config_side {
	const char *release; /* uname -r */
	const char *vermagic; /* of the kernel, or of the side's modules */
	const char *banner; /* of the kernel */
	const struct abi *abi; /* the abi on which its packages depend */
	struct machine machine;
	const struct kernel_exports *exports;
	/* names of the side's modules, with '_' for '-', sorted */
	const struct strings *modules;
	/* those of MODULES whose modinfo says that they are from the
	 * kernel's own tree */
	const struct strings *intree;
	const struct strings *builtin; /* from modules.builtin, with '_' for '-', sorted */
	const struct layout_rules *rules; /* for exactly this series, or NULL */
	const struct module_options *options; /* which option builds which module; NULL: not read */
};

enum hash_agreement {
	HASH_UNKNOWN, /* the side has no hash */
	HASH_AGREES,
	HASH_DIFFERS,
	/* the hashes must differ: OpenWrt hashes the file before
	 * kconfig completes it */
	HASH_RESOLVED,
};

enum hash_agreement config_hash(const struct config *config, const struct abi *abi);

/* Adds a sentence to AGAINST for each fact of SIDE that CONFIG contradicts. If there is
 * any, the config belongs to another build. Sources: include/linux/vermagic.h for the
 * tokens of vermagic, Kbuild for modules and built-ins. */
void config_contradictions(struct arena *arena, const struct config *config,
			   const struct config_side *side, struct strings *against);

#endif
