/* SPDX-License-Identifier: ISC */
/* Codes what was found in an image. */
#include "facts/stored/coded.h"

CODES_ALL_OF(struct found_set, 24);
CODES_ALL_OF(struct found_file, 104);
CODES_ALL_OF(struct found_module, 624);
CODES_ALL_OF(struct found_kernel, 64);
CODES_ALL_OF(struct shadow, 24);
CODES_ALL_OF(struct layout, 40);
CODES_ALL_OF(struct found, 144);

static void code_found_set(struct coder *coder, struct found_set *set)
{
	code_string(coder, &set->path);
	code_string(coder, &set->sha256);
	CODE(coder, set->volume);
}

static void code_found_file(struct coder *coder, struct found_file *file)
{
	CODE_ENUM(coder, file->kept, KEPT_STRAY + 1);
	code_name(coder, &file->path);
	code_name(coder, &file->witness);
	code_name(coder, &file->root);
	CODE(coder, file->volume);
	code_found_set(coder, &file->set);
	code_span(coder, &file->bytes);
	CODE(coder, file->size);
	CODE(coder, file->link);
	CODE(coder, file->bare);
	code_string(coder, &file->target);
}

static void code_found_module(struct coder *coder, struct found_module *module)
{
	code_module(coder, &module->module);
	code_name(coder, &module->root);
	CODE(coder, module->volume);
	code_found_set(coder, &module->set);
	CODE_POINTER(coder, module->config, struct config, code_config);
	CODE(coder, module->bare);
}

static void code_found_kernel(struct coder *coder, struct found_kernel *kernel)
{
	CODE(coder, kernel->number);
	CODE(coder, kernel->spare);
	code_name(coder, &kernel->sha256);
	code_name(coder, &kernel->witness);
	code_string(coder, &kernel->path);
	CODE(coder, kernel->volume);
	CODE(coder, kernel->bare);
	CODE_POINTER(coder, kernel->kernel, struct kernel, code_kernel);
	code_string(coder, &kernel->why);
	code_string(coder, &kernel->banner);
}

static void code_shadow(struct coder *coder, struct shadow *shadow)
{
	code_name(coder, &shadow->path);
	code_name(coder, &shadow->witness);
	CODE_ENUM(coder, shadow->kind, SHADOW_OTHER + 1);
	CODE(coder, shadow->volume);
}

static void code_layout(struct coder *coder, struct layout *layout)
{
	CODE(coder, layout->offset);
	CODE(coder, layout->size);
	code_name(coder, &layout->kind);
	code_string(coder, &layout->detail);
	CODE(coder, layout->depth);
}

void code_found(struct coder *coder, struct found *found)
{
	CODE_LIST(coder, &found->files, code_found_file);
	CODE_LIST(coder, &found->modules, code_found_module);
	CODE_LIST(coder, &found->sets, code_found_set);
	CODE_LIST(coder, &found->kernels, code_found_kernel);
	CODE_LIST(coder, &found->shadows, code_shadow);
	CODE_LIST(coder, &found->layout, code_layout);
}
