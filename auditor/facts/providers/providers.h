/* SPDX-License-Identifier: ISC */
/* providers - the statements of those who provide an interface to modules: which
 * builds of modules they support and which they revoked; and the statements of
 * packages about the versions that they were built against. YAML files;
 * docs/providers.md has the form. */
#ifndef KMODAUDIT_PROVIDERS_H
#define KMODAUDIT_PROVIDERS_H

#include "base/error.h"
#include "facts/providers/builds.h"

enum { PROVIDER_FILES_MOST = 32, PROVIDER_FILE_MOST = 1 << 16 };

struct revocation {
	struct builds builds;
	const char *since, *why;
};

struct revocations {
	struct revocation *list;
	size_t count, room;
};

enum interface_kind { INTERFACE_KERNEL, INTERFACE_NAMESPACE, INTERFACE_SYMBOLS, INTERFACE_MODULE };

struct interface {
	enum interface_kind kind;
	struct strings names; /* globs with at most one '*' */
	const char *text; /* "kernel", "module foo", "symbols nf_*, xt_*" */
};

/* A provider's statement about one of its interfaces. */
struct statement {
	struct interface interface;
	const char *provider; /* the name of the provider */
	const char *current; /* the provider's own version of the interface; NULL: not stated */
	bool has_own; /* the statement applies only if the provider is one of the builds OWN */
	struct builds own;
	/* a build that matches any of them is supported; empty: the
	 * statement only revokes */
	struct supports supports;
	struct revocations revoked;
	const char *witness; /* "usr/share/kmodaudit/providers/foo.yaml: line 3" */
};

struct statements {
	struct statement *list;
	size_t count, room;
};

/* A package's statement that it was built against a version, such as 2.1
 * of module foo. */
struct declared_version {
	enum interface_kind kind;
	const char *name; /* NULL: the kernel */
	const char *version, *witness;
};

struct declared_versions {
	struct declared_version *list;
	size_t count, room;
};

struct providers {
	struct statements statements;
	struct declared_versions built_against;
	struct strings problems; /* one sentence for each file that cannot be read */
	size_t files, names; /* the number of files, and of names in all statements */
};

/* True if PATH, in an image or package, is where a provider file is. */
bool providers_is_path(const char *path);
/* Parses TEXT and adds its statements to RET. Errors and witnesses begin with NAME.
 * Unknown keys, wrong ranges, empty lists and missing reasons are errors that name the
 * line; RET is then unchanged. */
bool providers_parse(struct arena *arena, const char *name, struct span text, struct providers *ret,
		     struct error *error);
/* Reads a file that the user gives. It may contain statements about all interfaces, but
 * not what a package was built against. */
bool providers_read(struct arena *arena, const char *path, struct providers *ret,
		    struct error *error);
/* Reads a file of an image or package. SIZE is its size; TEXT is empty if it is too
 * large. Errors are added to the problems of RET. */
void providers_add(struct arena *arena, const char *witness, struct span text, uint64_t size,
		   struct providers *ret);
/* Adds a problem for a provider file that is a link, because links are not followed. */
void providers_linked(struct arena *arena, const char *witness, struct providers *ret);

/* True if one of the interface's globs matches NAME. */
bool interface_names(const struct interface *interface, const char *name);

#endif
