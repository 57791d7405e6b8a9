#include "verdict/judged.h"

#include <string.h>

const struct finding *findings_worst(const struct rules *rules, const struct findings *findings)
{
	const struct finding *worst = NULL;

	array_each(finding, findings) {
		enum level level = rules_level(rules, finding);

		if (worst && level < rules_level(rules, worst))
			continue;
		/* rules_find points into one list: earlier is smaller */
		if (!worst || level > rules_level(rules, worst) ||
		    rules_find(rules, finding->id) < rules_find(rules, worst->id))
			worst = finding;
	}
	return worst;
}

static enum proof proof_strongest(const struct rules *rules, const struct examination *examination)
{
	enum proof proof = PROOF_SYMBOL_CRCS;

	while (proof < PROOF_COUNT && !(rules->accepted[proof] && examination->proven[proof]))
		proof++;
	return proof;
}

static void no_proof(const struct world *world, const struct package *package, const struct rules *rules,
		     struct examination *examination)
{
	struct finding *finding = examine(examination, "no-proof", OUTCOME_UNKNOWN, NULL, package->name);
	const char *text = "no accepted proof";

	for (size_t i = 0, said = 0; i < PROOF_COUNT; i++) {
		if (!examination->unproven[i])
			continue;
		text = arena_format(examination->arena, "%s%s %s%s: %s", text, said++ ? ";" : ":", proof_name[i],
				    rules->accepted[i] ? "" : " (not accepted)", examination->unproven[i]);
	}
	finding->text = text;
	finding->settle = settling_input(world, package, rules);
	finding->witness[1] = package->witness;
}

/* A package with neither modules nor a pin on a kernel has nothing to prove. */
static bool must_prove(const struct package *package)
{
	return package->modules.count > 0 || package->abi.version || package->problem;
}

static enum verdict verdict_own(const struct rules *rules, const struct examination *examination, bool proven)
{
	const struct finding *worst = findings_worst(rules, &examination->findings);
	enum level level = worst ? rules_level(rules, worst) : LEVEL_NOTE;

	if (examination->installed)
		return VERDICT_INSTALLED;
	if (level == LEVEL_ERROR)
		return VERDICT_UNSAFE;
	return level == LEVEL_UNKNOWN || !proven ? VERDICT_UNPROVEN : VERDICT_SAFE;
}

static void demand_signature(const struct world *world, const struct package *package, struct examination *examination)
{
	const struct feed *feed = &world_feeds(world)->list[package->feed];

	if (feed->signature == SIGNATURE_NONE || feed->signature == SIGNATURE_UNKNOWN_KEY)
		examine_signature(world, package, examination)->text =
			arena_format(examination->arena, "the policy wants a valid signature: %s",
				     feed->signature_why ? feed->signature_why : "the feed has no index");
}

struct judged judge(struct arena *arena, const struct world *world, const struct rules *rules, size_t index)
{
	const struct package *package = world_package(world, index);
	struct examination examination = {.arena = arena};

	check_package(world, package, &examination);
	if (rules->signed_only)
		demand_signature(world, package, &examination);

	enum proof proof = proof_strongest(rules, &examination);
	bool proven = !must_prove(package) || proof < PROOF_COUNT;
	enum verdict verdict = verdict_own(rules, &examination, proven);
	if (verdict == VERDICT_UNPROVEN && !proven)
		no_proof(world, package, rules, &examination);
	array_sort(&examination.findings, finding_compare);
	return (struct judged){.findings = examination.findings,
			       .verdict = verdict,
			       .proof = proof,
			       .needs = needs_direct(arena, world, package),
			       .soft = needs_soft(arena, world, package)};
}
