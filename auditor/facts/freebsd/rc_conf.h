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
	size_t expanded; /* bytes of all values of it */
	bool loose; /* of shell_text, of the files so far */
};

/* Obeys TEXT, a file of etc/rc.conf, as sh does: a later value of a variable counts. Shell
 * code that is not understood leaves a doubt. DEFAULTS: it is etc/defaults/rc.conf, whose
 * code is known. */
void rc_conf_read(struct arena *arena, const char *witness, struct span text, bool defaults,
		  struct rc_conf *ret);
/* A link to TARGET, which is not read, lies in place of a file: it may set anything. */
void rc_conf_link(struct arena *arena, const char *witness, const char *target,
		  struct rc_conf *ret);
/* What kld_list names for certain: names or paths of modules. */
void rc_conf_klds(struct arena *arena, const struct rc_conf *conf, struct strings *ret);

/* True if TEXT, etc/sysctl.conf, sets kern.securelevel to 0 or above; EARLY becomes true if it
 * is above 0 at once. init(8) raises 0 to 1 once rc is done. */
bool sysctl_secures(struct span text, bool *early);

#endif
