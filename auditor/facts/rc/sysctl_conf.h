/* SPDX-License-Identifier: ISC */
/* sysctl_conf - what sets kern.securelevel of FreeBSD by its name. */
#ifndef KMODAUDIT_SYSCTL_CONF_H
#define KMODAUDIT_SYSCTL_CONF_H

#include "base/span.h"

/* Below 0, or not set; 0, which init(8) raises to 1 once rc is done; above 0, or not known. */
enum securelevel { SECURELEVEL_LOW, SECURELEVEL_ZERO, SECURELEVEL_HIGH };

/* VALUE as sysctl(8) reads it. */
enum securelevel securelevel_of(struct span value);
/* Reads "NAME = VALUE" or "NAME: VALUE" of sysctl.conf (sbin/sysctl/sysctl.c, parse). False
 * for another line. A lone quote is left: sysctl(8) reads behind its end. */
bool sysctl_line(struct span line, struct span *name, struct span *value);
/* True if TEXT, etc/sysctl.conf, sets kern.securelevel to 0 or above; EARLY becomes true if it
 * is above 0 at once. init(8) raises 0 to 1 once rc is done. */
bool sysctl_secures(struct span text, bool *early);
/* True if TEXT, a shell script, names kern.securelevel with a value:
 * "sysctl kern.securelevel=1". */
bool sysctl_in_script(struct span text);

#endif
