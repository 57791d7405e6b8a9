/* SPDX-License-Identifier: ISC */
/* Tests Ed25519 with the vectors of RFC 8032 (7.1), base64 decoding, and ECDSA and RSA
 * signatures by PEM keys. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/digest.h"
#include "base/verify.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

static struct span hex(struct arena *arena, const char *text)
{
	size_t size = strlen(text) / 2;
	uint8_t *bytes = arena_raw(arena, size + 1);

	for (size_t i = 0; i < size; i++) {
		char pair[3] = {text[2 * i], text[2 * i + 1], 0};

		bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return span_from(bytes, size);
}

/* RFC 8032, 7.1, tests 1 and 2 */
static void test_ed25519(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span key1 =
		hex(&arena, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
	struct span signed1 =
		hex(&arena, "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb882"
			    "1590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
	struct span key2 =
		hex(&arena, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
	struct span signed2 =
		hex(&arena, "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1"
			    "e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

	(void)state;
	assert_true(ed25519_verify(key1, signed1, SPAN_OF("")));
	assert_true(ed25519_verify(key2, signed2, SPAN_OF("r")));
	assert_false(ed25519_verify(key2, signed2, SPAN_OF("s")));
	assert_false(ed25519_verify(key1, signed2, SPAN_OF("r")));
	assert_false(ed25519_verify(key2, span_head(signed2, 63), SPAN_OF("r")));
	assert_false(ed25519_verify(span_head(key2, 31), signed2, SPAN_OF("r")));
}

static void test_base64(void **state)
{
	static const struct {
		const char *text, *bytes;
	} good[] = {{"Zg==", "f"}, {"Zm8=", "fo"}, {"Zm9v", "foo"}, {"  Zm9vYmFy\n", "foobar"}};
	static const char *const bad[] = {
		"", "Z", "Zg=", "Zm9", "Z?==", "Zm9v Zm9v", "====", "Z===", "Zg==Zg==", "=Zg="};
	_cleanup_arena_ struct arena arena = {0};
	struct span bytes;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(base64_decode(&arena, span_text(good[i].text), &bytes));
		assert_true(span_is(bytes, good[i].bytes));
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (base64_decode(&arena, span_text(bad[i]), &bytes))
			fail_msg("'%s' is taken for base64", bad[i]);
}

static struct span pem_of(struct arena *arena, EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data;

	assert_int_equal(PEM_write_bio_PUBKEY(bio, key), 1);
	long size = BIO_get_mem_data(bio, &data);
	struct span pem = arena_copy(arena, span_from(data, (size_t)size));
	BIO_free(bio);
	return pem;
}

static struct span sign(struct arena *arena, EVP_PKEY *key, struct span message)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t bytes[512];
	size_t size = sizeof bytes;

	assert_int_equal(EVP_DigestSignInit(context, NULL, EVP_sha512(), NULL, key), 1);
	assert_int_equal(EVP_DigestSign(context, bytes, &size, message.data, message.size), 1);
	EVP_MD_CTX_free(context);
	return arena_copy(arena, span_from(bytes, size));
}

static void pem_check(EVP_PKEY *key)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span pem = pem_of(&arena, key), message = SPAN_OF("a message"),
		    signature = sign(&arena, key, message);
	uint8_t id[PEM_ID_SIZE], hash[DIGEST_MOST];
	unsigned char *der = NULL;
	int size = i2d_PublicKey(key, &der);
	size_t hash_size;

	assert_true(key_id(pem, id));
	assert_true(digest_named("sha512", span_from(der, (size_t)size), hash, &hash_size));
	assert_memory_equal(id, hash, PEM_ID_SIZE);
	OPENSSL_free(der);
	assert_true(pem_verify_sha512(pem, signature, message));
	assert_false(pem_verify_sha512(pem, signature, SPAN_OF("b message")));
	assert_false(pem_verify_sha512(pem, span_head(signature, signature.size - 1), message));
	assert_false(pem_verify_sha512(pem, span_head(signature, 0), message));
	assert_false(pem_verify_sha512(span_head(pem, pem.size / 2), signature, message));
}

static void test_ecdsa(void **state)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	(void)state;
	pem_check(key);
	EVP_PKEY_free(key);
}

static void test_rsa(void **state)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);

	(void)state;
	pem_check(key);
	EVP_PKEY_free(key);
}

static void test_no_pem(void **state)
{
	uint8_t id[PEM_ID_SIZE];

	(void)state;
	assert_false(key_id(SPAN_OF(""), id));
	assert_false(key_id(SPAN_OF("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
			    id));
	assert_false(key_id(SPAN_OF("untrusted comment: key\nRWQ=\n"), id));
}

/* The base points of Curve25519's Weierstrass form (draft-ietf-lwig-curve-representations) and of
 * Ed25519 (RFC 8032, 5.1: y = 4/5), and that point's negative, whose x is odd. */
static void test_point(void **state)
{
	static const uint8_t base[] = {
		0x2a, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
		0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
		0xaa, 0xaa, 0xaa, 0xad, 0x24, 0x5a, 0x20, 0xae, 0x19, 0xa1, 0xb8, 0xa0, 0x86,
		0xb4, 0xe0, 0x1e, 0xdd, 0x2c, 0x77, 0x48, 0xd1, 0x4c, 0x92, 0x3d, 0x4d, 0x7e,
		0x6d, 0x7c, 0x61, 0xb2, 0x29, 0xe9, 0xc5, 0xa2, 0x7e, 0xce, 0xd3, 0xd9};
	uint8_t key[ED25519_KEY_SIZE], wanted[ED25519_KEY_SIZE], point[sizeof base] = {0};

	(void)state;
	memset(wanted, 0x66, sizeof wanted);
	wanted[0] = 0x58;
	assert_true(ed25519_key_of(span_from(base, sizeof base), key));
	assert_memory_equal(key, wanted, sizeof wanted);
	assert_false(ed25519_key_of(span_from(base, sizeof base - 1), key));
	/* y of the negative point is the prime minus y: its bytes are those of ~y less 18 */
	memcpy(point, base, sizeof base);
	for (size_t i = 32; i < sizeof point; i++)
		point[i] = (uint8_t)~point[i];
	point[32] &= 0x7f;
	point[63] = (uint8_t)(point[63] - 18);
	wanted[31] |= 0x80;
	assert_true(ed25519_key_of(span_from(point, sizeof point), key));
	assert_memory_equal(key, wanted, sizeof wanted);
	point[63]++;
	assert_false(ed25519_key_of(span_from(point, sizeof point), key));
	memset(point, 0, sizeof point);
	assert_false(ed25519_key_of(span_from(point, sizeof point), key));
	memset(point, 0xff, sizeof point);
	assert_false(ed25519_key_of(span_from(point, sizeof point), key));
}

/* The point of order 2, with y = 0, is on the curve: u = 0, so x is A / 3. No key is there. */
static void test_point_without_inverse(void **state)
{
	uint8_t key[ED25519_KEY_SIZE], point[ED25519_POINT_SIZE] = {0x2a};

	(void)state;
	memset(point + 1, 0xaa, 28);
	point[29] = 0xad;
	point[30] = 0x24;
	point[31] = 0x51;
	assert_false(ed25519_key_of(span_from(point, sizeof point), key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ed25519),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_ecdsa),
		cmocka_unit_test(test_rsa),
		cmocka_unit_test(test_no_pem),
		cmocka_unit_test(test_point),
		cmocka_unit_test(test_point_without_inverse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
