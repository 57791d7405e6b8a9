#include "checks/checks.h"

void check_proof_twins(const struct world *world, const struct package *package, struct examination *examination)
{
	size_t twins = 0, equal = 0;

	if (package->modules.count == 0)
		return;
	array_each(module, &package->modules) {
		const struct module *twin = world_twin(world, module);

		if (!twin || twin->problem || module->problem)
			continue;
		twins++;
		equal += sha256_equal(&twin->sections, &module->sections);
	}
	examination->unproven[PROOF_TWINS] =
		twins == 0 ? "the image has no module of these names"
			   : arena_format(examination->arena, "%zu of %zu modules that the image has too are equal",
					  equal, twins);
}
