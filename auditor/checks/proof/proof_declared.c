/* SPDX-License-Identifier: ISC */
/* Decides the proof declared: the providers of the kernel and of all modules the
 * package needs declare that they support its build, and no finding contradicts it. */
#include "checks/proof/identity.h"
#include "base/text.h"
#include "checks/loader/interface.h"

/* Findings by which a provider does not support the version, or may not: if they fail, or if
 * their outcome is unknown. */
static const char *const unsupporting[] = {"interface-revoked", "interface-range",
					   "interface-absent", NULL};
/* Findings that contradict a provider's statement that the package works, if they fail. */
static const char *const contradicting[] = {
	"machine",	  "package-architecture", "modules-directory", "kernel-release",
	"this-module",	  "foreign-module",	  "module-versions",   "module-layout",
	"vermagic",	  "symbol-missing",	  "symbol-crc",	       "identity-contradicted",
	"layout-changed", "foreign-system",	  "kld-interface",     "kld-kernel",
	"kld-depends",	  "kld-symbol",		  "kld-module",	       NULL};

static const char *unproven(const struct world *world, const struct package *package,
			    const struct examination *examination)
{
	struct arena *arena = examination->arena;
	const struct finding *unsupported = array_find(
		finding, &examination->findings,
		(finding->outcome == OUTCOME_FAILS || finding->outcome == OUTCOME_UNKNOWN) &&
			text_among(finding->id, unsupporting));
	if (unsupported)
		return "not all providers support the version that it was built against";
	if (!examination->kernel_declared)
		return "the provider of the kernel declares nothing";

	const struct finding *against = array_find(finding, &examination->findings,
						   finding->outcome == OUTCOME_FAILS &&
							   text_among(finding->id, contradicting));
	if (against)
		return arena_format(arena, "declared as supported, but: %s", against->text);

	struct usage usage = usage_collect(arena, world, package);
	array_each(use, &usage.modules) {
		const struct package *from = use->provider.package;
		bool in_kernel = use->presence == PRESENT && !use->provider.module;
		bool own_build = from && world_same_build(world, package, from);

		if (!in_kernel && !own_build && !strings_have(&examination->declared, use->name))
			return arena_format(
				arena,
				"the provider of module %s, which it needs, declares nothing",
				use->name);
	}
	return NULL;
}

void check_proof_declared(const struct world *world, const struct package *package,
			  struct examination *examination)
{
	struct declarer declarer;
	bool declared = false;
	size_t at = 0;

	if (!package_pinned(package))
		return;
	while (!declared && world_declarer(world, package, &at, &declarer))
		declared = declarer.providers->statements.count > 0 ||
			   declarer.providers->problems.count > 0;
	if (!declared)
		return;

	const char *why = unproven(world, package, examination);
	examination->proven[PROOF_DECLARED] = !why;
	examination->unproven[PROOF_DECLARED] =
		why ? why : "all its providers support the version that it was built against";
}
