/* SPDX-License-Identifier: ISC */
/* Reports packages that apk would install in addition because their install_if
 * conditions are met by the package. */
#include "checks/checks.h"

#include <string.h>

/* Real packages have two or three conditions; packages with more than
 * this are skipped. */
enum { CONDITIONS_MOST = 64 };

/* True if the image satisfies the condition, or PACKAGE does. */
static bool condition_met(const struct world *world, const struct package *package,
			  const struct formula *formula)
{
	const struct package *other;

	for (size_t i = 0; i < formula->count; i++)
		if (package_satisfies(package, &formula->list[i]))
			return true;
	return world_satisfies(world, package, formula, &other) == SATISFIED_INSTALLED;
}

/* True if installing PACKAGE triggers OTHER: all conditions are satisfied, at least one
 * of them by PACKAGE. */
static bool pulled_in(const struct world *world, const struct package *package,
		      const struct package *other)
{
	bool by_package = false;

	array_each(formula, &other->install_if_not)
		if (condition_met(world, package, formula))
			return false;

	array_each(formula, &other->install_if) {
		if (!condition_met(world, package, formula))
			return false;
		for (size_t i = 0; i < formula->count; i++)
			by_package |= package_satisfies(package, &formula->list[i]);
	}
	return by_package;
}

void check_install_if(const struct world *world, const struct package *package,
		      struct examination *examination)
{
	struct fold fold = {0};

	for (size_t i = 0; package->apk && i < world_count(world); i++) {
		const struct package *other = world_package(world, i);

		if (other->install_if.count == 0 || other->install_if.count > CONDITIONS_MOST ||
		    other == package || !pulled_in(world, package, other))
			continue;
		struct finding *finding = examine_folded(examination, &fold, "install-if",
							 OUTCOME_REMARK, NULL, other->name);
		if (!finding)
			continue;
		finding->witness[0] = other->witness;
		finding->witness[1] = package->witness;
		finding->text = arena_format(
			examination->arena,
			"apk installs %s with it, which asks for that (install-if)", other->name);
	}
}
