/* SPDX-License-Identifier: ISC */
/* Prints a ledger as the Markdown summary of a CI job: pairs, matrix, reasons
 * with remedies, waivers. */
#include "report/ci/markdown.h"

#include "report/report.h"

enum {
	NAMES_MOST = 10,
	TEXTS_MOST = 5,
	KEEP_WHY = 400 << 10,
	KEEP_MATRIX = 700 << 10,
	KEEP_WAIVED = 200 << 10,
	KEEP_END = 8 << 10
};

static void left_out(struct markdown *markdown, size_t count, const char *what)
{
	size_t keep = markdown->keep;

	markdown->keep = 0;
	if (count)
		markdown_line(markdown,
			      "\nOmitted for lack of space: %zu %s. The report lists them all.",
			      count, what);
	markdown->keep = keep;
}

/* The plan, a row for each pair, and what there is beside them. */
static void print_sums(struct markdown *markdown)
{
	static const char *const mark[] = {[GATE_PASS] = "", [GATE_WARN] = "*", [GATE_FAIL] = "**"};
	const struct ledger *ledger = markdown->ledger;
	const struct ledger_sums *all = &ledger->sums;
	struct arena *arena = markdown->arena;
	size_t hidden = 0;

	if (ledger->plan && ledger->shards)
		markdown_line(markdown, "\nPlan %s, shard %u of %u: %zu of %zu pairs.",
			      markdown_code(arena, ledger->plan, MARKDOWN_TEXT), ledger->shard,
			      ledger->shards, ledger->pairs.count, ledger->planned);
	else if (ledger->plan)
		markdown_line(markdown, "\nPlan %s: %zu pairs.",
			      markdown_code(arena, ledger->plan, MARKDOWN_TEXT),
			      ledger->pairs.count);
	markdown_line(markdown, "\n| Image | Feed | Gate | Can be installed | Installed | Unproven "
				"| Unsafe | Waived | Known |");
	markdown_line(markdown, "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
	array_each(pair, &ledger->pairs) {
		const struct ledger_sums *sums = &pair->sums;

		hidden += hidden ||
			  !markdown_line(markdown,
					 "| %s | %s | %s%s%s | %zu | %zu | %zu | %zu | %zu | %zu |",
					 markdown_code(arena, pair->image, MARKDOWN_NAME),
					 markdown_code(arena, pair->feed, MARKDOWN_NAME),
					 mark[pair->gate], gate_name[pair->gate], mark[pair->gate],
					 sums->verdict[VERDICT_SAFE],
					 sums->verdict[VERDICT_INSTALLED],
					 sums->verdict[VERDICT_UNPROVEN],
					 sums->verdict[VERDICT_UNSAFE], sums->waived, sums->known);
	}
	left_out(markdown, hidden, "pairs of image and feed");
	if (ledger_has_baseline(ledger))
		markdown_line(markdown,
			      "\nFindings against the baseline: %zu new, %zu unchanged, %zu fixed.",
			      all->baseline_new, all->baseline_unchanged, all->baseline_fixed);
	if (all->unrelated)
		markdown_line(markdown, "\nOmitted: %zu packages without kernel modules.",
			      all->unrelated);
}

/* What a remark is about, such as "`kmod-a`, `kmod-b` on `router`". */
static const char *who(struct arena *arena, const struct remark *remark)
{
	const char *packages = markdown_names(arena, &remark->packages, NAMES_MOST);
	const char *images = markdown_names(arena, &remark->images, NAMES_MOST);

	if (remark->packages.count)
		return arena_format(arena, "%s on %s", packages, images);
	return remark->images.count ? images : markdown_names(arena, &remark->feeds, NAMES_MOST);
}

static bool print_sentence(struct markdown *markdown, const struct remark *remark)
{
	const char *about = who(markdown->arena, remark);

	if (remark->line)
		about = markdown_code(
			markdown->arena,
			arena_format(markdown->arena, "%s: line %zu", remark->file, remark->line),
			MARKDOWN_NAME);

	const char *settle = remark->settle
				     ? markdown_code(markdown->arena, remark->settle, MARKDOWN_TEXT)
				     : NULL;

	return markdown_line(markdown, "  - %s%s%s%s%s",
			     markdown_code(markdown->arena, remark->text, MARKDOWN_TEXT),
			     *about ? ": " : "", about, settle ? "; to settle it: " : "",
			     settle ? settle : "");
}

/* Prints the reason of one rule: title, sentences, what to do. REMARKS begin with the
 * first of that rule. */
static bool print_reason(struct markdown *markdown, const struct remark *whole,
			 const struct remarks *remarks)
{
	const struct rule *rule = rules_find(markdown->ledger->rules, whole->id);
	const char *reach = remark_scope(markdown->arena, whole);
	size_t shown = 0, all = 0;

	if (!markdown_line(markdown, "- **%s** %s%s%s%s%s", gate_name[whole->weight],
			   markdown_code(markdown->arena, whole->id, MARKDOWN_NAME),
			   *reach ? ", " : "", reach, rule ? "; checked: " : "",
			   rule ? markdown_plain(markdown->arena, rule->title) : ""))
		return false;
	array_each(remark, remarks) {
		if (!(remark->weight == whole->weight && remark->level == whole->level &&
		      strcmp(remark->id, whole->id) == 0))
			continue;
		all++;
		shown += shown < TEXTS_MOST && print_sentence(markdown, remark);
	}
	if (shown < all)
		markdown_line(markdown, "  - and %zu more like it", all - shown);
	if (rule && rule->remedy)
		markdown_line(markdown, "  - What to do: %s",
			      markdown_plain(markdown->arena, rule->remedy));
	return true;
}

static void print_why(struct markdown *markdown, const struct remarks *remarks)
{
	struct remarks rules = remarks_by_rule(markdown->arena, remarks, 1);
	size_t hidden = 0;

	if (!rules.count || rules.list[0].weight == GATE_PASS)
		return;
	markdown_line(markdown, "\n### Why\n");
	array_each(whole, &rules)
		if (whole->weight != GATE_PASS)
			hidden += !print_reason(markdown, whole, remarks);
	left_out(markdown, hidden, "reasons");
}

static void print_waived(struct markdown *markdown, const struct remarks *remarks)
{
	struct arena *arena = markdown->arena;
	struct remarks waived = {0};
	size_t hidden = 0;

	array_each(remark, remarks)
		if (remark->waiver)
			*array_add(markdown->arena, &waived) = *remark;
	if (!waived.count)
		return;
	waived = remarks_by_rule(markdown->arena, &waived, 1);
	markdown_line(markdown, "\n### Waived\n");
	markdown_line(markdown, "| Rule | Where | Owner | Until | Reason |");
	markdown_line(markdown, "| --- | --- | --- | --- | --- |");
	array_each(remark, &waived)
		hidden +=
			hidden ||
			!markdown_line(markdown, "| %s | %s | %s | %s | %s |",
				       markdown_code(arena, remark->id, MARKDOWN_NAME),
				       who(arena, remark),
				       markdown_code(arena, remark->waiver->owner, MARKDOWN_NAME),
				       markdown_code(arena, remark->waiver->expires, MARKDOWN_NAME),
				       markdown_code(arena, remark->waiver->reason, MARKDOWN_TEXT));
	left_out(markdown, hidden, "waivers");
}

bool markdown_print(FILE *out, const struct ledger *ledger, const struct report_style *style,
		    struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	struct markdown markdown = {out, &arena, ledger, MARKDOWN_MOST, KEEP_MATRIX};
	struct remarks remarks = remarks_of(&arena, ledger);

	(void)style;
	markdown_line(&markdown, "## kmodaudit: %s",
		      markdown_plain(&arena, ledger_headline(&arena, ledger)));
	print_sums(&markdown);
	markdown.keep = KEEP_WHY;
	markdown_matrix(&markdown);
	markdown.keep = KEEP_WAIVED;
	print_why(&markdown, &remarks);
	markdown.keep = KEEP_END;
	print_waived(&markdown, &remarks);
	return report_end(out, error);
}
