/* SPDX-License-Identifier: ISC */
/* secret_key - reads a secret key of usign or signify; writes public
 * keys and signatures. */
#ifndef KMODAUDIT_SECRET_KEY_H
#define KMODAUDIT_SECRET_KEY_H

#include "base/arena.h"
#include "base/error.h"

struct secret_key {
	const char *id; /* 16 hex digits: the name of the public key in etc/opkg/keys */
	struct span fingerprint, seed, public;
};

/* Reads the unencrypted Ed25519 secret key in the file PATH. If the file is something
 * else, the error names what it is. */
bool secret_key_read(struct arena *arena, const char *path, struct secret_key *ret,
		     struct error *error);
/* The id without leading zeros. */
const char *secret_key_number(const struct secret_key *key);
/* The contents of the file of the public key. */
const char *secret_key_public(struct arena *arena, const struct secret_key *key);
/* Signs MESSAGE. RET: the contents of the signature file (Packages.sig). */
bool secret_key_sign(struct arena *arena, const struct secret_key *key, struct span message,
		     const char **ret, struct error *error);

#endif
