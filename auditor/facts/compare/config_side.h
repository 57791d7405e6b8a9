/* SPDX-License-Identifier: ISC */
/* config_side - compares a kernel configuration with the binaries that it should belong to. */
#ifndef KMODAUDIT_CONFIG_SIDE_H
#define KMODAUDIT_CONFIG_SIDE_H

#include "facts/config/config.h"
#include "facts/kernel/kernel.h"
#include "facts/compare/layout_rules.h"
#include "facts/package/version.h"
#include "facts/compare/module_options.h"

/* What is known of one side, image or feed. Members that are not known are NULL, zero or empty. */
struct config_side {
	const char *release; /* uname -r */
	const char *vermagic; /* of the kernel or of the side's modules */
	const char *banner; /* of the kernel */
	const struct abi *abi; /* what the packages call this kernel */
	struct machine machine;
	const struct kernel_exports *exports;
	/* names of the modules that are there, '_' spelled, sorted */
	const struct strings *modules;
	const struct strings *intree; /* those of them that say they are of the kernel's own tree */
	const struct strings *builtin; /* modules.builtin, '_' spelled, sorted */
	const struct layout_rules *rules; /* of this very series, or NULL */
	const struct module_options *options; /* which option builds which module; NULL: not read */
};

enum hash_agreement {
	HASH_UNKNOWN, /* the side has no hash */
	HASH_AGREES,
	HASH_DIFFERS,
	HASH_RESOLVED, /* differs, and must: OpenWrt hashes the file before kconfig resolves it */
};

enum hash_agreement config_hash(const struct config *config, const struct abi *abi);

/* Adds a sentence to AGAINST for everything in SIDE that CONFIG contradicts: with any, the
 * config belongs to another build. Sources: include/linux/vermagic.h for the tokens, Kbuild for
 * modules and built-ins. */
void config_contradictions(struct arena *arena, const struct config *config,
			   const struct config_side *side, struct strings *against);

#endif
