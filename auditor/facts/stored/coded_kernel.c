/* SPDX-License-Identifier: ISC */
/* Codes the facts of kernels. */
#include "facts/stored/coded.h"

CODES_ALL_OF(struct option, 16);
CODES_ALL_OF(struct config, 136);
CODES_ALL_OF(struct btf, 64);
CODES_ALL_OF(struct kernel_exports, 64);
CODES_ALL_OF(struct kld_kernel, 128);
CODES_ALL_OF(struct kernel, 232);

static void code_fact(struct coder *coder, struct fact *fact)
{
	code_string(coder, &fact->value);
	code_string(coder, &fact->witness);
}

static void code_option(struct coder *coder, struct option *option)
{
	code_name(coder, &option->name);
	code_name(coder, &option->value);
}

void code_config(struct coder *coder, struct config *config)
{
	code_name(coder, &config->witness);
	code_block(coder, &config->text, sizeof config->text);
	CODE_LIST(coder, config, code_option);
	CODE(coder, config->core);
	CODE(coder, config->modules);
	code_string(coder, &config->vermagic);
	code_string(coder, &config->set_vermagic);
	code_string(coder, &config->release);
	CODE(coder, config->resolved);
	code_string(coder, &config->cut);
	code_string(coder, &config->edited);
	CODE(coder, config->partial);
	CODE(coder, config->inside);
}

static void code_btf(struct coder *coder, struct btf *btf)
{
	size_t count = btf->count;
	uint32_t *at;

	coder->failed |= btf->base != NULL;
	CODE_ENUM(coder, btf->endian, ENDIAN_BIG + 1);
	code_span(coder, &btf->types);
	code_span(coder, &btf->strings);
	at = code_room(coder, NULL, &count, sizeof *at);
	for (size_t i = 0; i < count && !coder->failed; i++) {
		uint32_t one = coder->reads ? 0 : btf->at[i];

		CODE(coder, one);
		coder->failed |= one >= btf->types.size;
		if (coder->reads)
			at[i] = one;
	}
	if (coder->reads) {
		btf->at = at;
		btf->count = coder->failed ? 0 : (uint32_t)count;
	}
}

static void code_kernel_exports(struct coder *coder, struct kernel_exports *exports)
{
	code_string(coder, &exports->source);
	code_exports(coder, &exports->table);
	CODE(coder, exports->complete);
	CODE(coder, exports->crcs);
	CODE(coder, exports->crcs_known);
	CODE(coder, exports->gpl_known);
	code_string(coder, &exports->doubt);
	code_string(coder, &exports->why);
	CODE(coder, exports->entry_size);
}

static void code_kld_kernel(struct coder *coder, struct kld_kernel *kld)
{
	CODE_POINTER(coder, kld->records, struct kld, code_kld);
	coder->failed |= !kld->records;
	CODE(coder, kld->osreldate);
	code_string(coder, &kld->osreldate_witness);
	code_fact(coder, &kld->release);
	code_fact(coder, &kld->version);
	code_fact(coder, &kld->ident);
	code_string(coder, &kld->arm);
	code_string(coder, &kld->config);
	code_exports(coder, &kld->symbols);
	CODE(coder, kld->symbols_whole);
	code_string(coder, &kld->symbols_witness);
}

void code_kernel(struct coder *coder, struct kernel *kernel)
{
	coder->failed |= kernel->problem != NULL;
	CODE_ENUM(coder, kernel->loader, LOADER_COUNT);
	CODE_POINTER(coder, kernel->kld, struct kld_kernel, code_kld_kernel);
	code_fact(coder, &kernel->release);
	code_fact(coder, &kernel->banner);
	code_fact(coder, &kernel->vermagic);
	code_machine(coder, &kernel->machine);
	code_string(coder, &kernel->machine_witness);
	code_kernel_exports(coder, &kernel->exports);
	CODE_POINTER(coder, kernel->btf, struct btf, code_btf);
	code_string(coder, &kernel->btf_witness);
	CODE_POINTER(coder, kernel->config, struct config, code_config);
	code_string(coder, &kernel->config_witness);
	code_string(coder, &kernel->force_load);
	code_string(coder, &kernel->missing_imports);
	code_string(coder, &kernel->second);
	code_string(coder, &kernel->label);
	code_name(coder, &kernel->witness);
}
