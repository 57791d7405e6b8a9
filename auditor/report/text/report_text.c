/* SPDX-License-Identifier: ISC */
/* Prints the text report of audit: headline, image, waivers, baseline, and the unsafe,
 * unproven and installed packages grouped by reason. */
#include "base/text.h"
#include "report/report.h"
#include "report/text/text_groups.h"
#include "report/text/text_parts.h"
#include "report/write/wrap.h"
#include "verdict/cause.h"

static const char no_proof_words[] = "no accepted proof holds";

enum { NAMES_INLINE = 3, NAME_ROWS = 4, OTHERS_SHOWN = 3 };

/* True if the report is about one package and nothing passes because of a waiver or the
 * baseline. Then the first line is about the package, and the image comes last. */
static bool is_single(const struct verdicts *verdicts)
{
	return verdicts->results.count == 1 && !verdicts->waived && !verdicts->known;
}

static void print_headline(const struct text *text)
{
	static const char *const words[VERDICT_COUNT] = {"installed already", "safe", "unproven",
							 "unsafe"};
	const struct verdicts *verdicts = text->verdicts;
	const struct result *only = verdicts->results.list;
	bool red = verdicts->failing[VERDICT_UNSAFE] || verdicts_beside(verdicts);
	bool about_one = is_single(verdicts) && !verdicts_beside(verdicts);
	enum paint paint = verdicts->gate == GATE_PASS ? PAINT_GREEN
			   : red		       ? PAINT_RED
						       : PAINT_YELLOW;

	text_head(text, paint,
		  quote(text->arena,
			about_one ? arena_format(text->arena, "%s: %s is %s",
						 gate_name[verdicts->gate], only->package->name,
						 words[only->verdict])
				  : verdicts_headline(text->arena, verdicts)));
}

/* Prints the waivers, what is wrong with them, and the baseline. */
static void print_accepted(const struct text *text)
{
	const struct waivers *waivers = text->verdicts->waivers;
	const struct baseline_sums *baseline = text->verdicts->baseline;
	size_t covered = 0;

	if (waivers) {
		array_each(waiver, waivers)
			covered += waiver->expired || waiver->refused ? 0 : waiver->used;
		text_line(text, "waivers ", "  ", "%s: %zu, covering %zu finding%s",
			  quote(text->arena, waivers->source), waivers->count, covered,
			  covered == 1 ? "" : "s");
		array_each(finding, &text->verdicts->waiver_findings)
			text_line(
				text, arena_format(text->arena, "%s: ", text_level(text, finding)),
				"    ", "%s: %s: %s [%s]", quote(text->arena, finding->witness[0]),
				quote(text->arena, finding->subject),
				quote(text->arena, finding->text), finding->id);
	}
	if (baseline)
		text_line(text, "baseline ", "  ",
			  "%s: %zu finding%s new, %zu unchanged, %zu fixed%s%s",
			  quote(text->arena, baseline->source), baseline->new,
			  baseline->new == 1 ? "" : "s", baseline->unchanged, baseline->fixed,
			  baseline->remark ? "; " : "",
			  baseline->remark ? quote(text->arena, baseline->remark) : "");
}

void text_title(const struct text *text, enum paint paint, const char *title, size_t count,
		const char *tail)
{
	if (text->single)
		return;
	fputc('\n', text->out);
	text_head(text, paint,
		  arena_format(text->arena, "%s: %s%s", title,
			       text_count(text->arena, count, "package"), tail));
}

/* The packages of a group: their names if there are few, else their number. */
static const char *group_subject(const struct text *text, const struct group *group)
{
	if (group->example && group->names.count > 1)
		return arena_format(text->arena, "%s, for example %s",
				    text_count(text->arena, group->names.count, "package"),
				    group->example);
	return group->names.count <= NAMES_INLINE
		       ? strings_join(text->arena, &group->names, NAMES_INLINE)
		       : text_count(text->arena, group->names.count, "package");
}

void text_group(const struct text *text, const struct group *group, const char *label, bool advise)
{
	const struct finding *finding = group->finding;
	const char *id = finding ? arena_format(text->arena, " [%s]", finding->id) : "";
	const char *subject =
		text->single ? "" : arena_format(text->arena, "%s: ", group_subject(text, group));
	const char *words = text_is_no_proof(finding) ? no_proof_words : group->text;
	size_t needing = group->needing.count, rows = text->style->verbose ? 0 : NAME_ROWS;
	bool few = needing <= NAMES_INLINE;

	text_line(text, "  ", "    ", "%s%s%s%s", label, subject, words, quote(text->arena, id));
	if (group->names.count > NAMES_INLINE || (group->example && group->names.count > 1))
		text_names(text, "    ", &group->names, rows);
	if (needing)
		text_line(
			text, "    ", "        ", "%s",
			text_needing(text->arena,
				     few ? strings_join(text->arena, &group->needing, NAMES_INLINE)
					 : text_count(text->arena, needing, "package"),
				     needing,
				     group->names.count > 1 ? "one of them" : *group->names.list));
	if (!few)
		text_names(text, "        ", &group->needing, rows);
	if (group->waiver)
		text_line(text, "    waiver: ", "        ", "%s", text_waiver(text, group->waiver));
	if (advise)
		text_advice(text, finding, "    ");
	if (text_is_no_proof(finding))
		text_lacks(text, group->text, "    ");
}

/* A clause such as ", of these 2 waived, 1 known", or "". */
static const char *let_words(const struct text *text, enum verdict verdict)
{
	size_t count[GROUP_STATES] = {0};

	array_each(result, &text->verdicts->results)
		count[result->verdict == verdict ? group_state(result) : GROUP_STANDS]++;
	if (!count[GROUP_WAIVED] && !count[GROUP_KNOWN])
		return "";
	if (!count[GROUP_WAIVED] || !count[GROUP_KNOWN])
		return arena_format(text->arena, ", of these %zu %s",
				    count[GROUP_WAIVED] + count[GROUP_KNOWN],
				    count[GROUP_WAIVED] ? "waived" : "known");
	return arena_format(text->arena, ", of these %zu waived, %zu known", count[GROUP_WAIVED],
			    count[GROUP_KNOWN]);
}

/* True if FINDING is another error of RESULT, independent of its reason; for a single
 * package also if it is unknown. */
static bool is_other(const struct text *text, const struct result *result,
		     const struct finding *finding)
{
	enum level least = text->single ? LEVEL_UNKNOWN : LEVEL_ERROR;

	return rules_level(text->verdicts->rules, finding) >= least && result->deciding &&
	       strcmp(finding->id, result->deciding->id) != 0 &&
	       !finding_follows(&result->findings, finding);
}

/* Which other rules packages violate: LIST has, in the order of the rules, the
 * number of packages. */
struct others {
	size_t *list;
	size_t count; /* number of violated rules */
};

static struct others others_of(const struct text *text, enum verdict verdict)
{
	const struct rules *rules = text->verdicts->rules;
	const struct result **last = arena_get(text->arena, (rules->count + 1) * sizeof(void *));
	struct others others = {arena_get(text->arena, (rules->count + 1) * sizeof(size_t)), 0};

	array_each(result, &text->verdicts->results)
		array_each(finding, &result->findings) {
			const struct rule *rule = rules_find(rules, finding->id);

			if (result->verdict != verdict || !rule ||
			    !is_other(text, result, finding) || last[rule - rules->list] == result)
				continue;
			last[rule - rules->list] = result;
			others.count += others.list[rule - rules->list]++ == 0;
		}
	return others;
}

/* Prints the other findings of a single package, and that the package manager refuses it
 * where it is unproven, because users may try to install it. */
static void print_other_findings(const struct text *text, const struct result *result)
{
	struct strings said = {0};

	array_each(finding, &result->findings) {
		const char *plain =
			text_is_no_proof(finding) ? no_proof_words : text_or_empty(finding->text);
		const char *words = arena_format(text->arena, "%s [%s]", quote(text->arena, plain),
						 finding->id);

		if (!is_other(text, result, finding) || strings_have(&said, words))
			continue;
		*array_add(text->arena, &said) = words;
		if (said.count <= OTHERS_SHOWN)
			text_line(text, "  and ", "    ", "%s", words);
	}
	if (said.count > OTHERS_SHOWN)
		text_line(text, "  ", "    ", "and %zu more: -v shows %s",
			  said.count - OTHERS_SHOWN,
			  said.count == OTHERS_SHOWN + 1 ? "it" : "them");
	array_each(finding, &result->findings)
		if (result->verdict == VERDICT_UNPROVEN && text_is_no_proof(result->deciding) &&
		    finding->found && strcmp(finding->id, "package-manager") == 0 &&
		    strcmp(finding->found, "refuses") == 0)
			text_clauses(text, "  and ", "    ",
				     quote(text->arena, text_or_empty(finding->text)));
}

/* Prints the other errors of a single package; for several packages, the rules
 * that they violate. */
static void print_others(const struct text *text, enum verdict verdict)
{
	const struct rules *rules = text->verdicts->rules;
	const struct others others = others_of(text, verdict);
	struct strings parts = {0};

	if (text->single) {
		print_other_findings(text, text->verdicts->results.list);
		return;
	}
	if (!others.count)
		return;
	for (size_t i = 0; i < rules->count; i++)
		if (others.list[i])
			*array_add(text->arena, &parts) =
				arena_format(text->arena, "%s (%s)", rules->list[i].id,
					     text_count(text->arena, others.list[i], "package"));
	text_say(text, "  also: ", "    ", "%s", strings_join(text->arena, &parts, parts.count));
}

static void print_groups(const struct text *text, enum verdict verdict, enum paint paint,
			 const char *title)
{
	struct groups groups =
		groups_of(text->arena, text->verdicts, verdict, !text->style->verbose);

	if (!groups.count)
		return;
	text_title(text, paint, title, text->verdicts->count[verdict], let_words(text, verdict));
	array_each(group, &groups)
		text_group(text, group, group_label[group->state], group->state == GROUP_STANDS);
	print_others(text, verdict);
}

static void print_installed(const struct text *text)
{
	struct groups wrong =
		groups_of(text->arena, text->verdicts, VERDICT_INSTALLED, !text->style->verbose);
	struct strings names = {0};

	if (!text->verdicts->count[VERDICT_INSTALLED])
		return;
	text_title(text, PAINT_CYAN, "installed already", text->verdicts->count[VERDICT_INSTALLED],
		   "");
	array_each(result, &text->verdicts->results)
		if (result->verdict == VERDICT_INSTALLED)
			*array_add(text->arena, &names) = quote(text->arena, result->package->name);
	if (text->style->verbose && !text->single)
		text_names(text, "  ", &names, 0);
	array_each(group, &wrong)
		text_group(text, group, "error: ", true);
	if (wrong.count)
		print_others(text, VERDICT_INSTALLED);
}

bool text_print(FILE *out, const struct verdicts *verdicts, const struct report_style *style,
		struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	struct text text = {out, &arena, verdicts, style, wrap_width(out), is_single(verdicts),
			    NULL};

	print_headline(&text);
	if (!text.single)
		text_image(&text);
	text_errors(&text);
	print_accepted(&text);
	print_groups(&text, VERDICT_UNSAFE, PAINT_RED, "CANNOT be installed");
	print_groups(&text, VERDICT_UNPROVEN, PAINT_YELLOW, "NOT PROVEN to fit");
	text_safe(&text);
	print_installed(&text);
	if (text.single)
		text_image(&text);
	text_warnings(&text);
	if (verdicts->unrelated)
		fprintf(out, "\n%s without kernel modules omitted\n",
			text_count(&arena, verdicts->unrelated, "package"));
	if (verdicts->gate != GATE_PASS && verdicts->results.count > 0 && !style->verbose)
		text_line(&text, "\nall about one package: ", "  ",
			  "kmodaudit explain IMAGE FEED... PACKAGE");
	if (style->verbose)
		text_findings(&text);
	return report_end(out, error);
}
