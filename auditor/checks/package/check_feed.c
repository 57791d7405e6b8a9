/* SPDX-License-Identifier: ISC */
/* Checks a feed as a whole: its index against its files, its signature, its kernel
 * abis, and which build each kernel config is tied to. */
#include "base/text.h"
#include "checks/proof/identity.h"

static const char *index_text(struct arena *arena, const struct index_finding *index)
{
	const char *name = index->package ? index->package : "the index";

	switch (index->trouble) {
	case INDEX_ROW_WITHOUT_FILE:
		return arena_format(arena, "the index lists %s, but the file does not exist", name);
	case INDEX_FILE_WITHOUT_ROW:
		return arena_format(arena, "%s is in the feed, but the index does not list it",
				    name);
	case INDEX_SIZE_DIFFERS:
		return arena_format(arena, "the size of %s differs from the index", name);
	case INDEX_SHA256_DIFFERS:
		return arena_format(arena, "the checksum of %s differs from the index", name);
	case INDEX_VERSION_DIFFERS:
		return arena_format(arena, "the version of %s differs from the index", name);
	case INDEX_NAME_DIFFERS:
		return arena_format(arena, "the index lists the file of %s under another name",
				    name);
	case INDEX_DEPENDS_DIFFER:
		return arena_format(arena,
				    "the dependencies of %s differ from the index, which the "
				    "package manager follows",
				    name);
	case INDEX_UNREADABLE:
		return "the index cannot be read";
	case INDEX_TEXTS_DIFFER:
		return "the packed index has another text than the plain one; both are used, and a "
		       "package manager takes the packed one";
	case INDEX_ROWS_DIFFER:
		return "the two catalogues of the repository list different packages; pkg reads "
		       "data.pkg, older versions of it packagesite";
	case INDEX_DIGEST_DIFFERS:
		return arena_format(arena,
				    "digests contradicts the row of %s in packagesite.yaml: one of "
				    "the two was changed, and neither vouches for the package",
				    name);
	case INDEX_DIGESTS_ROWS:
		return arena_format(arena,
				    "digests and packagesite.yaml list different packages; pkg "
				    "before 1.4 reads the rows that digests names, later versions "
				    "all rows: %s has %s",
				    path_last(index->file), index->found);
	case INDEX_FILES_DIFFER:
		return arena_format(arena,
				    "the list of files of the repository names other modules of %s "
				    "than the package has; pkg does not read it, and it proves "
				    "nothing about the package",
				    name);
	case INDEX_META:
		return arena_format(arena, "the repository's own list of its files: %s",
				    index->found);
	}
	return NULL;
}

static void index_check(struct arena *arena, const struct feed *feed, struct findings *findings)
{
	array_each(index, &feed->index) {
		bool bytes = index->trouble == INDEX_SIZE_DIFFERS ||
			     index->trouble == INDEX_SHA256_DIFFERS;
		const char *subject = index->package ? index->package : index->file;
		struct finding *finding =
			finding_add(arena, findings, bytes ? "feed-checksum" : "feed-index",
				    OUTCOME_FAILS, NULL, subject ? subject : "index");

		finding_show(finding, index->expected, index->witness, index->found, index->file);
		finding->text = index_text(arena, index);
	}
}

static void signatures_check(struct arena *arena, const struct feed *feed,
			     struct findings *findings)
{
	bool invalid = feed->signature == SIGNATURE_INVALID;

	if (invalid || feed->signature == SIGNATURE_UNKNOWN_KEY) {
		struct finding *finding =
			finding_add(arena, findings, "feed-signature",
				    invalid ? OUTCOME_FAILS : OUTCOME_UNKNOWN, NULL, "signature");

		finding->witness[0] = feed->signature_witness;
		finding->witness[1] = feed->source;
		finding->text = arena_format(arena, "%s: %s",
					     invalid ? "the signature of the index is not valid"
						     : "the index is signed with an unknown key",
					     feed->signature_why ? feed->signature_why
								 : "the cause is not known");
		finding->settle = invalid ? NULL : "--key";
	}
	if (feed->aside_why) {
		struct finding *finding = finding_add(arena, findings, "feed-index", OUTCOME_FAILS,
						      NULL, "signature");

		finding->witness[0] = feed->aside_witness;
		finding->text =
			arena_format(arena,
				     "the signature of %s is not valid: %s; pkg before 1.4 refuses "
				     "the repository, later versions do not read the file",
				     path_last(feed->aside_witness), feed->aside_why);
	}
}

static void abis_check(struct arena *arena, const struct feed *feed, struct findings *findings)
{
	struct strings abis = {0};

	array_each(package, &feed->packages) {
		const char *text = package->abi.hash ? abi_text(arena, &package->abi) : NULL;

		if (text && !strings_have(&abis, text))
			*array_add(arena, &abis) = text;
	}
	strings_unique(&abis);
	if (abis.count < 2)
		return;

	struct finding *finding =
		finding_add(arena, findings, "feed-abis", OUTCOME_REMARK, NULL, "kernel abi");
	finding_show(finding, NULL, NULL, strings_join(arena, &abis, 4), feed->source);
	finding->text = arena_format(arena,
				     "the feed contains packages for %zu kernel abis; each is "
				     "judged with packages for the same abi",
				     abis.count);
}

/* Reports once for each build to which config it is tied and how, or why to none. */
static void config_ties_check(struct arena *arena, const struct world *world,
			      const struct feed *feed, struct findings *findings)
{
	struct strings seen = {0};

	array_each(package, &feed->packages) {
		const char *name = world_build_name(world, package);
		const struct tie *tie = world_tie(world, package);
		enum hash_agreement hash = world_config_hash(world, package);

		if (!tie->how || tie->against.count > 0 || package->modules.count == 0 ||
		    strings_have(&seen, name))
			continue;
		*array_add(arena, &seen) = name;
		struct finding *finding =
			finding_add(arena, findings, "config-contradicted",
				    hash == HASH_AGREES ? OUTCOME_HOLDS : OUTCOME_UNKNOWN, NULL,
				    "kernel config");
		if (tie->config)
			finding->witness[1] = tie->config->witness;
		finding->text =
			tie->config
				? arena_format(arena, "kernel config of %s: %s; %s", name, tie->how,
					       config_hash_text(hash))
				: arena_format(arena, "the kernel config of %s is not known: %s",
					       name, tie->how);
		if (!tie->config)
			finding->settle = "one build per run, each with its own --feed-config";
	}
}

/* Reports each contradiction of a config once, however many packages it
 * is compared with. */
static void configs_check(struct arena *arena, const struct world *world, const struct feed *feed,
			  struct findings *findings)
{
	struct strings seen = {0};

	array_each(package, &feed->packages) {
		const struct strings *against = world_config_against(world, package);

		for (size_t i = 0; i < against->count; i++) {
			if (strings_have(&seen, against->list[i]))
				continue;
			*array_add(arena, &seen) = against->list[i];
			struct finding *finding =
				finding_add(arena, findings, "config-contradicted", OUTCOME_FAILS,
					    NULL, "kernel config");
			finding->witness[1] = world_config(world, package)->witness;
			finding->text = arena_format(
				arena,
				"the kernel config is not taken for that of these modules: %s",
				against->list[i]);
		}
	}
}

void check_feed(struct arena *arena, const struct world *world, const struct feed *feed,
		struct findings *findings)
{
	index_check(arena, feed, findings);
	array_each(left, &feed->left) {
		struct finding *finding = finding_add(arena, findings, "feed-left-out",
						      OUTCOME_FAILS, NULL, left->path);

		finding->witness[0] = left->path;
		finding->text = arena_format(arena, "%s was not read: %s", left->path, left->why);
	}
	signatures_check(arena, feed, findings);
	abis_check(arena, feed, findings);
	check_shadow(arena, world, feed, findings);
	configs_check(arena, world, feed, findings);
	config_ties_check(arena, world, feed, findings);
	array_sort(findings, finding_compare);
}
