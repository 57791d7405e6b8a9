/* SPDX-License-Identifier: ISC */
/* verify - signatures. With digest.c the only file that knows libcrypto. */
#ifndef KMODAUDIT_VERIFY_H
#define KMODAUDIT_VERIFY_H

#include "base/arena.h"

enum { ED25519_KEY_SIZE = 32, ED25519_SIGNATURE_SIZE = 64, PEM_ID_SIZE = 16 };

/* Base64 with padding, blanks around it allowed; false when it is anything else. */
bool base64_decode(struct arena *arena, struct span text, struct span *ret);

/* Plain Ed25519 over the whole message (RFC 8032). KEY and SIGNATURE must have the sizes above,
 * else false. */
bool ed25519_verify(struct span key, struct span signature, struct span message);

/* apk's name for a public key in PEM: the first 16 bytes of the SHA-512 of its DER form. False:
 * no public key. */
bool pem_id(struct span pem, uint8_t ret[PEM_ID_SIZE]);
/* ECDSA or RSA (PKCS#1 v1.5) over SHA-512 of MESSAGE with the public key in PEM. */
bool pem_verify_sha512(struct span pem, struct span signature, struct span message);

#endif
