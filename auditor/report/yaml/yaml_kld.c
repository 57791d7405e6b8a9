/* SPDX-License-Identifier: ISC */
/* Prints the records of a FreeBSD module or kernel as YAML or JSON. */
#include "report/yaml/yaml_keys.h"

#include <elf.h>

static void yaml_kld_depends(struct emit *emit, const struct kld *kld)
{
	emit_key(emit, "depends");
	emit_list(emit);
	array_each(depend, &kld->depends) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", depend->name);
		emit_key_integer(emit, "minimum", depend->minimum);
		emit_key_integer(emit, "preferred", depend->preferred);
		emit_key_integer(emit, "maximum", depend->maximum);
		emit_close(emit);
	}
	emit_close(emit);
}

void yaml_kld_provides(struct emit *emit, const struct kld *kld)
{
	emit_key(emit, "provides");
	emit_list(emit);
	array_each(version, &kld->versions) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", version->name);
		emit_key_integer(emit, "version", version->version);
		emit_close(emit);
	}
	emit_close(emit);
	emit_key(emit, "registers");
	emit_list(emit);
	array_each(module, &kld->modules) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", module->name);
		emit_key_string(emit, "label", module->label);
		emit_close(emit);
	}
	emit_close(emit);
}

void yaml_kld(struct emit *emit, const struct kld *kld)
{
	static const char *const types[] = {
		[ET_REL] = "relocatable", [ET_EXEC] = "executable", [ET_DYN] = "shared"};
	static const char *const sets[] = {
		[KLD_SET_NONE] = "none", [KLD_SET_FOUND] = "found", [KLD_SET_HIDDEN] = "hidden"};

	emit_key(emit, "kld");
	emit_map(emit);
	emit_key_string(emit, "type", kld->type <= ET_DYN ? types[kld->type] : NULL);
	emit_key_string(emit, "records", sets[kld->set]);
	yaml_kld_depends(emit, kld);
	yaml_kld_provides(emit, kld);
	emit_key(emit, "pnp");
	emit_list(emit);
	array_each(pnp, &kld->pnps) {
		emit_flow_map(emit);
		emit_key_string(emit, "bus", pnp->bus);
		emit_key_string(emit, "fields", pnp->fields);
		emit_key_number(emit, "entries", pnp->entries);
		emit_close(emit);
	}
	emit_close(emit);
	emit_close(emit);
}
