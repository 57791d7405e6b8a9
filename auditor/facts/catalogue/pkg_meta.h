/* SPDX-License-Identifier: ISC */
/* pkg_meta - what a FreeBSD repository says about its own files: meta.conf, or
 * meta in meta.txz. */
#ifndef KMODAUDIT_PKG_META_H
#define KMODAUDIT_PKG_META_H

#include "base/array.h"
#include "base/error.h"

/* A public key in meta, for a signature "NAME.sig" without its own key. */
struct pkg_cert {
	const char *name, *data; /* "packagesite.yaml", the key in PEM */
};

struct pkg_certs {
	struct pkg_cert *list;
	size_t count, room;
};

/* The names are those of the members in the archives. An archive has the name of its
 * member, up to the last dot, and the ending "pkg" or FORMAT. */
struct pkg_meta {
	const char *path; /* the file, or NULL: the default names */
	unsigned version; /* 1 or 2; 0: there is no such file */
	const char *data, *manifests; /* "data", "packagesite.yaml" */
	const char *digests, *filesite; /* of version 1: "digests", "filesite.yaml" */
	struct pkg_certs certs;
	const char *format; /* "tzst", "txz" */
	/* names of archives without their ending that hold no
	 * packages: "filesite", "digests" */
	struct strings special;
};

/* True if the last component of PATH is meta.conf or meta.txz. */
bool pkg_meta_is_path(const char *path);
/* The names of a repository that has no such file. */
struct pkg_meta pkg_meta_default(void);
enum { PKG_META_MOST = 1 << 20 }; /* bytes of such a file that are read */
/* Reads BYTES, of meta.conf or meta.txz as PATH says. */
bool pkg_meta_read(struct arena *arena, const char *path, struct span bytes, struct pkg_meta *ret,
		   struct error *error);

enum { META_CATALOGUES = 4 };
/* The name of the archive that pkg asks for as the AT-th, below META_CATALOGUES:
 * "data.pkg". */
const char *pkg_meta_archive(struct arena *arena, const struct pkg_meta *meta, size_t at);
/* The name of the archive with MEMBER and one of the two ENDINGS that pkg
 * tries, below 2. */
const char *pkg_meta_packed(struct arena *arena, const struct pkg_meta *meta, const char *member,
			    size_t ending);
/* True if the last component of PATH names one of the repository's own archives. */
bool pkg_meta_is_special(struct arena *arena, const struct pkg_meta *meta, const char *path);

#endif
