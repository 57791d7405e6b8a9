/* SPDX-License-Identifier: ISC */
/* pem_key - signs apk-tools 3 databases with a secret key in PEM: ECDSA or RSA,
 * which apk takes. */
#ifndef KMODAUDIT_PEM_KEY_H
#define KMODAUDIT_PEM_KEY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/verify.h"

struct pem_key {
	const char *text; /* the PEM of the secret key; NULL: no key */
	uint8_t number[PEM_ID_SIZE]; /* of the public key, which signatures name: key_id() */
	const char *id; /* the same as 32 hex digits */
	const char *public; /* the PEM of the public key */
};

/* True if the file PATH has a PEM text. */
bool pem_key_is(const char *path);
/* Reads the unencrypted secret key in the file PATH. If it is something else, the error
 * names what it is. */
bool pem_key_read(struct arena *arena, const char *path, struct pem_key *ret, struct error *error);
/* Signs DATABASE, the payload of an ADB block of a file with this SCHEMA. RET: the
 * payload of the signature block. */
bool pem_key_sign(struct arena *arena, const struct pem_key *key, const char *schema,
		  struct span database, struct span *ret, struct error *error);

#endif
