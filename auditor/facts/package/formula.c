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
 * may be missing, and what is behind it is ignored, except a "*" in Depends: it makes the whole
 * formula greedy (GREEDY_DEPEND in pkg_hash_fetch_unsatisfied_dependencies). In Conflicts the
 * version counts all the same (libopkg/pkg_depends.c, pkg_hash_fetch_conflicts). */
static const struct spelling {
	const char *text;
	enum relation relation;
} spellings[] = {
	{"<<", RELATION_LESS},	       {"<=", RELATION_LESS_EQUAL}, {">=", RELATION_GREATER_EQUAL},
	{">>", RELATION_GREATER},      {"=", RELATION_EQUAL},	    {"<", RELATION_LESS_EQUAL},
	{">", RELATION_GREATER_EQUAL},
};

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
 * opkg crashes; a ")" in front of the version is skipped. */
static bool version_read(struct arena *arena, struct span text, struct dependency *dependency,
			 struct span *ret_behind)
{
	while (span_starts(text, ")"))
		text = span_skip(text, 1);

	struct span inside = text;

	*ret_behind = (struct span){NULL, 0};
	span_split(text, ')', &inside, ret_behind);
	if (inside.size == 0)
		return false;
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
		if (span_starts(inside, spellings[i].text)) {
			inside = span_skip(inside, strlen(spellings[i].text));
			dependency->relation = spellings[i].relation;
			dependency->version = arena_string(arena, span_trim(inside));
			break;
		}
	return true;
}

/* Removes the spaces at both ends. A tab is part of a name: opkg splits at " " only. */
static struct span spaces_trim(struct span text)
{
	while (text.size > 0 && text.data[0] == ' ')
		text = span_skip(text, 1);
	while (text.size > 0 && text.data[text.size - 1] == ' ')
		text.size--;
	return text;
}

static struct dependency dependency_read(struct arena *arena, struct span text, bool *ret_star)
{
	struct dependency dependency = {.relation = RELATION_ANY};
	struct span name = text, behind = {NULL, 0};

	span_split(text, ' ', &name, &behind);
	if (name.data[0] == '(' ||
	    (span_starts(behind, "(") &&
	     !version_read(arena, span_skip(behind, 1), &dependency, &behind)))
		name = text;
	*ret_star = span_starts(spaces_trim(behind), "*");
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

static struct formulas line_read(struct arena *arena, struct span text, bool depends)
{
	struct formulas formulas = {0};
	struct span item;

	while (span_item(&text, ',', &item)) {
		struct formula formula = {.text = arena_string(arena, folded(arena, item))};
		struct span rest = lines_joined(arena, item), one;
		bool star = false;

		while (span_item(&rest, '|', &one)) {
			one = spaces_trim(one);
			if (one.size > 0)
				*array_add(arena, &formula) = dependency_read(arena, one, &star);
			formula.greedy |= depends && star;
		}
		formula.optional = formula.greedy;
		array_each(need, &formula)
			if (formula.greedy)
				*need = (struct dependency){need->name, .relation = RELATION_ANY};
		if (formula.count > 0)
			*array_add(arena, &formulas) = formula;
	}
	return formulas;
}

struct formulas formulas_read(struct arena *arena, struct span text)
{
	return line_read(arena, text, true);
}

void formulas_recommend(struct arena *arena, struct span text, struct formulas *depends)
{
	const struct formulas formulas = line_read(arena, text, true);

	array_each(formula, &formulas) {
		struct formula *one = array_add(arena, depends);

		*one = *formula;
		one->optional = true;
		one->text = arena_format(arena, "Recommends: %s", formula->text);
	}
}

struct formulas formulas_read_conflicts(struct arena *arena, struct span text)
{
	return line_read(arena, text, false);
}

/* opkg splits the list at blanks and commas and takes each piece for a name (pkg_depends.c,
 * parse_providelist, parse_replacelist). "foo (= 1)" is three names; those with a bracket,
 * which no package has, are left out here. */
struct formulas formulas_read_names(struct arena *arena, struct span text)
{
	struct formulas names = {0};
	struct span rest = lines_joined(arena, text), item, one;
	bool version = false;

	while (span_item(&rest, ',', &item))
		while (item.size > 0) {
			if (!span_split(item, ' ', &one, &item)) {
				one = item;
				item.size = 0;
			}

			bool ends = one.size > 0 && one.data[one.size - 1] == ')';

			if (one.size > 0 && !span_is(one, "|") && one.data[0] != '(' &&
			    !(version && ends)) {
				struct formula *formula = array_add(arena, &names);

				formula->text = arena_string(arena, one);
				*array_add(arena, formula) = (struct dependency){
					formula->text, .relation = RELATION_ANY};
			}
			version = one.size > 0 ? one.data[0] == '(' && !ends : version;
		}
	return names;
}

/* strtok() finds nothing in a part of spaces, nor behind a "(" that only ")" follow, and opkg
 * takes the NULL for a text (pkg_depends.c, parseDepends). */
static const char *part_crash(struct arena *arena, struct span part)
{
	struct span name, behind = {NULL, 0}, inside;

	part = spaces_trim(part);
	if (part.size == 0)
		return "has a part of blanks only";
	if (!span_split(part, ' ', &name, &behind) || !span_starts(behind, "("))
		return NULL;
	for (inside = span_skip(behind, 1); span_starts(inside, ")");)
		inside = span_skip(inside, 1);
	return inside.size > 0 ? NULL
			       : arena_format(arena, "has no version in the brackets of %.*s",
					      (int)part.size, (const char *)part.data);
}

const char *formulas_crash(struct arena *arena, struct span text)
{
	struct span item, part;

	while (span_item(&text, ',', &item))
		while (span_item(&item, '|', &part)) {
			const char *why = part.size > 0 ? part_crash(arena, part) : NULL;

			if (why)
				return why;
		}
	return NULL;
}
