/* SPDX-License-Identifier: ISC */
/* sign - Ed25519 signatures and base64, by libcrypto. */
#ifndef KMODAUDIT_SIGN_H
#define KMODAUDIT_SIGN_H

#include "base/arena.h"
#include "base/verify.h"

/* The public key of SEED (RFC 8032: the 32 secret bytes); false when libcrypto refuses it. */
bool ed25519_public(struct span seed, uint8_t ret[ED25519_KEY_SIZE]);
bool ed25519_sign(struct span seed, struct span message, uint8_t ret[ED25519_SIGNATURE_SIZE]);
/* With padding, on one line. */
const char *base64_encode(struct arena *arena, struct span bytes);

#endif
