/* SPDX-License-Identifier: ISC */
/* secret_key - a secret key of usign or signify, and the texts that are made with it. */
#ifndef KMODAUDIT_SECRET_KEY_H
#define KMODAUDIT_SECRET_KEY_H

#include "base/arena.h"
#include "base/error.h"

struct secret_key {
	const char *id; /* 16 hex digits: the name of the public key in etc/opkg/keys */
	struct span fingerprint, seed, public;
};

/* The unencrypted Ed25519 secret key in the file PATH. An error says what the file is instead. */
bool secret_key_read(struct arena *arena, const char *path, struct secret_key *ret,
		     struct error *error);
/* The id without zeros in front. */
const char *secret_key_number(const struct secret_key *key);
/* The text of the public key's file, and of the signature (Packages.sig) of MESSAGE. */
const char *secret_key_public(struct arena *arena, const struct secret_key *key);
bool secret_key_sign(struct arena *arena, const struct secret_key *key, struct span message,
		     const char **ret, struct error *error);

#endif
