/* SPDX-License-Identifier: ISC */
/* feed - packages on disk, compared with the index beside them. */
#ifndef KMODAUDIT_FEED_H
#define KMODAUDIT_FEED_H

#include "facts/package/package.h"
#include "facts/feed/usign.h"

enum index_trouble {
	INDEX_ROW_WITHOUT_FILE,
	INDEX_FILE_WITHOUT_ROW, /* only when the index has any row at all */
	INDEX_SIZE_DIFFERS,
	INDEX_SHA256_DIFFERS,
	INDEX_VERSION_DIFFERS, /* the control file inside says another version than the row */
	INDEX_UNREADABLE,
};

/* One disagreement between an index and the files. */
struct index_finding {
	enum index_trouble trouble;
	const char *package; /* name, or NULL for the index itself */
	const char *file; /* of the package, or of the index */
	const char *expected, *found; /* NULL where it makes no sense */
	const char *witness; /* "packages/Packages: line 120" */
};

struct index_findings {
	struct index_finding *list;
	size_t count, room;
};

struct feed {
	const char *source; /* as the user named it */
	struct packages packages; /* sorted by name, version, file */
	size_t modules;
	/* of the index; NONE when unsigned, without index, or not looked at */
	enum signature signature;
	/* one clause: whose signature it is, or what is wrong; NULL when nobody looked */
	const char *signature_why;
	const char *signature_witness; /* the file it stands in */
	struct index_findings index;
	struct packages absent; /* rows of its indexes whose files are not there */
	bool has_index;
	struct strings index_paths; /* of the Packages and packages.adb files, sorted */
	struct span index_bytes,
		/* of an index that lies in no file: Packages and Packages.sig as they were
		 * fetched, or packages.adb alone; empty where there is none */
		signature_bytes;
	const char *index_witness; /* where they came from */
};

struct feeds {
	const struct map
		/* in: names of the image's modules, so that only of those digests are made;
		 * NULL: of all */
		*twins;
	struct feed *list;
	size_t count, room;
	size_t unpacked; /* packages and modules that were opened for it */
};

struct fetcher;

/* PATH is an http:// or https:// URL. */
bool url_is_remote(const char *path);
/* URL has a name and password in it: reports would show them. */
bool url_has_password(const char *url);
/* The path that a file:// URL names; PATH itself when it is no URL. NULL when it names another
 * host. */
const char *url_local(struct arena *arena, const char *path);

/* Adds the feeds that TEXT names, in its order: lines of opkg's distfeeds.conf and
 * customfeeds.conf ("src/gz NAME URL") and of apk's repositories (a URL a line). NAME is what
 * errors call it. */
bool feed_list_read(struct arena *arena, const char *name, struct span text, struct strings *ret,
		    struct error *error);

struct feed_options {
	unsigned threads;
	struct fetcher *fetcher; /* fetch/fetch.h; NULL: an http URL is an error */
};

/* As feeds_read, and PATHS may be file://, http:// and https:// URLs of directories, indexes
 * and packages. Of a feed that is fetched, only packages that carry kernel modules, those they
 * need and those that need them are; of the others the row of the index is the package
 * (PACKAGE_INDEX_ROW). A package that cannot be fetched is a package with PROBLEM; an index
 * that cannot is an error. */
bool feeds_open(struct arena *arena, const char *const *paths, size_t count,
		const struct feed_options *options, struct feeds *ret, struct error *error);

/* RET becomes FEEDS with a package (PACKAGE_INDEX_ROW) for each row whose file is not there:
 * what a package manager sees that has only the indexes. The packages of each feed keep their
 * numbers; those of the rows follow. False when no file is missing. */
bool feeds_listed(struct arena *arena, const struct feeds *feeds, struct feeds *ret);

/* Reads each of PATHS: a directory (searched downwards for packages, bare .ko and Packages
 * files; links are not followed out of it), a Packages or Packages.gz file (its packages lie
 * beside it), a package, a bare .ko, a tar of any of these. Consecutive single files make one
 * feed. Packages are parsed on THREADS threads; the result does not depend on their number.
 * Fails when a path cannot be opened at all or nothing in it is a package; a package that
 * cannot be read is a package with PROBLEM. ONLY: a glob on package names, or NULL for all. */
bool feeds_read(struct arena *arena, const char *const *paths, size_t count, unsigned threads,
		struct feeds *ret, struct error *error);

#endif
