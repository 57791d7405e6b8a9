/* SPDX-License-Identifier: ISC */
/* Reads keys and signs with libcrypto, as apk-tools
 * does (src/adb.c, src/crypto_openssl.c). */
#include "vet/keys/pem_key.h"

#include "base/digest.h"
#include "unpack/file.h"
#include "vet/keys/sign.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

/* signature block: u8 version 0, u8 hash 4 (SHA-512), key id[16], signature over
 *                  schema[4], the 18 bytes before, SHA-512 of the database */
enum { FILE_MOST = 64 << 10, HASH_SHA512 = 4, HEADER = 2 + PEM_ID_SIZE, SCHEMA = 4 };

/* Answers that there is no passphrase, so that libcrypto does not ask for one. */
static int no_passphrase(char *buffer, int size, int writes, void *context)
{
	(void)buffer;
	(void)size;
	(void)writes;
	(void)context;
	return -1;
}

static EVP_PKEY *key_of(const char *text)
{
	_cleanup_bio_ BIO *bio = BIO_new_mem_buf(text, -1);

	return bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;
}

bool pem_key_is(const char *path)
{
	struct arena arena _cleanup_arena_ = {0};
	struct error none;
	struct span text;

	return file_read(&arena, path, FILE_MOST, &text, &none) &&
	       span_find(text, 0, SPAN_OF("-----BEGIN")) != SIZE_MAX;
}

static bool public_write(struct arena *arena, EVP_PKEY *key, struct pem_key *ret)
{
	_cleanup_bio_ BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long length;

	if (!bio || PEM_write_bio_PUBKEY(bio, key) != 1)
		return false;
	length = BIO_get_mem_data(bio, &text);
	ret->public = arena_string(arena, span_from(text, (size_t)length));
	if (!key_id(span_text(ret->public), ret->number))
		return false;
	ret->id = digest_hex(arena, ret->number, PEM_ID_SIZE);
	return true;
}

bool pem_key_read(struct arena *arena, const char *path, struct pem_key *ret, struct error *error)
{
	struct span text;

	if (!file_read(arena, path, FILE_MOST, &text, error))
		return false;
	*ret = (struct pem_key){.text = arena_string(arena, text)};
	_cleanup_key_ EVP_PKEY *key = key_of(ret->text);
	int kind = key ? EVP_PKEY_get_base_id(key) : 0;

	if (!key && strstr(ret->text, "ENCRYPTED"))
		return fail(error,
			    "%s: the secret key is encrypted; --sign needs one without passphrase",
			    path);
	if (!key && strstr(ret->text, "PUBLIC KEY"))
		return fail(error, "%s: a public key; --sign needs the secret key", path);
	if (!key)
		return fail(error, "%s: a PEM key that libcrypto cannot read", path);
	if (kind != EVP_PKEY_EC && kind != EVP_PKEY_RSA)
		return fail(error,
			    "%s: a PEM key that neither apk nor opkg can use: apk needs ECDSA or "
			    "RSA (apk 3.0 cannot sign or verify with Ed25519), opkg a secret key "
			    "of usign or signify",
			    path);
	if (kind == EVP_PKEY_EC && !ecdsa_curve_named(key))
		return fail(error, "%s: an ECDSA key on a curve without a name", path);
	return public_write(arena, key, ret) ||
	       fail(error, "%s: libcrypto cannot use the key", path);
}

/* The signature must verify before it is written. */
static bool message_sign(struct arena *arena, const struct pem_key *key, struct span message,
			 struct span *ret)
{
	_cleanup_key_ EVP_PKEY *secret = key_of(key->text);
	_cleanup_context_ EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t digest[DIGEST_MOST];
	size_t size = 0;

	if (!secret || !context || !digest_named("sha512", message, digest, &size))
		return false;
	if (EVP_PKEY_get_base_id(secret) == EVP_PKEY_EC) {
		if (!ecdsa_sign(arena, secret, span_from(digest, size), ret))
			return false;
	} else {
		/* RSA in PKCS#1 v1.5: the same bytes each time, as ecdsa_sign() gives them */
		size = (size_t)EVP_PKEY_get_size(secret);
		uint8_t *bytes = arena_get(arena, size);

		if (EVP_DigestSignInit(context, NULL, EVP_sha512(), NULL, secret) != 1 ||
		    EVP_DigestSign(context, bytes, &size, message.data, message.size) != 1)
			return false;
		*ret = span_from(bytes, size);
	}
	return pem_verify_sha512(span_text(key->public), *ret, message);
}

bool pem_key_sign(struct arena *arena, const struct pem_key *key, const char *schema,
		  struct span database, struct span *ret, struct error *error)
{
	uint8_t message[SCHEMA + HEADER + DIGEST_MOST], *bytes;
	struct span signature;
	size_t digest = 0;

	memcpy(message, schema, SCHEMA);
	message[SCHEMA] = 0;
	message[SCHEMA + 1] = HASH_SHA512;
	memcpy(message + SCHEMA + 2, key->number, PEM_ID_SIZE);
	if (!digest_named("sha512", database, message + SCHEMA + HEADER, &digest) ||
	    !message_sign(arena, key, span_from(message, SCHEMA + HEADER + digest), &signature))
		return fail(error, "libcrypto cannot sign with key %s", key->id);
	bytes = arena_get(arena, HEADER + signature.size);
	memcpy(bytes, message + SCHEMA, HEADER);
	memcpy(bytes + HEADER, signature.data, signature.size);
	*ret = span_from(bytes, HEADER + signature.size);
	return true;
}
