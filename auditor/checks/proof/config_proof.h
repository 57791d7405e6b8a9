/* SPDX-License-Identifier: ISC */
/* config_proof - what the proofs config-core and config-hash have in common:
 * a comparison of two kernels, and what in it speaks against a package.
 * Private to checks/. */
#ifndef KMODAUDIT_CONFIG_PROOF_H
#define KMODAUDIT_CONFIG_PROOF_H

#include "checks/checks.h"

/* Why what differs between the two kernels may change the modules of PACKAGE:
 * one clause; NULL: it changes none of them, and symbols and struct module do
 * not say otherwise. */
const char *comparison_reaches(const struct world *world, const struct package *package,
			       const struct comparison *comparison,
			       const struct examination *examination);
/* Modules on both sides that differ though nothing in the comparison explains it: a
 * clause; NULL: there are none. */
const char *comparison_unexplained(const struct world *world, const struct package *package,
				   const struct comparison *comparison, struct arena *arena);

#endif
