/* SPDX-License-Identifier: ISC */
/* Decides the proof identity: package and image name the same kernel abi, hash
 * included, and nothing contradicts it. */
#include "checks/proof/identity.h"

#include <string.h>

/* Eight digits distinguish two hashes, as in a short git hash. */
enum { HASH_SHOWN = 8 };

const char *hash_lacking(const struct image *image, const struct package *package)
{
	if (!package->abi.version)
		return "the package has no kernel dependency";
	if (!package->abi.hash)
		return "the package's kernel dependency has no hash";
	if (!image->abi.hash)
		return "the kernel abi of the image is not known";
	return NULL;
}

/* Why the proof does not hold, or NULL. DOUBT: a clause that makes an equal abi
 * doubtful, or NULL. */
static const char *unproven(const struct world *world, const struct package *package,
			    const char *doubt, const struct examination *examination)
{
	const struct image *image = world_image(world);
	const char *lacking = hash_lacking(image, package);

	if (lacking)
		return lacking;
	if (!abi_equal(&image->abi, &package->abi)) {
		if (!image->abi.version)
			return "the kernel abi differs from the image's";
		if (strcmp(image->abi.version, package->abi.version) != 0)
			return arena_format(examination->arena,
					    "the kernel abi differs from the image's (%s, not %s)",
					    package->abi.version, image->abi.version);
		return arena_format(
			examination->arena,
			"the kernel abi differs from the image's (config hash %.*s, not %.*s)",
			HASH_SHOWN, package->abi.hash, HASH_SHOWN, image->abi.hash);
	}
	if (image_exports(image)->doubt)
		return image_exports(image)->doubt;
	if (abi_stale(image))
		return "the image's kernel abi is for another release than its kernel";
	if (examination_has(examination, "identity-contradicted", OUTCOME_FAILS, NULL))
		return "the kernel abi is equal, but the modules contradict it";
	if (doubt)
		return arena_format(examination->arena, "the kernel abi is equal, but %s", doubt);
	if (examination_has(examination, "identity-contradicted", OUTCOME_UNKNOWN, NULL))
		return "the kernel abi is equal, but code or data of its modules differ from the "
		       "image's modules";
	return NULL;
}

void check_proof_identity(const struct world *world, const struct package *package,
			  struct examination *examination)
{
	if (!package_pinned(package))
		return;

	const struct image *image = world_image(world);
	const char *doubt = abi_equal(&image->abi, &package->abi)
				    ? identity_doubt(examination->arena, world, package)
				    : NULL;
	if (doubt && !abi_stale(image) &&
	    !examination_has(examination, "identity-contradicted", OUTCOME_FAILS, NULL)) {
		/* if the CRCs of all symbols agree, the proof does not depend on the abi */
		bool agree = examination->proven[PROOF_SYMBOL_CRCS];
		struct finding *finding =
			examine(examination, "identity-contradicted",
				agree ? OUTCOME_REMARK : OUTCOME_UNKNOWN, NULL, "kernel abi");

		finding->witness[0] = image->abi.witness;
		finding->witness[1] =
			package->abi.witness ? package->abi.witness : package->witness;
		finding->text =
			arena_format(examination->arena,
				     "the kernel abi is equal, but proves nothing: %s", doubt);
	}
	examination->unproven[PROOF_IDENTITY] = unproven(world, package, doubt, examination);
	examination->proven[PROOF_IDENTITY] = !examination->unproven[PROOF_IDENTITY];
}
