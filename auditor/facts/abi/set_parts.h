/* SPDX-License-Identifier: ISC */
/* set_parts - what the set of one OpenWrt release and target is composed of: the target's own
 * lines, the KERNEL_ options, the packages that ask for lines. A set is the sorted =y and =m
 * lines whose md5 is the abi hash. */
#ifndef KMODAUDIT_SET_PARTS_H
#define KMODAUDIT_SET_PARTS_H

#include "base/array.h"

/* A package whose KCONFIG asks for lines (OpenWrt's package/kernel/linux/modules). */
struct set_kmod {
	const char *name; /* "kmod-wireguard"; a few are no kmods: "frr-bgpd" */
	/* as the package's Makefile has it: "+kmod-x" is selected along, "+IPV6:kmod-x" on a
	 * condition, "@TARGET_x86" and "kmod-y" are conditions; "": none */
	const char *depends;
	struct strings lines; /* "CONFIG_X=m", "CONFIG_Y=n", as they stand, in their order */
};

struct set_kmods {
	struct set_kmod *list; /* in the order in which the build reads the packages */
	size_t count, room;
};

/* A KERNEL_ symbol of the build (config/Config-kernel.in): "KERNEL_AIO" asks for CONFIG_AIO. */
struct set_choice {
	const char *name; /* "KERNEL_AIO" */
	bool prompt; /* a user can set it */
	/* Kconfig expressions as the tree has them, several joined with "; " (defaults,
	 * selects) or " && " (depends): "y if !SMALL_FLASH"; "": none */
	const char *defaults, *depends, *selects;
	/* in a plain build (nothing but the target chosen): where flash is large, is small */
	bool plain, plain_small;
};

struct set_choices {
	struct set_choice *list; /* sorted by name */
	size_t count, room;
};

/* Where a row of these comes from other releases (`nearest`), it is a guess that a hash has to
 * prove. */
struct set_parts {
	const char *release, *target; /* "24.10.8", "ath79/generic" */
	const char *kernel; /* "6.6.127"; NULL: not known */
	struct strings own; /* the target's own lines, those with =y or =m */
	/* the official build's KERNEL_ options as CONFIG_X=y or "# CONFIG_X is not set", with
	 * the KALLSYMS lines, in their order */
	struct strings options;
	struct strings selected; /* packages that the official build selects */
	const struct set_kmods *kmods; /* of the release */
	const struct set_choices *choices; /* of the release */
};

#endif
