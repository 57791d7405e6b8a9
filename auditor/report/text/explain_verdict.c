/* SPDX-License-Identifier: ISC */
/* Prints the first lines of explain: the verdict about the package, in words. */
#include "report/text/explain_parts.h"

#include "base/text.h"
#include "report/text/text_groups.h"

enum { SUBJECTS_SHOWN = 6 };

const char *explain_titled(struct arena *arena, const struct package *package)
{
	return quote(arena,
		     arena_format(arena, "%s%s%s", package->name, package->version ? " " : "",
				  text_or_empty(package->version)));
}

/* A sentence for an accepted proof that holds for the package itself, or NULL. */
static const char *proven_words(const struct text *text, const struct result *result)
{
	static const char *const words[PROOF_COUNT] = {
		[PROOF_SYMBOL_CRCS] = "The CRC of every symbol that it imports equals the kernel's",
		[PROOF_IDENTITY] = "It was built for this kernel",
		[PROOF_OSRELDATE] = "It was built for the version of this kernel",
		[PROOF_OSRELDATE_BRANCH] = "It was built for a kernel of this number",
		[PROOF_CONFIG_CORE] = "The kernel configs differ in nothing that its modules use",
		[PROOF_CONFIG_HASH] = "The lines behind the abi hashes differ in nothing that its "
				      "modules use",
		[PROOF_DECLARED] = "The kernel's provider declares that it supports this build",
		[PROOF_TWINS] = "Its modules equal those of the image",
	};

	for (size_t i = 0; i < PROOF_COUNT && result->package->modules.count; i++)
		if (result->holds[i] && text->verdicts->rules->accepted[i])
			return words[i];
	return NULL;
}

/* The sentence for an unproven package. If a proof holds for the package itself, it
 * must name the other reason instead of saying that there is no proof. */
static const char *unproven_words(const struct text *text, const struct result *result,
				  const char *otherwise)
{
	static const char then[] = "Do not install it until that is settled.";
	const char *proven = proven_words(text, result);
	struct strings missing = {0}; /* packages that it needs and that exist nowhere */
	const struct finding *deciding = result->deciding;

	if (!proven)
		return otherwise;
	array_each(finding, &result->findings)
		if (finding_misses_package(finding) && finding->outcome == OUTCOME_UNKNOWN)
			*array_add(text->arena, &missing) = finding->subject;
	if (missing.count)
		return arena_format(text->arena, "%s, but it needs %s, which %s missing. %s",
				    proven, strings_join(text->arena, &missing, SUBJECTS_SHOWN),
				    missing.count == 1 ? "is" : "are", then);
	if (deciding && strcmp(deciding->id, "needs") == 0)
		return arena_format(text->arena, "%s, but it needs %s, which is unproven. %s",
				    proven, deciding->subject, then);
	return arena_format(text->arena, "%s, but the facts listed below are missing. %s", proven,
			    then);
}

static const char *verdict_words(const struct text *text, const struct result *result,
				 const char *words)
{
	size_t errors = 0, signatures = 0;

	if (result->verdict == VERDICT_UNPROVEN)
		return unproven_words(text, result, words);
	array_each(finding, &result->findings) {
		bool error = rules_level(text->verdicts->rules, finding) == LEVEL_ERROR;

		errors += error;
		signatures += error && strcmp(finding->id, "package-signature") == 0;
	}
	if (result->verdict == VERDICT_UNSAFE && errors > 0 && signatures == errors)
		return "Do not install it: the policy wants a valid signature, which it does not "
		       "have.";
	if (result->verdict == VERDICT_UNSAFE && result->deciding &&
	    strcmp(result->deciding->id, "needs") == 0)
		return arena_format(text->arena, "Do not install it: it needs %s, which is unsafe.",
				    result->deciding->subject);
	return words;
}

void explain_verdict(const struct text *text, const struct result *result)
{
	static const enum paint paints[VERDICT_COUNT] = {PAINT_CYAN, PAINT_GREEN, PAINT_YELLOW,
							 PAINT_RED};
	static const char *const words[VERDICT_COUNT] = {
		"The image has it already. There is nothing to install.",
		"It can be installed: a proof holds for its modules and for everything it needs.",
		"Nothing proves that it fits. Modules that do not fit can crash the device or "
		"damage its data. Do not install it until it is proven to fit.",
		"Do not install it: the kernel or the package manager would refuse it, its modules "
		"would not be found, or they would run with a kernel that they were not built for.",
	};
	const char *on = quote(text->arena, world_image(text->verdicts->world)->source);

	text_head(text, paints[result->verdict],
		  arena_format(text->arena, "%s is %s on %s",
			       explain_titled(text->arena, result->package),
			       result->verdict == VERDICT_INSTALLED ? "installed already"
								    : verdict_name[result->verdict],
			       on));
	if (result->verdict == VERDICT_SAFE && !result->package->modules.count)
		text_line(text, "", "",
			  "It has no kernel modules; all packages with modules that it needs are "
			  "safe or installed.");
	else
		text_say(text, "", "", "%s", verdict_words(text, result, words[result->verdict]));
	if (result->verdict > VERDICT_SAFE && result->gate == GATE_PASS)
		text_line(text, "", "",
			  "The gate lets it pass: the policy, a waiver or the baseline covers it.");
}
