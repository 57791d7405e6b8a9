/* SPDX-License-Identifier: ISC */
/* made - a small world made by hand: an image with one module and one installed package, and a
 * feed with kmod-x, which fits it. Tests change one thing and check the findings. */
#ifndef KMODAUDIT_MADE_H
#define KMODAUDIT_MADE_H

#include "facts/world/world_sets.h"
#include "verdict/verdict.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define RELEASE "4.14.275"
#define HASH "d2e0a589214daa7e43fd1bd18e88034c"
#define HASH2 "0123456789abcdef0123456789abcdef"
#define VERMAGIC RELEASE " mod_unload MIPS32_R2 32BIT "

enum { MADE_MOST = 16 };

struct made {
	struct arena arena;
	struct image image;
	struct kernel kernel;
	struct feeds feeds;
	struct rules rules;
	struct package *x; /* kmod-x of the feed */
	struct module *xm; /* its module x */
	struct module *base; /* module base of the image */
	struct config image_config, feed_config;
	struct kernel_exports feed_symvers;
	struct layout_choice layout;
	struct module_options module_options;
	struct known_sets sets; /* behind the hashes; empty: none is known */
	bool has_feed_config, has_feed_symvers;
	bool keyed; /* keys were given */
	const char *only; /* a glob, or NULL */
	unsigned threads;
};

/* Lists get all their room at once, so that pointers into them stay valid. */
#define MADE_ADD(made, array)                                                                 \
	((array)->list ? (void)0                                                              \
		       : (void)((array)->list = arena_get(&(made)->arena,                     \
							  MADE_MOST * sizeof *(array)->list), \
				(array)->room = MADE_MOST),                                   \
	 assert_in_range((array)->count, 0, MADE_MOST - 1), &(array)->list[(array)->count++])

static inline void made_string(struct made *made, struct strings *strings, const char *text)
{
	*MADE_ADD(made, strings) = text;
	qsort(strings->list, strings->count, sizeof *strings->list, strings_compare);
}

static inline struct sha256 made_digest(const char *text)
{
	return sha256_of(span_text(text));
}

static inline struct export *made_export(struct made *made, struct exports *exports,
					 const char *name, uint32_t crc)
{
	*MADE_ADD(made, exports) = (struct export){.name = name, .crc = crc, .has_crc = crc != 0};
	exports_sort(exports);
	for (size_t i = 0; i < exports->count; i++)
		if (exports->list[i].name == name)
			return &exports->list[i];
	return NULL;
}

static inline int made_import_compare(const void *a, const void *b)
{
	return strcmp(((const struct import *)a)->name, ((const struct import *)b)->name);
}

static inline struct import *made_import(struct made *made, struct module *module, const char *name,
					 uint32_t crc)
{
	struct imports *imports = &module->imports;

	*MADE_ADD(made, imports) = (struct import){.name = name, .crc = crc, .has_crc = crc != 0};
	qsort(imports->list, imports->count, sizeof *imports->list, made_import_compare);
	for (size_t i = 0; i < imports->count; i++)
		if (imports->list[i].name == name)
			return &imports->list[i];
	return NULL;
}

static inline struct machine made_machine(void)
{
	return (struct machine){.elf = 8, .bits = 32, .endian = ENDIAN_BIG};
}

static inline struct module *made_module(struct made *made, struct modules *modules,
					 const char *name)
{
	struct module *module = MADE_ADD(made, modules);

	*module = (struct module){
		.name = name,
		.path = arena_format(&made->arena, "lib/modules/" RELEASE "/%s.ko", name),
		.witness = arena_format(&made->arena, "%s: %s.ko",
					modules == &made->image.modules ? "fw.bin" : "feed", name),
		.file = made_digest(
			arena_format(&made->arena, "%s %d", name, modules == &made->image.modules)),
		.sections = made_digest(name),
		.machine = made_machine(),
		.modinfo = {.license = "GPL", .vermagic = VERMAGIC},
		.this_module = {.known = true,
				.size = 352,
				.has_init = true,
				.has_exit = true,
				.init = 208,
				.exit = 336},
	};
	made_import(made, module, "printk", 0);
	return module;
}

static inline struct formulas *made_depends(struct made *made, struct package *package,
					    const char *text)
{
	struct formulas more = formulas_read(&made->arena, span_text(text));

	array_each(formula, &more)
		*MADE_ADD(made, &package->depends) = *formula;
	return &package->depends;
}

static inline void made_pin(struct made *made, struct package *package, const char *version)
{
	package->abi = abi_read(&made->arena, version, "control");
}

/* A package in the feed without modules, with a pin on the image's kernel. */
static inline struct package *made_package(struct made *made, const char *name)
{
	struct feed *feed = &made->feeds.list[0];
	struct package *package = MADE_ADD(made, &feed->packages);

	*package = (struct package){
		.origin = PACKAGE_FILE,
		.name = name,
		.version = RELEASE "-1",
		.architecture = "mips_24kc",
		.file = arena_format(&made->arena, "feed/%s.ipk", name),
		.witness = arena_format(&made->arena, "feed/%s.ipk", name),
	};
	made_pin(made, package, RELEASE "-1-" HASH);
	made_depends(made, package, "kernel (= " RELEASE "-1-" HASH ")");
	return package;
}

/* The same with a module of that name. */
static inline struct package *made_kmod(struct made *made, const char *name, const char *module)
{
	struct package *package = made_package(made, name);

	made_module(made, &package->modules, module);
	made_string(made, &package->files, package->modules.list[0].path);
	made_string(made, &package->releases, RELEASE);
	return package;
}

static inline struct package *made_installed(struct made *made, const char *name,
					     const char *version)
{
	struct package *package = MADE_ADD(made, &made->image.packages);

	*package = (struct package){.origin = PACKAGE_INSTALLED,
				    .name = name,
				    .version = version,
				    .witness = "usr/lib/opkg/status"};
	return package;
}

static inline void made_image(struct made *made)
{
	struct image *image = &made->image;

	made->kernel.release = (struct fact){RELEASE, "banner"};
	made->kernel.force_load = made->kernel.missing_imports = "n";
	made->kernel.machine = made_machine();
	made->kernel.exports = (struct kernel_exports){.source = "fw.bin: __ksymtab",
						       .complete = true,
						       .crcs_known = true,
						       .gpl_known = true};
	made_export(made, &made->kernel.exports.table, "printk", 0);
	made_export(made, &made->kernel.exports.table, "kmalloc", 0);
	*image = (struct image){.source = "fw.bin",
				.kernel = &made->kernel,
				.kernel_witness = "fw.bin: kernel",
				.release = {RELEASE, "banner"},
				.database_known = true,
				.database_witness = "usr/lib/opkg/status",
				.vermagic = {VERMAGIC, "modules"},
				.machine = made_machine()};
	image->this_module = (struct this_module){.known = true,
						  .size = 352,
						  .has_init = true,
						  .has_exit = true,
						  .init = 208,
						  .exit = 336};
	image->abi = abi_read(&made->arena, RELEASE "-1-" HASH, "usr/lib/opkg/status");
	made_string(made, &image->releases, RELEASE);
	made->base = made_module(made, &image->modules, "base");
	made_export(made, &made->base->exports, "base_open", 0);
	made_installed(made, "kmod-base", RELEASE "-1");
	made_installed(made, "kernel", RELEASE "-1-" HASH);
}

/* The config of a build like the image's own. */
#define MADE_CONFIG                                                               \
	"# Linux/mips " RELEASE " Kernel Configuration\n"                         \
	"CONFIG_CC_VERSION_TEXT=\"gcc "                                           \
	"7.5\"\nCONFIG_MIPS=y\nCONFIG_CPU_BIG_ENDIAN=y\nCONFIG_MODULE_UNLOAD=y\n" \
	"CONFIG_NET=y\nCONFIG_TUN=m\n"

static inline void made_config(struct made *made, struct config *config, const char *name,
			       const char *text)
{
	struct error error = {""};

	if (!config_read(&made->arena, name, span_text(text), config, &error))
		fail_msg("%s", error.text);
}

/* Gives configs for both sides, with these additional lines. */
static inline void made_configs(struct made *made, const char *image, const char *feed)
{
	made_config(made, &made->image_config, "config.image",
		    arena_format(&made->arena, MADE_CONFIG "%s", image));
	made_config(made, &made->feed_config, "config.feed",
		    arena_format(&made->arena, MADE_CONFIG "%s", feed));
	made->image.config = &made->image_config;
	made->has_feed_config = true;
}

/* Layout rules small enough for a test: net has sk_buff and net, which contains netns; task has
 * module. */
#define MADE_LAYOUT                                                                           \
	"schema: kmodaudit/layout-rules/1\n"                                                  \
	"series: \"4.14\"\n"                                                                  \
	"structs:\n"                                                                          \
	"  sk_buff: {header: include/linux/skbuff.h, subsystem: net}\n"                       \
	"  net: {header: include/net/net_namespace.h, subsystem: net, holds: [netns]}\n"      \
	"  netns: {header: include/net/netns.h, subsystem: net}\n"                            \
	"  module: {header: include/linux/module.h, subsystem: task, ambient: true}\n"        \
	"  task_struct: {header: include/linux/sched.h, subsystem: task, ambient: true}\n"    \
	"layout:\n"                                                                           \
	"  NF_CONNTRACK: {sk_buff: [_nfct]}\n"                                                \
	"  MAC802154: {netns: [phy]}\n"                                                       \
	"  TRACER: {task_struct: [trace]}\n"                                                  \
	"constants:\n"                                                                        \
	"- {option: X25, header: h, enum: protocols, adds: [P_X25], shifts: [P_MAX], sizes: " \
	"[net]}\n"                                                                            \
	"drag:\n"                                                                             \
	"- {turns_on: [NET_DEVLINK, \"PAGE_POOL if NET\"], by: [DRIVER, NFT]}\n"              \
	"effects:\n"                                                                          \
	"  NET_DEVLINK: {exports: [devlink_alloc, devlink_free], count: 9}\n"                 \
	"core:\n"                                                                             \
	"  SMP: {module: [percpu]}\n"                                                         \
	"  KALLSYMS: {module: [kallsyms]}\n"                                                  \
	"  HZ: {task_struct: [ticks]}\n"                                                      \
	"direct: {net: {kfree_: [skb], skb_: [put, \"copy_*\"]}}\n"                           \
	"clean:\n"                                                                            \
	"- {of: [net, task], symbols: {\"\": [printk, kmalloc]}}\n"

#define MADE_MODULES                                                 \
	"schema: kmodaudit/module-options/1\nnamed: [fuse, ath9k]\n" \
	"built_by: [[driver, X_DRIVER, X_OTHER], [\"8021q\", VLAN_8021Q]]\n"
#define MADE_OUTSIDE \
	"schema: kmodaudit/outside-modules/1\noptions: [{why: backports, names: [\"ATH*\"]}]\n"

#define MADE_KCONFIG                                  \
	"kmodaudit/kconfig/1 4.14\n@NET\n"            \
	"DUMMY tp\t@0\nNET bp\nNETFILTER bp\t@0\n"    \
	"NF_CONNTRACK tp\tNETFILTER\n"                \
	"NF_CONNTRACK_MARK bp\tNF_CONNTRACK\nSMP b\n" \
	"BONDING tp\t@0\t\tsNF_CONNTRACK,NETFILTER\nMODULES bp\n"

static inline void made_layout(struct made *made)
{
	const struct layout_rules *rules;
	struct error error = {""};

	if (!layout_rules_read(&made->arena, "rules", span_text(MADE_LAYOUT), &rules, &error))
		fail_msg("%s", error.text);
	if (!module_options_read(&made->arena, "modules", span_text(MADE_MODULES),
				 &made->module_options, &error) ||
	    !outside_modules_read(&made->arena, "outside", span_text(MADE_OUTSIDE),
				  &made->module_options, &error))
		fail_msg("%s", error.text);
	const struct kconfig *kconfig;
	if (!kconfig_read(&made->arena, "kconfig", span_text(MADE_KCONFIG), &kconfig, &error))
		fail_msg("%s", error.text);
	made->layout = (struct layout_choice){rules,
					      rules,
					      true,
					      &made->rules.build,
					      &made->rules.ignored,
					      .kconfig = kconfig,
					      .modules = &made->module_options};
}

static inline struct made *made_new(void)
{
	struct made *made = test_calloc(1, sizeof *made);
	struct error error = {""};

	if (!rules_read(&made->arena, NULL, &made->rules, &error))
		fail_msg("%s", error.text);
	made_image(made);
	MADE_ADD(made, &made->feeds)->source = "feed";
	made->x = made_kmod(made, "kmod-x", "x");
	made->xm = &made->x->modules.list[0];
	made->threads = 1;
	made_layout(made);
	return made;
}

static inline void made_free(struct made *made)
{
	arena_free(&made->arena);
	test_free(made);
}

/* Gives symbol versions to the image's kernel and all modules. */
static inline void made_crcs(struct made *made)
{
	uint32_t crc = 0x1000;

	made->kernel.exports.crcs = true;
	made_export(made, &made->kernel.exports.table, "module_layout", 0x99);
	array_each(export, &made->kernel.exports.table)
		if (!export->has_crc)
			*export = (struct export){
				.name = export->name, .crc = crc++, .has_crc = true};
	array_each(package, &made->feeds.list[0].packages) {
		array_each(module, &package->modules) {
			module->versioned = module->has_layout = true;
			module->layout_crc = 0x99;
			array_each(import, &module->imports) {
				const struct export *export =
					exports_find(&made->kernel.exports.table, import->name);

				import->has_crc = export != NULL;
				import->crc = export ? export->crc : 0;
			}
		}
	}
}

/* Sets depends= of MODULE as modpost does: the modules of LIST that export what it imports. */
static inline void made_modpost(struct made *made, struct module *module,
				const struct modules *list)
{
	array_each(import, &module->imports)
		array_each(other, list)
			if (other != module && exports_find(&other->exports, import->name) &&
			    !exports_find(&made->kernel.exports.table, import->name) &&
			    !strings_have(&module->modinfo.depends, other->name))
				*MADE_ADD(made, &module->modinfo.depends) = other->name;
}

static inline void made_link(struct made *made)
{
	array_each(package, &made->feeds.list[0].packages)
		array_each(module, &package->modules) {
			made_modpost(made, module, &made->image.modules);
			array_each(other, &made->feeds.list[0].packages)
				if (!other->abi.version || !package->abi.version ||
				    abi_equal(&other->abi, &package->abi))
					made_modpost(made, module, &other->modules);
		}
}

static inline struct verdicts made_judge(struct made *made)
{
	made_link(made);

	struct world *world = world_new(&made->arena, &made->image, &made->feeds,
					made->has_feed_symvers ? &made->feed_symvers : NULL,
					made->has_feed_config ? &made->feed_config : NULL);

	world_sets_add(world, &made->sets);
	world_compare(world, &made->layout);
	const struct gate_terms terms = {.whole = true, .keyed = made->keyed};

	return verdict_reach(&made->arena, world, &made->rules, &terms,
			     &(struct strings){&made->only, made->only != NULL, 1}, made->threads);
}

static inline const struct result *made_result(const struct verdicts *verdicts, const char *name)
{
	array_each(result, &verdicts->results)
		if (strcmp(result->package->name, name) == 0)
			return result;
	return NULL;
}

static inline const struct finding *made_among(const struct findings *findings, const char *id,
					       enum outcome outcome)
{
	array_each(finding, findings)
		if (strcmp(finding->id, id) == 0 && finding->outcome == outcome)
			return finding;
	return NULL;
}

#endif
