/* SPDX-License-Identifier: ISC */
/* Collects the facts that identify the image of a pair. */
#include "report/ledger/ledger_image.h"

#include "base/text.h"
#include "facts/freebsd/kld_boot.h"
#include "facts/world/world_sets.h"

#include <inttypes.h>
#include <string.h>

struct table_words {
	uint64_t count;
	bool complete, crcs;
	const char *source; /* NULL: there is no table */
};

static const char *exports_words(struct arena *arena, const struct table_words *exports)
{
	if (!exports->source)
		return NULL;
	return arena_format(arena, "%" PRIu64 " symbols, %s, %s; %s", exports->count,
			    exports->complete ? "all of them" : "not all of them",
			    exports->crcs ? "with CRCs" : "without CRCs", exports->source);
}

/* WHO has the build with the hash of the image; if that is not known, WHY. */
static const char *build_words(struct arena *arena, const char *who, const char *why)
{
	return who || !why ? who : arena_format(arena, "not known: %s", why);
}

static const char *interfaces_words(struct arena *arena, const char *count, const char *source)
{
	return source ? arena_format(arena, "%s; %s", count, source) : NULL;
}

static struct ledger_card card_of_run(struct arena *arena, const struct world *world)
{
	const struct image *image = world_image(world);
	const struct kld_boot *boot = image->boot; /* of FreeBSD only */
	const struct known_set *set = world_set(world, image->abi.hash);
	struct table_words exports = {0};

	if (image->kernel)
		exports = (struct table_words){
			image->kernel->exports.table.count, image->kernel->exports.complete,
			image->kernel->exports.crcs, image->kernel->exports.source};
	struct ledger_card card = {
		.sha256 = image->sha256,
		.distribution = image->distribution.value,
		.target = image->target.value,
		.revision = image->revision.value,
		.release = image->release.value,
		.architecture = machine_name(arena, image->machine),
		.vermagic = image->vermagic.value,
		.abi = abi_text(arena, &image->abi),
		.build = set ? build_words(arena, set->who, set->how) : NULL,
		.exports = exports_words(arena, &exports),
		.config = image->config ? image->config->witness : NULL,
		.modules = arena_format(arena, "%zu", image->modules.count),
		.packages = image->database_known
				    ? arena_format(arena, "%zu", image->packages.count)
				    : NULL,
	};
	if (!boot)
		return card;
	card.system = loader_name[image->loader];
	if (boot->osreldate)
		card.osreldate = arena_format(arena, "%" PRId32, boot->osreldate);
	if (image->kernel && image->kernel->kld)
		card.ident = image->kernel->kld->ident.value;
	card.interfaces = interfaces_words(
		arena, arena_format(arena, "%zu", boot->interfaces.count), boot->source_witness);
	return card;
}

static struct ledger_card card_of_saved(struct arena *arena, const struct yaml *root)
{
	const struct yaml *image = yaml_get(root, "image"), *kernel = yaml_get(image, "kernel");
	const struct yaml *abi = yaml_get(kernel, "abi"), *table = yaml_get(kernel, "exports");
	const struct yaml *interfaces = yaml_get(kernel, "interfaces");
	const char *who = yaml_unquoted(arena, abi, "who");
	struct abi build = {.version = yaml_unquoted(arena, abi, "version"),
			    .hash = yaml_unquoted(arena, abi, "hash")};
	struct table_words exports = {.complete = text_same(yaml_text(table, "complete"), "true"),
				      .crcs = text_same(yaml_text(table, "crcs"), "true"),
				      .source = yaml_unquoted(arena, table, "source")};
	size_t count = 0;

	if (yaml_number(table, "count", &count))
		exports.count = count;
	return (struct ledger_card){
		.sha256 = yaml_unquoted(arena, image, "sha256"),
		.distribution = yaml_unquoted(arena, image, "distribution"),
		.target = yaml_unquoted(arena, image, "target"),
		.revision = yaml_unquoted(arena, image, "revision"),
		.system = yaml_unquoted(arena, kernel, "system"),
		.osreldate = yaml_unquoted(arena, kernel, "osreldate"),
		.ident = yaml_unquoted(arena, kernel, "ident"),
		.interfaces = interfaces_words(arena, yaml_text(interfaces, "count"),
					       yaml_unquoted(arena, interfaces, "source")),
		.release = yaml_unquoted(arena, kernel, "release"),
		.architecture = yaml_unquoted(arena, kernel, "architecture"),
		.vermagic = yaml_unquoted(arena, kernel, "vermagic"),
		.abi = abi_text(arena, &build),
		.build = build_words(arena, who, yaml_unquoted(arena, abi, "found")),
		.exports = exports_words(arena, &exports),
		.config = yaml_unquoted(arena, yaml_get(kernel, "config"), "source"),
		.modules = yaml_unquoted(arena, image, "modules"),
		.packages = yaml_unquoted(arena, image, "packages"),
	};
}

struct ledger_card ledger_card(struct arena *arena, const struct verdicts *verdicts)
{
	return verdicts->saved ? card_of_saved(arena, verdicts->saved)
			       : card_of_run(arena, verdicts->world);
}
