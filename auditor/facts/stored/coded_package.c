/* SPDX-License-Identifier: ISC */
/* Codes the facts of packages. */
#include "facts/stored/coded.h"

#include "facts/package/pkg.h"

CODES_ALL_OF(struct dependency, 32);
CODES_ALL_OF(struct formula, 40);
CODES_ALL_OF(struct autoload, 16);
CODES_ALL_OF(struct abi, 32);
CODES_ALL_OF(struct vetted, 32);
CODES_ALL_OF(struct pkg, 280);
CODES_ALL_OF(struct package, 600); /* but file, feed, vouched, listed, row, absent, old_apk, idle */

static void code_dependency(struct coder *coder, struct dependency *dependency)
{
	code_name(coder, &dependency->name);
	CODE_ENUM(coder, dependency->relation, RELATION_IDENTITY + 1);
	code_string(coder, &dependency->version);
	coder->failed |= dependency->relation != RELATION_ANY && !dependency->version;
	CODE(coder, dependency->apk);
}

static void code_formula(struct coder *coder, struct formula *formula)
{
	CODE_LIST(coder, formula, code_dependency);
	code_name(coder, &formula->text);
	CODE(coder, formula->greedy);
	CODE(coder, formula->optional);
}

static void code_formulas(struct coder *coder, struct formulas *formulas)
{
	CODE_LIST(coder, formulas, code_formula);
}

static void code_autoload(struct coder *coder, struct autoload *autoload)
{
	code_name(coder, &autoload->file);
	code_name(coder, &autoload->module);
}

static void code_abi(struct coder *coder, struct abi *abi)
{
	code_string(coder, &abi->version);
	code_string(coder, &abi->hash);
	code_string(coder, &abi->release);
	code_string(coder, &abi->witness);
}

static void code_vetted(struct coder *coder, struct vetted *vetted)
{
	code_string(coder, &vetted->version);
	code_string(coder, &vetted->report);
	code_string(coder, &vetted->depends);
	code_string(coder, &vetted->source);
}

static void code_pkg_file(struct coder *coder, struct pkg_file *file)
{
	code_name(coder, &file->path);
	code_string(coder, &file->sum);
}

static void code_pkg_difference(struct coder *coder, struct pkg_difference *difference)
{
	code_name(coder, &difference->path);
	code_name(coder, &difference->stated);
	code_name(coder, &difference->found);
}

static void code_pkg(struct coder *coder, struct pkg *pkg)
{
	code_string(coder, &pkg->abi);
	code_string(coder, &pkg->arch);
	code_string(coder, &pkg->origin);
	code_string(coder, &pkg->prefix);
	code_string(coder, &pkg->osversion_text);
	CODE(coder, pkg->osversion);
	code_string(coder, &pkg->dep_formula);
	code_string(coder, &pkg->stated_sum);
	code_string(coder, &pkg->listed_sum);
	code_names(coder, &pkg->shlibs_required);
	code_names(coder, &pkg->shlibs_provided);
	code_names(coder, &pkg->categories);
	code_names(coder, &pkg->scripts);
	CODE(coder, pkg->indexes);
	CODE_LIST(coder, &pkg->files, code_pkg_file);
	CODE_LIST(coder, &pkg->differences, code_pkg_difference);
	code_names(coder, &pkg->lacking);
	code_names(coder, &pkg->unlisted);
	code_string(coder, &pkg->witness);
}

void code_package(struct coder *coder, struct package *package)
{
	coder->failed |= package->problem || package->providers || package->config ||
			 package->loader_rules.count > 0 || package->modules_disabled;
	CODE_ENUM(coder, package->origin, PACKAGE_INDEX_ROW + 1);
	code_name(coder, &package->name);
	/* what the control file or manifest states */
	code_string(coder, &package->version);
	code_string(coder, &package->architecture);
	code_string(coder, &package->status);
	code_string(coder, &package->filename);
	code_string(coder, &package->section);
	code_formulas(coder, &package->depends);
	code_formulas(coder, &package->conflicts);
	code_formulas(coder, &package->install_if);
	code_formulas(coder, &package->install_if_not);
	code_formulas(coder, &package->provides);
	code_formulas(coder, &package->replaces);
	code_string(coder, &package->origin_name);
	CODE(coder, package->priority);
	code_abi(coder, &package->abi);
	code_vetted(coder, &package->vetted);
	code_string(coder, &package->other_pin);
	code_string(coder, &package->crash);
	code_string(coder, &package->stated_sha256);
	CODE(coder, package->stated_size);
	code_string(coder, &package->stated_identity);
	code_names(coder, &package->files);
	CODE_LIST(coder, &package->modules, code_module);
	code_names(coder, &package->releases);
	CODE_LIST(coder, &package->autoload, code_autoload);
	CODE(coder, package->stamp.first);
	CODE(coder, package->stamp.last);
	code_name(coder, &package->witness);
	CODE(coder, package->size);
	code_block(coder, &package->digest, sizeof package->digest);
	CODE(coder, package->apk);
	CODE_POINTER(coder, package->pkg, struct pkg, code_pkg);
}
