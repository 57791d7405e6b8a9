/* SPDX-License-Identifier: ISC */
/* Prints the findings about image and feeds in a text report, and with --verbose every
 * finding on a line of its own. */
#include "report/text/text_parts.h"

#include "base/text.h"

enum { SAME_SHOWN = 3, WARNINGS_SHOWN = 3 };

/* The findings about the image or a feed with one rule and level; the
 * first is printed. */
struct notice {
	const struct finding *finding;
	enum level level;
	size_t count;
};

struct notices {
	struct notice *list;
	size_t count, room;
};

/* The text of FINDING, or its subject, safe to print. */
static const char *finding_sentence(const struct text *text, const struct finding *finding)
{
	return quote(text->arena, text_or_empty(finding->text ? finding->text : finding->subject));
}

/* The findings about the image for index 0, then about each feed; NULL
 * after the last. */
static const struct findings *beside(const struct verdicts *verdicts, size_t index)
{
	if (index == 0)
		return &verdicts->image;
	return index <= world_feeds(verdicts->world)->count ? &verdicts->feeds[index - 1] : NULL;
}

void text_errors(const struct text *text)
{
	const struct findings *findings;

	for (size_t i = 0; (findings = beside(text->verdicts, i)); i++) {
		const char *id = "";
		size_t same = 0;

		array_each(finding, findings) {
			if (rules_level(text->verdicts->rules, finding) != LEVEL_ERROR)
				continue;
			same = strcmp(id, finding->id) == 0 ? same + 1 : 0;
			id = finding->id;
			if (same < SAME_SHOWN || text->style->verbose)
				text_line(text,
					  arena_format(text->arena,
						       "%s: ", text_level(text, finding)),
					  "    ", "%s", finding_sentence(text, finding));
			else if (same == SAME_SHOWN)
				fprintf(text->out, "    and more like it: -v shows them\n");
		}
	}
}

static struct notices notices_of(const struct text *text)
{
	const struct findings *findings;
	struct notices notices = {0};

	for (size_t i = 0; (findings = beside(text->verdicts, i)); i++)
		array_each(finding, findings) {
			enum level level = rules_level(text->verdicts->rules, finding);

			if (level != LEVEL_WARNING && level != LEVEL_UNKNOWN)
				continue;

			struct notice *same =
				array_find(notice, &notices,
					   notice->level == level &&
						   strcmp(notice->finding->id, finding->id) == 0);

			if (!same) {
				same = array_add(text->arena, &notices);
				*same = (struct notice){finding, level, 0};
			}
			same->count += 1 + finding->more;
		}
	return notices;
}

void text_warnings(const struct text *text)
{
	struct notices notices = notices_of(text);
	size_t left = 0, shown = 0;

	if (!notices.count || text->style->verbose)
		return;
	fputs("\nabout the image and the feeds\n", text->out);
	array_each(notice, &notices) {
		const char *more =
			notice->count > 1
				? arena_format(text->arena, "; %zu more like it", notice->count - 1)
				: "";

		if (shown++ < WARNINGS_SHOWN)
			text_line(text,
				  arena_format(text->arena,
					       "  %s: ", text_level(text, notice->finding)),
				  "    ", "%s%s [%s]", finding_sentence(text, notice->finding),
				  more, notice->finding->id);
		else
			left += notice->count;
	}
	if (left)
		fprintf(text->out, "  and %zu more: -v shows them\n", left);
}

static void print_value(const struct text *text, const char *name, const char *value,
			const char *witness)
{
	const char *where = witness ? quote(text->arena, witness) : NULL;

	if (value)
		fprintf(text->out, "    %s: %s%s%s%s\n", name, quote(text->arena, value),
			where ? " (" : "", where ? where : "", where ? ")" : "");
	else if (where)
		fprintf(text->out, "    see: %s\n", where);
}

/* Prints a finding on one line, in the form of compiler messages, so that grep and
 * editors can use it. */
static void print_finding(const struct text *text, const char *package,
			  const struct finding *finding)
{
	static const enum paint paints[] = {PAINT_CYAN, PAINT_YELLOW, PAINT_YELLOW, PAINT_RED};
	enum level level = rules_level(text->verdicts->rules, finding);

	fprintf(text->out, "%s: ", quote(text->arena, package));
	text_painted(text, paints[level], text_level(text, finding));
	fprintf(text->out, ": %s%s%s: %s [%s]\n",
		finding->module ? quote(text->arena, finding->module) : "",
		finding->module ? ": " : "",
		finding->subject ? quote(text->arena, finding->subject) : "",
		finding->text ? quote(text->arena, finding->text) : "",
		quote(text->arena, finding->id));
	print_value(text, "expected", finding->expected, finding->witness[0]);
	print_value(text, "found", finding->found, finding->witness[1]);
	print_value(text, "to settle it", finding->settle, NULL);
	if (finding->more)
		fprintf(text->out, "    and %zu more like it\n", finding->more);
	if (finding->waiver)
		fprintf(text->out, "    waiver: %s\n", text_waiver(text, finding->waiver));
}

void text_findings(const struct text *text)
{
	fputs("\nfindings\n", text->out);
	array_each(finding, &text->verdicts->image)
		print_finding(text, "image", finding);
	for (size_t i = 0; i < world_feeds(text->verdicts->world)->count; i++)
		array_each(finding, &text->verdicts->feeds[i])
			print_finding(text, world_feeds(text->verdicts->world)->list[i].source,
				      finding);
	array_each(result, &text->verdicts->results)
		array_each(finding, &result->findings)
			print_finding(text, result->package->name, finding);
}
