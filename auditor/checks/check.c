/* SPDX-License-Identifier: ISC */
#include "checks/checks.h"

#include <string.h>

const char *const proof_name[PROOF_COUNT] = {
	[PROOF_SYMBOL_CRCS] = "symbol-crcs", [PROOF_IDENTITY] = "identity", [PROOF_CONFIG_CORE] = "config-core",
	[PROOF_DECLARED] = "declared",	     [PROOF_TWINS] = "twins",
};

const char *const finding_ids[] = {
	"package-unreadable",
	"package-checksum",
	"package-signature",
	"module-unreadable",
	"module-signature",
	"kernel-modules",
	"livepatch",
	"relocation",
	"export-flags",
	"module-btf",
	"machine",
	"package-architecture",
	"modules-directory",
	"kernel-release",
	"this-module",
	"foreign-module",
	"module-versions",
	"module-layout",
	"vermagic",
	"symbol-missing",
	"symbol-hidden",
	"symbol-gpl",
	"symbol-namespace",
	"symbol-crc",
	"symbol-unversioned",
	"symbol-duplicate",
	"already-builtin",
	"module-depends",
	"softdep",
	"package-depends",
	"package-missing",
	"package-conflicts",
	"install-if",
	"file-conflict",
	"file-shared",
	"state-breaks",
	"autoload",
	"kernel-abi",
	"identity-contradicted",
	"layout-changed",
	"kernel-options",
	"interface-revoked",
	"interface-range",
	"interface-absent",
	"symbol-crcs",
	"config-core",
	"declared",
	"twins",
	"installed",
	"needs",
	"no-proof",
	"package-manager",
	"image-unreadable",
	"image-abi",
	"image-release",
	"image-module",
	"image-exports",
	"image-unread",
	"image-remark",
	"config-contradicted",
	"feed-unreadable",
	"feed-index",
	"feed-checksum",
	"feed-signature",
	"feed-abis",
	"feed-shadow",
	"waiver-expired",
	"waiver-refused",
	"waiver-unused",
	"waiver-overlap",
	NULL,
};

/* From check_contradiction on, a check draws on the findings of those before it. */
const struct check check_table[] = {
	{"readable", check_readable},
	{"trust", check_trust},
	{"machine", check_machine},
	{"architecture", check_architecture},
	{"directory", check_directory},
	{"place", check_place},
	{"release", check_release},
	{"this-module", check_this_module},
	{"foreign", check_foreign},
	{"versions", check_versions},
	{"vermagic", check_vermagic},
	{"symbols", check_symbols},
	{"loader", check_loader},
	{"btf", check_btf},
	{"namespace", check_namespace},
	{"taint", check_taint},
	{"exports", check_exports},
	{"module-depends", check_module_depends},
	{"package-depends", check_package_depends},
	{"conflicts", check_conflicts},
	{"install-if", check_install_if},
	{"files", check_files},
	{"autoload", check_autoload},
	{"layout", check_layout},
	{"options", check_options},
	{"abi", check_abi},
	{"interface", check_interface},
	{"contradiction", check_contradiction},
	{"proof-symbols", check_proof_symbols},
	{"proof-identity", check_proof_identity},
	{"proof-config", check_proof_config},
	{"proof-declared", check_proof_declared},
	{"proof-twins", check_proof_twins},
	{"unread", check_unread},
	{"installed", check_installed},
	{NULL, NULL},
};

void check_package(const struct world *world, const struct package *package, struct examination *examination)
{
	for (const struct check *check = check_table; check->name; check++)
		check->run(world, package, examination);
}

struct finding *finding_add(struct arena *arena, struct findings *findings, const char *id, enum outcome outcome,
			    const char *module, const char *subject)
{
	struct finding *finding = array_add(arena, findings);

	finding->id = id;
	finding->outcome = outcome;
	finding->module = module;
	finding->subject = subject;
	return finding;
}

struct finding *examine(struct examination *examination, const char *id, enum outcome outcome, const char *module,
			const char *subject)
{
	return finding_add(examination->arena, &examination->findings, id, outcome, module, subject);
}

struct finding *examine_folded(struct examination *examination, struct fold *fold, const char *id, enum outcome outcome,
			       const char *module, const char *subject)
{
	if (fold->met++ >= FOLD_MOST) {
		examination->findings.list[fold->last].more++;
		return NULL;
	}
	fold->last = examination->findings.count;
	return examine(examination, id, outcome, module, subject);
}

void finding_show(struct finding *finding, const char *expected, const char *expected_witness, const char *found,
		  const char *found_witness)
{
	finding->expected = expected;
	finding->found = found;
	finding->witness[0] = expected_witness;
	finding->witness[1] = found_witness;
}

bool examination_has(const struct examination *examination, const char *id, enum outcome outcome, const char *module)
{
	array_each(finding, &examination->findings) {
		if (finding->outcome != outcome || strcmp(finding->id, id) != 0)
			continue;
		if (!module || (finding->module && strcmp(finding->module, module) == 0))
			return true;
	}
	return false;
}

static int text_compare(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

int finding_compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int order = text_compare(x->module, y->module);

	if (order == 0)
		order = strcmp(x->id, y->id);
	if (order == 0)
		order = text_compare(x->subject, y->subject);
	if (order == 0)
		order = text_compare(x->text, y->text);
	if (order == 0)
		order = text_compare(x->found, y->found);
	if (order == 0)
		order = text_compare(x->witness[0], y->witness[0]);
	return order ? order : text_compare(x->witness[1], y->witness[1]);
}
