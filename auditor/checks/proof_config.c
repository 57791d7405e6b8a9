#include "checks/checks.h"

void check_proof_config(const struct world *world, const struct package *package, struct examination *examination)
{
	const bool image = world_image(world)->config != NULL, feed = world_feed_config(world) != NULL;

	if (package->modules.count == 0)
		return;
	if (!image && !feed)
		examination->unproven[PROOF_CONFIG_CORE] = "the kernel config of neither side is known";
	else if (!image)
		examination->unproven[PROOF_CONFIG_CORE] = "the image's kernel config is not known";
	else if (!feed)
		examination->unproven[PROOF_CONFIG_CORE] = "the feed's kernel config is not known";
	else
		examination->unproven[PROOF_CONFIG_CORE] =
			"no rule tells what the difference of the two configs changes";
}
