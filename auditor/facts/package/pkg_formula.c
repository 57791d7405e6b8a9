/* SPDX-License-Identifier: ISC */
/* Parses a dep_formula as FreeBSD's pkg does (libpkg/pkg_deps.c,
 * pkg_deps_parse_formula). */
#include "facts/package/pkg_formula.h"
#include "facts/package/pkg_version.h"

#include <ctype.h>
#include <string.h>

/*     formulas  = formula {"," formula}
 *     formula   = choice {"|" choice}
 *     choice    = name {blank} {relation version | ("+" | "-") option}
 *     relation  = ">=" | "<=" | "!=" | "==" | ">" | "<" | "!" | "="
 * A name ends at a blank or ",": "a|b" is one name. A comma in a version stands before a digit. A
 * relation at the end, without a version, asks for nothing. */
static const struct {
	const char *text, *relation;
} spellings[] = {
	{">=", ">="}, {"<=", "<="}, {"!=", "!="}, {"==", "="},
	{">", ">"},   {"<", "<"},   {"!", "!="},  {"=", "="},
};

static int first(struct span rest)
{
	return rest.size > 0 ? rest.data[0] : -1;
}

static void blanks_skip(struct span *rest)
{
	while (rest->size > 0 && isspace(rest->data[0]))
		*rest = span_skip(*rest, 1);
}

static struct span cut(struct span *rest, size_t size)
{
	struct span found = span_head(*rest, size);

	*rest = span_skip(*rest, size);
	return found;
}

static bool condition_cut(struct arena *arena, struct span *rest, struct pkg_choice *choice)
{
	const char *relation = NULL;
	size_t size = 0;
	struct span sign;

	while (size < rest->size && strchr("<>=!", rest->data[size]))
		size++;
	sign = cut(rest, size);
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings && !relation; i++)
		relation = span_is(sign, spellings[i].text) ? spellings[i].relation : NULL;
	blanks_skip(rest);
	if (!relation || rest->size == 0)
		return relation;
	size = 0;
	while (size < rest->size &&
	       (isalnum(rest->data[size]) || strchr("-_.", rest->data[size]) ||
		(rest->data[size] == ',' && isdigit(first(span_skip(*rest, size + 1))))))
		size++;
	*array_add(arena, &choice->conditions) =
		(struct pkg_condition){relation, arena_string(arena, cut(rest, size))};
	return size > 0;
}

/* Reads a choice up to "|", "," or the end. */
static bool choice_cut(struct arena *arena, struct span *rest, struct pkg_choice *choice)
{
	size_t size = 0;

	blanks_skip(rest);
	for (; size < rest->size && !isspace(rest->data[size]) && rest->data[size] != ','; size++)
		if (rest->data[size] < ' ' || rest->data[size] > '~')
			return false;
	if (size == 0)
		return false;
	choice->name = arena_string(arena, cut(rest, size));
	for (;;) {
		int sign;

		blanks_skip(rest);
		sign = first(*rest);
		if (sign < 0 || sign == '|' || sign == ',')
			return true;
		if (sign == '+' || sign == '-') {
			size = 1;
			while (size < rest->size &&
			       (isalnum(rest->data[size]) || rest->data[size] == '-' ||
				rest->data[size] == '_'))
				size++;
			if (size == 1)
				return false;
			cut(rest, size);
			choice->options = true;
		} else if (!strchr("<>=!", sign) || !condition_cut(arena, rest, choice)) {
			return false;
		}
	}
}

bool pkg_formulas_read(struct arena *arena, const char *text, struct pkg_formulas *ret)
{
	struct span rest = span_text(text);

	*ret = (struct pkg_formulas){0};
	do {
		struct pkg_formula *formula = array_add(arena, ret);
		struct span whole = rest;

		do {
			if (!choice_cut(arena, &rest, array_add(arena, formula)))
				return false;
		} while (first(rest) == '|' && cut(&rest, 1).size > 0);
		formula->text =
			arena_string(arena, span_trim(span_head(whole, whole.size - rest.size)));
	} while (first(rest) == ',' && cut(&rest, 1).size > 0);
	return true;
}

bool pkg_choice_takes(const struct pkg_choice *choice, const char *version)
{
	array_each(condition, &choice->conditions) {
		int order = pkg_version_compare(version, condition->version);
		bool equal = strchr(condition->relation, '='), fits = equal && order == 0;

		if (condition->relation[0] == '!')
			fits = order != 0;
		else if (condition->relation[0] == '<')
			fits |= order < 0;
		else if (condition->relation[0] == '>')
			fits |= order > 0;
		if (!fits)
			return false;
	}
	return true;
}
