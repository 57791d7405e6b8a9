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

/* Prints how to install any package: by name from a configured feed, or from files. */
static void print_usage(const struct text *text, const struct strings *names)
{
	array_each(result, &text->verdicts->results) {
		const struct package *package = result->package;

		if (!manager_of(result, names, "accepts"))
			continue;
		text_line(text, "  on the device: ", "    ", "%s",
			  package->pkg
				  ? "pkg install PACKAGE, or with the files of PACKAGE and its "
				    "dependencies: pkg add ./FILE..."
			  : package->apk
				  ? "apk add PACKAGE, or with the files of PACKAGE and its "
				    "dependencies: apk add --allow-untrusted ./FILE..."
				  : "opkg install PACKAGE, or with the files of PACKAGE and its "
				    "dependencies: opkg install ./FILE...");
		return;
	}
}

/* Prints the commands for packages that the package manager accepts, if there are
 * only a few. */
static void print_commands(const struct text *text, const struct strings *names)
{
	if (text->verdicts->count[VERDICT_SAFE] > COMMANDS_MOST) {
		print_usage(text, names);
		return;
	}
	array_each(result, &text->verdicts->results) {
		const struct finding *finding = manager_of(result, names, "accepts");

		if (finding)
			text_say(text, "  on the device: ", "    ", "%s", finding->text);
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

/* The number of packages to install that have no result of their own, because they
 * have no modules. */
static size_t needed_count(const struct verdicts *verdicts)
{
	return array_count(name, &verdicts->install, !result_named(verdicts, *name, VERDICT_SAFE));
}

static const char *order_words(const struct text *text)
{
	size_t needed = needed_count(text->verdicts);

	if (needed)
		return arena_format(text->arena, ", in this order, with %zu that they need",
				    needed);
	return text->verdicts->install.count > 1 ? ", in this order" : "";
}

static void print_kept(const struct text *text)
{
	struct strings names = {0};

	array_each(exclusion, &text->verdicts->excluded)
		if (exclusion->kept)
			*array_add(text->arena, &names) = quote(text->arena, exclusion->package);
	if (!names.count)
		return;
	if (text->single) {
		text_say(text, "  nothing to do: ", "    ", "%s",
			 text->verdicts->excluded.list[0].text);
		return;
	}
	text_line(text, "  ", "    ", "%s already in the image: the package manager keeps %s",
		  text_count(text->arena, names.count, "package"),
		  names.count == 1 ? "it" : "them");
	text_names(text, "    ", &names, text->style->verbose ? 0 : KEPT_ROWS);
}

/* Prints the safe packages that are not installed, with the reason. */
static void print_excluded(const struct text *text)
{
	const struct exclusions *excluded = &text->verdicts->excluded;
	size_t most = text->style->verbose ? excluded->count : EXCLUDED_MOST, shown = 0;

	print_kept(text);
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
	size_t offered = text->verdicts->install.count - needed_count(text->verdicts);
	struct strings names = {0};

	array_append(text->arena, &names, &text->verdicts->install);
	strings_unique(&names);
	if (!count)
		return;
	if (offered)
		text_title(text, PAINT_GREEN, "CAN be installed", offered, order_words(text));
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
