/* SPDX-License-Identifier: ISC */
/* gate_ledger - a ledger of two images, router0 and router1, filled by hand, for printers of
 * several pairs. */
#ifndef KMODAUDIT_GATE_LEDGER_H
#define KMODAUDIT_GATE_LEDGER_H

#include "report/report.h"

#include <unistd.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

struct gate_ledger {
	struct arena arena;
	struct rules rules;
	struct ledger ledger;
	char *text; /* the last printed text */
	size_t size;
};

static inline struct ledger_pair *ledger_pair(struct gate_ledger *made, const char *image)
{
	struct ledger_pair *pair = array_add(&made->arena, &made->ledger.pairs);

	pair->image = image;
	pair->feed = "feed";
	pair->source = "fw.bin";
	pair->place = made->ledger.pairs.count - 1;
	return pair;
}

static inline void ledger_setup(struct gate_ledger *made)
{
	struct error error;

	*made = (struct gate_ledger){0};
	assert_true(rules_read(&made->arena, NULL, &made->rules, &error));
	made->rules.unproven = GATE_WARN;
	made->ledger.rules = &made->rules;
	ledger_pair(made, "router0");
	ledger_pair(made, "router1");
}

/* Valid until the next cell of the pair is added. */
static inline struct ledger_cell *ledger_cell(struct gate_ledger *made, size_t pair,
					      const char *name, enum verdict verdict,
					      enum gate gate)
{
	struct ledger_pair *whole = &made->ledger.pairs.list[pair];
	struct ledger_cell *cell = array_add(&made->arena, &whole->cells);

	cell->name = name;
	cell->version = "1";
	cell->file = arena_format(&made->arena, "feed/%s.ipk", name);
	cell->verdict = verdict;
	cell->gate = gate;
	cell->proof = verdict == VERDICT_SAFE ? "identity" : NULL;
	whole->sums.packages++;
	whole->sums.verdict[verdict]++;
	whole->sums.failing[verdict] += gate == GATE_FAIL;
	whole->gate = gate > whole->gate ? gate : whole->gate;
	return cell;
}

static inline struct ledger_finding *ledger_finding(struct gate_ledger *made,
						    struct ledger_cell *cell, const char *id,
						    enum level level, const char *text)
{
	struct ledger_finding *finding = array_add(&made->arena, &cell->findings);

	finding->finding.id = id;
	finding->finding.subject = "foo";
	finding->finding.text = text;
	finding->level = level;
	cell->deciding = id;
	cell->deciding_text = text;
	return finding;
}

static inline struct ledger_cell *ledger_bad(struct gate_ledger *made, size_t pair,
					     const char *name, const char *id, const char *text)
{
	struct ledger_cell *cell = ledger_cell(made, pair, name, VERDICT_UNSAFE, GATE_FAIL);

	ledger_finding(made, cell, id, LEVEL_ERROR, text);
	return cell;
}

/* The output in FORMAT; the caller frees it. */
static inline char *ledger_text(struct gate_ledger *made, const char *format)
{
	struct report_style style = {0};
	struct error error;
	FILE *out = open_memstream(&made->text, &made->size);

	ledger_finish(&made->arena, &made->ledger);
	for (const struct report_format *one = report_formats; one->name; one++)
		if (!strcmp(one->name, format))
			assert_true(one->print_ledger(out, &made->ledger, &style, &error));
	fclose(out);
	return made->text;
}

static inline void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		print_error("'%s' is not in:\n%s", part, text);
	assert_non_null(strstr(text, part));
}

static inline void has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		print_error("'%s' is in:\n%s", part, text);
	assert_null(strstr(text, part));
}

/* The number of lines that start with START. */
static inline size_t lines_with(const char *text, const char *start)
{
	size_t count = 0;

	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		count += strncmp(line, start, strlen(start)) == 0;
	return count;
}

#endif
