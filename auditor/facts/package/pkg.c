/* SPDX-License-Identifier: ISC */
/* Fills a package from a manifest of FreeBSD's pkg (libpkg/pkg_manifest.c). */
#include "facts/package/pkg.h"
#include "base/text.h"
#include "facts/package/pkg_sum.h"
#include "unpack/limits.h"

#include <limits.h>

/* A manifest, as pkg-create(8) writes it; a catalogue's row has sum, repopath and pkgsize as well,
 * and neither files nor scripts:
 *     {"name":"drm-61-kmod","origin":"graphics/drm-61-kmod","version":"6.1.69_3",
 *      "abi":"FreeBSD:14:amd64","arch":"freebsd:14:x86:64","prefix":"/usr/local",
 *      "deps":{"gpu-firmware-kmod":{"origin":"graphics/gpu-firmware-kmod","version":"2024,1"}},
 *      "categories":["graphics","kld"],"annotations":{"FreeBSD_version":"1402000"},
 *      "files":{"/boot/modules/drm.ko":"1$<sha256>","/x":{"sum":"1$<sha256>","perm":"0555"}},
 *      "scripts":{"post-install":"..."}} */

struct manifest {
	struct arena *arena;
	const struct ucl *top;
	struct package *package;
	struct pkg *pkg;
	struct error *error;
};

/* The kinds of value that pkg reads behind a key, as bits. */
static const struct {
	const char *key;
	unsigned kinds;
} keys[] = {
	{"name", 1u << UCL_STRING | 1u << UCL_NUMBER},
	{"version", 1u << UCL_STRING | 1u << UCL_NUMBER},
	{"abi", 1u << UCL_STRING},
	{"arch", 1u << UCL_STRING},
	{"origin", 1u << UCL_STRING},
	{"prefix", 1u << UCL_STRING},
	{"sum", 1u << UCL_STRING},
	{"dep_formula", 1u << UCL_STRING},
	{"path", 1u << UCL_STRING},
	{"repopath", 1u << UCL_STRING},
	{"pkgsize", 1u << UCL_NUMBER},
	{"deps", 1u << UCL_OBJECT},
	{"files", 1u << UCL_OBJECT},
	{"scripts", 1u << UCL_OBJECT},
	{"annotations", 1u << UCL_OBJECT},
	{"categories", 1u << UCL_ARRAY},
	{"conflicts", 1u << UCL_ARRAY},
	{"provides", 1u << UCL_ARRAY},
	{"requires", 1u << UCL_ARRAY},
	{"shlibs", 1u << UCL_ARRAY}, /* shlibs_required of pkg 1.0 */
	{"shlibs_required", 1u << UCL_ARRAY},
	{"shlibs_provided", 1u << UCL_ARRAY},
};

static bool kinds_check(const struct ucl *top, struct error *error)
{
	if (top->kind != UCL_OBJECT)
		return fail(error, "the manifest is no object");
	ucl_each(value, top)
	{
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
			if (*keys[i].key == *value->key && strcmp(keys[i].key, value->key) == 0 &&
			    !(keys[i].kinds >> value->kind & 1))
				return fail(
					error,
					"line %zu: %s has a value of another type than pkg reads",
					value->line, value->key);
	}
	return true;
}

const char *percent_decoded(struct arena *arena, const char *text)
{
	char *plain = arena_chars(arena, span_text(text)), *end = plain;
	uint64_t byte;

	for (; *text; text++) {
		bool code = text[0] == '%' && text[1] && text[2] &&
			    span_number(span_from(text + 1, 2), 16, &byte) && byte > 0;

		*end++ = code ? (char)byte : *text;
		text += code ? 2 : 0;
	}
	*end = '\0';
	return plain;
}

/* pkg writes a path with "%xx" for '%' and for bytes beyond ASCII. */
const char *pkg_path(struct arena *arena, const char *text)
{
	while (*text == '/')
		text++;
	return percent_decoded(arena, text);
}

static bool formula_add(struct manifest *manifest, struct formulas *formulas, const char *before,
			const char *name)
{
	struct formula *formula = array_add(manifest->arena, formulas);

	if (formulas->count > LIMIT_DEPENDENCIES)
		return fail(manifest->error, "more than %d dependencies", LIMIT_DEPENDENCIES);
	formula->list = arena_new(manifest->arena, struct dependency);
	formula->list->name = arena_format(manifest->arena, "%s%s", before, name);
	formula->count = formula->room = 1;
	formula->text = formula->list->name;
	return true;
}

static bool names_add(struct manifest *manifest, const char *key, const char *before,
		      struct formulas *formulas)
{
	ucl_each(name, ucl_get(manifest->top, key)) if (name->text &&
							!formula_add(manifest, formulas, before,
								     name->text)) return false;
	return true;
}

/* pkg takes a dependency's name only: any version of it is good (libpkg/pkg_add.c,
 * pkg_add_check_pkg_archive). */
static bool dependencies_read(struct manifest *manifest)
{
	struct package *package = manifest->package;

	ucl_each(dep,
		 ucl_get(manifest->top,
			 "deps")) if (!formula_add(manifest, &package->depends, "",
						   arena_string(manifest->arena,
								span_text(dep->key)))) return false;
	return names_add(manifest, "requires", PKG_PROVIDE, &package->depends) &&
	       names_add(manifest, "provides", PKG_PROVIDE, &package->provides) &&
	       names_add(manifest, "conflicts", "", &package->conflicts);
}

static const char *copied(struct manifest *manifest, const char *key)
{
	const char *text = ucl_text(manifest->top, key);

	return text && *text ? arena_string(manifest->arena, span_text(text)) : NULL;
}

static int file_compare(const void *a, const void *b)
{
	const struct pkg_file *left = a, *right = b;

	return strcmp(left->path, right->path);
}

/* A file's sum is a text, or stands in an object with its owner and mode. A text of one
 * character, "-", is none. */
static void files_read(struct manifest *manifest)
{
	struct pkg *pkg = manifest->pkg;

	ucl_each(value, ucl_get(manifest->top, "files"))
	{
		struct pkg_file *file = array_add(manifest->arena, &pkg->files);
		const char *sum = value->kind == UCL_OBJECT ? ucl_text(value, "sum") : value->text;

		file->path = pkg_path(manifest->arena, value->key);
		if (sum && strlen(sum) > 1)
			file->sum = arena_string(manifest->arena, span_text(sum));
	}
	array_sort(&pkg->files, file_compare);
}

static void strings_read(struct manifest *manifest, const struct ucl *list, struct strings *ret)
{
	ucl_each(value, list)
	{
		const char *text = list->kind == UCL_OBJECT ? value->key : value->text;

		if (text)
			*array_add(manifest->arena, ret) =
				arena_string(manifest->arena, span_text(text));
	}
}

/* USES=kmod adds kldxref(8) to the script behind an installation (Mk/Uses/kmod.mk). */
static bool indexes(const struct ucl *scripts)
{
	ucl_each(script, scripts)
	{
		if (script->text && strstr(script->key, "install") &&
		    !strstr(script->key, "deinstall") && strstr(script->text, "kldxref"))
			return true;
	}
	return false;
}

static void row_read(struct manifest *manifest)
{
	struct package *package = manifest->package;
	const char *size = ucl_text(manifest->top, "pkgsize");
	const char *sum = copied(manifest, "sum");

	package->filename = copied(manifest, "repopath");
	if (!package->filename)
		package->filename = copied(manifest, "path");
	package->stated_sha256 = sum ? pkg_sum_sha256(manifest->arena, sum) : NULL;
	manifest->pkg->stated_sum = package->stated_sha256 ? NULL : sum;
	if (size)
		span_number(span_text(size), 10, &package->stated_size);
}

static void own_read(struct manifest *manifest, const char *witness)
{
	struct pkg *pkg = manifest->pkg;
	const char *osversion = ucl_text(ucl_get(manifest->top, "annotations"), "FreeBSD_version");
	uint64_t number;

	pkg->abi = copied(manifest, "abi");
	pkg->arch = copied(manifest, "arch");
	pkg->origin = copied(manifest, "origin");
	pkg->prefix = copied(manifest, "prefix");
	pkg->dep_formula = copied(manifest, "dep_formula");
	pkg->witness = witness;
	strings_read(manifest, ucl_get(manifest->top, "shlibs"), &pkg->shlibs_required);
	strings_read(manifest, ucl_get(manifest->top, "shlibs_required"), &pkg->shlibs_required);
	strings_read(manifest, ucl_get(manifest->top, "shlibs_provided"), &pkg->shlibs_provided);
	strings_read(manifest, ucl_get(manifest->top, "categories"), &pkg->categories);
	strings_read(manifest, ucl_get(manifest->top, "scripts"), &pkg->scripts);
	pkg->indexes = indexes(ucl_get(manifest->top, "scripts"));
	if (osversion)
		pkg->osversion_text = arena_string(manifest->arena, span_text(osversion));
	if (osversion && span_number(span_text(osversion), 10, &number) && number <= INT_MAX)
		pkg->osversion = number;
	files_read(manifest);
}

bool pkg_from_manifest(struct arena *arena, const struct ucl *top, const char *witness,
		       struct package *package, struct error *error)
{
	struct manifest manifest = {.arena = arena,
				    .top = top,
				    .package = package,
				    .pkg = arena_new(arena, struct pkg),
				    .error = error};

	if (!kinds_check(top, error))
		return false;
	const char *name = copied(&manifest, "name");
	if (!name)
		return fail(error, "the manifest has no name");
	package->name = name;
	package->version = copied(&manifest, "version");
	if (!package->version)
		return fail(error, "the manifest has no version");
	own_read(&manifest, witness);
	row_read(&manifest);
	package->pkg = manifest.pkg;
	package->architecture = manifest.pkg->abi ? manifest.pkg->abi : manifest.pkg->arch;
	package->witness = witness;
	package->abi = (struct abi){
		.witness = arena_format(
			arena, "%s: FreeBSD's packages name no package of the kernel", witness)};
	return dependencies_read(&manifest);
}

/* Ports that build modules have USES=kmod, which adds the category kld; the kernels of
 * pkgbase are FreeBSD-kernel-*, those of pfSense pfSense-kernel-*. */
bool pkg_may_carry(const struct package *row)
{
	return strings_have(&row->pkg->categories, "kld") || strstr(row->name, "kmod") ||
	       strstr(row->name, "kernel");
}
