/* SPDX-License-Identifier: ISC */
/* set_compare - compares two kernels of which only the requests are known: the lines
 * behind their abi hashes. facts/kconfig/ says what Kconfig makes of them. */
#ifndef KMODAUDIT_SET_COMPARE_H
#define KMODAUDIT_SET_COMPARE_H

#include "facts/compare/comparison.h"
#include "facts/kconfig/kconfig.h"

/* One of the two kernels. */
struct set_side {
	const struct strings *lines; /* of its set, sorted */
	const char *witness; /* whose set it is: "OpenWrt 24.10.0 x86/64, official" */
	const char *release; /* of its kernel */
	const struct kconfig_side *resolved;
};

/* The options of SIDE whose values are sure, as a config: for config_contradictions. */
const struct config *set_config(struct arena *arena, const struct kconfig *kconfig,
				const struct set_side *side);
/* As configs_compare. What may differ counts as a difference; OPEN of the result says
 * of which options it is not sure that they do. */
struct comparison sets_compare(struct arena *arena, const struct set_side *image,
			       const struct set_side *feed, const struct layout_choice *layout);

#endif
