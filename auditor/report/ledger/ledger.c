/* SPDX-License-Identifier: ISC */
/* Fills a ledger from the verdicts of each pair, copies all text into it, sums up, and
 * computes its status, headline and fingerprints. */
#include "report/ledger/ledger_image.h"
#include "report/ledger/ledger_members.h"
#include "report/ledger/ledger_rows.h"

#include "base/text.h"
#include "verdict/settle.h"

#include <string.h>

static const char *keep(struct arena *arena, struct ledger *ledger, const char *text)
{
	return text ? map_intern(&ledger->texts, arena, span_text(text)) : NULL;
}

void ledger_waive(struct arena *arena, struct ledger *ledger, const struct waivers *waivers)
{
	if (!waivers)
		return;
	if (!ledger->waivers.source) {
		ledger->waivers.source = keep(arena, ledger, waivers->source);
		array_append(arena, &ledger->waivers, waivers);
	}
	for (size_t i = 0; i < waivers->count; i++) {
		ledger->waivers.list[i].used = waivers->list[i].used;
		ledger->waivers.list[i].overlap = waivers->list[i].overlap;
	}
}

static void finding_keep(struct arena *arena, struct ledger *ledger,
			 const struct verdicts *verdicts, const struct finding *from,
			 struct ledger_findings *to)
{
	struct ledger_finding *kept = array_add(arena, to);

	kept->level = rules_level(verdicts->rules, from);
	if (from->waiver)
		kept->waiver = &ledger->waivers.list[from->waiver - verdicts->waivers->list];
	kept->finding = (struct finding){
		.id = keep(arena, ledger, from->id),
		.module = keep(arena, ledger, from->module),
		.subject = keep(arena, ledger, from->subject),
		.expected = keep(arena, ledger, from->expected),
		.found = keep(arena, ledger, from->found),
		.witness = {keep(arena, ledger, from->witness[0]),
			    keep(arena, ledger, from->witness[1])},
		.text = keep(arena, ledger, from->text),
		/* for a plan, the text names inputs as the plan does */
		.settle = keep(arena, ledger,
			       ledger->plan ? settle_told(arena, from->settle, SETTLE_PLAN)
					    : from->settle),
		.more = from->more,
		.known = from->known,
	};
}

static void findings_keep(struct arena *arena, struct ledger *ledger,
			  const struct verdicts *verdicts, const struct findings *from,
			  struct ledger_findings *to)
{
	array_each(finding, from)
		if (rules_level(verdicts->rules, finding) >= LEVEL_WARNING || finding->waiver)
			finding_keep(arena, ledger, verdicts, finding, to);
}

static void strings_keep(struct arena *arena, struct ledger *ledger, const struct strings *from,
			 struct strings *to)
{
	array_each(text, from)
		*array_add(arena, to) = keep(arena, ledger, *text);
}

static void image_keep(struct arena *arena, struct ledger *ledger, const struct verdicts *verdicts,
		       struct ledger_pair *pair)
{
	struct arena scratch _cleanup_arena_ = {0};
	struct ledger_card card = ledger_card(&scratch, verdicts);
	struct ledger_options options = ledger_options(&scratch, verdicts);

	for (const struct ledger_member *at = ledger_card_members; at->key; at++)
		*ledger_card_text(&pair->card, at) =
			keep(arena, ledger, *ledger_card_text(&card, at));
	pair->options = options;
	pair->options.list = NULL;
	pair->options.count = pair->options.room = 0;
	pair->options.series = keep(arena, ledger, options.series);
	pair->options.places = keep(arena, ledger, options.places);
	array_each(from, &options) {
		struct ledger_option *option = array_add(arena, &pair->options);

		*option = (struct ledger_option){.option = keep(arena, ledger, from->option),
						 .before = keep(arena, ledger, from->before),
						 .after = keep(arena, ledger, from->after),
						 .core = from->core,
						 .by = keep(arena, ledger, from->by)};
		strings_keep(arena, ledger, &from->structs, &option->structs);
	}
}

static void cell_keep(struct arena *arena, struct ledger *ledger, const struct verdicts *verdicts,
		      const struct result *result, struct ledger_cell *cell)
{
	cell->name = keep(arena, ledger, result->package->name);
	cell->version = keep(arena, ledger, result->package->version);
	cell->file = keep(arena, ledger, result->package->file);
	cell->verdict = result->verdict;
	cell->proof = result->proof;
	cell->gate = result->gate;
	cell->waived = result->waived;
	cell->known = result->known;
	if (result->deciding) {
		cell->deciding = keep(arena, ledger, result->deciding->id);
		cell->deciding_text = keep(arena, ledger, result->deciding->text);
	}
	strings_keep(arena, ledger, &result->needs, &cell->needs);
	findings_keep(arena, ledger, verdicts, &result->findings, &cell->findings);
	array_each(finding, &result->findings)
		if (rules_level(verdicts->rules, finding) == LEVEL_NOTE && !finding->waiver &&
		    (strcmp(finding->id, "package-manager") == 0 ||
		     text_same(finding->id, result->proof)))
			finding_keep(arena, ledger, verdicts, finding, &cell->notes);
	if (!cell->findings.count)
		cell->deciding_text = NULL;
}

int ledger_cell_compare(const void *a, const void *b)
{
	const struct ledger_cell *x = a, *y = b;
	int order = strcmp(text_or_empty(x->name), text_or_empty(y->name));

	if (!order)
		order = strcmp(text_or_empty(x->version), text_or_empty(y->version));
	return order ? order : strcmp(text_or_empty(x->file), text_or_empty(y->file));
}

bool ledger_cell_twin(const struct ledger_cell *a, const struct ledger_cell *b)
{
	return strcmp(a->name, b->name) == 0 &&
	       strcmp(text_or_empty(a->version), text_or_empty(b->version)) == 0;
}

static struct ledger_pair *pair_add(struct arena *arena, struct ledger *ledger, const char *image,
				    const char *feed, size_t place)
{
	struct ledger_pair *pair = array_add(arena, &ledger->pairs);

	pair->image = keep(arena, ledger, image);
	pair->feed = keep(arena, ledger, feed);
	pair->place = place;
	return pair;
}

void ledger_add(struct arena *arena, struct ledger *ledger, const char *image, const char *feed,
		size_t place, const struct verdicts *verdicts)
{
	struct ledger_pair *pair = pair_add(arena, ledger, image, feed, place);

	ledger_waive(arena, ledger, verdicts->waivers);
	pair->source = keep(arena, ledger, world_image(verdicts->world)->source);
	image_keep(arena, ledger, verdicts, pair);
	pair->gate = verdicts->gate;
	pair->status = verdicts_status(verdicts);
	pair->sums = (struct ledger_sums){.packages = verdicts->results.count + verdicts->unrelated,
					  .unrelated = verdicts->unrelated,
					  .waived = verdicts->waived,
					  .known = verdicts->known};
	memcpy(pair->sums.verdict, verdicts->count, sizeof pair->sums.verdict);
	memcpy(pair->sums.failing, verdicts->failing, sizeof pair->sums.failing);
	pair->baseline = verdicts->baseline != NULL;
	if (pair->baseline) {
		pair->sums.baseline_new = verdicts->baseline->new;
		pair->sums.baseline_unchanged = verdicts->baseline->unchanged;
		pair->sums.baseline_fixed = verdicts->baseline->fixed;
	}
	findings_keep(arena, ledger, verdicts, &verdicts->image, &pair->image_findings);
	for (size_t i = 0; i < world_feeds(verdicts->world)->count; i++) {
		size_t before = pair->feed_findings.count;

		findings_keep(arena, ledger, verdicts, &verdicts->feeds[i], &pair->feed_findings);
		for (size_t at = before; at < pair->feed_findings.count; at++)
			pair->feed_findings.list[at].source =
				keep(arena, ledger, world_feeds(verdicts->world)->list[i].source);
	}
	array_each(result, &verdicts->results)
		cell_keep(arena, ledger, verdicts, result, array_add(arena, &pair->cells));
	array_sort(&pair->cells, ledger_cell_compare);
}

struct ledger ledger_of(struct arena *arena, const struct verdicts *verdicts)
{
	struct ledger ledger = {.rules = verdicts->rules, .planned = 1};
	const struct feeds *feeds = world_feeds(verdicts->world);
	const char *name = "";

	array_each(feed, feeds)
		name = arena_format(arena, "%s%s%s", name, feed == feeds->list ? "" : " ",
				    feed->source);
	ledger_add(arena, &ledger, world_image(verdicts->world)->source, name, 0, verdicts);
	return ledger;
}

void ledger_add_unread(struct arena *arena, struct ledger *ledger, const char *image,
		       const char *feed, size_t place, const char *id, const char *why)
{
	struct ledger_pair *pair = pair_add(arena, ledger, image, feed, place);
	bool of_image = strcmp(id, "image-unreadable") == 0;
	struct ledger_finding *finding =
		array_add(arena, of_image ? &pair->image_findings : &pair->feed_findings);

	pair->gate = GATE_FAIL;
	pair->status = 3;
	finding->level = LEVEL_ERROR;
	finding->finding.id = id;
	finding->finding.subject = of_image ? pair->image : pair->feed;
	finding->finding.text = keep(arena, ledger, why);
}

static int pair_compare(const void *a, const void *b)
{
	const struct ledger_pair *x = a, *y = b;

	return x->place < y->place ? -1 : x->place > y->place;
}

/* The worse exit status: no answer is worst, then unsafe, then unproven. */
static int status_worse(int a, int b)
{
	static const int weight[] = {0, 2, 1, 3};

	return weight[b] > weight[a] ? b : a;
}

void ledger_finish(struct arena *arena, struct ledger *ledger)
{
	struct findings said = ledger->waiver_findings;

	if (ledger->waivers.source && !ledger->shards)
		waivers_findings(arena, &ledger->waivers, &said);
	ledger_finish_with(ledger, &said);
}

void ledger_finish_with(struct ledger *ledger, const struct findings *waivers)
{
	ledger->waiver_findings = *waivers;
	array_sort(&ledger->pairs, pair_compare);
	array_each(pair, &ledger->pairs) {
		for (const struct ledger_member *member = ledger_sum_members; member->key; member++)
			*ledger_sum(&ledger->sums, member) += *ledger_sum(&pair->sums, member);
		ledger->gate = pair->gate > ledger->gate ? pair->gate : ledger->gate;
		ledger->pairs_failing += pair->gate == GATE_FAIL;
		ledger->status = status_worse(ledger->status, pair->status);
	}
	array_each(finding, &ledger->waiver_findings) {
		if (rules_level(ledger->rules, finding) < LEVEL_ERROR)
			continue;
		ledger->gate = GATE_FAIL;
		ledger->status = status_worse(ledger->status, 1);
	}
}

struct strings ledger_image_names(struct arena *arena, const struct ledger *ledger)
{
	struct strings images = {0};
	struct map seen = {0};

	array_each(pair, &ledger->pairs)
		if (map_put(&seen, arena, pair->image, (uint32_t)images.count) == images.count)
			*array_add(arena, &images) = pair->image;
	return images;
}

bool ledger_has_baseline(const struct ledger *ledger)
{
	return array_any(pair, &ledger->pairs, pair->baseline);
}

size_t ledger_line(const struct finding *finding)
{
	static const char before[] = ": line ";
	const char *line = NULL;
	uint64_t number = 0;

	/* use the last match, because the file's name may contain ": line " */
	for (const char *at = finding->witness[0]; at && (at = strstr(at, before)); line = at)
		at += strlen(before);
	return line && span_number(span_text(line), 10, &number) ? (size_t)number : 0;
}

const char *ledger_fingerprint(struct arena *arena, const struct ledger_pair *pair,
			       const char *owner, const struct finding *finding)
{
	const char *text = arena_format(arena, "%s\n%s\n%s\n%s\n%s", path_last(pair->image), owner,
					finding->id, text_or_empty(finding->module),
					text_or_empty(finding->subject));

	return sha256_hex(arena, span_text(text));
}

static size_t errors_count(const struct ledger_findings *findings)
{
	return array_count(one, findings,
			   one->level == LEVEL_ERROR && !one->waiver && !one->finding.known);
}

const char *ledger_headline(struct arena *arena, const struct ledger *ledger)
{
	struct headline headline = {
		.gate = ledger->gate, .waived = ledger->sums.waived, .known = ledger->sums.known};
	size_t unread = 0;
	const char *words;

	if (ledger->shards && !ledger->pairs.count)
		return arena_format(arena, "%s: shard %u of %u has no pairs (the plan has %zu)",
				    gate_name[ledger->gate], ledger->shard, ledger->shards,
				    ledger->planned);
	memcpy(headline.verdict, ledger->sums.verdict, sizeof headline.verdict);
	memcpy(headline.failing, ledger->sums.failing, sizeof headline.failing);
	array_each(pair, &ledger->pairs) {
		headline.beside +=
			errors_count(&pair->image_findings) + errors_count(&pair->feed_findings);
		unread += pair->status == 3;
	}
	array_each(finding, &ledger->waiver_findings)
		headline.beside += rules_level(ledger->rules, finding) == LEVEL_ERROR;
	words = headline_words(arena, &headline);
	if (!ledger->plan)
		return words;
	words = arena_format(arena, "%s (%s, %zu fail", words,
			     text_count(arena, ledger->pairs.count, "pair"), ledger->pairs_failing);
	return unread ? arena_format(arena, "%s, no answer about %zu)", words, unread)
		      : arena_format(arena, "%s)", words);
}
