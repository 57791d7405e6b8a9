#include "report/ledger.h"

static void part_add(struct arena *arena, struct strings *parts, size_t count, const char *words)
{
	if (count)
		*array_add(arena, parts) = arena_format(arena, "%zu %s", count, words);
}

/* "3 unsafe, 1 unproven; 8 safe, 2 installed, 1 waived" */
static const char *sums_words(struct arena *arena, const struct ledger_sums *sums)
{
	struct strings bad = {0}, good = {0};
	const char *none = "nothing to judge";

	part_add(arena, &bad, sums->verdict[VERDICT_UNSAFE], "unsafe");
	part_add(arena, &bad, sums->verdict[VERDICT_UNPROVEN], "unproven");
	part_add(arena, &good, sums->verdict[VERDICT_SAFE], "safe");
	part_add(arena, &good, sums->verdict[VERDICT_INSTALLED], "installed");
	part_add(arena, &good, sums->waived, "waived");
	part_add(arena, &good, sums->known, "known");
	if (!bad.count)
		return good.count ? strings_join(arena, &good, good.count) : none;
	return arena_format(arena, "%s%s%s", strings_join(arena, &bad, bad.count), good.count ? "; " : "",
			    good.count ? strings_join(arena, &good, good.count) : "");
}

const char *ledger_headline(struct arena *arena, const struct ledger *ledger)
{
	const struct ledger_sums *sums = &ledger->sums;
	size_t judged = sums->packages - sums->unrelated;
	const char *words = sums_words(arena, sums);
	const char *gate = gate_name[ledger->gate];

	if (!ledger->plan)
		return arena_format(arena, "%s: %zu package%s: %s", gate, judged, judged == 1 ? "" : "s", words);
	return arena_format(arena, "%s: %zu of %zu pairs fail; %zu verdicts: %s", gate, ledger->pairs_failing,
			    ledger->pairs.count, judged, words);
}
