/* SPDX-License-Identifier: ISC */
/* providers - what those who provide an interface to modules declare: which builds of modules
 * they support and which they revoked; and what packages declare to have been built against.
 * YAML files, form in docs/providers.md. */
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
	struct strings names; /* globs with one * at most */
	const char *text; /* "kernel", "module foo", "symbols nf_*, xt_*" */
};

/* What one provider says of one interface of its own. */
struct statement {
	struct interface interface;
	const char *provider; /* who says so */
	const char *current; /* the version of the interface that it has itself; NULL: not said */
	bool has_own; /* it speaks only of providers of the builds OWN */
	struct builds own;
	struct supports supports; /* any of them; empty: it only revokes */
	struct revocations revoked;
	const char *witness; /* "usr/share/kmodaudit/providers/foo.yaml: line 3" */
};

struct statements {
	struct statement *list;
	size_t count, room;
};

/* "I was compiled against version 2.1 of module foo." */
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
	struct strings problems; /* of files that cannot be read, one sentence each */
	size_t files, names; /* how many there are, in all statements */
};

/* PATH, in an image or package, names a provider file. */
bool providers_is_path(const char *path);
/* Adds what TEXT says to RET. NAME starts the error and each witness. Unknown keys, bad ranges,
 * empty lists, missing reasons: all is refused, with the line, and RET left as it was. */
bool providers_parse(struct arena *arena, const char *name, struct span text, struct providers *ret,
		     struct error *error);
/* The file at PATH, as a user gives it: it may declare for everybody, but not say what a
 * package was built against. */
bool providers_read(struct arena *arena, const char *path, struct providers *ret,
		    struct error *error);
/* A file of SIZE bytes out of an image or package (TEXT empty when it is too large): what is
 * wrong with it becomes a problem. */
void providers_add(struct arena *arena, const char *witness, struct span text, uint64_t size,
		   struct providers *ret);
/* A link in its place: what it may lead to nobody read. */
void providers_linked(struct arena *arena, const char *witness, struct providers *ret);

/* One of the interface's globs fits NAME. */
bool interface_names(const struct interface *interface, const char *name);

#endif
