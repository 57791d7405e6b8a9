/* SPDX-License-Identifier: ISC */
/* rc_conf - what FreeBSD's rc does with modules while the system starts. */
#ifndef KMODAUDIT_RC_CONF_H
#define KMODAUDIT_RC_CONF_H

#include "base/span.h"
#include "base/array.h"

struct rc_conf {
	bool raises; /* kern_securelevel_enable */
	const char *level; /* the file in which kern_securelevel is above 0, or NULL */
	struct strings klds; /* kld_list, as module names */
};

/* Adds what TEXT, a file of etc/rc.conf, sets: a later value of a variable counts. */
void rc_conf_read(struct arena *arena, const char *witness, struct span text, struct rc_conf *ret);
/* True if TEXT, etc/sysctl.conf, raises kern.securelevel above 0. */
bool sysctl_secures(struct span text);

#endif
