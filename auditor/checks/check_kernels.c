/* SPDX-License-Identifier: ISC */
/* Reports that an image has several kernels and does not show which one runs. Modules
 * are judged by one of them; another one may refuse what that one loads. */
#include "checks/checks.h"

#define SETTLE "--image-part N, which selects the kernel and its root file system"

void check_image_kernels(struct arena *arena, const struct image *image, struct findings *findings)
{
	if (!image->kernel_doubt)
		return;
	struct finding *finding =
		finding_add(arena, findings, "image-kernels", OUTCOME_UNKNOWN, NULL, "kernels");

	finding->witness[0] = image->kernel_witness;
	finding->text = image->kernel_doubt;
	finding->settle = SETTLE;
}

void check_kernels(const struct world *world, const struct package *package,
		   struct examination *examination)
{
	const struct image *image = world_image(world);

	if (!image->kernel_doubt || (package->modules.count == 0 && !package->abi.version))
		return;
	struct finding *finding =
		examine(examination, "image-kernels", OUTCOME_UNKNOWN, NULL, package->name);

	finding->witness[0] = image->kernel_witness;
	finding->witness[1] = package->witness;
	finding->text = image->kernel_doubt;
	finding->settle = SETTLE;
}
