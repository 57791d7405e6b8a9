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

/* "3 of 16 packages unsafe, 1 unproven", or "" */
static const char *bad_words(struct arena *arena, const struct headline *headline, size_t all,
			     size_t unproven)
{
	const char *packages = all == 1 ? "package" : "packages", *words = "";
	size_t unsafe = headline->failing[VERDICT_UNSAFE];

	if (unsafe)
		words = arena_format(arena, "%zu of %zu %s unsafe", unsafe, all, packages);
	if (unproven && unsafe)
		words = arena_format(arena, "%s, %zu unproven", words, unproven);
	else if (unproven)
		words = arena_format(arena, "%zu of %zu %s unproven", unproven, all, packages);
	if (headline->beside)
		words = arena_format(arena, "%s%s%s of image, feeds or waivers", words,
				     *words ? ", " : "",
				     text_count(arena, headline->beside, "error"));
	return words;
}

/* UNPROVEN: those that a policy lets pass without a word. */
static const char *good_words(struct arena *arena, const struct headline *headline, size_t unproven)
{
	struct strings parts = {0};

	part_add(arena, &parts, headline->verdict[VERDICT_SAFE], "safe");
	part_add(arena, &parts, headline->verdict[VERDICT_INSTALLED], "installed");
	part_add(arena, &parts, headline->waived, "waived");
	part_add(arena, &parts, headline->known, "known");
	part_add(arena, &parts, unproven, "unproven but accepted");
	return parts.count ? strings_join(arena, &parts, parts.count) : "";
}

const char *headline_words(struct arena *arena, const struct headline *headline)
{
	const size_t *verdict = headline->verdict, *failing = headline->failing;
	size_t bad = verdict[VERDICT_UNSAFE] + verdict[VERDICT_UNPROVEN];
	size_t all = bad + verdict[VERDICT_SAFE] + verdict[VERDICT_INSTALLED];
	size_t unproven = bad - failing[VERDICT_UNSAFE] - headline->waived - headline->known;
	bool told = failing[VERDICT_UNPROVEN] || headline->gate == GATE_WARN;
	const char *words = bad_words(arena, headline, all, told ? unproven : 0);
	const char *good = good_words(arena, headline, told ? 0 : unproven);

	if (!*words)
		words = all ? text_count(arena, all, "package")
			    : "nothing to judge: no given package contains a kernel module or "
			      "needs one";
	return arena_format(arena, "%s: %s%s%s", gate_name[headline->gate], words,
			    *good ? "; " : "", good);
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
