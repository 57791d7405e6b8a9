/* SPDX-License-Identifier: ISC */
/* rc_conf - what FreeBSD's rc does with modules while the system starts. */
#ifndef KMODAUDIT_RC_CONF_H
#define KMODAUDIT_RC_CONF_H

#include "base/array.h"
#include "base/span.h"

struct rc_setting {
	bool on; /* it is, or may be */
	const char *witness; /* the file that sets it */
	const char *doubt; /* NULL, or the place because of which only a run would tell */
};

/* The variables of one script of rc. */
struct rc_conf {
	struct rc_setting raises; /* kern_securelevel_enable */
	struct rc_setting level; /* kern_securelevel is not negative */
	const char *list; /* kld_list; a word with "$" is not known. NULL: it is not set */
	size_t expanded; /* bytes of all values that were expanded */
	/* NULL, or the place of a command that may set kern.securelevel while the files are
	 * read, before the scripts run */
	const char *early, *early_witness;
	bool loose; /* of shell_text, of the files so far */
};

/* Obeys TEXT, a file of etc/rc.conf, as sh does: a later value of a variable counts. Shell
 * code that is not understood leaves a doubt. DEFAULTS: it is etc/defaults/rc.conf, whose
 * code is known. */
void rc_conf_read(struct arena *arena, const char *witness, struct span text, bool defaults,
		  struct rc_conf *ret);
/* WITNESS, which is not read because of DOUBT, may do anything, as ". FILE" in a file may. */
void rc_conf_doubt(const char *witness, const char *doubt, struct rc_conf *ret);
/* What kld_list names for certain: names or paths of modules. */
void rc_conf_klds(struct arena *arena, const struct rc_conf *conf, struct strings *ret);

#endif
