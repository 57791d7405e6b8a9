/* SPDX-License-Identifier: ISC */
/* Decodes and encodes base64; verifies Ed25519 (RFC 8032), ECDSA and RSA signatures
 * with libcrypto; computes apk's id of a PEM public key. */
#include "base/verify.h"

#include <limits.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

enum { RSA_MOST = 2048 }; /* bytes of the largest modulus: 16384 bits */

void crypto_key_free(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

void crypto_context_free(EVP_MD_CTX **context)
{
	EVP_MD_CTX_free(*context);
}

static void key_context_free(EVP_PKEY_CTX **context)
{
	EVP_PKEY_CTX_free(*context);
}

static void numbers_free(BN_CTX **numbers)
{
	BN_CTX_free(*numbers);
}

void crypto_bio_free(BIO **bio)
{
	BIO_free(*bio);
}

#define _cleanup_key_context_ __attribute__((cleanup(key_context_free)))
#define _cleanup_numbers_ __attribute__((cleanup(numbers_free)))

bool base64_decode(struct arena *arena, struct span text, struct span *ret)
{
	text = span_trim(text);
	if (text.size == 0 || text.size % 4 != 0 || text.size > INT_MAX)
		return false;

	uint8_t *bytes = arena_raw(arena, text.size / 4 * 3);
	int size = EVP_DecodeBlock(bytes, text.data, (int)text.size), padding = 0;

	/* EVP_DecodeBlock counts padding as decoded bytes and accepts '=' as
	 * a digit anywhere */
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

bool key_id(struct span text, uint8_t ret[PEM_ID_SIZE])
{
	_cleanup_key_ EVP_PKEY *key = key_read(text);
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

/* The field of Curve25519, and numbers of RFC 7748, 4.1 in it: A / 3, by which x of the
 * Weierstrass form exceeds u of the Montgomery form, and the root of -486664 that takes
 * the base point of Curve25519 to that of Ed25519. */
#define FIELD "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"
#define THIRD "2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaad2451"
#define ROOT "70d9120b9f5ff9442d84f723fc03b0813a5e2c2eb482e57d3391fb5500ba81e7"

enum { MONTGOMERY_A = 486662 };

/* The state of turning a point; its numbers belong to CONTEXT. */
struct curve {
	BN_CTX *context;
	BIGNUM *field, *u, *v, *left, *right;
};

static bool curve_begin(struct curve *curve, struct span point)
{
	BIGNUM *third = BN_CTX_get(curve->context);

	curve->field = BN_CTX_get(curve->context);
	curve->u = BN_CTX_get(curve->context);
	curve->v = BN_CTX_get(curve->context);
	curve->left = BN_CTX_get(curve->context);
	curve->right = BN_CTX_get(curve->context);
	return curve->right && BN_hex2bn(&curve->field, FIELD) && BN_hex2bn(&third, THIRD) &&
	       BN_bin2bn(point.data, ED25519_KEY_SIZE, curve->u) &&
	       BN_bin2bn(point.data + ED25519_KEY_SIZE, ED25519_KEY_SIZE, curve->v) &&
	       BN_cmp(curve->u, curve->field) < 0 && BN_cmp(curve->v, curve->field) < 0 &&
	       BN_mod_sub(curve->u, curve->u, third, curve->field, curve->context);
}

/* v^2 = ((u + A) * u + 1) * u */
static bool curve_has(const struct curve *curve)
{
	BIGNUM *right = curve->right;

	return BN_mod_sqr(curve->left, curve->v, curve->field, curve->context) &&
	       BN_copy(right, curve->u) && BN_add_word(right, MONTGOMERY_A) &&
	       BN_mod_mul(right, right, curve->u, curve->field, curve->context) &&
	       BN_add_word(right, 1) &&
	       BN_mod_mul(right, right, curve->u, curve->field, curve->context) &&
	       BN_cmp(curve->left, right) == 0;
}

/* LEFT = TOP / BOTTOM; there is none where BOTTOM is 0. */
static bool curve_divide(const struct curve *curve, const BIGNUM *top, const BIGNUM *bottom)
{
	return BN_mod_inverse(curve->left, bottom, curve->field, curve->context) &&
	       BN_mod_mul(curve->left, curve->left, top, curve->field, curve->context);
}

bool ed25519_key_of(struct span point, uint8_t ret[ED25519_KEY_SIZE])
{
	_cleanup_numbers_ BN_CTX *context = BN_CTX_new();
	struct curve curve = {.context = context};
	BIGNUM *root;
	bool odd, good;

	if (!context || point.size != ED25519_POINT_SIZE)
		return false;
	BN_CTX_start(context);
	root = BN_CTX_get(context);
	/* x = ROOT * u / v, of which one bit is kept; y = (u - 1) / (u + 1) */
	good = root && curve_begin(&curve, point) && curve_has(&curve) && BN_hex2bn(&root, ROOT) &&
	       BN_mod_mul(root, root, curve.u, curve.field, context) &&
	       curve_divide(&curve, root, curve.v);
	odd = good && BN_is_odd(curve.left);
	good = good && BN_copy(curve.right, curve.u) && BN_add_word(curve.right, 1) &&
	       BN_sub_word(curve.u, 1) && curve_divide(&curve, curve.u, curve.right) &&
	       BN_bn2lebinpad(curve.left, ret, ED25519_KEY_SIZE) == ED25519_KEY_SIZE;
	BN_CTX_end(context);
	if (good && odd)
		ret[ED25519_KEY_SIZE - 1] |= 0x80;
	return good;
}
