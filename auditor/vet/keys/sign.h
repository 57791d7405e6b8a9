/* SPDX-License-Identifier: ISC */
/* sign - makes Ed25519 and ECDSA signatures, with libcrypto. */
#ifndef KMODAUDIT_SIGN_H
#define KMODAUDIT_SIGN_H

#include "base/arena.h"
#include "base/verify.h"

/* Computes the public key of SEED (RFC 8032: the 32 secret bytes). False if
 * libcrypto refuses it. */
bool ed25519_public(struct span seed, uint8_t ret[ED25519_KEY_SIZE]);
bool ed25519_sign(struct span seed, struct span message, uint8_t ret[ED25519_SIGNATURE_SIZE]);

/* True if KEY is on a curve that has a name, which ecdsa_sign() needs. */
bool ecdsa_curve_named(const struct evp_pkey_st *key);
/* Signs DIGEST, a SHA-512, with the secret key KEY. The signature is the same each
 * time, because the nonce follows from both (RFC 6979; libcrypto has that only from 3.2
 * on). RET: in DER (RFC 3279, 2.2.3), in ARENA. False if libcrypto refuses the key. */
bool ecdsa_sign(struct arena *arena, const struct evp_pkey_st *key, struct span digest,
		struct span *ret);

#endif
