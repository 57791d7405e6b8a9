/* SPDX-License-Identifier: ISC */
/* Prints the safe packages in a text report: their proofs, the order of installation,
 * the commands to type, and safe packages left out. */
#include "report/text/text_parts.h"

#include "report/text/text_groups.h"

#include <string.h>

enum { INSTALL_ROWS = 12, COMMANDS_MOST = 3, EXCLUDED_MOST = 3, KEPT_ROWS = 3 };

/* Prints the proofs, strongest first, such as "identity: 2 packages, ...". */
static void print_proofs(const struct text *text)
{
	size_t count[PROOF_COUNT] = {0}, kinds = 0;

	array_each(result, &text->verdicts->results)
		for (size_t i = 0; i < PROOF_COUNT; i++)
			count[i] += result->verdict == VERDICT_SAFE && result->proof &&
				    strcmp(result->proof, proof_name[i]) == 0;
	for (size_t i = 0; i < PROOF_COUNT; i++)
		kinds += count[i] > 0;
	for (size_t i = 0; i < PROOF_COUNT; i++)
		if (count[i])
			text_line(text, "  proof: ", "    ", "%s%s: %s", proof_name[i],
				  kinds > 1 ? arena_format(
						      text->arena, " (%s)",
						      text_count(text->arena, count[i], "package"))
					    : "",
				  text_proof(proof_name[i]));
}

/* The finding that the package manager gives ANSWER for RESULT; NULL: it gives another,
 * or the package is not one of NAMES, those to install. */
static const struct finding *manager_of(const struct result *result, const struct strings *names,
					const char *answer)
{
	if (result->verdict != VERDICT_SAFE || !strings_find(names, result->package->name))
		return NULL;
	return array_find(finding, &result->findings,
			  strcmp(finding->id, "package-manager") == 0 && finding->found &&
				  strcmp(finding->found, answer) == 0);
}

/* Prints how many packages to install the package manager answers with ANSWER, and what
 * it does with the first. */
static void print_answer(const struct text *text, const struct strings *names, const char *answer)
{
	const struct finding *first = NULL;
	const char *name = NULL;
	size_t count = 0;

	array_each(result, &text->verdicts->results) {
		const struct finding *finding = manager_of(result, names, answer);

		if (!finding)
			continue;
		count++;
		if (!first)
			name = result->package->name;
		first = first ? first : finding;
	}
	if (!first)
		return;
	name = quote(text->arena, name);
	text_clauses(
		text, "  but ", "    ",
		arena_format(text->arena, "%s: %s",
			     count > 1
				     ? arena_format(text->arena, "%s, for example %s",
						    text_count(text->arena, count, "package"), name)
				     : name,
			     quote(text->arena, first->text)));
}

/* Prints the commands for packages that the package manager accepts; of many, how to
 * install any of them: by name from a configured feed, or from files. */
static void print_commands(const struct text *text, const struct strings *names)
{
	bool many = text->verdicts->count[VERDICT_SAFE] > COMMANDS_MOST;

	array_each(result, &text->verdicts->results) {
		const struct package *package = result->package;
		const struct finding *finding = manager_of(result, names, "accepts");

		if (!finding)
			continue;
		text_say(text, "  on the device: ", "    ", "%s",
			 !many ? finding->text
			 : package->pkg
				 ? "pkg install PACKAGE, or with the files of PACKAGE and its "
				   "dependencies: pkg add ./FILE..."
			 : package->apk
				 ? "apk add PACKAGE, or with the files of PACKAGE and its "
				   "dependencies: apk add --allow-untrusted ./FILE..."
				 : "opkg install PACKAGE, or with the files of PACKAGE and its "
				   "dependencies: opkg install ./FILE...");
		if (many)
			return;
	}
}

/* Prints the packages in the order of installation; for a single package only if
 * it needs others. */
static void print_names(const struct text *text)
{
	struct strings names = {0};

	if (text->single && text->verdicts->install.count > 1)
		fputs("  install it with its dependencies, in this order:\n", text->out);
	else if (text->single)
		return;
	array_each(name, &text->verdicts->install)
		*array_add(text->arena, &names) = quote(text->arena, *name);
	text_names(text, text->single ? "    " : "  ", &names,
		   text->style->verbose ? 0 : INSTALL_ROWS);
}

/* Prints the safe packages that are not installed, with the reason. */
static void print_excluded(const struct text *text)
{
	const struct exclusions *excluded = &text->verdicts->excluded;
	size_t most = text->style->verbose ? excluded->count : EXCLUDED_MOST, shown = 0;
	struct strings kept = {0};

	array_each(exclusion, excluded)
		if (exclusion->kept)
			*array_add(text->arena, &kept) = quote(text->arena, exclusion->package);
	if (kept.count && text->single) {
		text_say(text, "  nothing to do: ", "    ", "%s", excluded->list[0].text);
	} else if (kept.count) {
		text_line(text, "  ", "    ",
			  "%s already in the image: the package manager keeps %s",
			  text_count(text->arena, kept.count, "package"),
			  kept.count == 1 ? "it" : "them");
		text_names(text, "    ", &kept, text->style->verbose ? 0 : KEPT_ROWS);
	}
	array_each(exclusion, excluded)
		if (!exclusion->kept && shown++ < most)
			text_say(text, "  omitted: ", "    ", "%s: %s", exclusion->package,
				 exclusion->text);
	if (shown > most)
		text_line(text, "  ", "    ", "and %zu more omitted: -v lists them", shown - most);
}

void text_safe(const struct text *text)
{
	struct groups warned =
		groups_of(text->arena, text->verdicts, VERDICT_SAFE, !text->style->verbose);
	size_t count = text->verdicts->count[VERDICT_SAFE];
	const struct strings *install = &text->verdicts->install;
	/* they have no result of their own, because they have no modules */
	size_t needed =
		array_count(name, install, !result_named(text->verdicts, *name, VERDICT_SAFE));
	size_t offered = install->count - needed;
	const char *order = install->count > 1 ? ", in this order" : "";
	struct strings names = {0};

	if (needed)
		order = arena_format(text->arena, ", in this order, with %zu that they need",
				     needed);
	array_append(text->arena, &names, install);
	strings_unique(&names);
	if (!count)
		return;
	if (offered)
		text_title(text, PAINT_GREEN, "CAN be installed", offered, order);
	else
		text_title(text, PAINT_GREEN, "safe, nothing to install", count, "");
	print_names(text);
	print_excluded(text);
	print_proofs(text);
	print_commands(text, &names);
	print_answer(text, &names, "refuses");
	print_answer(text, &names, "asks");
	print_answer(text, &names, "replaces");
	array_each(group, &warned)
		text_group(text, group, "warning: ", false);
}
