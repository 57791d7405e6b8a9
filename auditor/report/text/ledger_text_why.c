/* SPDX-License-Identifier: ISC */
/* Prints why packages of a ledger are not safe: each reason once, with the packages and
 * images that it is about; then findings about images, feeds and waivers. */
#include "report/text/ledger_text.h"

#include "base/text.h"
#include "report/write/wrap.h"

enum { NAMES_SHOWN = 6 };

/* A reason with the packages and images that it is about. */
struct reason {
	enum gate gate;
	enum verdict verdict;
	const struct ledger_finding *finding;
	struct strings packages, images;
	size_t cells;
};

struct reasons {
	struct reason *list;
	size_t count, room;
};

/* The finding that decided. Several may weigh the same; the verdict names
 * one of them. */
static const struct ledger_finding *deciding_of(const struct ledger_cell *cell)
{
	const struct ledger_finding *first = NULL;

	array_each(finding, &cell->findings) {
		if (cell->deciding && strcmp(finding->finding.id, cell->deciding) == 0)
			return finding;
		first = first ? first : finding;
	}
	return first;
}

static struct reason *reason_get(const struct matrix *matrix, struct map *places,
				 struct reasons *reasons, const struct ledger_cell *cell,
				 const struct ledger_finding *finding)
{
	const char *text = cell->deciding_text ? cell->deciding_text : "";
	const char *by = finding->waiver	  ? finding->waiver->witness
			 : finding->finding.known ? "known"
						  : "";
	const char *key = arena_format(matrix->arena, "%d %s %s %s", (int)cell->gate,
				       finding->finding.id, by, text);
	uint32_t next = (uint32_t)reasons->count, place = map_put(places, matrix->arena, key, next);

	if (place != next)
		return &reasons->list[place];

	struct reason *reason = array_add(matrix->arena, reasons);

	reason->gate = cell->gate;
	reason->verdict = cell->verdict;
	reason->finding = finding;
	return reason;
}

static int reason_compare(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;
	const struct finding *f = &x->finding->finding, *g = &y->finding->finding;

	if (x->gate != y->gate)
		return x->gate > y->gate ? -1 : 1;
	if (x->verdict != y->verdict)
		return x->verdict > y->verdict ? -1 : 1;
	if (x->cells != y->cells)
		return x->cells > y->cells ? -1 : 1;
	int order = strcmp(f->id, g->id);
	return order ? order : strcmp(f->text ? f->text : "", g->text ? g->text : "");
}

static struct reasons reasons_of(const struct matrix *matrix)
{
	struct reasons reasons = {0};
	struct map places = {0};

	array_each(pair, &matrix->ledger->pairs)
		array_each(cell, &pair->cells) {
			const struct ledger_finding *finding = deciding_of(cell);

			if (cell->verdict <= VERDICT_SAFE || !finding)
				continue;

			struct reason *reason =
				reason_get(matrix, &places, &reasons, cell, finding);
			*array_add(matrix->arena, &reason->packages) = cell->name;
			*array_add(matrix->arena, &reason->images) = pair->image;
			reason->cells++;
		}
	array_each(reason, &reasons) {
		strings_unique(&reason->packages);
		strings_unique(&reason->images);
	}
	array_sort(&reasons, reason_compare);
	return reasons;
}

static void print_reason(const struct matrix *matrix, const struct reason *reason)
{
	const struct finding *finding = &reason->finding->finding;
	const struct rule *rule = rules_find(matrix->ledger->rules, finding->id);
	size_t most = matrix->style->verbose ? SIZE_MAX : NAMES_SHOWN;
	const char *words = arena_format(matrix->arena, "%s on %s: %s [%s]",
					 strings_join(matrix->arena, &reason->packages, most),
					 strings_join(matrix->arena, &reason->images, most),
					 finding->text ? finding->text : "", finding->id);

	const char *word = reason->gate != GATE_PASS ? verdict_name[reason->verdict]
			   : reason->finding->waiver ? "waived"
						     : "known";
	const char *first = arena_format(matrix->arena, "  %s: ", word);

	fputs("  ", matrix->out);
	matrix_painted(matrix, gate_paint(reason->gate), word);
	fputs(wrap_at(matrix->arena, matrix->columns, first, "    ", quote(matrix->arena, words)) +
		      MARGIN + strlen(word),
	      matrix->out);
	if (reason->finding->waiver)
		wrap_print(matrix->out, matrix->columns, "    by: ", "        ",
			   quote(matrix->arena, arena_format(matrix->arena, "%s, until %s: %s",
							     reason->finding->waiver->owner,
							     reason->finding->waiver->expires,
							     reason->finding->waiver->reason)));
	else if (reason->gate != GATE_PASS && finding->settle)
		wrap_print(matrix->out, matrix->columns, "    to settle it: ", "        ",
			   quote(matrix->arena, finding->settle));
	else if (reason->gate != GATE_PASS && rule)
		wrap_print(matrix->out, matrix->columns, "    what to do: ", "        ",
			   quote(matrix->arena, rule->remedy));
}

/* FIRST: this prints the heading as well. */
static void print_beside(const struct matrix *matrix, const char *who,
			 const struct ledger_finding *finding, bool first)
{
	if (first)
		fputs("\nimages, feeds, waivers\n", matrix->out);

	const char *words = arena_format(
		matrix->arena, "%s: %s: %s [%s]", level_name[finding->level], who,
		finding->finding.text ? finding->finding.text : "", finding->finding.id);

	wrap_print(matrix->out, matrix->columns, "  ", "    ", quote(matrix->arena, words));
}

size_t matrix_reasons(const struct matrix *matrix)
{
	struct reasons reasons = reasons_of(matrix);

	if (reasons.count)
		fputs("\nwhy\n", matrix->out);
	array_each(reason, &reasons)
		print_reason(matrix, reason);
	return reasons.count;
}

/* An image's findings occur with every feed, and a feed's with many images. Each
 * is printed once. */
void matrix_beside(const struct matrix *matrix)
{
	struct map said = {0};

	array_each(pair, &matrix->ledger->pairs) {
		const struct ledger_findings *const both[] = {&pair->image_findings,
							      &pair->feed_findings};

		for (size_t i = 0; i < 2; i++)
			array_each(finding, both[i]) {
				const char *who = i ? pair->feed : pair->image;
				const char *key = arena_format(
					matrix->arena, "%s %s %s", who, finding->finding.id,
					finding->finding.text ? finding->finding.text : "");

				uint32_t next = (uint32_t)said.count;

				if (map_put(&said, matrix->arena, key, next) == next)
					print_beside(matrix, who, finding, !next);
			}
	}
	array_each(finding, &matrix->ledger->waiver_findings) {
		struct ledger_finding one = {.finding = *finding};

		one.level = rules_level(matrix->ledger->rules, finding);
		print_beside(matrix,
			     arena_format(matrix->arena, "%s: %s", finding->witness[0],
					  text_or_empty(finding->subject)),
			     &one, !said.count && finding == matrix->ledger->waiver_findings.list);
	}
}
