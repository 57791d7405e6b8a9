/* SPDX-License-Identifier: ISC */
/* Decides the proof identity: package and image name the same kernel abi, hash
 * included, and nothing contradicts it. */
#include "checks/proof/identity.h"

#include <string.h>

/* Eight digits distinguish two hashes, as in a short git hash. */
enum { HASH_SHOWN = 8 };

static const char *abi_difference(struct arena *arena, const struct abi *image,
				  const struct abi *package)
{
	if (!image->version)
		return "the kernel abi differs from the image's";
	if (strcmp(image->version, package->version) != 0)
		return arena_format(arena, "the kernel abi differs from the image's (%s, not %s)",
				    package->version, image->version);
	return arena_format(arena,
			    "the kernel abi differs from the image's (config hash %.*s, not %.*s)",
			    HASH_SHOWN, package->hash, HASH_SHOWN, image->hash);
}

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
	if (!abi_equal(&image->abi, &package->abi))
		return abi_difference(examination->arena, &image->abi, &package->abi);
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

/* Reports doubt about an equal abi; as a remark only if the CRCs of all symbols agree,
 * because then the proof does not depend on the abi. */
static void doubted(const struct world *world, const struct package *package, const char *doubt,
		    struct examination *examination)
{
	if (!doubt || abi_stale(world_image(world)) ||
	    examination_has(examination, "identity-contradicted", OUTCOME_FAILS, NULL))
		return;

	struct finding *finding =
		examine(examination, "identity-contradicted",
			examination->proven[PROOF_SYMBOL_CRCS] ? OUTCOME_REMARK : OUTCOME_UNKNOWN,
			NULL, "kernel abi");
	finding->witness[0] = world_image(world)->abi.witness;
	finding->witness[1] = package->abi.witness ? package->abi.witness : package->witness;
	finding->text = arena_format(examination->arena,
				     "the kernel abi is equal, but proves nothing: %s", doubt);
}

void check_proof_identity(const struct world *world, const struct package *package,
			  struct examination *examination)
{
	if (!package_pinned(package))
		return;

	const char *doubt = abi_equal(&world_image(world)->abi, &package->abi)
				    ? identity_doubt(examination->arena, world, package)
				    : NULL;

	doubted(world, package, doubt, examination);
	examination->unproven[PROOF_IDENTITY] = unproven(world, package, doubt, examination);
	examination->proven[PROOF_IDENTITY] = !examination->unproven[PROOF_IDENTITY];
}
