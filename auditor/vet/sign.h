/* SPDX-License-Identifier: ISC */
/* sign - makes Ed25519 signatures, with libcrypto. */
#ifndef KMODAUDIT_SIGN_H
#define KMODAUDIT_SIGN_H

#include "base/arena.h"
#include "base/verify.h"

/* Computes the public key of SEED (RFC 8032: the 32 secret bytes). False if libcrypto refuses
 * it. */
bool ed25519_public(struct span seed, uint8_t ret[ED25519_KEY_SIZE]);
bool ed25519_sign(struct span seed, struct span message, uint8_t ret[ED25519_SIGNATURE_SIZE]);

#endif
