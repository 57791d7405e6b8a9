/* SPDX-License-Identifier: ISC */
/* Parses apk's dependency lists and the package lines of lib/apk/db/installed and of
 * packages.adb as the unpacker prints them. */
#include "facts/package/apk.h"
#include "unpack/limits.h"

#include <string.h>

static enum relation relation_of(struct span operator)
{
	bool less = false, greater = false, equal = false, fuzzy = false;

	for (size_t i = 0; i < operator.size; i++) {
		less |= operator.data[i] == '<';
		greater |= operator.data[i] == '>';
		equal |= operator.data[i] == '=';
		fuzzy |= operator.data[i] == '~';
	}
	if (less && greater)
		return RELATION_IDENTITY;
	if (fuzzy)
		return less	 ? RELATION_FUZZY_LESS
		       : greater ? RELATION_FUZZY_GREATER
				 : RELATION_FUZZY;
	if (less)
		return equal ? RELATION_LESS_EQUAL : RELATION_LESS;
	if (greater)
		return equal ? RELATION_GREATER_EQUAL : RELATION_GREATER;
	return equal ? RELATION_EQUAL : RELATION_ANY;
}

static bool is_operator(uint8_t byte)
{
	return byte == '<' || byte == '>' || byte == '=' || byte == '~';
}

/* Parses [!]name[operator version]; AGAINST: it begins with "!". */
static void formula_add(struct arena *arena, struct span text, bool against, struct formulas *to)
{
	struct formula *formula = array_add(arena, to);
	struct dependency *dependency = arena_new(arena, struct dependency);
	struct span token = span_skip(text, against);
	size_t name = 0, end;

	while (name < token.size && !is_operator(token.data[name]))
		name++;
	for (end = name; end < token.size && is_operator(token.data[end]);)
		end++;
	dependency->name = arena_string(arena, span_head(token, name));
	dependency->relation = relation_of(span_skip(span_head(token, end), name));
	dependency->apk = true;
	if (dependency->relation != RELATION_ANY)
		dependency->version = arena_string(arena, span_skip(token, end));
	formula->text = arena_string(arena, text);
	formula->list = dependency;
	formula->count = formula->room = 1;
}

struct formulas apk_dependencies(struct arena *arena, struct span text, struct formulas *conflicts)
{
	struct formulas depends = {0};
	struct span token;

	for (size_t count = 0; count < LIMIT_DEPENDENCIES && span_token(&text, &token); count++) {
		bool against = token.data[0] == '!';
		struct formulas *to = against ? conflicts : &depends;

		if (to)
			formula_add(arena, token, against, to);
	}
	/* keep the text after the last allowed dependency as one that no package
	 * satisfies, so that a truncated list never passes */
	if (span_trim(text).size > 0)
		formula_add(arena, span_head(span_trim(text), LIMIT_NAME), false, &depends);
	return depends;
}

/* The value of the field NAME in FIELDS, " [X-Kmodaudit-NAME: VALUE]..."; NULL:
 * it has none. */
static const char *vetted_field(struct arena *arena, struct span fields, const char *name)
{
	const char *start = arena_format(arena, "[" VETTED_FIELDS "%s: ", name);
	size_t at = span_find(fields, 0, span_text(start)), end;

	if (at == SIZE_MAX)
		return NULL;
	at += strlen(start);
	end = span_find(fields, at, SPAN_OF("]"));
	return end == SIZE_MAX ? NULL : arena_string(arena, span_skip(span_head(fields, end), at));
}

struct vetted vetted_read(struct arena *arena, struct span description, struct span *ret_text)
{
	size_t at = span_find(description, 0, SPAN_OF(" [" VETTED_FIELDS));
	struct span fields = at == SIZE_MAX ? (struct span){NULL, 0} : span_skip(description, at);

	*ret_text = at == SIZE_MAX ? description : span_head(description, at);
	return (struct vetted){
		vetted_field(arena, fields, "Version"), vetted_field(arena, fields, "Report"),
		vetted_field(arena, fields, "Depends"), vetted_field(arena, fields, "Source")};
}

static void apk_field_read(struct arena *arena, char letter, struct span value, const char **folder,
			   struct package *package)
{
	switch (letter) {
	case 'P':
		package->name = arena_string(arena, value);
		break;
	case 'V':
		package->version = arena_string(arena, value);
		break;
	case 'A':
		package->architecture = arena_string(arena, value);
		break;
	case 'S':
		span_number(value, 10, &package->stated_size);
		break;
	case 'C':
		package->stated_identity = arena_string(arena, value);
		break;
	case 'D':
		package->depends = apk_dependencies(arena, value, &package->conflicts);
		break;
	case 'i':
		package->install_if = apk_dependencies(arena, value, &package->install_if_not);
		break;
	case 'p':
		package->provides = apk_dependencies(arena, value, NULL);
		break;
	case 'r':
		package->replaces = apk_dependencies(arena, value, NULL);
		break;
	case 'T':
		package->vetted = vetted_read(arena, value, &value);
		break;
	case 'o':
		package->origin_name = value.size > 0 ? arena_string(arena, value) : NULL;
		break;
	case 'k':
		span_number(value, 10, &package->priority);
		break;
	case 'F':
		*folder = arena_string(arena, value);
		break;
	case 'R':
		*array_add(arena, &package->files) =
			arena_format(arena, "%s%s%.*s", *folder, **folder ? "/" : "",
				     (int)value.size, (const char *)value.data);
		break;
	default:
		break;
	}
}

bool apk_package_next(struct arena *arena, struct span *text, size_t *line, const char *witness,
		      struct package *ret, size_t *bad)
{
	struct package package = {.origin = PACKAGE_INSTALLED, .apk = true};
	const char *folder = "";
	struct span row;

	while (span_line(text, &row)) {
		(*line)++;
		if (row.size == 0 && package.name)
			break;
		if (row.size == 0)
			continue;
		if (row.size < 2 || row.data[1] != ':')
			(*bad)++;
		else
			apk_field_read(arena, (char)row.data[0], span_skip(row, 2), &folder,
				       &package);
	}
	if (!package.name)
		return false;
	strings_unique(&package.files);
	package.witness = witness;
	package_pin(arena, &package, package.vetted.depends, witness);
	*ret = package;
	return true;
}

static const char *version_under(const struct package *package, const char *name)
{
	if (strcmp(package->name, name) == 0)
		return package->version;
	array_each(formula, &package->provides)
		array_each(provided, formula)
			if (strcmp(provided->name, name) == 0)
				return provided->version;
	return NULL;
}

/* Prefers the higher version of the name, then of the package, then the higher priority
 * (apk-tools src/solver.c, compare_providers). A name without a version is older than any. */
int apk_providers_compare(const struct package *a, const struct package *b, const char *name)
{
	const char *x = version_under(a, name), *y = version_under(b, name);
	int order = x && y ? apk_version_compare(x, y) : (x != NULL) - (y != NULL);

	if (order == 0 && strcmp(a->name, b->name) == 0)
		order = package_versions(a, b);
	return order ? order : (a->priority > b->priority) - (a->priority < b->priority);
}
