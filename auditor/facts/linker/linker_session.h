/* SPDX-License-Identifier: ISC */
/* linker_session - the state while one file is loaded. Private to linker*.c. */
#ifndef KMODAUDIT_LINKER_SESSION_H
#define KMODAUDIT_LINKER_SESSION_H

#include "facts/linker/linker_trial.h"

enum { LINKER_STEPS_MOST = 400000, LINKER_TRY_STEPS = 512 };

struct session {
	const struct linker *linker;
	const struct linker_view *view;
	struct arena *arena;
	struct linker_loaded loaded; /* without the kernel; first what was loaded at boot */
	size_t booted; /* the number of those */
	struct linker_clashes clashes; /* of all files that were tried */
	const struct linker_file *loading[LINKER_DEPTH_MOST]; /* the stack */
	size_t depth;
	size_t steps; /* that are left */
	bool offered; /* files whose packages are not installed count, too */
	size_t hidden; /* how often a file did not count because it is only offered */
	bool booting; /* the boot loader loads, not kldload */
};

/* The best provider among what is loaded, as modlist_lookup2 finds it. */
struct loaded_best {
	bool any, preferred;
	int32_t version;
	const struct linker_file *file;
	bool other; /* it is there in a version that does not fit */
	int32_t other_version;
	const struct linker_file *other_file;
};

/* linker_loaded.c: the records of FILE that the kernel finds. */
const struct kld *session_records(const struct linker_file *file);
struct loaded_best session_loaded(struct session *session, const struct kld_depend *depend);
/* True if a file called BASE is loaded, or being loaded. */
bool session_has_name(const struct session *session, const char *base);

/* linker_search.c: the file in which the linker finds DEPEND by searching
 * kern.module_path (linker_search_module). False: nowhere. Then HINTED is a path that
 * linker.hints named, or NULL. UNSURE is set if it is not certain. */
bool session_search(struct session *session, const struct kld_depend *depend,
		    const struct linker_file **ret, const char **hinted, const char **unsure);
/* True if FILE is there, and no other file takes its place. */
bool session_sees(struct session *session, const struct linker_file *file);
/* linker_clash.c: adds the interfaces (modlist_lookup), or the modules
 * (module_register), of FILE that are there already. Returns the first that is not
 * avoidable, or NULL. */
const struct linker_clash *session_interfaces_clash(struct session *session,
						    const struct linker_file *file);
const struct linker_clash *session_modules_clash(struct session *session,
						 const struct linker_file *file);
/* linker_trial.c: loads FILE and what it depends on. With WHOLE every record is
 * answered, also those behind the first that fails. */
struct linker_trial *session_try(struct session *session, const struct linker_file *file,
				 bool whole);
/* linker_boot.c: sets LINKER's files that are loaded at boot. */
void linker_boot(struct arena *arena, struct linker *linker);

#endif
