/* SPDX-License-Identifier: ISC */
/* Prints whose abi hash this is, and the difference of two sets, as text. */
#include "report/hash_answer.h"

#include "base/quote.h"
#include "base/text.h"
#include "facts/compare/build_options.h"

#include <inttypes.h>
#include <string.h>

/* How sure the hash of a build is, in the words of the columns of rules/abi. */
static const struct {
	const char *confirmed, *words;
} certainties[] = {
	{"official_vermagic", "OpenWrt publishes this hash"},
	{"package", "a package that was built for it names this hash"},
	{"published", "other published files of the release name this hash"},
	{"none", "computed from the sources of the release, not seen in a published file"},
};

static const char *certainty(const struct abi_build *build)
{
	for (size_t i = 0; i < sizeof certainties / sizeof *certainties; i++)
		if (strcmp(certainties[i].confirmed, build->confirmed) == 0)
			return certainties[i].words;
	return build->confirmed;
}

static bool same_target(const struct abi_build *a, const struct abi_build *b)
{
	return strcmp(a->target, b->target) == 0 && strcmp(a->variant, b->variant) == 0 &&
	       text_same(a->origin, b->origin);
}

static const char *target_words(struct arena *arena, const struct abi_build *build)
{
	const char *variant = strcmp(build->variant, "nodebug") == 0
				      ? " without DEBUG_INFO and DEBUG_KERNEL"
			      : *build->variant ? arena_format(arena, " (%s)", build->variant)
						: "";
	const char *origin =
		build->origin ? arena_format(arena, "from %s", build->origin) : "official";

	return quote(arena, arena_format(arena, "%s%s %s%s, %s", build->origin ? "" : "OpenWrt ",
					 build->release, build->target, variant, origin));
}

/* VALUE of each build, with the releases that have it: "6.6.73 (24.10.0), 6.6.86
 * (24.10.1)"; one value of all alone. */
static const char *by_release(struct arena *arena, const struct abi_builds *builds,
			      const char *(*value)(const struct abi_build *build))
{
	struct strings values = {.list = NULL}, texts = {.list = NULL};

	array_each(build, builds)
		if (!strings_have(&values, value(build)))
			*array_add(arena, &values) = value(build);
	array_each(one, &values) {
		struct strings releases = {.list = NULL};

		array_each(build, builds)
			if (strcmp(value(build), *one) == 0)
				*array_add(arena, &releases) = build->release;
		strings_unique(&releases);
		*array_add(arena, &texts) =
			values.count == 1 ? *one
					  : arena_format(arena, "%s (%s)", *one,
							 strings_join(arena, &releases, 20));
	}
	return strings_join(arena, &texts, 20);
}

static const char *kernel_of(const struct abi_build *build)
{
	return *build->kernel ? build->kernel : "not known";
}

/* The builds, those of one target on a line: "OpenWrt 24.10.0 ath79/generic, official;
 * also 24.10.1". */
static void builds_print(FILE *out, struct arena *arena, const struct hash_answer *answer)
{
	const struct abi_builds *builds = &answer->builds;

	array_each(build, builds) {
		const struct abi_builds before = {builds->list, (size_t)(build - builds->list), 0};
		const char *separator = "; also ";

		if (array_any(other, &before, same_target(other, build)))
			continue;
		fprintf(out, "  %s", target_words(arena, build));
		for (const struct abi_build *other = build + 1;
		     other < builds->list + builds->count; other++) {
			if (!same_target(other, build))
				continue;
			fprintf(out, "%s%s", separator, quote(arena, other->release));
			separator = ", ";
		}
		fputc('\n', out);
	}
	fprintf(out, "  kernel %s, %zu lines\n", quote(arena, by_release(arena, builds, kernel_of)),
		answer->set.lines.count);
	fprintf(out, "  %s\n", quote(arena, by_release(arena, builds, certainty)));
}

/* WITNESS without the name of the file or folder that was asked for. */
static const char *place_inside(const struct hash_answer *answer, const char *witness)
{
	size_t size = strlen(answer->source);

	if (strncmp(witness, answer->source, size) != 0)
		return witness;
	if (strncmp(witness + size, ": ", 2) == 0)
		return witness + size + 2;
	return witness[size] == '/' ? witness + size + 1 : witness;
}

/* What became of a hash that no known build has. */
static void search_print(FILE *out, struct arena *arena, const struct hash_answer *answer)
{
	if (!answer->found) {
		fprintf(out, "  not found: %s; none of the %zu known ones has it\n",
			quote(arena, answer->searched ? answer->searched : "tried 0 sets"),
			answer->sets);
		return;
	}
	fprintf(out, "  %s\n", quote(arena, answer->found));
	fprintf(out,
		"  self-made: found by search, %" PRIu64 " set%s tried, %zu lines with this hash\n",
		answer->tried, answer->tried == 1 ? "" : "s", answer->set.lines.count);
}

bool hash_answers_text(FILE *out, const struct hash_answers *answers, struct error *error)
{
	array_each(answer, answers) {
		_cleanup_arena_ struct arena arena = {.top = NULL};

		if (!answer->hash) {
			fprintf(out, "%s: names no abi hash, kernel %s\n",
				quote(&arena, answer->source), quote(&arena, answer->version));
			array_each(build, &answer->builds)
				fprintf(out, "  %s: %s\n", target_words(&arena, build),
					build->hash);
			fprintf(out, "  %s\n", quote(&arena, answer->remark));
			continue;
		}
		if (strcmp(answer->source, answer->hash) != 0)
			fprintf(out, "%s: ", quote(&arena, answer->source));
		fputs(answer->hash, out);
		if (answer->version)
			fprintf(out, ", kernel %s", quote(&arena, answer->version));
		if (answer->packages)
			fprintf(out, ", %zu package%s", answer->packages,
				answer->packages == 1 ? "" : "s");
		fputc('\n', out);
		array_each(witness, &answer->witnesses)
			fprintf(out, "  named by %s\n",
				quote(&arena, place_inside(answer, *witness)));
		if (answer->known)
			builds_print(out, &arena, answer);
		else
			search_print(out, &arena, answer);
		if (answer->remark)
			fprintf(out, "  %s\n", quote(&arena, answer->remark));
	}
	return !ferror(out) || fail(error, "cannot write");
}

struct line_effect line_effect_of(struct arena *arena, const struct comparison *comparison,
				  const char *line)
{
	const char *option = arena_string(arena, set_line_symbol(line + 1));
	const struct build_option *build = build_option_find(comparison->layout.build, option);
	struct line_effect effect = {.kind = build ? option_kind_name[build->kind] : NULL,
				     .why = build ? build->why : NULL};
	struct draggeds draggeds;

	if (!comparison->layout.rules || !comparison->layout.exact)
		return effect;
	array_each(change, &comparison->structs)
		if (strcmp(change->option, option) == 0 && !change->holder)
			*array_add(arena, &effect.structs) = change->name;
	strings_unique(&effect.structs);
	draggeds = comparison_dragged(arena, comparison);
	array_each(dragged, &draggeds)
		if (strcmp(option_bare(dragged->by), option_bare(option)) == 0)
			*array_add(arena, &effect.turns_on) = option_bare(dragged->option);
	return effect;
}

bool abi_difference_text(FILE *out, const struct abi_difference *difference, struct error *error)
{
	array_each(line, &difference->lines) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		struct line_effect effect = line_effect_of(&arena, difference->comparison, *line);
		struct strings words = {.list = NULL};

		if (effect.structs.count)
			*array_add(&arena, &words) = arena_format(
				&arena, "struct %s", strings_join(&arena, &effect.structs, 6));
		if (effect.kind)
			*array_add(&arena, &words) =
				arena_format(&arena, "%s: %s", effect.kind, effect.why);
		if (effect.turns_on.count)
			*array_add(&arena, &words) = arena_format(
				&arena, "can turn %s", strings_join(&arena, &effect.turns_on, 6));
		fprintf(out, "%s%s%s\n", quote(&arena, *line), words.count ? "  # " : "",
			quote(&arena, strings_join(&arena, &words, words.count)));
	}
	return !ferror(out) || fail(error, "cannot write");
}
