/* SPDX-License-Identifier: ISC */
/* Chooses the known builds that are most similar to the one that is searched for, and
 * compiles their parts. */
#include "facts/search/set_base.h"

#include <elf.h>
#include <stdio.h>

/* "24.10.3", "24.10-SNAPSHOT": series 24.10, patch release 3 or -1. */
struct release {
	unsigned year, month;
	int patch;
	bool known;
};

static struct release release_of(const char *text)
{
	struct release release = {.patch = -1};

	release.known = text && sscanf(text, "%4u.%4u", &release.year, &release.month) == 2;
	if (release.known)
		sscanf(text, "%*4u.%*4u.%4d", &release.patch);
	return release;
}

struct ranked {
	unsigned rank;
	size_t at;
};

enum {
	RANK_NONE = UINT32_MAX,
	RANK_KERNEL = 1000, /* another series with the same kernel */
	RANK_FOLDER = 2000, /* no official build, and nothing but its target like the question's */
};

static bool kernel_same(const struct abi_build *build, const struct abi_question *question)
{
	return question->kernel && strcmp(build->kernel, question->kernel) == 0;
}

/* The distance of BUILD's release from the question's. */
static unsigned release_rank(const struct abi_build *build, const struct abi_question *question)
{
	struct release wanted = release_of(question->release), has = release_of(build->release);
	bool kernel = kernel_same(build, question);

	if (question->release && strcmp(build->release, question->release) == 0)
		return 0;
	if (!wanted.known || !has.known || wanted.year != has.year || wanted.month != has.month)
		return kernel ? RANK_KERNEL : RANK_NONE;
	return kernel ? 1 : 2 + (unsigned)abs(wanted.patch - has.patch);
}

/* The distance of BUILD from the question's build; RANK_NONE if nothing shows that
 * they are similar. */
static unsigned build_rank(const struct abi_build *build, const struct abi_question *question)
{
	unsigned rank = release_rank(build, question);

	if (question->target && strcmp(build->target, question->target) != 0)
		return RANK_NONE;
	/* a user's own builds are few, OpenWrt's of one kernel are many */
	if (!question->target && build->origin && kernel_same(build, question))
		return 0;
	if (!question->target && rank > 1 && rank < RANK_KERNEL)
		rank = RANK_NONE;
	return rank == RANK_NONE && build->origin ? RANK_FOLDER : rank;
}

static int ranked_compare(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* All MIPS are of one e_machine. A set need not name the byte order. */
static bool mips_fits(struct machine machine, const struct config_set *set)
{
	bool big = config_set_has(set, "CONFIG_CPU_BIG_ENDIAN=y");
	bool little = config_set_has(set, "CONFIG_CPU_LITTLE_ENDIAN=y");

	if (big != little && big != (machine.endian == ENDIAN_BIG))
		return false;
	return machine.bits == 0 || (machine.bits == 64) == config_set_has(set, "CONFIG_64BIT=y");
}

static bool target_fits(struct arena *arena, const struct abi_database *database,
			const struct abi_question *question, const struct abi_build *build)
{
	enum { LOONGARCH = 258 };
	/* the line that every set of a machine has */
	static const struct {
		uint16_t elf;
		const char *line;
	} lines[] = {{EM_MIPS, "CONFIG_MIPS=y"},       {EM_ARM, "CONFIG_ARM=y"},
		     {EM_AARCH64, "CONFIG_ARM64=y"},   {EM_386, "CONFIG_X86_32=y"},
		     {EM_X86_64, "CONFIG_X86_64=y"},   {EM_PPC, "CONFIG_PPC=y"},
		     {EM_PPC64, "CONFIG_PPC=y"},       {EM_RISCV, "CONFIG_RISCV=y"},
		     {LOONGARCH, "CONFIG_LOONGARCH=y"}};
	uint16_t elf = question->machine.elf;
	const char *line = NULL;
	struct abi_builds shared;
	struct config_set set;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (lines[i].elf == elf)
			line = lines[i].line;
	if (!line)
		return true;
	if (!abi_database_find(database, arena, build->hash, &set, &shared) ||
	    !config_set_has(&set, line))
		return false;
	/* the generic lines of x86 have both */
	if (elf == EM_386 && config_set_has(&set, "CONFIG_X86_64=y"))
		return false;
	return elf != EM_MIPS || mips_fits(question->machine, &set);
}

struct abi_builds set_bases_choose(struct arena *arena, const struct abi_database *database,
				   const struct abi_question *question, size_t *left_out)
{
	size_t most = question->target ? SET_BASES : SET_BASES_ANY;
	struct abi_builds all = abi_database_builds(database, arena, NULL), chosen = {0};
	struct ranked *ranked = arena_raw(arena, (all.count + 1) * sizeof *ranked);
	struct map hashes = {0};
	size_t count = 0;

	for (size_t i = 0; i < all.count; i++) {
		unsigned rank = build_rank(&all.list[i], question);

		if (rank != RANK_NONE)
			ranked[count++] = (struct ranked){rank, i};
	}
	qsort(ranked, count, sizeof *ranked, ranked_compare);
	*left_out = 0;
	for (size_t i = 0; i < count; i++) {
		const struct abi_build *build = &all.list[ranked[i].at];

		if (map_get(&hashes, build->hash) != MAP_NONE)
			continue;
		map_put(&hashes, arena, build->hash, 1);
		if (!question->target && !target_fits(arena, database, question, build))
			continue;
		if (chosen.count < most)
			*array_add(arena, &chosen) = *build;
		else
			(*left_out)++;
	}
	return chosen;
}

struct abi_builds set_bases_official(struct arena *arena, const struct abi_database *database,
				     const struct abi_question *question)
{
	struct abi_builds all = abi_database_builds(database, arena, NULL), fitting = {0};

	array_each(build, &all)
		if (!build->origin && kernel_same(build, question) &&
		    (!question->release || strcmp(question->release, build->release) == 0) &&
		    (!question->target || strcmp(question->target, build->target) == 0) &&
		    target_fits(arena, database, question, build))
			*array_add(arena, &fitting) = *build;
	return fitting;
}

static long kernel_number(const char *kernel)
{
	unsigned major = 0, minor = 0;

	sscanf(kernel, "%3u.%3u", &major, &minor);
	return (long)major * 1000 + minor;
}

/* True if KMOD asks for at least one line other than =n, and SET has all of them. */
static bool kmod_fits(const struct abi_kmod *kmod, const struct config_set *set)
{
	bool any = false;

	array_each(line, &kmod->lines) {
		if (text_ends(*line, "=n"))
			continue;
		if (!config_set_has(set, *line))
			return false;
		any = true;
	}
	return any;
}

/* Makes parts of a build of which only the set is known: it counts as having selected
 * every package that fits the set, and the lines of these are not the target's own.
 * Packages and options are those of the release with the nearest kernel, of any target. */
static struct abi_parts parts_of_set(struct arena *arena, const struct abi_database *database,
				     const struct abi_build *build, const struct config_set *set)
{
	struct abi_builds all = abi_database_builds(database, arena, NULL);
	const struct abi_build *best = NULL;
	struct abi_parts lent = {0}, parts;
	struct map asked = {0};
	long near = 0;

	array_each(other, &all) {
		long far = labs(kernel_number(other->kernel) - kernel_number(build->kernel));

		if (other->origin || other->kernel[0] == '\0' || (best && far >= near))
			continue;
		best = other;
		near = far;
	}
	if (best)
		(void)abi_database_parts(database, arena, best->release, best->target, &lent);
	parts = (struct abi_parts){.release = build->release,
				   .target = build->target,
				   .origin = build->origin,
				   .kmods = lent.kmods,
				   .menu = lent.menu};
	array_each(kmod, &parts.kmods) {
		if (!kmod_fits(kmod, set))
			continue;
		*array_add(arena, &parts.selected) = kmod->name;
		array_each(line, &kmod->lines)
			map_put(&asked, arena, *line, 1);
	}
	array_each(line, &set->lines)
		if (map_get(&asked, *line) == MAP_NONE)
			*array_add(arena, &parts.own) = *line;
	return parts;
}

struct set_bases set_bases_open(struct arena *arena, const struct abi_database *database,
				const struct abi_builds *builds)
{
	struct config_set *sets = arena_raw(arena, (builds->count + 1) * sizeof *sets);
	struct set_bases bases = {0};
	struct abi_builds shared;

	array_each(build, builds) {
		if (!abi_database_find(database, arena, build->hash, &sets[bases.count], &shared))
			continue;
		array_each(line, &sets[bases.count].lines)
			*array_add(arena, &bases.lines) = *line;
		array_add(arena, &bases)->build = *build;
	}
	strings_unique(&bases.lines);
	array_each(base, &bases) {
		const struct config_set *set = &sets[base - bases.list];
		const struct abi_build *build = &base->build;

		base->bare = !abi_database_parts(database, arena, build->release, build->target,
						 &base->parts);
		if (base->bare)
			base->parts = parts_of_set(arena, database, build, set);
		base->model = set_model_of(arena, &base->parts, &bases.lines);
		base->official = set_state_official(arena, base->model);
		set_transfer(base->model, &base->official, set);
		base->options = set_options_of(arena, base->model);
	}
	return bases;
}
