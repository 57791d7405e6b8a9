/* SPDX-License-Identifier: ISC */
/* Checks a package file against the checksums in its feed's index, its files against
 * its own manifest, and the signature of that index. */
#include "checks/checks.h"
#include "facts/package/pkg.h"

#include <string.h>

static const struct feed *feed_of(const struct world *world, const struct package *package)
{
	return &world_feeds(world)->list[package->feed];
}

static void checksum_check(const struct feed *feed, const struct package *package,
			   struct examination *examination)
{
	/* the first value in the index that the file contradicts */
	const struct index_finding *index = array_find(
		one, &feed->index,
		(one->trouble == INDEX_SIZE_DIFFERS || one->trouble == INDEX_SHA256_DIFFERS) &&
			one->file && package->file && strcmp(one->file, package->file) == 0);

	if (!index)
		return;

	bool size = index->trouble == INDEX_SIZE_DIFFERS;
	struct finding *finding = examine(examination, "package-checksum", OUTCOME_FAILS, NULL,
					  size ? "size" : "checksum");
	finding_show(finding, index->expected, index->witness, index->found, index->file);
	finding->text = arena_format(examination->arena,
				     "it is not the file that the index lists: its %s differs",
				     size ? "size" : "checksum");
}

struct finding *examine_signature(const struct world *world, const struct package *package,
				  struct examination *examination)
{
	const struct feed *feed = feed_of(world, package);
	struct finding *finding =
		examine(examination, "package-signature", OUTCOME_FAILS, NULL, "signature");

	finding->witness[0] = feed->signature_witness;
	finding->witness[1] = feed->source;
	return finding;
}

static void sums_check(const struct package *package, struct examination *examination)
{
	const struct pkg *pkg = package->pkg;

	if (!pkg || package->origin != PACKAGE_FILE || package->problem)
		return;
	array_each(difference, &pkg->differences) {
		struct finding *finding =
			examine(examination, "package-sums", OUTCOME_FAILS, NULL, difference->path);

		finding_show(finding, difference->stated, pkg->witness, difference->found,
			     package->file);
		finding->text = arena_format(examination->arena,
					     "%s has another sum than +MANIFEST states: it was "
					     "changed after the package was made",
					     difference->path);
	}
	for (size_t i = 0; i < pkg->lacking.count; i++) {
		/* what a module that is not there needs is not known */
		bool module = module_is_path(pkg->lacking.list[i]);
		struct finding *finding = examine(examination, "package-sums",
						  module ? OUTCOME_UNKNOWN : OUTCOME_FAILS, NULL,
						  pkg->lacking.list[i]);

		finding->settle = module ? "the whole package" : NULL;
		finding_show(finding, pkg->lacking.list[i], pkg->witness, NULL, package->file);
		finding->text = arena_format(examination->arena,
					     "+MANIFEST lists %s, and the archive does not have it",
					     pkg->lacking.list[i]);
	}
}

void check_trust(const struct world *world, const struct package *package,
		 struct examination *examination)
{
	const struct feed *feed = feed_of(world, package);

	checksum_check(feed, package, examination);
	sums_check(package, examination);
	/* an index with an invalid signature proves nothing about its packages */
	if (feed->signature == SIGNATURE_INVALID)
		examine_signature(world, package, examination)->text =
			arena_format(examination->arena,
				     "it is listed in an index with an invalid signature: %s",
				     feed->signature_why ? feed->signature_why : "it does not fit");
}
