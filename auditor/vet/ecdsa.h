/* SPDX-License-Identifier: ISC */
/* ecdsa - makes ECDSA signatures that are the same each time: the nonce follows from the key and
 * the digest (RFC 6979). libcrypto has that only from 3.2 on. */
#ifndef KMODAUDIT_ECDSA_H
#define KMODAUDIT_ECDSA_H

#include "base/arena.h"

#include <openssl/types.h>

/* True if KEY is on a curve that has a name, which ecdsa_sign() needs. */
bool ecdsa_curve_named(const EVP_PKEY *key);
/* Signs DIGEST, a SHA-512, with the secret key KEY. RET: the signature in DER (RFC 3279, 2.2.3), in
 * ARENA. False if libcrypto refuses the key. */
bool ecdsa_sign(struct arena *arena, const EVP_PKEY *key, struct span digest, struct span *ret);

#endif
