/* SPDX-License-Identifier: ISC */
/* Prints why packages of a ledger are not safe: each reason once, with the packages and
 * images that it is about; then findings about images, feeds and waivers. */
#include "report/text/ledger_text.h"

#include "base/text.h"
#include "report/ledger/ledger_rows.h"
#include "report/text/text_parts.h"
#include "report/write/wrap.h"

enum { NAMES_SHOWN = 6, REASONS_MOST = 6 };

/* A reason with the packages and images that it is about: each of the packages has it on
 * each of the images. */
struct reason {
	enum gate gate;
	enum verdict verdict;
	const struct ledger_finding *finding;
	const char *text; /* of the finding */
	const char *excuse; /* "waived", "known", or NULL */
	struct strings packages, images;
	struct strings needing; /* packages that only need one of PACKAGES */
	size_t cells;
	/* NULL, or the only package that FINDING is about: the others violate the
	 * same rule */
	const char *example;
};

struct reasons {
	struct reason *list;
	size_t count, room;
};

/* The cell of the package because of which CELL has its verdict; NULL: it is CELL itself,
 * or that package has no cell, or another verdict. */
static const struct ledger_cell *cell_needed(const struct ledger_pair *pair,
					     const struct ledger_cell *cell)
{
	const struct ledger_finding *finding = ledger_deciding(cell);
	const char *name = finding->finding.subject;

	if (strcmp(finding->finding.id, "needs") != 0 || finding->waiver ||
	    finding->finding.known || !name)
		return NULL;
	for (size_t i = array_lower(one, &pair->cells, strcmp(one->name, name) < 0);
	     i < pair->cells.count; i++) {
		const struct ledger_cell *other = &pair->cells.list[i];
		const struct ledger_finding *why = ledger_deciding(other);

		if (strcmp(other->name, name) != 0)
			break;
		if (other->verdict == cell->verdict && other->gate == cell->gate && why &&
		    strcmp(why->finding.id, "needs") != 0 && !why->waiver && !why->finding.known)
			return other;
	}
	return NULL;
}

/* Keeps apart what is waived, known, or neither. */
static const char *state_words(const struct ledger_finding *finding)
{
	if (finding->waiver)
		return finding->waiver->witness;
	return finding->finding.known ? "known" : "";
}

static struct reason *reason_get(const struct matrix *matrix, struct map *places,
				 struct reasons *reasons, const char *image,
				 const struct ledger_cell *cell)
{
	const struct ledger_finding *finding = ledger_deciding(cell);
	const char *key =
		arena_format(matrix->arena, "%d %s %s %s\n%s", (int)cell->gate, finding->finding.id,
			     state_words(finding), text_or_empty(cell->deciding_text), image);
	uint32_t next = (uint32_t)reasons->count, place = map_put(places, matrix->arena, key, next);

	if (place != next)
		return &reasons->list[place];

	struct reason *reason = array_add(matrix->arena, reasons);

	*reason = (struct reason){.gate = cell->gate,
				  .verdict = cell->verdict,
				  .finding = finding,
				  .text = text_or_empty(cell->deciding_text),
				  .excuse = ledger_excuse(cell)};
	*array_add(matrix->arena, &reason->images) = image;
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

/* One reason for each image, in the order of the ledger. */
static struct reasons reasons_collect(const struct matrix *matrix)
{
	struct reasons reasons = {0};
	struct map places = {0};

	array_each(pair, &matrix->ledger->pairs)
		array_each(cell, &pair->cells) {
			if (cell->verdict <= VERDICT_SAFE || !ledger_deciding(cell))
				continue;

			const struct ledger_cell *needed = cell_needed(pair, cell);
			struct reason *reason = reason_get(matrix, &places, &reasons, pair->image,
							   needed ? needed : cell);

			*array_add(matrix->arena, needed ? &reason->needing : &reason->packages) =
				cell->name;
			reason->cells++;
		}
	array_each(reason, &reasons) {
		strings_unique(&reason->packages);
		strings_unique(&reason->needing);
	}
	return reasons;
}

/* Makes one reason of those that differ in the image only. */
static struct reasons reasons_join(const struct matrix *matrix, const struct reasons *reasons)
{
	struct reasons joined = {0};
	struct map places = {0};

	array_each(reason, reasons) {
		const char *key = arena_format(
			matrix->arena, "%d %s %s %s\n%s\n%s", (int)reason->gate,
			reason->finding->finding.id, state_words(reason->finding), reason->text,
			strings_join(matrix->arena, &reason->packages, SIZE_MAX),
			strings_join(matrix->arena, &reason->needing, SIZE_MAX));
		uint32_t next = (uint32_t)joined.count,
			 place = map_put(&places, matrix->arena, key, next);

		if (place == next) {
			*array_add(matrix->arena, &joined) = *reason;
			continue;
		}
		array_append(matrix->arena, &joined.list[place].images, &reason->images);
		joined.list[place].cells += reason->cells;
	}
	array_each(reason, &joined)
		strings_unique(&reason->images);
	return joined;
}

/* What reasons with one rule on the same images have in common. */
static const char *rule_key(const struct matrix *matrix, const struct reason *reason)
{
	return arena_format(matrix->arena, "%d %s %s %s", (int)reason->gate,
			    reason->finding->finding.id, state_words(reason->finding),
			    strings_join(matrix->arena, &reason->images, SIZE_MAX));
}

/* If more than REASONS_MOST reasons have the same rule and images, makes one of them,
 * with the first package as example. */
static struct reasons reasons_fold(const struct matrix *matrix, const struct reasons *reasons)
{
	struct reasons folded = {0};
	struct map rules = {0}, places = {0};
	size_t *count = arena_get(matrix->arena, (reasons->count + 1) * sizeof *count);

	array_each(reason, reasons)
		count[map_put(&rules, matrix->arena, rule_key(matrix, reason),
			      (uint32_t)(reason - reasons->list))]++;
	array_each(reason, reasons) {
		const char *key = rule_key(matrix, reason);
		uint32_t next = (uint32_t)folded.count, place = next;

		if (count[map_get(&rules, key)] > REASONS_MOST)
			place = map_put(&places, matrix->arena, key, next);
		if (place == next) {
			*array_add(matrix->arena, &folded) = *reason;
			continue;
		}

		struct reason *whole = &folded.list[place];

		if (!whole->example)
			whole->example = *whole->packages.list;
		array_append(matrix->arena, &whole->packages, &reason->packages);
		array_append(matrix->arena, &whole->needing, &reason->needing);
		strings_unique(&whole->packages);
		strings_unique(&whole->needing);
		whole->cells += reason->cells;
	}
	return folded;
}

/* The packages that only need one of those that have the reason. */
static void print_needing(const struct matrix *matrix, const struct reason *reason, size_t most)
{
	if (!reason->needing.count)
		return;

	const char *whom = reason->packages.count == 1 ? *reason->packages.list : "one of them";
	const char *needing =
		text_needing(matrix->arena, strings_join(matrix->arena, &reason->needing, most),
			     reason->needing.count, whom);

	wrap_print(matrix->out, matrix->columns, "    ", "        ", quote(matrix->arena, needing));
}

static void print_reason(const struct matrix *matrix, const struct reason *reason)
{
	const struct finding *finding = &reason->finding->finding;
	const struct rule *rule = rules_find(matrix->ledger->rules, finding->id);
	size_t most = matrix->style->verbose ? SIZE_MAX : NAMES_SHOWN;
	const char *example =
		reason->example ? arena_format(matrix->arena, "for example %s: ", reason->example)
				: "";
	const char *words = arena_format(matrix->arena, "%s on %s: %s%s [%s]",
					 strings_join(matrix->arena, &reason->packages, most),
					 strings_join(matrix->arena, &reason->images, most),
					 example, text_or_empty(finding->text), finding->id);

	const char *word = reason->gate == GATE_PASS && reason->excuse
				   ? reason->excuse
				   : verdict_name[reason->verdict];
	const char *first = arena_format(matrix->arena, "  %s: ", word);

	fputs("  ", matrix->out);
	matrix_painted(matrix, gate_paint(reason->gate), word);
	fputs(wrap_at(matrix->arena, matrix->columns, first, "    ", quote(matrix->arena, words)) +
		      MARGIN + strlen(word),
	      matrix->out);
	print_needing(matrix, reason, most);
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
	struct reasons reasons = reasons_collect(matrix);

	reasons = reasons_join(matrix, &reasons);
	if (!matrix->style->verbose)
		reasons = reasons_fold(matrix, &reasons);
	array_sort(&reasons, reason_compare);

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
