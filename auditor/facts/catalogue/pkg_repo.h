/* SPDX-License-Identifier: ISC */
/* pkg_repo - the catalogue of a FreeBSD package repository (pkg-repository(5)):
 * data.pkg, packagesite.pkg and packagesite.txz, their rows and their signatures. */
#ifndef KMODAUDIT_PKG_REPO_H
#define KMODAUDIT_PKG_REPO_H

#include "base/error.h"
#include "facts/catalogue/pkg_meta.h"
#include "facts/package/package.h"

/* One signature in a catalogue's archive. In mode "pubkey" it is alone,
 * named "signature", and KEY is empty; in mode "fingerprints" NAME.sig and
 * NAME.pub come together. */
struct pkg_signature {
	const char *name;
	const char *type; /* "rsa", or what "$PKGSIGN:<type>$" says in front of the bytes */
	struct span signature, key;
};

struct pkg_signatures {
	struct pkg_signature *list;
	size_t count, room;
};

/* What a catalogue's archive holds. */
struct pkg_catalogue {
	struct span text; /* the catalogue, which is what is signed */
	struct pkg_signatures signatures;
	const char *member; /* "data", "packagesite.yaml", or as META names them */
	bool whole; /* one object, as in data; else a row a line */
};

/* What pkg compares with the system in the rows of a catalogue: it takes all of them
 * or, if it refuses one, none (libpkg/repo/binary/update.c,
 * pkg_repo_binary_add_from_string). */
struct pkg_listing {
	const char *path; /* of the catalogue */
	struct packages kinds; /* the first row of each abi, arch and FreeBSD_version, in order */
	size_t bad; /* the number of rows that cannot be read */
};

struct pkg_listings {
	struct pkg_listing *list;
	size_t count, room;
};

/* Adds the catalogue at PATH with ROWS to RET. */
void pkg_listing_add(struct arena *arena, const char *path, const struct packages *rows, size_t bad,
		     struct pkg_listings *ret);

/* True if the last component of PATH is data.* or packagesite.* with an ending
 * that pkg writes. */
bool pkg_catalogue_is_path(const char *path);
/* True for these, and for the other files of a repository, which are no packages:
 * filesite.pkg, digests.txz, meta.txz. */
bool pkg_repo_is_path(const char *path);
/* Opens the archive in BYTES, whose members have the names of META. PATH is a path or
 * URL for messages. */
bool pkg_catalogue_open(struct arena *arena, const char *path, struct span bytes,
			const struct pkg_meta *meta, struct pkg_catalogue *ret,
			struct error *error);
enum { PKG_SIDE_MOST = 64 << 20 }; /* bytes of such a member that are read */
/* Opens another archive of the repository, of which MEMBER is what is signed. */
bool pkg_side_open(struct arena *arena, const char *path, struct span bytes,
		   const struct pkg_meta *meta, const char *member, struct pkg_catalogue *ret,
		   struct error *error);
/* Adds the rows of CATALOGUE to RET. Rows that cannot be read are counted in *BAD. */
bool pkg_catalogue_rows(struct arena *arena, const char *path,
			const struct pkg_catalogue *catalogue, struct packages *ret, size_t *bad,
			struct error *error);

#endif
