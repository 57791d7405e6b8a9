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
	/* kmod: it is not loaded for an alias, but modprobe NAME and
	 * modules-load.d load it */
	RULE_ALIASES,
	/* kmod: modprobe NAME runs a command instead */
	RULE_INSTALL,
};

struct loader_rule {
	enum loader_rule_kind kind;
	/* of RULE_BLACKLIST as written, as kmodloader compares names; else with
	 * '_' for '-' */
	const char *name;
	const char *line, *witness;
};

struct loader_rules {
	struct loader_rule *list;
	size_t count, room;
};

enum { LOADER_RULES_MOST = 1024 };

/* True if PATH, in a package, is a file with such rules: etc/modules.conf, etc/modprobe.d. */
bool loader_rules_is_path(const char *path);
/* The same for etc/sysctl.conf and etc/sysctl.d. */
bool sysctl_is_path(const char *path);

/* Adds the rules in TEXT, the file PATH. False if there are
 * more than LOADER_RULES_MOST. */
bool loader_rules_read(struct arena *arena, const char *path, const char *witness, struct span text,
		       struct loader_rules *rules);
/* True if TEXT, of sysctl.conf, a file in sysctl.d or rc.local, sets
 * kernel.modules_disabled to 1. */
bool sysctl_disables_modules(struct span text);

#endif
