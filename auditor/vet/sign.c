/* SPDX-License-Identifier: ISC */
/* Signs with Ed25519 (RFC 8032), with libcrypto. */
#include "vet/sign.h"

#include <openssl/evp.h>

static EVP_PKEY *key_of(struct span seed)
{
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed.data, seed.size);
}

bool ed25519_public(struct span seed, uint8_t ret[ED25519_KEY_SIZE])
{
	_cleanup_key_ EVP_PKEY *key = key_of(seed);
	size_t size = ED25519_KEY_SIZE;

	return key && EVP_PKEY_get_raw_public_key(key, ret, &size) == 1 && size == ED25519_KEY_SIZE;
}

bool ed25519_sign(struct span seed, struct span message, uint8_t ret[ED25519_SIGNATURE_SIZE])
{
	_cleanup_key_ EVP_PKEY *key = key_of(seed);
	_cleanup_context_ EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t size = ED25519_SIGNATURE_SIZE;

	return key && context && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
	       EVP_DigestSign(context, ret, &size, message.data, message.size) == 1 &&
	       size == ED25519_SIGNATURE_SIZE;
}
