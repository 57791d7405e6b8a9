#include "report/paint.h"
#include "report/text_groups.h"
#include "report/wrap.h"
#include "report/yaml_keys.h"

#include <errno.h>

enum { NAMES_MOST = 8, INSTALL_MOST = 60, REMARKS_MOST = 3 };

struct text {
	FILE *out;
	struct arena *arena;
	const struct verdicts *verdicts;
	const struct report_style *style;
};

static void painted(const struct text *text, enum paint paint, const char *words)
{
	paint_print(text->out, text->style->color, paint, words);
}

static void line(const struct text *text, const char *first, const char *rest, const char *words)
{
	fputs(wrap(text->arena, first, rest, words), text->out);
}

static const char *packages(struct arena *arena, size_t count)
{
	return arena_format(arena, "%zu package%s", count, count == 1 ? "" : "s");
}

static void print_headline(const struct text *text)
{
	const struct verdicts *verdicts = text->verdicts;
	bool red = verdicts->failing[VERDICT_UNSAFE] || verdicts_beside(verdicts);
	enum paint paint = verdicts->gate == GATE_PASS ? PAINT_GREEN : red ? PAINT_RED : PAINT_YELLOW;

	painted(text, paint, quote(text->arena, verdicts_headline(text->arena, verdicts)));
	fputc('\n', text->out);
}

static const char *abi_words(const struct text *text, const struct abi *abi)
{
	if (!abi->version)
		return "kernel abi not known";
	return arena_format(text->arena, "kernel abi %s%s%s", abi->version, abi->hash ? " " : ", no hash",
			    abi->hash ? abi->hash : "");
}

static const char *exports_words(const struct text *text, const struct kernel *kernel)
{
	if (!kernel)
		return "no kernel found in it";
	if (!kernel->exports.source)
		return "exported symbols not known";
	return arena_format(text->arena, "%zu exported symbols%s%s", kernel->exports.table.count,
			    kernel->exports.complete ? "" : " (perhaps not all)",
			    kernel->exports.crcs ? " with CRCs" : "");
}

static void print_image(const struct text *text)
{
	const struct image *image = world_image(text->verdicts->world);
	const char *release = image->release.value, *machine = machine_name(text->arena, image->machine);
	const char *words = arena_format(
		text->arena, "Linux %s, %s, %s, %s%s", release ? release : "of unknown release",
		machine ? machine : "unknown machine", abi_words(text, &image->abi), exports_words(text, image->kernel),
		image->database_known ? "" : ", package database not known");

	line(text, "image ", "      ", quote(text->arena, image->source));
	line(text, "  ", "  ", quote(text->arena, words));
}

/* "error", "error, waived" */
static const char *level_words(const struct text *text, const struct finding *finding)
{
	const char *level = level_name[rules_level(text->verdicts->rules, finding)];

	if (!finding->waiver && !finding->known)
		return level;
	return arena_format(text->arena, "%s, %s", level, finding->waiver ? "waived" : "known");
}

/* Worth a line above the verdicts: not the notes, and of many that break one rule only some. */
static bool remark_shown(const struct text *text, const struct findings *findings, const struct finding *finding)
{
	size_t same = 0;

	if (rules_level(text->verdicts->rules, finding) == LEVEL_NOTE)
		return false;
	for (const struct finding *before = findings->list; before < finding; before++)
		same += !strcmp(before->id, finding->id);
	return same < REMARKS_MOST;
}

static void print_remarks(const struct text *text, const struct findings *findings)
{
	size_t hidden = 0;

	if (text->style->verbose)
		return;
	array_each(finding, findings) {
		enum level level = rules_level(text->verdicts->rules, finding);
		hidden += level != LEVEL_NOTE && !remark_shown(text, findings, finding);
		if (remark_shown(text, findings, finding))
			line(text, arena_format(text->arena, "%s: ", level_words(text, finding)), "    ",
			     quote(text->arena, finding->text ? finding->text : finding->subject));
	}
	if (hidden)
		fprintf(text->out, "and %zu more of the kind: -v shows them\n", hidden);
}

static void print_waivers(const struct text *text)
{
	const struct waivers *waivers = text->verdicts->waivers;
	size_t covered = 0;

	if (!waivers)
		return;
	array_each(waiver, waivers)
		covered += waiver->expired || waiver->refused ? 0 : waiver->used;
	line(text, "waivers ", "  ",
	     arena_format(text->arena, "%s: %zu, covering %zu finding%s", quote(text->arena, waivers->source),
			  waivers->count, covered, covered == 1 ? "" : "s"));
	array_each(finding, &text->verdicts->waiver_findings)
		line(text, arena_format(text->arena, "%s: ", level_words(text, finding)), "    ",
		     arena_format(text->arena, "%s: %s: %s [%s]", quote(text->arena, finding->witness[0]),
				  quote(text->arena, finding->subject), quote(text->arena, finding->text),
				  finding->id));
}

static void print_baseline(const struct text *text)
{
	const struct baseline_sums *baseline = text->verdicts->baseline;

	if (!baseline)
		return;
	line(text, "baseline ", "  ",
	     arena_format(text->arena, "%s: %zu finding%s new, %zu unchanged, %zu fixed%s%s",
			  quote(text->arena, baseline->source), baseline->new, baseline->new == 1 ? "" : "s",
			  baseline->unchanged, baseline->fixed, baseline->remark ? "; " : "",
			  baseline->remark ? quote(text->arena, baseline->remark) : ""));
}

static void print_title(const struct text *text, enum paint paint, const char *title, size_t count, const char *tail)
{
	fputc('\n', text->out);
	painted(text, paint, arena_format(text->arena, "%s: %s%s", title, packages(text->arena, count), tail));
	fputc('\n', text->out);
}

static void print_names(const struct text *text, const char *indent, const struct strings *names)
{
	line(text, indent, indent, strings_join(text->arena, names, text->style->verbose ? names->count : NAMES_MOST));
}

static const char *waiver_words(const struct text *text, const struct waiver *waiver)
{
	return quote(text->arena, arena_format(text->arena, "%s: until %s, %s: %s", waiver->witness, waiver->expires,
					       waiver->owner, waiver->reason));
}

/* LABEL stands in front; ADVISE: with what to do. */
static void print_group(const struct text *text, const struct group *group, const char *label, bool advise)
{
	const struct finding *finding = group->finding;
	const struct rule *rule = finding ? rules_find(text->verdicts->rules, finding->id) : NULL;
	const char *id = finding ? arena_format(text->arena, " [%s]", finding->id) : "";
	bool alone = group->names.count == 1;
	const char *first = alone ? group->names.list[0] : packages(text->arena, group->names.count);

	if (group->example)
		first = arena_format(text->arena, "%s, for example %s", first, group->example);
	line(text, "  ", "    ",
	     arena_format(text->arena, "%s%s: %s%s", label, first, group->text, quote(text->arena, id)));
	if (!alone)
		print_names(text, "    ", &group->names);
	if (group->waiver)
		line(text, "    waiver: ", "        ", waiver_words(text, group->waiver));
	if (!advise)
		return;
	if (finding && finding->settle)
		line(text, "    to settle it: ", "        ", quote(text->arena, finding->settle));
	else if (rule && rule->remedy)
		line(text, "    what to do: ", "        ", quote(text->arena, rule->remedy));
}

/* ", of these 2 waived, 1 known", or "" */
static const char *let_words(const struct text *text, enum verdict verdict)
{
	size_t count[GROUP_STATES] = {0};

	array_each(result, &text->verdicts->results)
		count[result->verdict == verdict ? group_state(result) : GROUP_STANDS]++;
	if (!count[GROUP_WAIVED] && !count[GROUP_KNOWN])
		return "";
	if (!count[GROUP_WAIVED] || !count[GROUP_KNOWN])
		return arena_format(text->arena, ", of these %zu %s", count[GROUP_WAIVED] + count[GROUP_KNOWN],
				    count[GROUP_WAIVED] ? "waived" : "known");
	return arena_format(text->arena, ", of these %zu waived, %zu known", count[GROUP_WAIVED], count[GROUP_KNOWN]);
}

static void print_groups(const struct text *text, enum verdict verdict, enum paint paint, const char *title)
{
	struct groups groups = groups_of(text->arena, text->verdicts, verdict, !text->style->verbose);

	if (!groups.count)
		return;
	print_title(text, paint, title, text->verdicts->count[verdict], let_words(text, verdict));
	array_each(group, &groups)
		print_group(text, group, group_label[group->state], group->state == GROUP_STANDS);
}

/* "2 by identity, 1 by symbol-crcs": the proofs in their order of strength; NULL when there is none. */
static const char *proofs_words(const struct text *text)
{
	struct strings parts = {0};

	for (size_t proof = 0; proof < PROOF_COUNT; proof++) {
		size_t count = 0;
		array_each(result, &text->verdicts->results)
			count += result->verdict == VERDICT_SAFE && result->proof &&
				 !strcmp(result->proof, proof_name[proof]);
		if (count)
			*array_add(text->arena, &parts) =
				arena_format(text->arena, "%zu by %s", count, proof_name[proof]);
	}
	return parts.count ? strings_join(text->arena, &parts, parts.count) : NULL;
}

/* Names as a package manager takes them: with blanks between. */
static const char *install_words(const struct text *text)
{
	const struct strings *install = &text->verdicts->install;
	size_t most = text->style->verbose || install->count <= INSTALL_MOST ? install->count : INSTALL_MOST;
	const char *words = "";

	for (size_t i = 0; i < most; i++)
		words = arena_format(text->arena, "%s %s", words, install->list[i]);
	return quote(text->arena, words);
}

static const struct finding *manager_of(const struct result *result, const char *answer)
{
	array_each(finding, &result->findings)
		if (finding->found && !strcmp(finding->id, "package-manager") && !strcmp(finding->found, answer))
			return finding;
	return NULL;
}

/* Safe, yet not to be had by asking for it: how many, and of the first how. */
static void print_manager(const struct text *text, const char *answer)
{
	const struct finding *first = NULL;
	const char *name = NULL;
	size_t count = 0;

	array_each(result, &text->verdicts->results) {
		const struct finding *finding = result->verdict == VERDICT_SAFE ? manager_of(result, answer) : NULL;

		if (!finding)
			continue;
		count++;
		if (!first)
			name = result->package->name;
		first = first ? first : finding;
	}
	if (!first)
		return;
	line(text, "  but ", "    ",
	     arena_format(text->arena, "%s%s%s: %s",
			  count > 1 ? packages(text->arena, count) : quote(text->arena, name),
			  count > 1 ? ", for example " : "", count > 1 ? quote(text->arena, name) : "",
			  quote(text->arena, first->text)));
}

static void print_safe(const struct text *text)
{
	struct groups warned = groups_of(text->arena, text->verdicts, VERDICT_SAFE, !text->style->verbose);
	size_t count = text->verdicts->count[VERDICT_SAFE], order = text->verdicts->install.count;
	const char *proofs = proofs_words(text), *tail = order > 1 ? ", in this order" : "";

	if (!count)
		return;
	if (order > count)
		tail = arena_format(text->arena, ", in this order with %zu that they need", order - count);
	print_title(text, PAINT_GREEN, "CAN be installed", count, tail);
	line(text, "  ", "  ", install_words(text));
	if (order > INSTALL_MOST && !text->style->verbose)
		fprintf(text->out, "  and %zu more: -v names them\n", order - INSTALL_MOST);
	if (proofs)
		line(text, "  proof: ", "    ", proofs);
	print_manager(text, "refuses");
	print_manager(text, "replaces");
	array_each(group, &warned)
		print_group(text, group, "warning: ", false);
}

static void print_installed(const struct text *text)
{
	struct strings names = {0};

	if (!text->verdicts->count[VERDICT_INSTALLED])
		return;
	print_title(text, PAINT_CYAN, "installed already", text->verdicts->count[VERDICT_INSTALLED], "");
	array_each(result, &text->verdicts->results)
		if (result->verdict == VERDICT_INSTALLED)
			*array_add(text->arena, &names) = quote(text->arena, result->package->name);
	if (text->style->verbose)
		print_names(text, "  ", &names);
}

static void print_value(const struct text *text, const char *name, const char *value, const char *witness)
{
	const char *where = witness ? quote(text->arena, witness) : NULL;

	if (value)
		fprintf(text->out, "    %s: %s%s%s%s\n", name, quote(text->arena, value), where ? " (" : "",
			where ? where : "", where ? ")" : "");
	else if (where)
		fprintf(text->out, "    see: %s\n", where);
}

/* As compilers write it, one finding a line, so that grep and editors can work with it. */
static void print_finding(const struct text *text, const char *package, const struct finding *finding)
{
	static const enum paint paints[] = {PAINT_CYAN, PAINT_YELLOW, PAINT_YELLOW, PAINT_RED};
	enum level level = rules_level(text->verdicts->rules, finding);

	fprintf(text->out, "%s: ", quote(text->arena, package));
	painted(text, paints[level], level_words(text, finding));
	fprintf(text->out, ": %s%s%s: %s [%s]\n", finding->module ? quote(text->arena, finding->module) : "",
		finding->module ? ": " : "", finding->subject ? quote(text->arena, finding->subject) : "",
		finding->text ? quote(text->arena, finding->text) : "", quote(text->arena, finding->id));
	print_value(text, "expected", finding->expected, finding->witness[0]);
	print_value(text, "found", finding->found, finding->witness[1]);
	print_value(text, "to settle it", finding->settle, NULL);
	if (finding->more)
		fprintf(text->out, "    and %zu more of the kind\n", finding->more);
	if (finding->waiver)
		fprintf(text->out, "    waiver: %s\n", waiver_words(text, finding->waiver));
}

static void print_findings(const struct text *text)
{
	fputs("\nfindings\n", text->out);
	array_each(finding, &text->verdicts->image)
		print_finding(text, "image", finding);
	for (size_t i = 0; i < world_feeds(text->verdicts->world)->count; i++)
		array_each(finding, &text->verdicts->feeds[i])
			print_finding(text, world_feeds(text->verdicts->world)->list[i].source, finding);
	array_each(result, &text->verdicts->results)
		array_each(finding, &result->findings)
			print_finding(text, result->package->name, finding);
}

bool text_print(FILE *out, const struct verdicts *verdicts, const struct report_style *style, struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	struct text text = {out, &arena, verdicts, style};

	print_headline(&text);
	print_image(&text);
	print_remarks(&text, &verdicts->image);
	for (size_t i = 0; i < world_feeds(verdicts->world)->count; i++)
		print_remarks(&text, &verdicts->feeds[i]);
	print_waivers(&text);
	print_baseline(&text);
	print_groups(&text, VERDICT_UNSAFE, PAINT_RED, "CANNOT be installed");
	print_groups(&text, VERDICT_UNPROVEN, PAINT_YELLOW, "CANNOT BE KNOWN");
	print_safe(&text);
	print_installed(&text);
	if (verdicts->unrelated)
		fprintf(out, "\n%s without kernel modules left out\n", packages(&arena, verdicts->unrelated));
	if (style->verbose)
		print_findings(&text);
	return fflush(out) || ferror(out) ? fail(error, "cannot write: %s", strerror(errno)) : true;
}
