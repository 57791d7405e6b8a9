#include "facts/package.h"

#include <string.h>

static const char *text_of(const struct stanza *stanza, const char *name)
{
	const char *value = stanza_get(stanza, name);

	return value && *value ? value : NULL;
}

static struct formulas formulas_of(struct arena *arena, const struct stanza *stanza, const char *name)
{
	const char *value = stanza_get(stanza, name);

	return value ? formulas_read(arena, span_text(value)) : (struct formulas){0};
}

/* Pre-Depends are to be there as much as Depends. */
static struct formulas depends_of(struct arena *arena, const struct stanza *stanza)
{
	const char *first = text_of(stanza, "Pre-Depends"), *then = text_of(stanza, "Depends");

	if (!first)
		return formulas_of(arena, stanza, "Depends");
	return formulas_read(arena, span_text(arena_format(arena, "%s, %s", first, then ? then : "")));
}

bool dependency_is_kernel(const struct dependency *dependency)
{
	return dependency->relation == RELATION_EQUAL && strcmp(dependency->name, "kernel") == 0;
}

static struct abi abi_of(struct arena *arena, const struct formulas *depends, const char *witness)
{
	array_each(formula, depends)
		array_each(dependency, formula)
			if (dependency_is_kernel(dependency))
				return abi_read(arena, dependency->version,
						arena_format(arena, "%s: Depends: %s", witness, formula->text));
	return (struct abi){.witness = arena_format(arena, "%s: its Depends names no version of the kernel", witness)};
}

bool package_from_stanza(struct arena *arena, const struct stanza *stanza, const char *witness, struct package *ret)
{
	const char *name = text_of(stanza, "Package"), *size = text_of(stanza, "Size");

	if (!name)
		return false;
	ret->name = name;
	ret->version = text_of(stanza, "Version");
	ret->architecture = text_of(stanza, "Architecture");
	ret->section = text_of(stanza, "Section");
	ret->status = text_of(stanza, "Status");
	ret->filename = text_of(stanza, "Filename");
	ret->stated_sha256 = text_of(stanza, "SHA256sum");
	if (!ret->stated_sha256)
		ret->stated_sha256 = text_of(stanza, "SHA256");
	if (size)
		span_number(span_text(size), 10, &ret->stated_size);
	ret->depends = depends_of(arena, stanza);
	ret->conflicts = formulas_of(arena, stanza, "Conflicts");
	ret->provides = formulas_of(arena, stanza, "Provides");
	ret->replaces = formulas_of(arena, stanza, "Replaces");
	ret->witness = witness;
	ret->abi = abi_of(arena, &ret->depends, witness);
	return true;
}

/* opkg reads no version in Provides: what is provided stands in the version of its provider (libopkg/pkg_depends.c,
 * version_constraints_satisfied). With apk it has the version that is said there, or one older than any. */
static bool provides_fit(const struct package *package, const struct dependency *dependency)
{
	array_each(formula, &package->provides)
		array_each(provided, formula)
			if (strcmp(provided->name, dependency->name) == 0 &&
			    version_satisfies(package->apk ? provided->version : package->version, dependency))
				return true;
	return false;
}

bool package_is(const struct package *package, const struct dependency *dependency)
{
	return strcmp(package->name, dependency->name) == 0 && version_satisfies(package->version, dependency);
}

bool package_satisfies(const struct package *package, const struct dependency *dependency)
{
	if (dependency->relation == RELATION_IDENTITY)
		return strcmp(package->name, dependency->name) == 0 && package->stated_identity &&
		       strcmp(package->stated_identity, dependency->version) == 0;
	return package_is(package, dependency) || provides_fit(package, dependency);
}
