/* SPDX-License-Identifier: ISC */
/* image - the facts of a firmware image: its kernel, modules, package database
 * and release files. */
#ifndef KMODAUDIT_IMAGE_H
#define KMODAUDIT_IMAGE_H

#include "facts/freebsd/kld_boot.h"
#include "facts/kernel/command_line.h"
#include "facts/kernel/kernel.h"
#include "facts/kernel/loader_rules.h"
#include "facts/package/package.h"
#include "facts/feed/trust.h"
#include "facts/stored/fact_cache.h"

/* A file of the image that lists package feeds. */
struct feed_list {
	const char *path, *witness;
	struct span text;
};

struct feed_lists {
	struct feed_list *list;
	size_t count, room;
};

/* Programs that find and load modules: kmodloader of OpenWrt's ubox, modprobe
 * of kmod, busybox. */
enum load_tool { TOOL_KMODLOADER, TOOL_KMOD, TOOL_BUSYBOX, TOOL_COUNT };

struct image {
	const char *source; /* as the user named it */
	const char *sha256; /* hex; NULL for a directory */
	struct layouts layout;

	enum loader loader; /* of its kernel, else of its modules */
	const struct kld_boot *boot; /* NULL: not of FreeBSD */
	const struct kernel *kernel; /* NULL: none was found */
	const char *kernel_witness; /* the kernel's place, or where the program looked */
	struct strings other_kernels; /* the places of kernels that are not used */
	/* NULL, or a sentence that says why another of them may be the one that runs */
	const char *kernel_doubt;

	struct modules modules; /* sorted by name, then path */
	struct strings releases; /* directories under lib/modules, sorted */
	/* uname -r, of the kernel's banner, else the only directory with modules */
	struct fact release;

	struct packages packages; /* installed packages, sorted by name */
	struct packages wanted; /* its rows "install" of others: they count in Conflicts only */
	bool database_known; /* a database with at least one package was read completely */
	/* the file, or where the program looked and what was wrong with it */
	const char *database_witness;

	/* of the package kernel, from the database, else the manifest; else unknown */
	struct abi abi;
	/* NULL, or a sentence that names packages in the image that depend on
	 * another kernel abi, or says that the manifest does */
	const char *abi_strays;
	/* NULL, or why an export table that the user gave is not used; and its file */
	const char *exports_against, *exports_witness;
	/* NULL, or a clause that says what in the image contradicts ABI, which
	 * then identifies nothing */
	const char *abi_doubt;
	struct abi manifest_abi; /* of the package kernel in the manifest, if one was given */
	struct packages manifest; /* the rows of the manifest (name, version) */

	/* the kernel's own, else that of most modules of the running release */
	struct fact vermagic;
	/* what more than half of the modules of the running release have in common;
	 * known is false if there is no such majority. If has_init or has_exit is
	 * false, no module shows it */
	struct this_module this_module;
	const char *this_module_witness;
	struct machine machine; /* the kernel's, else that of its modules */
	const char *machine_witness;

	const char *tools[TOOL_COUNT]; /* the path of each in the image; NULL: not found */
	const char *usr_lib; /* the link that makes /lib the same as /usr/lib, or NULL */
	struct command_lines command_lines; /* what its boot loader passes to the kernel */
	/* from etc/modules.conf (kmodloader) and etc/modprobe.d (kmod) */
	struct loader_rules loader_rules;
	const char *modules_disabled; /* the file that sets this with sysctl, or NULL */
	/* some module of the running release has a depends= that the image lacks */
	bool depends_lack;
	/* modules that are loaded at boot: etc/modules.d,
	 * etc/modules-boot.d, etc/modules, etc/modules-load.d */
	struct autoloads autoload;
	struct strings builtin; /* names in modules.builtin, with '_' for '-', sorted */
	const char *builtin_witness; /* NULL: the image has no modules.builtin */
	/* from --image-config, IKCONFIG, configs.ko or boot/config-*; NULL: unknown */
	const struct config *config;
	const char *config_witness;
	bool config_given; /* the user gave CONFIG */
	const struct config *config_rival; /* in the image, as near to the kernel; or NULL */
	/* from IKCONFIG or from configs.ko of the running release, even if the user
	 * gave another; NULL: none */
	const struct config *own_config;
	/* From etc/openwrt_release, else os-release: "OpenWrt 19.07.8
	 * r11364-ef56c85848"; "19.07.8" or "SNAPSHOT", only of OpenWrt;
	 * "ramips/mt76x8"; "r11364-ef56c85848", else that of the compiler in
	 * the kernel's banner. */
	struct fact distribution, distribution_release, target, revision;
	/* accepted by the package manager, sorted: `arch` lines of opkg, or etc/apk/arch */
	struct strings arches;
	struct map arch_priorities; /* of those in opkg's configuration */
	const char *check_signature; /* the file in which opkg has this option, or NULL */
	const char *arches_witness; /* the first file that names an architecture, or NULL */
	struct keys keys; /* etc/opkg/keys, etc/apk/keys, and what pkg's files name */
	struct strings apk_world; /* the lines of etc/apk/world: "name", "name=1", ... */
	struct strings opkg_keys; /* names of the files in etc/opkg/keys */
	/* statements in usr/share/kmodaudit/providers and etc/kmodaudit/providers */
	struct providers providers;
	struct feed_lists feed_lists; /* etc/opkg.conf, etc/opkg/, etc/apk/repositories*, sorted */
	/* parts of the image that were not read, each with its place and the reason,
	 * sorted. If there are any, anything that was not found may still exist */
	struct strings unread;
	struct strings remarks; /* what looks wrong but changes no fact: "modules of two ..." */
	const char *pkg_database; /* the database of FreeBSD's pkg, which is not read; or NULL */
};

struct image_options {
	const char *manifest, *config, *symvers; /* paths, or NULL */
	const char *expected; /* NULL: IMAGE_EXPECTED; what a command says that takes more */
	unsigned threads;
	/* which kernel and root of several to judge, from 1; 0: those that would be started */
	unsigned part;
	/* the file with the bytes, if PATH is a URL or "-"; NULL: PATH itself */
	const char *local;
	const struct fact_cache *cache; /* facts of earlier runs; NULL: none */
	bool undigested; /* the caller needs no sha256 of the image, and gives no CACHE */
};

/* Reads the image at PATH, which is its name in reports and witnesses. Fails if it is
 * not an image; the error says what it is instead, if that is clear. */
bool image_read(struct arena *arena, const char *path, const struct image_options *options,
		struct image *ret, struct error *error);

/* The installed package NAME, or NULL. */
const struct package *image_package(const struct image *image, const char *name);
/* True if MODULE is in the directory in which the running kernel searches, or if the
 * running release is unknown. */
bool image_module_runs(const struct image *image, const struct module *module);
/* Whether the image's loader reads RULE. */
enum since image_reads_rule(const struct image *image, const struct loader_rule *rule);
/* The one of RULES that keeps MODULE from being loaded, RULE_ALIASES last; or NULL. NEEDED:
 * another module needs it. */
const struct loader_rule *image_rule_of(const struct image *image, const struct loader_rules *rules,
					const struct module *module, bool needed);

#endif
