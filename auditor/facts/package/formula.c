/* SPDX-License-Identifier: ISC */
/* Parses a Depends line into formulas of alternative dependencies, as opkg does
 * (libopkg/pkg_depends.c, parse_deplist). */
#include "facts/package/version.h"

/* A Depends line, as parse_deplist and parseDepends in libopkg/pkg_depends.c read it:
 *     formulas   = formula {"," formula}
 *     formula    = dependency {"|" dependency}
 *     dependency = name [blank "(" operator [blank] version ")"] ["*"]
 *     operator   = "<<" "<=" "=" ">=" ">>", and the old "<" ">" that mean "<=" ">="
 * A name ends at the first blank: "foo(>= 1)" depends on a package named "foo(>=", which does
 * not exist. A "*" marks a greedy dependency, which any provider of the name satisfies. */
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

static bool is_name(struct span text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] <= ' ' || text.data[i] == '(' || text.data[i] == ')')
			return false;
	return text.size > 0;
}

/* Parses "(>= 1.0)", after which only the mark "*" is allowed. */
static bool version_cut(struct span rest, struct span *version, enum relation *relation)
{
	struct span inside, behind;

	if (!span_split(rest, ')', &inside, &behind))
		return false;
	behind = span_trim(behind);
	if (behind.size > 0 && !span_is(behind, "*"))
		return false;
	inside = span_trim(inside);
	if (!relation_cut(&inside, relation))
		return false;
	*version = inside;
	return is_name(inside);
}

static struct dependency dependency_read(struct arena *arena, struct span text)
{
	struct dependency dependency = {.relation = RELATION_ANY};
	struct span name = text, rest, version;
	bool good;

	if (span_split(text, '(', &name, &rest)) {
		bool apart = name.size > 0 && name.data[name.size - 1] <= ' ';

		name = span_trim(name);
		good = apart && is_name(name) && version_cut(rest, &version, &dependency.relation);
		if (good)
			dependency.version = arena_string(arena, version);
	} else {
		if (name.size > 2 && span_is(span_skip(name, name.size - 2), " *"))
			name = span_head(name, name.size - 2);
		good = is_name(name);
	}
	if (!good)
		dependency.relation = RELATION_ANY;
	dependency.name = arena_string(arena, good ? name : text);
	return dependency;
}

static void formula_read(struct arena *arena, struct span text, struct formulas *formulas)
{
	struct formula formula = {.text = arena_string(arena, folded(arena, text))};
	struct span rest = span_text(formula.text), one;

	while (span_item(&rest, '|', &one)) {
		one = span_trim(one);
		if (one.size > 0)
			*array_add(arena, &formula) = dependency_read(arena, one);
	}
	if (formula.count > 0)
		*array_add(arena, formulas) = formula;
}

struct formulas formulas_read(struct arena *arena, struct span text)
{
	struct formulas formulas = {0};
	struct span rest = text, one;

	while (span_item(&rest, ',', &one))
		formula_read(arena, one, &formulas);
	return formulas;
}
