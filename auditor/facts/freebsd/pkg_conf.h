/* SPDX-License-Identifier: ISC */
/* pkg_conf - the repositories that a FreeBSD system has configured for pkg
 * (pkg.conf(5)). Private to facts/. */
#ifndef KMODAUDIT_PKG_CONF_H
#define KMODAUDIT_PKG_CONF_H

#include "base/array.h"
#include "base/error.h"

enum pkg_trust { PKG_TRUST_NONE, PKG_TRUST_PUBKEY, PKG_TRUST_FINGERPRINTS };

struct pkg_configured {
	const char *name;
	enum pkg_trust trust; /* signature_type */
	/* the folder with trusted and revoked; the file of a key; as
	 * written, or NULL */
	const char *fingerprints, *pubkey;
	bool enabled;
};

struct pkg_configuration {
	struct pkg_configured *list;
	size_t count, room;
};

/* Adds the repositories in TEXT, a file NAME.conf, to RET. Of a name that RET has, as
 * of one that comes again, only what TEXT says changes. Fails if the text is not UCL:
 * pkg then ignores it. */
bool pkg_conf_add(struct arena *arena, struct span text, struct pkg_configuration *ret,
		  struct error *error);
/* TEXT with the variables that tell the version of the system, __FreeBSD_version;
 * 0: not known. */
const char *pkg_conf_expand(struct arena *arena, const char *text, uint64_t osversion);

#endif
