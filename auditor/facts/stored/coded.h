/* SPDX-License-Identifier: ISC */
/* coded - the facts that are kept for later runs, as bytes: one function per struct,
 * for both directions (facts/stored/coder.h). Private to facts/stored/. */
#ifndef KMODAUDIT_CODED_H
#define KMODAUDIT_CODED_H

#include "facts/stored/coder.h"
#include "facts/kernel/kernel.h"
#include "facts/package/package.h"
#include "facts/stored/found.h"

void code_machine(struct coder *coder, struct machine *machine);
void code_exports(struct coder *coder, struct exports *exports);
void code_kld(struct coder *coder, struct kld *kld);
/* Of a module without a problem. */
void code_module(struct coder *coder, struct module *module);
/* Without config, providers and problem, which are not kept, and what its place in a
 * feed says of it: file, feed, vouched, listed, absent. */
void code_package(struct coder *coder, struct package *package);
void code_config(struct coder *coder, struct config *config);
/* Of a kernel without a problem. */
void code_kernel(struct coder *coder, struct kernel *kernel);
void code_found(struct coder *coder, struct found *found);

#endif
