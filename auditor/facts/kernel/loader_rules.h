/* SPDX-License-Identifier: ISC */
/* loader_rules - the lines of etc/modules.conf and etc/modprobe.d with which a module
 * loader leaves modules out, and those of sysctl that stop all loading. */
#ifndef KMODAUDIT_LOADER_RULES_H
#define KMODAUDIT_LOADER_RULES_H

#include "base/array.h"
#include "base/span.h"

enum loader_rule_kind {
	/* kmodloader: the module is neither loaded at boot nor by modprobe */
	RULE_BLACKLIST,
	/* kmod: it is not loaded for an alias, nor by systemd for modules-load.d
	 * (systemd src/shared/module-util.c), but modprobe NAME loads it */
	RULE_ALIASES,
	/* kmod: modprobe NAME runs a command that loads nothing instead */
	RULE_INSTALL,
	/* kmod: modprobe NAME runs a command instead, which may load it */
	RULE_COMMAND,
	/* kmod: modprobe NAME runs a command, which loads it */
	RULE_LOADS,
	/* kmod, busybox: modprobe NAME loads TARGET instead */
	RULE_ALIAS,
};

struct loader_rule {
	enum loader_rule_kind kind;
	/* of RULE_BLACKLIST as written, as kmodloader compares names; else with '_' for '-';
	 * of the last four a pattern of fnmatch */
	const char *name;
	const char *target; /* of RULE_ALIAS; "off" is the name of no module */
	const char *line, *witness;
};

struct module;

struct loader_rules {
	struct loader_rule *list;
	size_t count, room;
};

enum { LOADER_RULES_MOST = 1024 };

/* The files with such rules, as paths relative to the root directory. A path that ends in '/'
 * stands for the files *.conf in that folder. A path that ends another one comes behind it.
 * NULL is the end. */
extern const char *const loader_rules_paths[], *const sysctl_paths[];

/* True if PATH, relative to the root directory, is one of PATHS. */
bool orders_path(const char *const *paths, const char *path);

/* Adds the rules in TEXT, the file PATH. False if there are
 * more than LOADER_RULES_MOST. */
bool loader_rules_read(struct arena *arena, const char *path, const char *witness, struct span text,
		       struct loader_rules *rules);
/* True if RULE is about MODULE. kmodloader compares names as they are written, kmod takes '-'
 * and '_' as equal. */
bool loader_rule_names(const struct loader_rule *rule, const struct module *module);
/* True if TEXT, of sysctl.conf, a file in sysctl.d or rc.local, sets
 * kernel.modules_disabled to 1. */
bool sysctl_disables_modules(struct span text);

#endif
