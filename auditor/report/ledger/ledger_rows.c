/* SPDX-License-Identifier: ISC */
/* Regroups a ledger by package, so that each row holds what one package is
 * on each image. */
#include "report/ledger/ledger_rows.h"

#include "base/text.h"

#include <string.h>

struct place {
	struct ledger_row_cell at;
	size_t feed; /* index in the plan */
	size_t same; /* number of earlier cells of the pair with the same name, version and file */
};

struct places {
	struct place *list;
	size_t count, room;
};

static int row_compare(const struct place *x, const struct place *y)
{
	int order = x->feed < y->feed ? -1 : x->feed > y->feed;

	if (!order)
		order = ledger_cell_compare(x->at.cell, y->at.cell);
	return order ? order : x->same < y->same ? -1 : x->same > y->same;
}

static int entry_compare(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = row_compare(x, y);

	return order				       ? order
	       : x->at.pair->place < y->at.pair->place ? -1
						       : x->at.pair->place > y->at.pair->place;
}

struct ledger_rows ledger_rows(struct arena *arena, const struct ledger *ledger)
{
	struct ledger_rows rows = {0};
	struct places entries = {0};

	array_each(pair, &ledger->pairs) {
		size_t same = 0, feed = text_index(pair->feed, ledger->feeds.list,
						   (unsigned)ledger->feeds.count);

		/* the cells of a pair are already sorted */
		array_each(cell, &pair->cells) {
			const struct ledger_cell *before =
				cell > pair->cells.list ? cell - 1 : NULL;

			same = before && !ledger_cell_compare(before, cell) ? same + 1 : 0;
			*array_add(arena, &entries) = (struct place){{pair, cell}, feed, same};
		}
	}
	array_sort(&entries, entry_compare);

	struct ledger_row_cell *cells = arena_get(arena, (entries.count + 1) * sizeof *cells);
	for (size_t i = 0; i < entries.count; i++) {
		const struct place *entry = &entries.list[i];

		cells[i] = entry->at;
		if (i == 0 || row_compare(entry - 1, entry) != 0)
			*array_add(arena, &rows) = (struct ledger_row){
				entry->at.pair->feed, entry->at.cell, &cells[i], 0};
		rows.list[rows.count - 1].count++;
	}
	return rows;
}

const char *ledger_everywhere(const struct ledger *ledger, size_t count)
{
	bool all = ledger->pairs.count == ledger->images.count * ledger->feeds.count &&
		   !array_any(pair, &ledger->pairs, pair->status == 3);

	if (all)
		return "on every image";
	return count == 1 ? "on every image that it was judged on"
			  : "on every image that they were judged on";
}

const struct ledger_finding *ledger_deciding(const struct ledger_cell *cell)
{
	const struct ledger_finding *same = NULL;

	array_each(finding, &cell->findings) {
		if (!cell->deciding || strcmp(finding->finding.id, cell->deciding) != 0)
			continue;
		if (text_same(finding->finding.text, cell->deciding_text))
			return finding;
		same = same ? same : finding;
	}
	return same || !cell->findings.count ? same : cell->findings.list;
}

const char *ledger_excuse(const struct ledger_cell *cell)
{
	const struct ledger_finding *why = ledger_deciding(cell);

	if (cell->gate != GATE_PASS || cell->verdict <= VERDICT_SAFE)
		return NULL;
	if (why && (why->waiver || why->finding.known))
		return why->waiver ? "waived" : "known";
	return cell->waived ? "waived" : cell->known ? "known" : NULL;
}
