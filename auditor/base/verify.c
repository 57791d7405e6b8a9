/* SPDX-License-Identifier: ISC */
/* Decodes and encodes base64; verifies Ed25519 (RFC 8032), ECDSA and RSA signatures with libcrypto;
 * computes apk's id of a PEM public key. */
#include "base/verify.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

enum { RSA_MOST = 2048 }; /* bytes of the largest modulus: 16384 bits */

static void key_free(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void context_free(EVP_MD_CTX **context)
{
	EVP_MD_CTX_free(*context);
}

static void key_context_free(EVP_PKEY_CTX **context)
{
	EVP_PKEY_CTX_free(*context);
}

static void bio_free(BIO **bio)
{
	BIO_free(*bio);
}

#define _cleanup_key_ __attribute__((cleanup(key_free)))
#define _cleanup_context_ __attribute__((cleanup(context_free)))
#define _cleanup_key_context_ __attribute__((cleanup(key_context_free)))
#define _cleanup_bio_ __attribute__((cleanup(bio_free)))

bool base64_decode(struct arena *arena, struct span text, struct span *ret)
{
	text = span_trim(text);
	if (text.size == 0 || text.size % 4 != 0 || text.size > INT_MAX)
		return false;

	uint8_t *bytes = arena_raw(arena, text.size / 4 * 3);
	int size = EVP_DecodeBlock(bytes, text.data, (int)text.size), padding = 0;

	/* EVP_DecodeBlock counts padding as decoded bytes and accepts '=' as a digit anywhere */
	for (size_t i = text.size; i > text.size - 2 && text.data[i - 1] == '='; i--)
		padding++;
	if (size < 0 || memchr(text.data, '=', text.size - (size_t)padding))
		return false;
	*ret = span_from(bytes, (size_t)(size - padding));
	return true;
}

static bool verify(EVP_PKEY *key, const EVP_MD *digest, struct span signature, struct span message)
{
	_cleanup_context_ EVP_MD_CTX *context = EVP_MD_CTX_new();

	return context && EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1 &&
	       EVP_DigestVerify(context, signature.data, signature.size, message.data,
				message.size) == 1;
}

const char *base64_encode(struct arena *arena, struct span bytes)
{
	uint8_t *text = arena_raw(arena, (bytes.size + 2) / 3 * 4 + 1);

	EVP_EncodeBlock(text, bytes.data, (int)bytes.size);
	return (const char *)text;
}

bool ed25519_verify(struct span key, struct span signature, struct span message)
{
	_cleanup_key_ EVP_PKEY *public = NULL;

	if (key.size != ED25519_KEY_SIZE || signature.size != ED25519_SIGNATURE_SIZE)
		return false;
	public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key.data, key.size);
	return public && verify(public, NULL, signature, message);
}

static EVP_PKEY *pem_read(struct span pem)
{
	_cleanup_bio_ BIO *bio = pem.size > 0 && pem.size < INT_MAX
					 ? BIO_new_mem_buf(pem.data, (int)pem.size)
					 : NULL;

	return bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
}

static EVP_PKEY *key_read(struct span key)
{
	const unsigned char *der = key.data;
	EVP_PKEY *public = pem_read(key);

	return public || key.size == 0 || key.size >= INT_MAX
		       ? public
		       : d2i_PUBKEY(NULL, &der, (long)key.size);
}

bool pem_id(struct span pem, uint8_t ret[PEM_ID_SIZE])
{
	_cleanup_key_ EVP_PKEY *key = pem_read(pem);
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned char *der = NULL;
	int size = key ? i2d_PublicKey(key, &der) : -1;
	bool ok = size > 0 && EVP_Digest(der, (size_t)size, hash, NULL, EVP_sha512(), NULL) == 1;

	OPENSSL_free(der);
	if (ok)
		memcpy(ret, hash, PEM_ID_SIZE);
	return ok;
}

bool key_verify_sha256(struct span key, struct span signature, struct span message)
{
	_cleanup_key_ EVP_PKEY *public = key_read(key);

	return public && signature.size > 0 && verify(public, EVP_sha256(), signature, message);
}

bool rsa_recovers(struct span key, struct span signature, struct span expected)
{
	_cleanup_key_ EVP_PKEY *public = key_read(key);
	_cleanup_key_context_ EVP_PKEY_CTX *context =
		public ? EVP_PKEY_CTX_new(public, NULL) : NULL;
	uint8_t bytes[RSA_MOST];
	size_t size = sizeof bytes;

	return context && EVP_PKEY_get_base_id(public) == EVP_PKEY_RSA &&
	       (size_t)EVP_PKEY_get_size(public) <= sizeof bytes &&
	       EVP_PKEY_verify_recover_init(context) == 1 &&
	       EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
	       EVP_PKEY_verify_recover(context, bytes, &size, signature.data, signature.size) ==
		       1 &&
	       span_equal(span_from(bytes, size), expected);
}

bool pem_verify_sha512(struct span pem, struct span signature, struct span message)
{
	_cleanup_key_ EVP_PKEY *key = pem_read(pem);

	return key && verify(key, EVP_sha512(), signature, message);
}
