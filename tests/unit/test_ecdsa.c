/* SPDX-License-Identifier: ISC */
/* Tests ECDSA signatures against the examples of RFC 6979, A.2.3 to A.2.7, with SHA-512, and keys that
 * it cannot use. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/digest.h"
#include "base/verify.h"
#include "vet/keys/sign.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

struct example {
	const char *curve, *secret, *message, *r, *s;
};

static const struct example examples[] = {
	{"P-256", "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", "sample",
	 "8496A60B5E9B47C825488827E0495B0E3FA109EC4568FD3F8D1097678EB97F00",
	 "2362AB1ADBE2B8ADF9CB9EDAB740EA6049C028114F2460F96554F61FAE3302FE"},
	{"P-256", "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", "test",
	 "461D93F31B6540894788FD206C07CFA0CC35F46FA3C91816FFF1040AD1581A04",
	 "39AF9F15DE0DB8D97E72719C74820D304CE5226E32DEDAE67519E840D1194E55"},
	{"P-521",
	 "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A"
	 "6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
	 "sample",
	 "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E25A1EE9017B5D450606AD"
	 "D152B534931D7D4E8455CC91F9B15BF05EC36E377FA",
	 "00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF282623EAA63E5B5C0723D8B8C"
	 "37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A"},
};

/* The key pair of a secret number; libcrypto computes the public key when it is needed. */
static EVP_PKEY *key_of(const struct example *example)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *secret = NULL;
	EVP_PKEY *key = NULL;

	assert_true(BN_hex2bn(&secret, example->secret) > 0);
	OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, example->curve, 0);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, secret);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
	assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params), 1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(builder);
	EVP_PKEY_CTX_free(context);
	BN_free(secret);
	return key;
}

static void number_is(const BIGNUM *number, const char *hex)
{
	BIGNUM *wanted = NULL;

	assert_true(BN_hex2bn(&wanted, hex) > 0);
	assert_int_equal(BN_cmp(number, wanted), 0);
	BN_free(wanted);
}

static void digest_of(const char *message, uint8_t ret[DIGEST_MOST])
{
	size_t size = 0;

	assert_true(digest_named("sha512", span_text(message), ret, &size));
	assert_int_equal(size, 64);
}

static void test_examples(void **state)
{
	struct arena arena _cleanup_arena_ = {0};
	uint8_t digest[DIGEST_MOST];

	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		_cleanup_key_ EVP_PKEY *key = key_of(&examples[i]);
		struct span signature;

		digest_of(examples[i].message, digest);
		assert_true(ecdsa_curve_named(key));
		assert_true(ecdsa_sign(&arena, key, span_from(digest, 64), &signature));

		const uint8_t *at = signature.data;
		ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)signature.size);
		assert_non_null(pair);
		number_is(ECDSA_SIG_get0_r(pair), examples[i].r);
		number_is(ECDSA_SIG_get0_s(pair), examples[i].s);
		ECDSA_SIG_free(pair);
	}
}

/* libcrypto verifies signatures of keys that it made, also where the order is shorter than the
 * digest and no whole number of bytes. */
static void test_verified(void **state)
{
	static const char *const curves[] = {"P-224", "P-384", "P-521", "secp256k1", "sect163k1"};
	struct arena arena _cleanup_arena_ = {0};
	uint8_t digest[DIGEST_MOST];

	(void)state;
	digest_of("a message", digest);
	for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
		_cleanup_key_ EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curves[i]);
		_cleanup_context_ EVP_MD_CTX *context = EVP_MD_CTX_new();
		struct span one, two;

		assert_true(ecdsa_sign(&arena, key, span_from(digest, 64), &one));
		assert_true(ecdsa_sign(&arena, key, span_from(digest, 64), &two));
		assert_int_equal(one.size, two.size);
		assert_memory_equal(one.data, two.data, one.size);
		assert_int_equal(EVP_DigestVerifyInit(context, NULL, EVP_sha512(), NULL, key), 1);
		assert_int_equal(EVP_DigestVerify(context, one.data, one.size,
						  (const uint8_t *)"a message", 9),
				 1);
	}
}

static void test_unfit(void **state)
{
	struct arena arena _cleanup_arena_ = {0};
	_cleanup_key_ EVP_PKEY *edwards = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	_cleanup_key_ EVP_PKEY *key = key_of(&examples[0]);
	uint8_t digest[DIGEST_MOST] = {0};
	struct span signature;

	(void)state;
	assert_false(ecdsa_curve_named(edwards));
	assert_false(ecdsa_sign(&arena, edwards, span_from(digest, 64), &signature));
	assert_false(ecdsa_sign(&arena, key, span_from(digest, 32), &signature));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_verified),
		cmocka_unit_test(test_unfit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
