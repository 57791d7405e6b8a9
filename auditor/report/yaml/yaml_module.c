/* SPDX-License-Identifier: ISC */
/* Prints the facts of a module as YAML or JSON: modinfo, imports, exports, CRCs. */
#include "report/yaml/yaml_keys.h"

/* FOREIGN: of FreeBSD, which has no CRCs. */
static void yaml_imports(struct emit *emit, const struct imports *imports, bool foreign)
{
	emit_each(emit, "imports", import, imports) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", import->name);
		if (!foreign)
			emit_known_crc(emit, "crc", import->has_crc, import->crc);
		if (import->extended.known)
			emit_known_crc(emit, "extended_crc", true, import->extended.value);
		emit_optional_true(emit, "weak", import->weak);
		emit_close(emit);
	}
}

static void yaml_module_exports(struct emit *emit, const struct exports *exports)
{
	emit_each(emit, "exports", export, exports) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", export->name);
		emit_known_crc(emit, "crc", export->has_crc, export->crc);
		emit_key_bool(emit, "gpl_only", export->gpl_only);
		emit_optional_string(emit, "namespace", export->name_space);
		emit_close(emit);
	}
}

/* The symbols of a FreeBSD module, of which only the names count. */
static void yaml_symbol_names(struct emit *emit, const struct exports *exports)
{
	emit_each(emit, "exports", export, exports) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", export->name);
		emit_optional_true(emit, "local", export->local);
		emit_close(emit);
	}
}

static void yaml_modinfo(struct emit *emit, const struct modinfo *modinfo)
{
	emit_key_quoted(emit, "vermagic", modinfo->vermagic);
	emit_key_string(emit, "license", modinfo->license);
	emit_key_quoted(emit, "version", modinfo->version);
	emit_key_quoted(emit, "srcversion", modinfo->srcversion);
	emit_key_strings(emit, "depends", &modinfo->depends);
	emit_key_strings(emit, "softdep_pre", &modinfo->softdep_pre);
	emit_key_strings(emit, "softdep_post", &modinfo->softdep_post);
	emit_key_strings(emit, "import_ns", &modinfo->import_ns);
}

void yaml_module_keys(struct emit *emit, const struct module *module)
{
	struct arena arena _cleanup_arena_ = {0};

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
		yaml_imports(emit, &module->imports, true);
		yaml_symbol_names(emit, &module->exports);
		return;
	}
	yaml_modinfo(emit, &module->modinfo);
	yaml_this_module(emit, &module->this_module);
	emit_key_bool(emit, "versioned", module->versioned);
	emit_known_crc(emit, "module_layout", module->has_layout, module->layout_crc);
	emit_key_bool(emit, "extended_versions", module->extended);
	emit_key_bool(emit, "signed", module->is_signed);
	yaml_imports(emit, &module->imports, false);
	yaml_module_exports(emit, &module->exports);
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
