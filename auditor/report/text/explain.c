/* SPDX-License-Identifier: ISC */
/* Prints the answer of explain about one package: reasons, what to do, needed packages,
 * and what the package manager does. */
#include "report/text/explain.h"

#include "base/text.h"
#include "report/text/explain_parts.h"
#include "report/write/wrap.h"
#include "verdict/cause.h"

enum { SUBJECTS_SHOWN = 6, NEEDS_ROWS = 6 };

/* Prints "expected: X (WITNESS)" and "found: Y (WITNESS)". */
static void print_witnesses(const struct text *text, const struct finding *finding)
{
	static const char *const labels[] = {"    expected: ", "    found: "};
	const char *const values[] = {finding->expected, finding->found};
	bool compared = finding->expected || finding->found;

	for (size_t i = 0; i < 2; i++) {
		const char *witness = explain_witness(text, finding->witness[i]);

		if (values[i] || (compared && finding->witness[i]))
			text_say(text, labels[i], "        ", "%s%s",
				 values[i] ? values[i] : "none",
				 explain_source(text, finding->witness[i]));
		else if (witness)
			text_say(text, "    seen in: ", "        ", "%s", witness);
	}
	if (finding->waiver)
		text_line(text, "    waiver: ", "        ", "%s",
			  text_waiver(text, finding->waiver));
}

/* Prints the subjects of the other findings with the same rule and level, which are not
 * printed separately: "a, b and 3 more". */
static void print_same(const struct text *text, const struct findings *findings,
		       const struct finding *first)
{
	struct strings subjects = {0};
	size_t more = first->more;

	array_each(finding, findings)
		if (finding != first && strcmp(finding->id, first->id) == 0 &&
		    finding->outcome == first->outcome) {
			more += finding->more;
			if (finding->subject)
				*array_add(text->arena, &subjects) = finding->subject;
		}
	strings_unique(&subjects);
	if (subjects.count > SUBJECTS_SHOWN) {
		more += subjects.count - SUBJECTS_SHOWN;
		subjects.count = SUBJECTS_SHOWN;
	}
	if (!subjects.count && !more)
		return;
	text_say(text, "    the same for: ", "        ", "%s%s%s",
		 strings_join(text->arena, &subjects, subjects.count),
		 subjects.count && more ? " and " : "",
		 more ? arena_format(text->arena, "%zu more", more) : "");
}

static void print_finding(const struct text *text, const struct result *result,
			  const struct finding *finding)
{
	const struct findings *findings = &result->findings;
	struct strings following = {0};
	const char *module =
		finding->module ? arena_format(text->arena, "module %s: ", finding->module) : "";
	const char *words = text_or_empty(finding->text ? finding->text : finding->subject);

	if (strcmp(finding->id, "no-proof") == 0)
		words = result->package == text->about && explain_has_proofs(result)
				? "no accepted proof holds; see below what each one lacks"
				: "no accepted proof holds";
	text_say(text, "  ", "    ", "%s%s [%s]", module, words, finding->id);
	print_witnesses(text, finding);
	print_same(text, findings, finding);
	array_each(other, findings)
		if (other != finding && finding_cause(findings, other) == finding)
			*array_add(text->arena, &following) = arena_format(
				text->arena, "%s %s%s", other->id, text_or_empty(other->subject),
				other->more
					? arena_format(text->arena, " (and %zu more)", other->more)
					: "");
	strings_unique(&following);
	if (following.count)
		text_say(text, "    follows from it: ", "        ", "%s",
			 strings_join(text->arena, &following, SUBJECTS_SHOWN));
}

/* True if FINDING is printed separately: it has no other cause, and it is the first with
 * its rule and outcome, which represents the others. */
static bool is_told(const struct findings *findings, const struct finding *finding)
{
	if (finding_follows(findings, finding))
		return false;
	for (const struct finding *before = findings->list; before < finding; before++)
		if (strcmp(before->id, finding->id) == 0 && before->outcome == finding->outcome)
			return false;
	return true;
}

/* Prints the findings from MOST down to LEAST, under HEADING; nothing if there are none. */
static void print_levels(const struct text *text, const struct result *result, enum level least,
			 enum level most, const char *heading)
{
	bool told = false;

	for (int level = (int)most; level >= (int)least; level--)
		array_each(finding, &result->findings) {
			if ((int)rules_level(text->verdicts->rules, finding) != level ||
			    strcmp(finding->id, "package-manager") == 0 ||
			    !is_told(&result->findings, finding))
				continue;
			if (!told)
				explain_head(text, heading);
			told = true;
			print_finding(text, result, finding);
		}
}

static const struct result *result_of(const struct verdicts *verdicts, const char *name)
{
	return array_find(result, &verdicts->results, strcmp(result->package->name, name) == 0);
}

/* The package that RESULT needs, if only that package is the reason for its
 * verdict; else NULL. */
static const struct result *needed_of(const struct verdicts *verdicts, const struct result *result)
{
	const struct finding *deciding = result->deciding;

	return deciding && strcmp(deciding->id, "needs") == 0
		       ? result_of(verdicts, deciding->subject)
		       : NULL;
}

/* The section "what to do", without repetitions. */
struct todo {
	/* remedies of rules; inputs that settle something; packages
	 * that exist nowhere */
	struct strings remedies, settles, missing;
};

static void todo_put(const struct text *text, struct strings *list, const char *words)
{
	if (!strings_have(list, words))
		*array_add(text->arena, list) = words;
}

/* FOLLOWED: the needed package's own findings are printed instead of
 * the finding `needs`. */
static void todo_add(const struct text *text, const struct result *result, bool followed,
		     struct todo *todo)
{
	array_each(finding, &result->findings) {
		const struct rule *rule = rules_find(text->verdicts->rules, finding->id);
		enum level level = rules_level(text->verdicts->rules, finding);
		bool needs = strcmp(finding->id, "needs") == 0;

		if (level < LEVEL_UNKNOWN || finding_follows(&result->findings, finding) ||
		    (needs && followed))
			continue;
		if (finding->settle && finding_misses_package(finding))
			todo_put(text, &todo->missing, finding->subject);
		else if (finding->settle)
			todo_put(text, &todo->settles, finding->settle);
		else if (rule && rule->remedy && level == LEVEL_ERROR && !needs)
			todo_put(text, &todo->remedies, rule->remedy);
	}
}

static void print_next(const struct text *text, const struct result *result)
{
	const struct result *need = needed_of(text->verdicts, result);
	struct todo todo = {0};

	if (result->verdict <= VERDICT_SAFE)
		return;
	todo_add(text, result, need != NULL, &todo);
	if (need)
		todo_add(text, need, false, &todo);
	if (!todo.settles.count && !todo.remedies.count && !todo.missing.count)
		return;
	explain_head(text, "What to do");
	array_each(remedy, &todo.remedies)
		text_say(text, "  ", "    ", "%s", *remedy);
	if (todo.missing.count)
		text_missing(text, &todo.missing, "  ");
	array_each(settle, &todo.settles) {
		struct finding finding = {.id = "", .settle = *settle};

		text_advice(text, &finding, "  ");
	}
}

static void print_needs(const struct text *text, const struct result *result)
{
	struct strings names = {0}, needs = verdicts_closure(text->arena, text->verdicts, result);

	array_each(name, &needs) {
		const struct result *need = result_of(text->verdicts, *name);

		*array_add(text->arena, &names) =
			quote(text->arena, need ? arena_format(text->arena, "%s (%s)", *name,
							       verdict_name[need->verdict])
						: *name);
	}
	if (!names.count)
		return;
	explain_head(text, "It needs these packages from the feeds");
	text_names(text, "  ", &names, text->style->verbose ? 0 : NEEDS_ROWS);
}

bool explain_print(FILE *out, const struct verdicts *verdicts, const struct result *result,
		   const struct report_style *style, struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	struct text text = {out, &arena, verdicts, style, wrap_width(out), true, result->package};
	const struct result *need = needed_of(verdicts, result);

	explain_verdict(&text, result);
	print_levels(&text, result, LEVEL_UNKNOWN, LEVEL_ERROR, "Why");
	if (need)
		print_levels(&text, need, LEVEL_UNKNOWN, LEVEL_ERROR,
			     arena_format(&arena, "Why %s, which it needs, is %s",
					  explain_titled(&arena, need->package),
					  verdict_name[need->verdict]));
	print_next(&text, result);
	array_each(finding, &result->findings) {
		if (strcmp(finding->id, "package-manager") != 0)
			continue;
		explain_head(&text, "What the package manager does");
		text_clauses(&text, "  ", "    ", quote(&arena, text_or_empty(finding->text)));
		if (finding->settle)
			text_advice(&text, finding, "  ");
	}
	print_needs(&text, result);
	print_levels(&text, result, LEVEL_NOTE, LEVEL_NOTE, "What was found");
	print_levels(&text, result, LEVEL_WARNING, LEVEL_WARNING,
		     "Warnings; the verdict does not depend on them");
	explain_proofs(&text, result);
	explain_facts(&text);
	return report_end(out, error);
}
