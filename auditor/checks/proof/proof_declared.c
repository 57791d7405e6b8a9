/* SPDX-License-Identifier: ISC */
/* Decides the proof declared: the providers of the kernel and of all modules the
 * package needs declare that they support its build, and no finding contradicts it. */
#include "checks/proof/identity.h"
#include "checks/loader/interface.h"

#include <string.h>

/* A finding that contradicts a provider's statement that the package works, or NULL. */
static const struct finding *contradiction(const struct examination *examination)
{
	static const char *const ids[] = {
		"machine",	   "package-architecture", "modules-directory",
		"kernel-release",  "this-module",	   "foreign-module",
		"module-versions", "module-layout",	   "vermagic",
		"symbol-missing",  "symbol-crc",	   "identity-contradicted",
		"layout-changed",  "foreign-system",	   "kld-interface",
		"kld-kernel",	   "kld-depends",	   "kld-symbol",
		"kld-module"};

	array_each(finding, &examination->findings)
		for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
			if (finding->outcome == OUTCOME_FAILS && strcmp(finding->id, ids[i]) == 0)
				return finding;
	return NULL;
}

/* True if the used module is from the package's own build. */
static bool built_together(const struct usage *usage, const struct use *use)
{
	const struct package *package = use->provider.package;

	return package && world_same_build(usage->world, usage->package, package);
}

static const char *module_undeclared(const struct world *world, const struct package *package,
				     const struct examination *examination)
{
	struct usage usage = usage_collect(examination->arena, world, package);

	array_each(use, &usage.modules) {
		bool in_kernel = use->presence == PRESENT && !use->provider.module;

		if (!in_kernel && !built_together(&usage, use) &&
		    !strings_have(&examination->declared, use->name))
			return arena_format(
				examination->arena,
				"the provider of module %s, which it needs, declares nothing",
				use->name);
	}
	return NULL;
}

static const char *unproven(const struct world *world, const struct package *package,
			    const struct examination *examination)
{
	static const char *const ids[] = {"interface-revoked", "interface-range",
					  "interface-absent"};
	const struct finding *against;

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (examination_has(examination, ids[i], OUTCOME_FAILS, NULL) ||
		    examination_has(examination, ids[i], OUTCOME_UNKNOWN, NULL))
			return "not all providers support the version that it was built against";
	if (!examination->kernel_declared)
		return "the provider of the kernel declares nothing";
	against = contradiction(examination);
	if (against)
		return arena_format(examination->arena, "declared as supported, but: %s",
				    against->text);
	return module_undeclared(world, package, examination);
}

static bool anybody_declares(const struct world *world, const struct package *package)
{
	struct declarer declarer;
	size_t at = 0;

	while (world_declarer(world, package, &at, &declarer))
		if (declarer.providers->statements.count + declarer.providers->problems.count > 0)
			return true;
	return false;
}

void check_proof_declared(const struct world *world, const struct package *package,
			  struct examination *examination)
{
	if (!package_pinned(package) || !anybody_declares(world, package))
		return;

	const char *why = unproven(world, package, examination);
	examination->proven[PROOF_DECLARED] = !why;
	examination->unproven[PROOF_DECLARED] =
		why ? why : "all its providers support the version that it was built against";
}
