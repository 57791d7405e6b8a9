/* SPDX-License-Identifier: ISC */
/* Fills a package from a stanza, sets its pin on a kernel abi, and decides whether it
 * satisfies a dependency (libopkg/pkg_depends.c); says what the path of a file shows. */
#include "facts/package/package.h"

#include "base/text.h"
#include "facts/package/apk.h"
#include "facts/package/package_file.h"
#include "facts/package/pkg_version.h"

#include <string.h>
#include <strings.h>

static const char *text_of(const struct stanza *stanza, const char *name)
{
	const char *value = stanza_get(stanza, name);

	return value && *value ? value : NULL;
}

/* What READ makes of all fields NAME. */
static struct formulas list_of(struct arena *arena, const struct stanza *stanza, const char *name,
			       struct formulas (*read)(struct arena *arena, struct span text))
{
	const char *value = stanza_join(arena, stanza, name);

	return value ? read(arena, span_text(value)) : (struct formulas){0};
}

/* The lists that opkg parses with parse_deplist (libopkg/pkg_parse.c, pkg_parse_line), of which
 * it reads the first line. */
static const char *crash_of(struct arena *arena, const struct stanza *stanza)
{
	static const char *const lists[] = {"Conflicts", "Depends", "Pre-Depends", "Recommends",
					    "Suggests"};

	array_each(field, stanza)
		for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
			const char *text, *why;

			if (strcmp(field->name, lists[i]) != 0)
				continue;
			text = arena_format(arena, "%s%.*s%s", field->front ? " " : "",
					    (int)strcspn(field->value, "\n"), field->value,
					    field->behind ? " " : "");
			why = formulas_crash(arena, span_text(text));
			if (why)
				return arena_format(arena, "its %s %s", lists[i], why);
		}
	return NULL;
}

/* Pre-Depends count like Depends, and so do Recommends of what there is
 * (libopkg/pkg_depends.c, pkg_hash_fetch_unsatisfied_dependencies). */
static struct formulas depends_of(struct arena *arena, const struct stanza *stanza)
{
	const char *first = stanza_join(arena, stanza, "Pre-Depends");
	const char *then = stanza_join(arena, stanza, "Depends");
	const char *also = stanza_join(arena, stanza, "Recommends");
	const char *text = first ? arena_format(arena, "%s, %s", first, text_or_empty(then)) : then;
	struct formulas formulas = {0};

	if (text)
		formulas = formulas_read(arena, span_text(text));
	if (also)
		formulas_recommend(arena, span_text(also), &formulas);
	return formulas;
}

const char *package_manager(const struct package *package)
{
	return package->pkg ? "pkg" : package->apk ? "apk" : "opkg";
}

const char *package_ending(const struct package *package)
{
	return package->pkg ? "pkg" : package->apk ? "apk" : "ipk";
}

const struct module *package_module(const struct package *package, const char *name)
{
	return array_find(module, &package->modules, strcmp(module->name, name) == 0);
}

bool dependency_is_kernel(const struct dependency *dependency)
{
	return dependency->relation == RELATION_EQUAL && strcmp(dependency->name, "kernel") == 0;
}

bool package_names_kernel(const struct package *package)
{
	array_each(formula, &package->depends)
		array_each(one, formula)
			if (dependency_is_kernel(one))
				return true;
	return false;
}

struct abi package_own_abi(struct arena *arena, const struct package *package)
{
	return strcmp(package->name, "kernel") == 0
		       ? abi_read(arena, package->version, package->witness)
		       : package->abi;
}

/* A kernel that is only one of several alternatives is not a pin: another alternative
 * may satisfy the dependency. */
void package_pin(struct arena *arena, struct package *package, const char *before,
		 const char *witness)
{
	const struct formulas depends = before && package->apk
						? apk_dependencies(arena, span_text(before), NULL)
					: before ? formulas_read(arena, span_text(before))
						 : package->depends;
	const char *field = before ? VETTED_FIELDS "Depends" : package->apk ? "depends" : "Depends";
	const struct dependency *first = NULL;
	const struct formula *alternative = NULL;

	array_each(formula, &depends) {
		const struct dependency *pin =
			formula->count == 1 && !formula->optional ? &formula->list[0] : NULL;

		array_each(one, formula)
			if ((formula->count > 1 || formula->optional) && dependency_is_kernel(one))
				alternative = formula;
		if (!pin || !dependency_is_kernel(pin))
			continue;
		if (first) {
			/* no kernel satisfies both */
			if (strcmp(first->version, pin->version) != 0)
				package->other_pin = formula->text;
			continue;
		}
		first = pin;
		package->abi =
			abi_read(arena, pin->version,
				 arena_format(arena, "%s: %s: %s", witness, field, formula->text));
	}
	if (first)
		return;
	package->abi = (struct abi){
		.witness =
			alternative
				? arena_format(
					  arena,
					  "%s: names a kernel version only as an alternative: %s",
					  witness, alternative->text)
				: arena_format(arena, "%s: its %s %s no kernel version", witness,
					       field, package->apk ? "name" : "names")};
}

bool package_from_stanza(struct arena *arena, const struct stanza *stanza, const char *witness,
			 struct package *ret)
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
	ret->conflicts = list_of(arena, stanza, "Conflicts", formulas_read_conflicts);
	ret->provides = list_of(arena, stanza, "Provides", formulas_read_names);
	ret->replaces = list_of(arena, stanza, "Replaces", formulas_read_names);
	ret->crash = crash_of(arena, stanza);
	ret->witness = witness;
	ret->vetted = (struct vetted){.version = text_of(stanza, VETTED_FIELDS "Version"),
				      .report = text_of(stanza, VETTED_FIELDS "Report")};
	package_pin(arena, ret, text_of(stanza, VETTED_FIELDS "Depends"), witness);
	return true;
}

int module_compare(const void *a, const void *b)
{
	const struct module *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : strcmp(left->path, right->path);
}

int package_versions(const struct package *a, const struct package *b)
{
	if (a->pkg && b->pkg)
		return pkg_version_compare(a->version, b->version);
	if (!a->apk || !b->apk)
		return version_compare(a->version, b->version);
	return apk_version_compare(a->version ? a->version : "", b->version ? b->version : "");
}

int package_compare(const void *a, const void *b)
{
	const struct package *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	if (!order)
		order = package_versions(left, right);
	if (!order)
		order = strcmp(left->version ? left->version : "",
			       right->version ? right->version : "");
	return order ? order : strcmp(left->file ? left->file : "", right->file ? right->file : "");
}

bool package_is(const struct package *package, const struct dependency *dependency)
{
	return strcmp(package->name, dependency->name) == 0 &&
	       version_satisfies(package->version, dependency);
}

/* With opkg a provided name has the version of its provider (libopkg/pkg_depends.c,
 * version_constraints_satisfied). With apk it has the version stated in Provides;
 * without one it is older than any version. */
bool package_satisfies(const struct package *package, const struct dependency *dependency)
{
	if (dependency->relation == RELATION_IDENTITY)
		return strcmp(package->name, dependency->name) == 0 && package->stated_identity &&
		       strcmp(package->stated_identity, dependency->version) == 0;
	if (package_is(package, dependency))
		return true;
	array_each(formula, &package->provides)
		array_each(provided, formula)
			if (strcmp(provided->name, dependency->name) == 0 &&
			    version_satisfies(package->apk ? provided->version : package->version,
					      dependency))
				return true;
	return false;
}

/* The package name in a file name: "kmod-nf-nat" for
 * "dir/kmod-nf-nat_4.14.275-1_mipsel.ipk" and "kmod-nf-nat-6.12.74-r1.apk",
 * "drm-61-kmod" for "drm-61-kmod-6.1.69_3.pkg". */
const char *package_name_of_file(struct arena *arena, const char *file)
{
	const char *base = path_last(file), *dash = strrchr(base, '-');
	struct span name = span_text(base), rest;

	if (text_ends(file, ".pkg") && dash && dash > base)
		return arena_string(arena, span_from(base, (size_t)(dash - base)));
	if (text_ends(file, ".apk")) {
		name.size -= 4;
		/* the last hyphen that begins a version ends the name */
		for (size_t at = name.size; at-- > 1;)
			if (base[at] == '-' && base[at + 1] >= '0' && base[at + 1] <= '9')
				return arena_string(arena, span_head(name, at));
	} else if (!span_split(name, '_', &name, &rest) && name.size > 4) {
		name.size -= 4;
	}
	return arena_string(arena, name);
}

enum package_kind package_kind_of(const char *path)
{
	static const char *const ends[] = {".ipk", ".deb", ".udeb", ".apk", ".pkg"};
	const char *dot = strrchr(path_last(path), '.');

	if (module_is_path(path))
		return KIND_MODULE;
	/* in upper case, too, as file systems that ignore case may have it */
	for (size_t i = 0; dot && i < sizeof ends / sizeof *ends; i++)
		if (strcasecmp(dot, ends[i]) == 0)
			return KIND_PACKAGE;
	return KIND_OTHER;
}

struct span release_of_path(const char *path)
{
	const char *at = path;
	struct span release = {0}, rest;

	while ((at = strstr(at, "lib/modules/")) && at > path && at[-1] != '/')
		at++;
	if (at)
		span_split(span_text(at + strlen("lib/modules/")), '/', &release, &rest);
	return release;
}
