/* SPDX-License-Identifier: ISC */
/* Signs with Ed25519 (RFC 8032), and with ECDSA and the nonce of RFC 6979, 3.2, where
 * HMAC uses SHA-512. The arithmetic is libcrypto's. */
#include "vet/keys/sign.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/objects.h>
#include <string.h>

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

/* ---- ECDSA ---- */

enum { HASH = 64, ORDER_MOST = 72, NAME_MOST = 64, TRIES = 100 };

/* The numbers of one signature, by their names in RFC 6979. */
struct signing {
	EC_GROUP *group;
	BN_CTX *numbers;
	const BIGNUM *order; /* q, of the group */
	BIGNUM *secret; /* x */
	BIGNUM *digest; /* h, as a number below q */
	BIGNUM *nonce, *inverse; /* k and 1/k */
	BIGNUM *r, *s;
	EC_POINT *point; /* k times the generator */
};

/* The state of the generator of nonces: K and V. */
struct nonces {
	uint8_t key[HASH], value[HASH];
};

static int curve_of(const EVP_PKEY *key)
{
	char name[NAME_MOST];

	return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof name,
					      NULL) == 1
		       ? OBJ_sn2nid(name)
		       : NID_undef;
}

bool ecdsa_curve_named(const EVP_PKEY *key)
{
	return curve_of(key) != NID_undef;
}

static void signing_end(struct signing *signing)
{
	EC_POINT_free(signing->point);
	BN_free(signing->s);
	BN_free(signing->r);
	BN_clear_free(signing->inverse);
	BN_clear_free(signing->nonce);
	BN_free(signing->digest);
	BN_clear_free(signing->secret);
	BN_CTX_free(signing->numbers);
	EC_GROUP_free(signing->group);
}

#define _cleanup_signing_ __attribute__((cleanup(signing_end)))

/* bits2int (2.3.2): the leftmost bits of BYTES, as many as the order has. */
static bool bits_number(const struct signing *signing, struct span bytes, BIGNUM *ret)
{
	int extra = (int)bytes.size * 8 - BN_num_bits(signing->order);

	return BN_bin2bn(bytes.data, (int)bytes.size, ret) &&
	       (extra <= 0 || BN_rshift(ret, ret, extra) == 1);
}

static bool signing_begin(const EVP_PKEY *key, struct span digest, struct signing *ret)
{
	ret->group = EC_GROUP_new_by_curve_name(curve_of(key));
	ret->numbers = BN_CTX_new();
	ret->digest = BN_new();
	ret->nonce = BN_secure_new();
	ret->inverse = BN_secure_new();
	ret->r = BN_new();
	ret->s = BN_new();
	if (!ret->group || !ret->numbers || !ret->digest || !ret->nonce || !ret->inverse ||
	    !ret->r || !ret->s)
		return false;
	ret->order = EC_GROUP_get0_order(ret->group);
	ret->point = EC_POINT_new(ret->group);
	return ret->point && BN_num_bytes(ret->order) <= ORDER_MOST &&
	       EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &ret->secret) == 1 &&
	       bits_number(ret, digest, ret->digest) &&
	       BN_nnmod(ret->digest, ret->digest, ret->order, ret->numbers) == 1;
}

/* Puts HMAC with the key K over TEXT into RET, which may be in TEXT. */
static bool mac(const struct nonces *nonces, struct span text, uint8_t ret[HASH])
{
	uint8_t bytes[HASH];
	unsigned size = 0;

	if (!HMAC(EVP_sha512(), nonces->key, HASH, text.data, text.size, bytes, &size) ||
	    size != HASH)
		return false;
	memcpy(ret, bytes, HASH);
	return true;
}

/* K = HMAC(V, MARK, MORE), V = HMAC(V): steps d to g, and h after a nonce that
 * did not fit. */
static bool nonces_turn(struct nonces *nonces, uint8_t mark, struct span more)
{
	uint8_t text[HASH + 1 + 2 * ORDER_MOST];

	memcpy(text, nonces->value, HASH);
	text[HASH] = mark;
	if (more.size > 0)
		memcpy(text + HASH + 1, more.data, more.size);
	return mac(nonces, span_from(text, HASH + 1 + more.size), nonces->key) &&
	       mac(nonces, span_from(nonces->value, HASH), nonces->value);
}

/* Steps b to g: the secret key and the digest, each as long as the order, make
 * the first state. */
static bool nonces_begin(const struct signing *signing, struct nonces *ret)
{
	int size = BN_num_bytes(signing->order);
	uint8_t text[2 * ORDER_MOST];
	struct span both = span_from(text, 2 * (size_t)size);

	memset(ret->value, 1, HASH);
	memset(ret->key, 0, HASH);
	return BN_bn2binpad(signing->secret, text, size) == size &&
	       BN_bn2binpad(signing->digest, text + size, size) == size &&
	       nonces_turn(ret, 0, both) && nonces_turn(ret, 1, both);
}

/* Step h without the last part: as many hashes as the order is long make a number. */
static bool nonce_next(const struct signing *signing, struct nonces *nonces)
{
	size_t size = (size_t)BN_num_bytes(signing->order), have = 0;
	uint8_t bytes[ORDER_MOST + HASH];

	for (; have < size; have += HASH) {
		if (!mac(nonces, span_from(nonces->value, HASH), nonces->value))
			return false;
		memcpy(bytes + have, nonces->value, HASH);
	}
	return bits_number(signing, span_from(bytes, size), signing->nonce);
}

/* r = x of k G, s = (h + r x) / k (2.4). False also if r or s is 0. */
static bool numbers_make(struct signing *signing)
{
	BN_CTX *numbers = signing->numbers;

	BN_set_flags(signing->nonce, BN_FLG_CONSTTIME);
	return EC_POINT_mul(signing->group, signing->point, signing->nonce, NULL, NULL, numbers) &&
	       EC_POINT_get_affine_coordinates(signing->group, signing->point, signing->r, NULL,
					       numbers) &&
	       BN_nnmod(signing->r, signing->r, signing->order, numbers) &&
	       BN_mod_inverse(signing->inverse, signing->nonce, signing->order, numbers) &&
	       BN_mod_mul(signing->s, signing->r, signing->secret, signing->order, numbers) &&
	       BN_mod_add(signing->s, signing->s, signing->digest, signing->order, numbers) &&
	       BN_mod_mul(signing->s, signing->s, signing->inverse, signing->order, numbers) &&
	       !BN_is_zero(signing->r) && !BN_is_zero(signing->s);
}

/* Takes over R and S. */
static bool der_make(struct arena *arena, struct signing *signing, struct span *ret)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	uint8_t *bytes = NULL;
	int size;

	if (!pair)
		return false;
	ECDSA_SIG_set0(pair, signing->r, signing->s);
	signing->r = signing->s = NULL;
	size = i2d_ECDSA_SIG(pair, &bytes);
	ECDSA_SIG_free(pair);
	if (size <= 0)
		return false;
	*ret = arena_copy(arena, span_from(bytes, (size_t)size));
	OPENSSL_free(bytes);
	return true;
}

bool ecdsa_sign(struct arena *arena, const EVP_PKEY *key, struct span digest, struct span *ret)
{
	struct signing signing _cleanup_signing_ = {0};
	struct nonces nonces;

	if (digest.size != HASH || !signing_begin(key, digest, &signing) ||
	    !nonces_begin(&signing, &nonces))
		return false;
	for (size_t i = 0; i < TRIES; i++) {
		if (!nonce_next(&signing, &nonces))
			return false;
		if (!BN_is_zero(signing.nonce) && BN_cmp(signing.nonce, signing.order) < 0 &&
		    numbers_make(&signing))
			return der_make(arena, &signing, ret);
		if (!nonces_turn(&nonces, 0, span_from("", 0)))
			return false;
	}
	return false;
}
