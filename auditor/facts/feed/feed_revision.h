/* SPDX-License-Identifier: ISC */
/* feed_revision - which revision of OpenWrt the packages of a directory were built from, as the
 * file version.buildinfo beside them says (OpenWrt include/version.mk, package/Makefile). */
#ifndef KMODAUDIT_FEED_REVISION_H
#define KMODAUDIT_FEED_REVISION_H

#include "facts/module/fact.h"
#include "base/arena.h"

/* SOURCE: a directory as the user named it. The file lies in it, or up to two directories above:
 * targets/T/S/version.buildinfo, targets/T/S/packages, targets/T/S/kmods/KERNEL. Its value is
 * "r28427-6df0e3d02a"; NULL where there is none, or SOURCE is no directory. */
struct fact feed_revision(struct arena *arena, const char *source);

#endif
