/* SPDX-License-Identifier: ISC */
/* Decides the proof twins: at least 90 % of the modules that image and feed both have
 * are equal, and the equal ones import every kernel symbol of the package. */
#include "checks/proof/identity.h"

/* The percentage of twins that must be equal for the proof. */
enum { EQUAL_LEAST = 90 };

struct coverage {
	size_t imports, covered;
	const char *missing; /* the first import that no equal twin has */
};

/* Counts the package's imports from the kernel, and those that equal twins also import:
 * their code was compiled with the same types on both sides. Imports from modules are
 * not counted; these modules are checked separately. */
static struct coverage coverage_of(const struct world *world, const struct package *package)
{
	struct coverage coverage = {0};

	array_each(module, &package->modules)
		array_each(import, &module->imports) {
			struct provider provider;

			if (import_ignored(import->name))
				continue;
			if (world_import(world, package, module, import->name, &provider) &&
			    provider.module)
				continue;
			coverage.imports++;
			if (world_twins_import(world, package, import->name))
				coverage.covered++;
			else if (!coverage.missing)
				coverage.missing = import->name;
		}
	return coverage;
}

static const char *twins_text(struct arena *arena, const struct twins *twins,
			      const struct coverage *coverage)
{
	const char *text =
		arena_format(arena, "%zu of %zu modules that the image also has are equal",
			     twins->equal, twins->count);

	if (twins->differing.count > 0)
		text = arena_format(arena, "%s (not %s)", text,
				    strings_join(arena, &twins->differing, 4));
	if (coverage->imports == 0)
		return text;
	if (!coverage->missing)
		return arena_format(arena, "%s and import all of its %zu kernel symbols", text,
				    coverage->imports);
	return arena_format(arena, "%s, but import only %zu of its %zu kernel symbols, not %s",
			    text, coverage->covered, coverage->imports, coverage->missing);
}

void check_proof_twins(const struct world *world, const struct package *package,
		       struct examination *examination)
{
	const struct twins *twins = world_twins(world, package);

	if (!package_pinned(package))
		return;
	if (twins->count == 0) {
		examination->unproven[PROOF_TWINS] =
			"no module is both in the image and in the feed";
		return;
	}

	struct coverage coverage = coverage_of(world, package);
	const char *text = twins_text(examination->arena, twins, &coverage);
	bool enough = twins->equal * 100 >= twins->count * EQUAL_LEAST &&
		      coverage.covered == coverage.imports;
	bool proven = enough &&
		      !array_any(module, &package->modules,
				 strings_have(&twins->differing, module->name)) &&
		      !package_foreign(world_image(world), package) &&
		      !examination_has(examination, "this-module", OUTCOME_FAILS, NULL);

	examination->proven[PROOF_TWINS] = proven;
	examination->unproven[PROOF_TWINS] = text;
	struct finding *finding = examine(examination, "twins",
					  proven ? OUTCOME_HOLDS : OUTCOME_REMARK, NULL, "twins");
	finding->text = text;
	finding->witness[1] = package->witness;
}
