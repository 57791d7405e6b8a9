/* SPDX-License-Identifier: ISC */
/* feed - reads the packages of feeds and compares each feed with its index. */
#ifndef KMODAUDIT_FEED_H
#define KMODAUDIT_FEED_H

#include "base/map.h"
#include "facts/feed/usign.h"
#include "facts/stored/fact_cache.h"

enum index_trouble {
	INDEX_ROW_WITHOUT_FILE,
	INDEX_FILE_WITHOUT_ROW, /* only if the index has any rows */
	INDEX_SIZE_DIFFERS,
	INDEX_SHA256_DIFFERS,
	INDEX_VERSION_DIFFERS, /* the control file states another version than the row */
	INDEX_NAME_DIFFERS,
	INDEX_DEPENDS_DIFFER,
	INDEX_UNREADABLE,
	INDEX_TEXTS_DIFFER, /* "Packages" and "Packages.gz" are not one text */
	INDEX_ROWS_DIFFER, /* "data.pkg" and "packagesite.pkg" list different packages */
	/* "digests" states another digest, origin, length or sum than the row that it points to */
	INDEX_DIGEST_DIFFERS,
	INDEX_DIGESTS_ROWS, /* rows that only one of "digests" and "packagesite.yaml" has */
	INDEX_FILES_DIFFER, /* "filesite.yaml" lists other modules than the package has */
	INDEX_META, /* "meta.conf" cannot be read, or names catalogues that are not there */
};

/* A difference between an index and the files. */
struct index_finding {
	enum index_trouble trouble;
	const char *package; /* its name; NULL for the index itself */
	const char *file; /* the package's file, or the index */
	const char *expected, *found; /* NULL if not applicable */
	const char *witness; /* "packages/Packages: line 120" */
};

struct index_findings {
	struct index_finding *list;
	size_t count, room;
};

/* Something in a feed's directory that may hold packages and was not read. */
struct feed_left {
	const char *path, *why; /* one clause */
};

struct feed_lefts {
	struct feed_left *list;
	size_t count, room;
};

/* One index of a feed, read once: what is verified are the bytes that its rows came from. */
struct index_text {
	const char *path; /* file or URL */
	struct span text; /* unpacked, which is what is signed; empty if it cannot be */
	const char *problem; /* why its rows cannot be read; NULL: they were */
	/* the file with its signature; NULL where it is in the text (packages.adb) or where there
	 * is none. PROBLEM: why that cannot be read */
	const char *signature_path, *signature_problem;
	struct span signature;
	/* of a FreeBSD repository: the signatures in its archive; NULL: it is another index */
	const struct pkg_signatures *pkg;
	bool aside; /* FreeBSD's digests or filesite: its signature is not the feed's */
};

struct index_texts {
	struct index_text *list;
	size_t count, room;
};

struct feed {
	const char *source; /* as the user named it */
	struct packages packages; /* sorted by name, version, file */
	size_t modules;
	uint32_t rows; /* of its indexes whose files exist */
	enum signature signature; /* of the index; NONE: unsigned, missing or not verified */
	/* one clause: which key made it, or what is wrong; NULL if it was not verified */
	const char *signature_why;
	/* of OpenWrt, as version.buildinfo beside it says; value NULL: there is none */
	struct fact revision;
	const char *signature_witness; /* the file that contains the signature */
	/* what is wrong with the signature of digests or filesite, or NULL; the file */
	const char *aside_why, *aside_witness;
	struct index_findings index;
	struct packages absent; /* rows of its indexes whose files do not exist */
	struct map absent_known; /* version and path of each */
	struct pkg_listings *listings; /* of FreeBSD's catalogues (pkg_repo.h), or NULL */
	bool has_index;
	struct index_texts texts; /* of its indexes; of two that are one text, the first */
	struct feed_lefts left;
};

struct feeds {
	/* set by the caller: names of the modules whose digests are computed; NULL: of all, and
	 * with DOUBLES of those whose name another module in these feeds has */
	const struct map *twins;
	bool doubles;
	struct feed *list;
	size_t count, room;
	size_t unpacked; /* the number of packages and modules that were read for it */
};

struct fetcher;

/* URL without the "pkg+" that FreeBSD writes in front of the URL of a repository: pkg then asks DNS
 * for mirrors (SRV), and this program asks the host itself. */
const char *url_plain(const char *url);
/* True if PATH is an http:// or https:// URL, with "pkg+" in front of it or not. */
bool url_is_remote(const char *path);
/* True if URL contains a name and password, which reports would show. */
bool url_has_password(const char *url);
/* The path in a file:// URL; PATH itself if it is not a URL; NULL if the URL names another host. */
const char *url_local(struct arena *arena, const char *path);

/* Adds the URLs of the feeds that TEXT lists, in its order: lines of opkg's distfeeds.conf and
 * customfeeds.conf ("src/gz NAME URL") or of apk's repositories (one URL per line). Errors begin
 * with NAME. */
bool feed_list_read(struct arena *arena, const char *name, struct span text, struct strings *ret,
		    struct error *error);

struct feed_options {
	unsigned threads;
	struct fetcher *fetcher; /* see fetch/fetch.h; NULL: an http URL is an error */
	const struct fact_cache *cache; /* facts of earlier runs; NULL: none */
	bool no_follow; /* symbolic links in directories are not read */
	struct strings untrusted; /* those of PATHS that an image named */
};

/* Like feeds_read, but PATHS may also be file://, http:// and https:// URLs of directories,
 * indexes and packages. From a remote feed only packages with kernel modules, the packages that
 * they need and those that need them are fetched; every other package is its index row
 * (PACKAGE_INDEX_ROW). A package that cannot be fetched has PROBLEM set; an index that cannot be
 * fetched is an error. */
bool feeds_open(struct arena *arena, const char *const *paths, size_t count,
		const struct feed_options *options, struct feeds *ret, struct error *error);

/* Sets RET to FEEDS with an additional package (PACKAGE_INDEX_ROW) for each index row whose file
 * does not exist: the packages that a package manager sees that has only the indexes. The
 * packages of each feed keep their indices; the rows follow. False if no file is missing. */
bool feeds_listed(struct arena *arena, const struct feeds *feeds, struct feeds *ret);

/* Reads each of PATHS: a directory, which is searched recursively for packages, bare .ko files
 * and Packages files (links to files are read, links to directories are not followed); a Packages
 * or Packages.gz file, whose packages are beside it; a package; a bare .ko; a tar archive of
 * these. Consecutive single files are one feed. The result does not depend on THREADS. Fails if a
 * path cannot be opened or contains no package; one that cannot be read has PROBLEM set. */
bool feeds_read(struct arena *arena, const char *const *paths, size_t count, unsigned threads,
		struct feeds *ret, struct error *error);

#endif
