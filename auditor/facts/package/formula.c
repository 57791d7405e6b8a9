/* SPDX-License-Identifier: ISC */
/* Parses a Depends line into formulas of alternative dependencies, as opkg does
 * (libopkg/pkg_depends.c, parse_deplist). */
#include "facts/package/version.h"

/* A Depends line, as parse_deplist and parseDepends in libopkg/pkg_depends.c read it:
 *     formulas   = formula {"," formula}
 *     formula    = dependency {"|" dependency}
 *     dependency = name [blank "(" [operator] version ")"] [rest]
 *     operator   = "<<" "<=" "=" ">=" ">>", and the old "<" ">" that mean "<=" ">="
 * A name ends at the first blank: "foo(>= 1)" depends on a package named "foo(>=", which does
 * not exist. Only a "(" right behind that blank begins a version, and only an operator right
 * behind the "(": any version satisfies "foo  (>= 1)", "foo ( >= 1)" and "foo (~ 1)". The ")"
 * may be missing, and what is behind it is ignored, except a "*" in Depends: it marks a greedy
 * dependency, which any version satisfies. In Conflicts the version counts all the same
 * (libopkg/pkg_hash.c, pkg_hash_fetch_conflicts). */
static const struct spelling {
	const char *text;
	enum relation relation;
} spellings[] = {
	{"<<", RELATION_LESS},	       {"<=", RELATION_LESS_EQUAL}, {">=", RELATION_GREATER_EQUAL},
	{">>", RELATION_GREATER},      {"=", RELATION_EQUAL},	    {"<", RELATION_LESS_EQUAL},
	{">", RELATION_GREATER_EQUAL},
};

static bool relation_cut(struct span *text, enum relation *ret)
{
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
		if (span_starts(*text, spellings[i].text)) {
			*text = span_trim(span_skip(*text, span_text(spellings[i].text).size));
			*ret = spellings[i].relation;
			return true;
		}
	return false;
}

/* Replaces each run of blanks by one blank. */
static struct span folded(struct arena *arena, struct span text)
{
	struct span rest = text, token;
	uint8_t *to = arena_raw(arena, text.size + 1);
	size_t size = 0;

	while (span_token(&rest, &token)) {
		if (size)
			to[size++] = ' ';
		for (size_t i = 0; i < token.size; i++)
			to[size++] = token.data[i];
	}
	return span_from(to, size);
}

/* Reads ">= 1.0)" into DEPENDENCY and returns what is behind it. False for "()", at which
 * opkg crashes. */
static bool version_read(struct arena *arena, struct span text, struct dependency *dependency,
			 struct span *ret_behind)
{
	struct span inside = text;

	*ret_behind = (struct span){NULL, 0};
	span_split(text, ')', &inside, ret_behind);
	if (inside.size == 0)
		return false;
	if (relation_cut(&inside, &dependency->relation))
		dependency->version = arena_string(arena, span_trim(inside));
	return true;
}

static struct dependency dependency_read(struct arena *arena, struct span text, bool depends)
{
	struct dependency dependency = {.relation = RELATION_ANY};
	struct span name = text, behind = {NULL, 0};

	span_split(text, ' ', &name, &behind);
	if (name.data[0] == '(' ||
	    (span_starts(behind, "(") &&
	     !version_read(arena, span_skip(behind, 1), &dependency, &behind)))
		name = text;
	if (depends && span_starts(span_trim(behind), "*"))
		dependency = (struct dependency){.relation = RELATION_ANY};
	dependency.name = arena_string(arena, name);
	return dependency;
}

/* TEXT in one line: opkg reads only one, other tools several. */
static struct span lines_joined(struct arena *arena, struct span text)
{
	uint8_t *to = arena_raw(arena, text.size + 1);

	for (size_t i = 0; i < text.size; i++)
		to[i] = text.data[i] == '\n' || text.data[i] == '\r' ? ' ' : text.data[i];
	return span_from(to, text.size);
}

static void formula_read(struct arena *arena, struct span text, bool depends,
			 struct formulas *formulas)
{
	struct formula formula = {.text = arena_string(arena, folded(arena, text))};
	struct span rest = lines_joined(arena, text), one;

	while (span_item(&rest, '|', &one)) {
		one = span_trim(one);
		if (one.size > 0)
			*array_add(arena, &formula) = dependency_read(arena, one, depends);
	}
	if (formula.count > 0)
		*array_add(arena, formulas) = formula;
}

static struct formulas line_read(struct arena *arena, struct span text, bool depends)
{
	struct formulas formulas = {0};
	struct span rest = text, one;

	while (span_item(&rest, ',', &one))
		formula_read(arena, one, depends, &formulas);
	return formulas;
}

struct formulas formulas_read(struct arena *arena, struct span text)
{
	return line_read(arena, text, true);
}

struct formulas formulas_read_others(struct arena *arena, struct span text)
{
	return line_read(arena, text, false);
}
