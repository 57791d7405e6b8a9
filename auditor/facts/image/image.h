/* SPDX-License-Identifier: ISC */
/* image - what a firmware image holds: its kernel, modules, package database and release files. */
#ifndef KMODAUDIT_IMAGE_H
#define KMODAUDIT_IMAGE_H

#include "facts/kernel/kernel.h"
#include "facts/package/package.h"
#include "facts/feed/trust.h"
#include "unpack/unpack.h"

struct layouts {
	struct layout *list;
	size_t count, room;
};

/* A file of the image that says where its packages come from. */
struct feed_list {
	const char *path, *witness;
	struct span text;
};

struct feed_lists {
	struct feed_list *list;
	size_t count, room;
};

/* Programs that look for modules and load them: OpenWrt's ubox, kmod's modprobe, busybox's. */
enum loader { LOADER_KMODLOADER, LOADER_KMOD, LOADER_BUSYBOX, LOADERS };

struct image {
	const char *source; /* as the user named it */
	const char *sha256; /* hex; NULL for a directory */
	struct layouts layout;

	const struct kernel *kernel; /* NULL: none found */
	const char *kernel_witness; /* or where we looked */
	struct strings other_kernels; /* witnesses of the kernels that are not judged by */

	struct modules modules; /* sorted by name, then path */
	struct strings releases; /* directories under lib/modules, sorted */
	struct fact release; /* uname -r: the kernel's banner, else the only modules directory */

	struct packages packages; /* installed, sorted by name */
	bool database_known; /* a database that names at least one package was read whole */
	/* which file, or where we looked and what was wrong with it */
	const char *database_witness;

	/* of the kernel package: database, else manifest, else not known; witness tells */
	struct abi abi;
	const char *abi_strays; /* NULL, or who in the image names another kernel abi: a sentence */
	/* NULL, or why a table of exports that was given is not used */
	const char *exports_against, *exports_witness;
	const char
		/* NULL, or what in the image contradicts that abi: a clause. Then it identifies
		 * nothing */
		*abi_doubt;
	struct abi manifest_abi; /* what the manifest says, where one was given */
	struct packages manifest; /* its rows (name, version) */

	/* the kernel's own, else that of most modules of the running release */
	struct fact vermagic;
	struct this_module
		/* what most modules of the running release agree on; known is false when no
		 * more than half do or none has one. init or exit missing (has_init, has_exit
		 * false): no module shows it */
		this_module;
	const char *this_module_witness;
	struct machine machine; /* the kernel's, else the modules' */
	const char *machine_witness;

	const char *loaders[LOADERS]; /* where each stands that the image has; NULL: not seen */
	const char *usr_lib; /* the link that makes /lib the same as /usr/lib, or NULL */
	struct autoloads
		/* what is loaded at boot: etc/modules.d, etc/modules-boot.d, etc/modules,
		 * etc/modules-load.d */
		autoload;
	struct strings builtin; /* modules.builtin: names with '_', sorted */
	const char *builtin_witness; /* NULL: the image has none */
	/* --image-config, IKCONFIG, configs.ko, boot/config-*; NULL: not known */
	const struct config *config;
	const char *config_witness;
	bool config_given; /* CONFIG was given by hand */
	const struct config
		/* IKCONFIG or configs.ko of the running release, whatever was given; NULL:
		 * none */
		*own_config;
	struct fact distribution, revision, target; /* etc/openwrt_release, os-release */
	/* "19.07.8", "SNAPSHOT": DISTRIB_RELEASE; NULL: not said */
	const char *distribution_release;
	/* Architecture words that the package manager is told to take, sorted: `arch` lines of
	 * opkg's configuration, etc/apk/arch */
	struct strings arches;
	/* the file of opkg's configuration that has this option, or NULL */
	const char *check_signature;
	const char *arches_witness; /* the first file that names one; NULL: none does */
	struct keys keys; /* in etc/opkg/keys and etc/apk/keys */
	struct strings apk_world; /* what etc/apk/world asks for, "name", "name=1", ... */
	const char *apk_world_witness; /* NULL: the image has no such file */
	struct strings opkg_keys; /* names of files in etc/opkg/keys */
	/* in usr/share/kmodaudit/providers and etc/kmodaudit/providers */
	struct providers providers;
	/* etc/opkg.conf, those in etc/opkg, etc/apk/repositories and below, sorted */
	struct feed_lists feed_lists;
	struct strings
		/* what lies in it and was not read, each with its place and why, sorted:
		 * whatever the image does not show may be there, so that it proves nothing */
		unread;
	/* what looked wrong and changes no fact: "modules of two releases: ..." */
	struct strings remarks;
};

struct image_options {
	const char *manifest, *config, *symvers; /* paths, or NULL */
	unsigned threads;
	unsigned
		/* which kernel and root file system, from 1, in an image with several; 0: what
		 * a loader would take */
		part;
	/* the file that has the bytes, where PATH is a URL or "-"; NULL: PATH itself */
	const char *local;
};

/* PATH is what reports and witnesses call the image. Fails on what is no image, and says what
 * it is instead where that is plain. */
bool image_read(struct arena *arena, const char *path, const struct image_options *options,
		struct image *ret, struct error *error);

/* The installed package of that name, or NULL. */
const struct package *image_package(const struct image *image, const char *name);
/* The running kernel looks for MODULE where it lies, or nothing says which release runs. */
bool image_module_runs(const struct image *image, const struct module *module);

#endif
