/* SPDX-License-Identifier: ISC */
/* Judges one package by itself: runs the checks, weighs the findings, and requires an
 * accepted proof and a signature as the policy wants. */
#include "verdict/judged.h"

#include "verdict/cause.h"

#include <string.h>

/* True if FINDING explains the verdict better than WORST: it weighs more, or it weighs
 * the same and is the cause, or its rule comes first. */
static bool weighs_more(const struct rules *rules, const struct findings *findings,
			const struct finding *finding, const struct finding *worst)
{
	enum level level = rules_level(rules, finding), most = rules_level(rules, worst);
	bool follows, worst_follows;

	if (level != most)
		return level > most;
	follows = finding_follows(findings, finding);
	worst_follows = finding_follows(findings, worst);
	if (follows != worst_follows)
		return worst_follows;
	/* rules_find points into one list: earlier is smaller */
	return rules_find(rules, finding->id) < rules_find(rules, worst->id);
}

const struct finding *findings_worst(const struct rules *rules, const struct findings *findings)
{
	const struct finding *worst = NULL;

	array_each(finding, findings)
		if (!worst || weighs_more(rules, findings, finding, worst))
			worst = finding;
	return worst;
}

static struct finding no_proof(const struct world *world, const struct package *package,
			       const struct rules *rules, const struct examination *examination)
{
	const char *text = "no accepted proof";

	for (size_t i = 0, said = 0; i < PROOF_COUNT; i++) {
		if (!examination->unproven[i])
			continue;
		text = arena_format(examination->arena, "%s%s %s%s: %s", text, said++ ? ";" : ":",
				    proof_name[i], rules->accepted[i] ? "" : " (not accepted)",
				    examination->unproven[i]);
	}
	return (struct finding){
		.id = "no-proof",
		.outcome = OUTCOME_UNKNOWN,
		.subject = package->name,
		.text = text,
		.settle = settle_again(examination->arena, world, package,
				       settling_input(world, package, rules, examination)),
		.witness = {NULL, package->witness}};
}

/* Feeds are signed by their index: package files that are given without it have no
 * signature that could be checked. */
static void signature_elsewhere(const struct feed *feed, const struct package *package,
				struct finding *finding)
{
	bool alone = package->file && strcmp(feed->source, package->file) == 0;

	finding->text = alone ? "the policy requires a valid signature, and a single package has "
				"none: the index of its feed is signed"
			      : "the policy requires a valid signature: the feed has no index";
	finding->settle = "the feed that lists it in a signed index";
}

/* Removing an invalid signature must not help: if a key is known that could have
 * verified the index, an index without a signature may have been changed. A folder
 * without an index has nothing that could be signed. */
static void demand_signature(const struct world *world, const struct rules *rules,
			     const struct package *package, bool keyed,
			     struct examination *examination)
{
	const struct feed *feed = &world_feeds(world)->list[package->feed];
	bool unsure = rules->signature == WANTED_KEYED && keyed && feed->has_index;
	/* the signature of an index covers the packages whose checksums the index states; OpenWrt
	 * lists neither kernel nor libc */
	bool vouched =
		package->vouched || package->origin == PACKAGE_INDEX_ROW || package->problem ||
		(package->modules.count == 0 &&
		 (strcmp(package->name, "kernel") == 0 || strcmp(package->name, "libc") == 0));
	struct finding *finding;

	if (rules->signature == WANTED_VALID && feed->signature == SIGNATURE_VALID && !vouched) {
		finding = examine_signature(world, package, examination);
		finding->text = "the policy requires a valid signature, and no signed index lists "
				"its checksum";
		return;
	}
	if (feed->signature != SIGNATURE_NONE && feed->signature != SIGNATURE_UNKNOWN_KEY)
		return;
	if (rules->signature != WANTED_VALID && !unsure)
		return;
	finding = examine_signature(world, package, examination);
	if (!unsure && !feed->has_index) {
		signature_elsewhere(feed, package, finding);
		return;
	}
	finding->text = arena_format(
		examination->arena, "%s: %s",
		unsure ? "keys are given, and none of them signed the index that lists it"
		       : "the policy requires a valid signature",
		feed->signature_why ? feed->signature_why : "the feed has no index");
	finding->outcome = unsure ? OUTCOME_UNKNOWN : OUTCOME_FAILS;
	finding->settle =
		unsure ? "the key that signed it (--key), or a policy with signature: any" : NULL;
}

struct judged judge(struct arena *arena, const struct world *world, const struct rules *rules,
		    bool keyed, size_t index)
{
	const struct package *package = world_package(world, index);
	struct examination examination = {.arena = arena};
	struct judged judged = {.proof = PROOF_SYMBOL_CRCS};

	check_package(world, package, &examination);
	demand_signature(world, rules, package, keyed, &examination);
	settle_by_identity(world, package, rules, &examination);

	memcpy(judged.holds, examination.proven, sizeof judged.holds);
	memcpy(judged.lacks, examination.unproven, sizeof judged.lacks);
	while (judged.proof < PROOF_COUNT &&
	       !(rules->accepted[judged.proof] && examination.proven[judged.proof]))
		judged.proof++;
	/* a package with neither modules nor a pin on a kernel has nothing to prove */
	judged.unproven = judged.proof == PROOF_COUNT &&
			  (package->modules.count > 0 || package->abi.version || package->problem);

	const struct finding *worst = findings_worst(rules, &examination.findings);
	enum level level = worst ? rules_level(rules, worst) : LEVEL_NOTE;
	if (examination.installed)
		judged.verdict = VERDICT_INSTALLED;
	else if (level == LEVEL_ERROR)
		judged.verdict = VERDICT_UNSAFE;
	else if (level == LEVEL_UNKNOWN || judged.unproven)
		judged.verdict = VERDICT_UNPROVEN;
	else
		judged.verdict = VERDICT_SAFE;
	if (judged.unproven)
		judged.no_proof = no_proof(world, package, rules, &examination);
	settle_findings_again(arena, world, package, &examination.findings);
	if (judged.unproven && judged.verdict == VERDICT_UNPROVEN)
		*array_add(arena, &examination.findings) = judged.no_proof;
	array_sort(&examination.findings, finding_compare);
	judged.findings = examination.findings;
	judged.needs = needs_direct(arena, world, package);
	judged.soft = needs_soft(arena, world, package);
	return judged;
}
