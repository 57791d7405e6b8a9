/* SPDX-License-Identifier: ISC */
/* kld_fork - what tells that a kernel was built from other sources than FreeBSD's. */
#ifndef KMODAUDIT_KLD_FORK_H
#define KMODAUDIT_KLD_FORK_H

#include "facts/freebsd/kld_kernel.h"

/* A clause that names the system and what tells it: "a kernel of OPNsense ...". NULL:
 * nothing tells that it is not one of FreeBSD. */
const char *kld_fork(struct arena *arena, const struct kld_kernel *kernel);

#endif
