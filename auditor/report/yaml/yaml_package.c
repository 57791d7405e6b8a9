/* SPDX-License-Identifier: ISC */
/* Prints the facts of a package as YAML or JSON: dependencies, files, modules, autoload
 * entries. */
#include "report/yaml/yaml_keys.h"

#include "facts/package/pkg.h"

static void yaml_formulas(struct emit *emit, const char *key, const struct formulas *formulas)
{
	emit_each(emit, key, formula, formulas)
		emit_string(emit, formula->text);
}

/* What only a FreeBSD package says. */
static void yaml_pkg(struct emit *emit, const struct pkg *pkg)
{
	emit_key_string(emit, "origin", pkg->origin);
	emit_key_string(emit, "prefix", pkg->prefix);
	emit_key_quoted(emit, "freebsd_version", pkg->osversion_text);
	if (pkg->dep_formula)
		emit_key_string(emit, "dep_formula", pkg->dep_formula);
	if (pkg->shlibs_required.count > 0)
		emit_key_strings(emit, "shlibs_required", &pkg->shlibs_required);
	if (pkg->shlibs_provided.count > 0)
		emit_key_strings(emit, "shlibs_provided", &pkg->shlibs_provided);
	emit_key_strings(emit, "categories", &pkg->categories);
	emit_key_strings(emit, "scripts", &pkg->scripts);
	emit_each(emit, "sums_differ", difference, &pkg->differences) {
		emit_flow_map(emit);
		emit_key_string(emit, "file", difference->path);
		emit_key_quoted(emit, "stated", difference->stated);
		emit_key_quoted(emit, "found", difference->found);
		emit_close(emit);
	}
	emit_key_strings(emit, "lacking", &pkg->lacking);
	emit_key_strings(emit, "unlisted", &pkg->unlisted);
}

static void yaml_package_contents(struct emit *emit, const struct package *package)
{
	yaml_formulas(emit, "depends", &package->depends);
	yaml_formulas(emit, "conflicts", &package->conflicts);
	yaml_formulas(emit, "provides", &package->provides);
	if (package->pkg)
		yaml_pkg(emit, package->pkg);
	yaml_abi(emit, &package->abi, NULL);
	emit_key_string(emit, "abi_witness", package->abi.witness);
	emit_key_strings(emit, "releases", &package->releases);
	emit_each(emit, "autoload", autoload, &package->autoload) {
		emit_flow_map(emit);
		emit_key_string(emit, "file", autoload->file);
		emit_key_string(emit, "module", autoload->module);
		emit_close(emit);
	}
	emit_key_strings(emit, "files", &package->files);
	emit_each(emit, "modules", module, &package->modules) {
		emit_map(emit);
		yaml_module_keys(emit, module);
		emit_close(emit);
	}
}

bool yaml_package(FILE *out, enum emit_form form, const struct package *package,
		  struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	struct emit *emit = emit_begin(out, form, true);

	emit_map(emit);
	emit_key_string(emit, "kind", "package");
	emit_key_string(emit, "source", package->file);
	emit_key_quoted(emit, "sha256", digest_hex(&arena, package->digest.bytes, SHA256_SIZE));
	emit_key_number(emit, "size", package->size);
	emit_key_string(emit, "name", package->name);
	emit_key_quoted(emit, "version", package->version);
	emit_key_string(emit, "architecture", package->architecture);
	emit_optional_string(emit, "problem", package->problem);
	if (!package->problem)
		yaml_package_contents(emit, package);
	emit_close(emit);
	return emit_end(emit, error);
}
