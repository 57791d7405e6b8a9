/* SPDX-License-Identifier: ISC */
/* linker_session - the state while one file is loaded. Private to linker*.c. */
#ifndef KMODAUDIT_LINKER_SESSION_H
#define KMODAUDIT_LINKER_SESSION_H

#include "facts/linker/linker.h"

enum { LINKER_STEPS_MOST = 400000 };

struct loaded {
	const struct linker_file **list;
	size_t count, room;
};

struct session {
	const struct linker *linker;
	const struct linker_view *view;
	struct arena *arena;
	struct loaded loaded; /* in the order of loading, without the kernel */
	const struct linker_file *loading[LINKER_DEPTH_MOST]; /* the stack */
	size_t depth;
	size_t steps; /* that are left */
	bool offered; /* files whose packages are not installed count, too */
};

/* linker_search.c: the file in which the linker finds DEPEND by searching kern.module_path
 * (linker_search_module). False: nowhere. Then HINTED is a path that linker.hints named, or NULL.
 * UNSURE is set if it is not certain. */
bool session_search(struct session *session, const struct kld_depend *depend,
		    const struct linker_file **ret, const char **hinted, const char **unsure);
/* True if FILE is there, and no other file takes its place. */
bool session_sees(const struct session *session, const struct linker_file *file);

#endif
