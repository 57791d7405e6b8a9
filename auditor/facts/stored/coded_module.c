/* SPDX-License-Identifier: ISC */
/* Codes the facts of modules of Linux and FreeBSD. */
#include "facts/stored/coded.h"

CODES_ALL_OF(struct machine, 12);
CODES_ALL_OF(struct import, 32);
CODES_ALL_OF(struct export, 24);
CODES_ALL_OF(struct kld, 112);
CODES_ALL_OF(struct modinfo, 192);
CODES_ALL_OF(struct relocations, 40);
CODES_ALL_OF(struct this_module, 48);
CODES_ALL_OF(struct module, 568); /* but misfit */

void code_machine(struct coder *coder, struct machine *machine)
{
	CODE(coder, machine->elf);
	CODE(coder, machine->bits);
	CODE_ENUM(coder, machine->endian, ENDIAN_BIG + 1);
	CODE(coder, machine->flags);
}

static void code_crc(struct coder *coder, struct crc *crc)
{
	CODE(coder, crc->known);
	CODE(coder, crc->value);
}

static void code_import(struct coder *coder, struct import *import)
{
	code_name(coder, &import->name);
	CODE(coder, import->crc);
	CODE(coder, import->has_crc);
	code_crc(coder, &import->extended);
	CODE(coder, import->weak);
	CODE(coder, import->place);
}

static void code_export(struct coder *coder, struct export *export)
{
	code_name(coder, &export->name);
	code_string(coder, &export->name_space);
	CODE(coder, export->crc);
	CODE(coder, export->has_crc);
	CODE(coder, export->gpl_only);
	CODE(coder, export->local);
}

void code_exports(struct coder *coder, struct exports *exports)
{
	CODE_LIST(coder, exports, code_export);
}

static void code_kld_depend(struct coder *coder, struct kld_depend *depend)
{
	code_name(coder, &depend->name);
	CODE(coder, depend->minimum);
	CODE(coder, depend->preferred);
	CODE(coder, depend->maximum);
}

static void code_kld_version(struct coder *coder, struct kld_version *version)
{
	code_name(coder, &version->name);
	CODE(coder, version->version);
}

static void code_kld_module(struct coder *coder, struct kld_module *module)
{
	code_string(coder, &module->name);
	code_string(coder, &module->label);
}

static void code_kld_pnp(struct coder *coder, struct kld_pnp *pnp)
{
	code_string(coder, &pnp->bus);
	code_string(coder, &pnp->fields);
	CODE(coder, pnp->entries);
}

void code_kld(struct coder *coder, struct kld *kld)
{
	CODE(coder, kld->type);
	CODE(coder, kld->segments);
	CODE(coder, kld->dynamic);
	CODE_ENUM(coder, kld->set, KLD_SET_HIDDEN + 1);
	CODE_LIST(coder, &kld->depends, code_kld_depend);
	CODE_LIST(coder, &kld->versions, code_kld_version);
	CODE_LIST(coder, &kld->modules, code_kld_module);
	CODE_LIST(coder, &kld->pnps, code_kld_pnp);
}

static void code_modinfo(struct coder *coder, struct modinfo *modinfo)
{
	code_string(coder, &modinfo->name);
	code_string(coder, &modinfo->vermagic);
	code_string(coder, &modinfo->license);
	code_string(coder, &modinfo->srcversion);
	code_string(coder, &modinfo->intree);
	code_string(coder, &modinfo->retpoline);
	code_string(coder, &modinfo->livepatch);
	code_string(coder, &modinfo->staging);
	code_string(coder, &modinfo->version);
	code_names(coder, &modinfo->depends);
	code_names(coder, &modinfo->softdep_pre);
	code_names(coder, &modinfo->softdep_post);
	code_names(coder, &modinfo->import_ns);
	code_names(coder, &modinfo->alias);
}

static void code_relocations(struct coder *coder, struct relocations *relocations)
{
	code_string(coder, &relocations->refused);
	CODE(coder, relocations->grows);
	CODE(coder, relocations->since.known);
	CODE(coder, relocations->since.major);
	CODE(coder, relocations->since.minor);
	CODE(coder, relocations->since.patch);
	code_string(coder, &relocations->late);
}

static void code_this_module(struct coder *coder, struct this_module *this_module)
{
	CODE(coder, this_module->known);
	CODE(coder, this_module->size);
	CODE(coder, this_module->has_init);
	CODE(coder, this_module->has_exit);
	CODE(coder, this_module->init);
	CODE(coder, this_module->exit);
	code_string(coder, &this_module->init_name);
}

void code_module(struct coder *coder, struct module *module)
{
	coder->failed |= module->problem || module->unread;
	code_name(coder, &module->name);
	code_name(coder, &module->path);
	code_name(coder, &module->witness);
	CODE(coder, module->damaged);
	CODE_ENUM(coder, module->loader, LOADER_COUNT);
	CODE(coder, module->size);
	CODE(coder, module->digested);
	code_block(coder, &module->file, sizeof module->file);
	code_block(coder, &module->sections, sizeof module->sections);
	code_machine(coder, &module->machine);
	CODE_POINTER(coder, module->kld, struct kld, code_kld);
	code_modinfo(coder, &module->modinfo);
	CODE_LIST(coder, &module->imports, code_import);
	code_exports(coder, &module->exports);
	code_span(coder, &module->btf);
	code_span(coder, &module->btf_base);
	code_string(coder, &module->writable_code);
	CODE(coder, module->versioned);
	CODE(coder, module->marks);
	CODE(coder, module->unflagged);
	CODE(coder, module->has_layout);
	CODE(coder, module->struct_module);
	CODE(coder, module->layout_crc);
	CODE(coder, module->extended);
	code_crc(coder, &module->extended_layout);
	code_string(coder, &module->extended_problem);
	code_this_module(coder, &module->this_module);
	code_relocations(coder, &module->relocations);
	CODE(coder, module->signature_damaged);
	CODE(coder, module->is_signed);
}
