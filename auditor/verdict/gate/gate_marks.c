/* SPDX-License-Identifier: ISC */
/* Marks findings that a waiver covers or that the baseline has. */
#include "verdict/gate/baseline_parts.h"
#include "verdict/gate/gate_apply.h"

/* Whose findings are marked. */
struct marking {
	const struct fold *fold;
	const struct gate_terms *terms;
	const char *owner; /* "image", "feed" */
	const struct package *package; /* NULL: of OWNER */
};

static void mark_waived(const struct marking *marking, struct finding *finding)
{
	const struct gate_terms *terms = marking->terms;

	if (terms->waivers && rules_level(marking->fold->rules, finding) >= LEVEL_WARNING)
		finding->waiver = waivers_cover(terms->waivers, terms->image,
						world_image(marking->fold->world)->source,
						marking->package, finding);
}

static void mark(const struct marking *marking, struct findings *findings)
{
	const struct package *package = marking->package;

	array_each(finding, findings)
		mark_waived(marking, finding);
	/* a package that no report lists cannot be in a baseline */
	if (marking->terms->baseline && (!package || is_related(marking->fold->world, package)))
		baseline_mark(marking->terms->baseline, marking->owner, package,
			      marking->fold->rules, findings);
}

/* An unsafe package without a proof has no finding about the proof, because the errors
 * say enough. When none of the errors counts, the missing proof still does, and is
 * added. A waiver for it is used in any case. */
static void mark_no_proof(struct arena *arena, const struct marking *marking, struct judged *judged)
{
	struct standing standing =
		standing_of(marking->fold->rules, judged->verdict, &judged->findings);
	struct finding finding = judged->no_proof;
	struct findings findings = {0};

	if (judged->verdict != VERDICT_UNSAFE || !judged->unproven)
		return;
	mark_waived(marking, &finding);
	if (standing.error)
		return;
	if (marking->terms->baseline)
		baseline_mark_no_proof(marking->terms->baseline, marking->package, &finding);
	array_append(arena, &findings, &judged->findings);
	*array_add(arena, &findings) = finding;
	array_sort(&findings, finding_compare);
	judged->findings = findings;
}

void gate_mark(struct arena *arena, struct fold *fold, const struct gate_terms *terms,
	       struct verdicts *verdicts)
{
	struct marking marking = {.fold = fold, .terms = terms, .owner = "image"};

	mark(&marking, &verdicts->image);
	marking.owner = "feed";
	for (size_t i = 0; i < world_feeds(fold->world)->count; i++)
		mark(&marking, &verdicts->feeds[i]);
	for (size_t i = 0; i < world_count(fold->world); i++) {
		marking.package = world_package(fold->world, i);
		mark(&marking, &fold->judged[i].findings);
	}
	if (terms->baseline)
		baseline_settle(terms->baseline);
	for (size_t i = 0; i < world_count(fold->world); i++) {
		marking.package = world_package(fold->world, i);
		mark_no_proof(arena, &marking, &fold->judged[i]);
	}
}
