/* SPDX-License-Identifier: ISC */
/* Prints the sections of explain on the image, the package, and the proofs: for each
 * why it holds or does not. */
#include "report/text/explain_parts.h"

#include "base/text.h"

#include <string.h>

void explain_head(const struct text *text, const char *words)
{
	fputc('\n', text->out);
	text_head(text, PAINT_CYAN, words);
}

/* TEXT without every "NAME: " in it. */
static const char *name_dropped(struct arena *arena, const char *text, const char *name)
{
	const char *rest = "", *prefix = arena_format(arena, "%s: ", name);

	for (const char *at = strstr(text, prefix); at; at = strstr(text, prefix)) {
		rest = arena_format(arena, "%s%.*s", rest, (int)(at - text), text);
		text = at + strlen(prefix);
	}
	return arena_format(arena, "%s%s", rest, text);
}

const char *explain_witness(const struct text *text, const char *witness)
{
	const char *image = world_image(text->verdicts->world)->source, *file = text->about->file;

	if (!witness || (file && strcmp(witness, file) == 0))
		return NULL;
	witness = name_dropped(text->arena, witness, image);
	return file ? name_dropped(text->arena, witness, file) : witness;
}

const char *explain_source(const struct text *text, const char *witness)
{
	const char *shown = explain_witness(text, witness);

	return shown ? arena_format(text->arena, " (%s)", shown) : "";
}

static void fact(const struct text *text, const char *label, const char *value, const char *witness)
{
	text_say(text, arena_format(text->arena, "  %s: ", label), "    ", "%s%s", value,
		 explain_source(text, witness));
}

static void fact_if_known(const struct text *text, const char *label, struct fact known)
{
	if (known.value)
		fact(text, label, known.value, known.witness);
}

static const char *abi_words(struct arena *arena, const struct abi *abi)
{
	return arena_format(arena, "%s%s", abi_text(arena, abi), abi->hash ? "" : ", no hash");
}

static void print_image(const struct text *text)
{
	const struct image *image = world_image(text->verdicts->world);
	const struct kernel *kernel = image->kernel;
	const char *abi = image->abi.version ? abi_words(text->arena, &image->abi) : "not known";

	explain_head(text, "The image");
	fact_if_known(text, "distribution", image->distribution);
	fact_if_known(text, "target", image->target);
	fact_if_known(text, "revision", image->revision);
	fact(text, "release", image->release.value ? image->release.value : "not known",
	     image->release.witness);
	if (image->boot)
		fact(text, "__FreeBSD_version",
		     image->boot->osreldate
			     ? arena_format(text->arena, "%d", image->boot->osreldate)
			     : "not known",
		     image->boot->source_witness);
	else
		fact(text, "kernel abi", abi,
		     image->abi.version ? image->abi.witness : image->database_witness);
	if (kernel && kernel->exports.source)
		fact(text, "exports",
		     arena_format(text->arena, "%zu symbols%s", kernel->exports.table.count,
				  kernel->exports.crcs ? ", with CRCs" : ", without CRCs"),
		     kernel->exports.source);
	else
		fact(text, "exports", "not known",
		     kernel ? kernel->exports.why : image->kernel_witness);
	fact(text, "modules", arena_format(text->arena, "%zu", image->modules.count), NULL);
	if (!image->boot)
		fact(text, "kernel config", image->config ? "known" : "not known",
		     image->config_witness);
	if (!image->database_known && !image->manifest.count)
		fact(text, "installed packages", "not known", image->database_witness);
}

/* The kernel versions that the modules of a FreeBSD package were built for. */
static const char *versions_words(struct arena *arena, const struct package *package)
{
	struct strings versions = {0};

	array_each(module, &package->modules) {
		const struct kld_depend *depend =
			module->kld && !module->problem ? kld_needs(module->kld, "kernel") : NULL;

		if (depend)
			*array_add(arena, &versions) =
				arena_format(arena, "__FreeBSD_version %d", depend->preferred);
	}
	strings_unique(&versions);
	return versions.count ? strings_join(arena, &versions, 4)
			      : "no module of it names a kernel version";
}

/* A package without modules that lacks no proof has nothing to prove; of one that cannot
 * be read no proof was tried. */
bool explain_has_proofs(const struct result *result)
{
	bool tried = false;

	for (size_t i = 0; i < PROOF_COUNT; i++)
		tried |= result->holds[i] || result->lacks[i];
	return tried && result->verdict != VERDICT_INSTALLED &&
	       (result->package->modules.count || !result->proven);
}

void explain_proofs(const struct text *text, const struct result *result)
{
	if (!explain_has_proofs(result))
		return;
	explain_head(text, "Proofs that it fits, strongest first");
	for (size_t i = 0; i < PROOF_COUNT; i++) {
		const char *label = arena_format(text->arena, "  %s: ", proof_name[i]);
		const char *accepted = text->verdicts->rules->accepted[i]
					       ? ""
					       : " (the policy does not accept this proof)";
		bool linux_only = i == PROOF_SYMBOL_CRCS || i == PROOF_IDENTITY ||
				  i == PROOF_CONFIG_CORE || i == PROOF_CONFIG_HASH;

		if (result->holds[i])
			text_say(text, label, "    ", "holds: %s%s", text_proof(proof_name[i]),
				 accepted);
		else if (result->lacks[i])
			text_say(text, label, "    ", "no: %s%s", result->lacks[i], accepted);
		else if (linux_only && world_image(text->verdicts->world)->loader == LOADER_FREEBSD)
			text_line(text, label, "    ", "FreeBSD has none");
	}
	if (result->proof)
		text_line(text, "  ", "    ",
			  "The verdict uses the weakest proof of the package and its "
			  "needs: %s.",
			  result->proof);
}

void explain_facts(const struct text *text)
{
	const struct package *package = text->about;
	const char *unread = NULL; /* why the package may contain more than is known */
	struct strings names = {0};

	if (package->problem)
		unread = "not known: the package cannot be read";
	else if (package->origin == PACKAGE_INDEX_ROW)
		unread = "not known: only its row in an index was read";
	array_each(module, &package->modules)
		*array_add(text->arena, &names) = module->name;

	print_image(text);
	explain_head(text, "The package");
	fact(text, "file", text_or_empty(package->file), NULL);
	if (world_image(text->verdicts->world)->boot && (names.count || !unread))
		fact(text, "built for", versions_words(text->arena, package), NULL);
	else if (package->abi.version)
		fact(text, "built for", abi_words(text->arena, &package->abi),
		     package->abi.witness);
	else
		fact(text, "built for", package->problem ? unread : "no kernel dependency", NULL);
	if (package->releases.count)
		fact(text, "modules directory",
		     arena_format(text->arena, "/lib/modules/%s",
				  strings_join(text->arena, &package->releases, 4)),
		     NULL);
	if (!names.count)
		fact(text, "modules", unread ? unread : "none", NULL);
	else
		fact(text, "modules",
		     arena_format(text->arena, "%s%s", strings_join(text->arena, &names, 12),
				  unread ? ", and perhaps more: the package cannot be read" : ""),
		     NULL);
}
