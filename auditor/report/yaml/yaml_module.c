/* SPDX-License-Identifier: ISC */
/* Prints the facts of a module as YAML or JSON: modinfo, imports, exports, CRCs. */
#include "report/yaml/yaml_keys.h"

/* FOREIGN: of FreeBSD, which has no CRCs, and of whose symbols only the names count. */
static void yaml_symbols(struct emit *emit, const struct module *module, bool foreign)
{
	emit_each(emit, "imports", import, &module->imports) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", import->name);
		if (!foreign)
			emit_known_crc(emit, "crc", import->has_crc, import->crc);
		if (import->extended.known)
			emit_known_crc(emit, "extended_crc", true, import->extended.value);
		emit_optional_true(emit, "weak", import->weak);
		emit_close(emit);
	}
	emit_each(emit, "exports", export, &module->exports) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", export->name);
		if (foreign) {
			emit_optional_true(emit, "local", export->local);
		} else {
			emit_known_crc(emit, "crc", export->has_crc, export->crc);
			emit_key_bool(emit, "gpl_only", export->gpl_only);
			emit_optional_string(emit, "namespace", export->name_space);
		}
		emit_close(emit);
	}
}

void yaml_module_keys(struct emit *emit, const struct module *module)
{
	struct arena arena _cleanup_arena_ = {0};
	const struct modinfo *modinfo = &module->modinfo;

	emit_key_string(emit, "name", module->name);
	emit_key_string(emit, "path", module->path);
	emit_key_string(emit, "witness", module->witness);
	emit_key_number(emit, "size", module->size);
	emit_key_quoted(emit, "sha256", digest_hex(&arena, module->file.bytes, SHA256_SIZE));
	yaml_machine(emit, "architecture", module->machine);
	if (module->problem) {
		emit_key_string(emit, "problem", module->problem);
		return;
	}
	emit_key_quoted(emit, "sections", digest_hex(&arena, module->sections.bytes, SHA256_SIZE));
	if (module->kld) {
		emit_key_string(emit, "system", loader_name[module->loader]);
		yaml_kld(emit, module->kld);
		yaml_symbols(emit, module, true);
		return;
	}
	emit_key_quoted(emit, "vermagic", modinfo->vermagic);
	emit_key_string(emit, "license", modinfo->license);
	emit_key_quoted(emit, "version", modinfo->version);
	emit_key_quoted(emit, "srcversion", modinfo->srcversion);
	emit_key_strings(emit, "depends", &modinfo->depends);
	emit_key_strings(emit, "softdep_pre", &modinfo->softdep_pre);
	emit_key_strings(emit, "softdep_post", &modinfo->softdep_post);
	emit_key_strings(emit, "import_ns", &modinfo->import_ns);
	yaml_this_module(emit, &module->this_module);
	emit_key_bool(emit, "versioned", module->versioned);
	emit_known_crc(emit, "module_layout", module->has_layout, module->layout_crc);
	emit_key_bool(emit, "extended_versions", module->extended);
	emit_key_bool(emit, "signed", module->is_signed);
	yaml_symbols(emit, module, false);
}

bool yaml_module(FILE *out, enum emit_form form, const struct module *module, struct error *error)
{
	struct emit *emit = emit_begin(out, form, true);

	emit_map(emit);
	emit_key_string(emit, "kind", "module");
	yaml_module_keys(emit, module);
	emit_close(emit);
	return emit_end(emit, error);
}
