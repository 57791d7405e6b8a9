/* SPDX-License-Identifier: ISC */
/* pkg_version - the order of versions of FreeBSD's pkg
 * (libpkg/pkg_version.c, pkg_version_cmp; pkg-version(8)). */
#ifndef KMODAUDIT_PKG_VERSION_H
#define KMODAUDIT_PKG_VERSION_H

/* <0, 0 or >0 if A is older than, equal to or newer than B: VERSION[_REVISION][,EPOCH].
 * The epoch decides first, then the version, then the revision. */
int pkg_version_compare(const char *a, const char *b);

#endif
