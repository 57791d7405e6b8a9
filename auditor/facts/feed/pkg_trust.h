/* SPDX-License-Identifier: ISC */
/* pkg_trust - verifies the signatures of a FreeBSD repository's catalogue.
 * Private to facts/. */
#ifndef KMODAUDIT_PKG_TRUST_H
#define KMODAUDIT_PKG_TRUST_H

#include "facts/catalogue/pkg_repo.h"
#include "facts/feed/trust.h"

/* Adds the fingerprint in TEXT, a file as in usr/share/keys/pkg/trusted: UCL with
 * function (only sha256) and fingerprint. False if it is none. */
bool fingerprint_add(struct arena *arena, const char *witness, struct span text,
		     struct fingerprints *ret);
/* Verifies TEXT, the catalogue, with the SIGNATURES of its archive. A signature by
 * a revoked key makes the result invalid, whoever else signed. WHY is one clause
 * with the reason. */
enum signature pkg_verify(struct arena *arena, const struct keys *keys, struct span text,
			  const struct pkg_signatures *signatures, const char **why);

#endif
