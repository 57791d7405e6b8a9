/* SPDX-License-Identifier: ISC */
/* confine - takes from this process what parsing does not need: the network, other
 * processes, and all files but the inputs of the run. */
#ifndef KMODAUDIT_CONFINE_H
#define KMODAUDIT_CONFINE_H

#include "commands/mistake/apart.h"

struct confine_wanted {
	const struct run_inputs *inputs;
	struct strings outputs; /* the files that are written or removed later */
	struct strings hosts; /* globs: hosts that may be asked, besides those of the inputs */
	const char *cache; /* the folder of a cache of facts, or NULL */
	bool fetches; /* an input may name a URL */
	bool no_follow; /* links in feeds are not read */
	/* files may still be opened and written: only network and
	 * processes are refused */
	bool writes;
	bool off, verbose; /* --no-sandbox, --verbose */
};

/* Confines this process, and starts another one for outputs and for fetching if there
 * is something to write or to fetch. Before any thread is started. With VERBOSE the
 * user is told what the system cannot do. */
CHECKED bool confine(struct arena *arena, const struct confine_wanted *wanted, struct error *error);

/* Adds the paths of REPORTS. */
void confine_reports(struct arena *arena, const struct reports *reports, struct strings *outputs);
/* For a command that only reads OPERANDS, which are files, directories, feeds and URLs,
 * and the directories FOLDERS; the user is told if it fails. */
CHECKED bool confine_reading(struct arena *arena, const struct strings *operands,
			     const struct strings *folders, bool off);

#endif
