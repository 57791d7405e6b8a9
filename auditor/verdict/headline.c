/* SPDX-License-Identifier: ISC */
/* Builds the one-line summary of a run from its counts of packages, waived
 * and known findings. */
#include "verdict/verdict.h"

#include "base/text.h"

static void part_add(struct arena *arena, struct strings *parts, size_t count, const char *words)
{
	if (count)
		*array_add(arena, parts) = arena_format(arena, "%zu %s", count, words);
}

const char *headline_words(struct arena *arena, const struct headline *headline)
{
	const size_t *verdict = headline->verdict, *failing = headline->failing;
	size_t bad = verdict[VERDICT_UNSAFE] + verdict[VERDICT_UNPROVEN];
	size_t all = bad + verdict[VERDICT_SAFE] + verdict[VERDICT_INSTALLED];
	size_t unproven = bad - failing[VERDICT_UNSAFE] - headline->waived - headline->known;
	bool told = failing[VERDICT_UNPROVEN] || headline->gate == GATE_WARN;
	const char *packages = all == 1 ? "package" : "packages", *words = "";
	size_t unsafe = failing[VERDICT_UNSAFE];
	struct strings good = {0};

	if (unsafe)
		words = arena_format(arena, "%zu of %zu %s unsafe", unsafe, all, packages);
	if (told && unproven && unsafe)
		words = arena_format(arena, "%s, %zu unproven", words, unproven);
	else if (told && unproven)
		words = arena_format(arena, "%zu of %zu %s unproven", unproven, all, packages);
	if (headline->beside)
		words = arena_format(arena, "%s%s%s of image, feeds or waivers", words,
				     *words ? ", " : "",
				     text_count(arena, headline->beside, "error"));

	part_add(arena, &good, verdict[VERDICT_SAFE], "safe");
	part_add(arena, &good, verdict[VERDICT_INSTALLED], "installed");
	part_add(arena, &good, headline->waived, "waived");
	part_add(arena, &good, headline->known, "known");
	/* those that a policy lets pass without a word */
	part_add(arena, &good, told ? 0 : unproven, "unproven but accepted");
	if (!*words)
		words = all ? text_count(arena, all, "package")
			    : "nothing to judge: no given package contains a kernel module or "
			      "needs one";
	return arena_format(arena, "%s: %s%s%s", gate_name[headline->gate], words,
			    good.count ? "; " : "",
			    good.count ? strings_join(arena, &good, good.count) : "");
}

const char *verdicts_headline(struct arena *arena, const struct verdicts *verdicts)
{
	struct headline headline = {.gate = verdicts->gate,
				    .waived = verdicts->waived,
				    .known = verdicts->known,
				    .beside = verdicts_beside(verdicts)};

	memcpy(headline.verdict, verdicts->count, sizeof headline.verdict);
	memcpy(headline.failing, verdicts->failing, sizeof headline.failing);
	return headline_words(arena, &headline);
}
