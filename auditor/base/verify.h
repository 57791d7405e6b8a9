/* SPDX-License-Identifier: ISC */
/* verify - verifies signatures. libcrypto is used here, in digest.c and, to
 * sign, in vet/. */
#ifndef KMODAUDIT_VERIFY_H
#define KMODAUDIT_VERIFY_H

#include "base/arena.h"

/* Objects of libcrypto (EVP_PKEY, EVP_MD_CTX, BIO) that are freed at the end
 * of their scope. */
struct evp_pkey_st;
struct evp_md_ctx_st;
struct bio_st;
void crypto_key_free(struct evp_pkey_st **key);
void crypto_context_free(struct evp_md_ctx_st **context);
void crypto_bio_free(struct bio_st **bio);
#define _cleanup_key_ __attribute__((cleanup(crypto_key_free)))
#define _cleanup_context_ __attribute__((cleanup(crypto_context_free)))
#define _cleanup_bio_ __attribute__((cleanup(crypto_bio_free)))

enum {
	ED25519_KEY_SIZE = 32,
	ED25519_SIGNATURE_SIZE = 64,
	ED25519_POINT_SIZE = 64,
	PEM_ID_SIZE = 16,
};

/* Decodes padded base64; blanks around it are allowed. False for anything else. */
bool base64_decode(struct arena *arena, struct span text, struct span *ret);
/* With padding, on one line. */
const char *base64_encode(struct arena *arena, struct span bytes);

/* Verifies a pure Ed25519 signature over MESSAGE (RFC 8032). False if KEY or SIGNATURE
 * does not have the size above. */
bool ed25519_verify(struct span key, struct span signature, struct span message);

/* The key that is POINT on the Weierstrass form of Curve25519: x and y, 32 bytes
 * each, big-endian (libecc's WEI25519). False if it is no point of the curve, or one
 * without an inverse. */
bool ed25519_key_of(struct span point, uint8_t ret[ED25519_KEY_SIZE]);

/* apk's identifier of a public key: the first 16 bytes of the SHA-512 of i2d_PublicKey.
 * False if TEXT is neither PEM nor the DER of a SubjectPublicKeyInfo. */
bool key_id(struct span text, uint8_t ret[PEM_ID_SIZE]);
/* Verifies an ECDSA or RSA (PKCS#1 v1.5) signature over the SHA-512 of MESSAGE, with
 * the public key in PEM. */
bool pem_verify_sha512(struct span pem, struct span signature, struct span message);
/* The same over SHA-256; KEY is PEM, or DER of a SubjectPublicKeyInfo. */
bool key_verify_sha256(struct span key, struct span signature, struct span message);
/* True if the RSA public key in KEY turns SIGNATURE into EXPECTED, inside of
 * PKCS#1 v1.5's padding. */
bool rsa_recovers(struct span key, struct span signature, struct span expected);

#endif
