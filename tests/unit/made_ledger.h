/* SPDX-License-Identifier: ISC */
/* made_ledger - a ledger filled by hand, with one pair, fw.bin and feed, to which tests add
 * findings. */
#ifndef KMODAUDIT_MADE_LEDGER_H
#define KMODAUDIT_MADE_LEDGER_H

#include "report/report.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

struct made_ledger {
	struct arena arena;
	struct rules rules;
	struct ledger ledger;
	char *text; /* the last printed text */
	struct error error;
};

static struct ledger_pair *made_pair(struct made_ledger *made, const char *image, const char *feed)
{
	struct ledger_pair *pair = array_add(&made->arena, &made->ledger.pairs);

	pair->image = image;
	pair->feed = feed;
	pair->source = image;
	pair->place = made->ledger.pairs.count;
	return pair;
}

static int made_ledger_setup(void **state)
{
	struct made_ledger *made = test_calloc(1, sizeof *made);

	assert_true(rules_read(&made->arena, NULL, &made->rules, &made->error));
	made->ledger.rules = &made->rules;
	made_pair(made, "fw.bin", "feed");
	*state = made;
	return 0;
}

static int made_ledger_teardown(void **state)
{
	struct made_ledger *made = *state;

	free(made->text);
	arena_free(&made->arena);
	test_free(made);
	return 0;
}

static struct ledger_finding *made_finding(struct made_ledger *made,
					   struct ledger_findings *findings, const char *id,
					   enum level level, const char *text)
{
	struct ledger_finding *finding = array_add(&made->arena, findings);

	finding->finding = (struct finding){.id = id, .subject = "subject", .text = text};
	finding->level = level;
	return finding;
}

/* Adds a package with one finding (ID NULL: none). */
static struct ledger_cell *made_cell(struct made_ledger *made, const char *name,
				     enum verdict verdict, enum gate gate, const char *id,
				     enum level level)
{
	struct ledger_cell *cell = array_add(&made->arena, &made->ledger.pairs.list[0].cells);

	cell->name = name;
	cell->version = "1.0";
	cell->file = arena_format(&made->arena, "feed/%s.ipk", name);
	cell->verdict = verdict;
	cell->gate = gate;
	if (id) {
		made_finding(made, &cell->findings, id, level, "said of it");
		cell->deciding = id;
		cell->deciding_text = "said of it";
	}
	made->ledger.pairs.list[0].sums.packages++;
	made->ledger.pairs.list[0].sums.verdict[verdict]++;
	made->ledger.pairs.list[0].gate =
		gate > made->ledger.pairs.list[0].gate ? gate : made->ledger.pairs.list[0].gate;
	return cell;
}

static struct waiver *made_waiver(struct made_ledger *made)
{
	struct waiver *waiver = array_add(&made->arena, &made->ledger.waivers);

	made->ledger.waivers.source = "waivers.yaml";
	waiver->rule = "symbol-missing";
	waiver->reason = "known to work";
	waiver->owner = "release team";
	waiver->expires = "2030-01-31";
	waiver->witness = "waivers.yaml: line 3";
	waiver->used = 1;
	return waiver;
}

static const char *made_print(struct made_ledger *made, const char *name)
{
	const struct report_style style = {0};
	size_t size = 0;
	FILE *out;

	free(made->text);
	made->text = NULL;
	out = open_memstream(&made->text, &size);
	assert_non_null(out);
	for (const struct report_format *format = report_formats; format->name; format++)
		if (strcmp(format->name, name) == 0)
			assert_true(format->print_ledger(out, &made->ledger, &style, &made->error));
	fclose(out);
	assert_true(size > 0);
	return made->text;
}

static size_t made_count(const char *text, const char *what)
{
	size_t count = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		count++;
	return count;
}

#endif
