/* SPDX-License-Identifier: ISC */
/* Tests the verification of usign signatures: each state, unreadable texts, and two keys with
 * one fingerprint. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/verify.h"
#include "facts/feed/usign.h"

#include <openssl/evp.h>
#include <string.h>

enum { WHOLE = 2 + USIGN_FINGERPRINT + ED25519_SIGNATURE_SIZE };

struct signer {
	struct arena arena;
	EVP_PKEY *key;
	struct span public, signature; /* as usign writes them */
	struct span message;
};

static struct span lines(struct arena *arena, const char *comment, char number,
			 const uint8_t *bytes, size_t size)
{
	uint8_t whole[WHOLE] = {'E', 'd'};
	unsigned char base64[WHOLE * 2];

	memset(whole + 2, number, USIGN_FINGERPRINT);
	memcpy(whole + 2 + USIGN_FINGERPRINT, bytes, size);
	EVP_EncodeBlock(base64, whole, (int)(2 + USIGN_FINGERPRINT + size));
	return span_text(arena_format(arena, "untrusted comment: %s\n%s\n", comment, base64));
}

static void signer_make(struct signer *signer, char number)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t public[ED25519_KEY_SIZE], signature[ED25519_SIGNATURE_SIZE];
	size_t public_size = sizeof public, size = sizeof signature;

	*signer = (struct signer){.key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"),
				  .message = SPAN_OF("Package: x\n")};
	assert_int_equal(EVP_PKEY_get_raw_public_key(signer->key, public, &public_size), 1);
	assert_int_equal(EVP_DigestSignInit(context, NULL, NULL, NULL, signer->key), 1);
	assert_int_equal(EVP_DigestSign(context, signature, &size, signer->message.data,
					signer->message.size),
			 1);
	EVP_MD_CTX_free(context);
	signer->public = lines(&signer->arena, "public key", number, public, sizeof public);
	signer->signature = lines(&signer->arena, "signed", number, signature, sizeof signature);
}

static void signer_free(struct signer *signer)
{
	EVP_PKEY_free(signer->key);
	arena_free(&signer->arena);
}

static void test_states(void **state)
{
	struct signer one, two, same;
	struct usign_keys none = {0}, right = {0}, other = {0}, twin = {0};
	const char *why = NULL;

	(void)state;
	signer_make(&one, 1);
	signer_make(&two, 2);
	signer_make(&same, 1);
	assert_true(usign_key_add(&one.arena, "right", one.public, &right));
	assert_true(usign_key_add(&one.arena, "other", two.public, &other));
	assert_true(usign_key_add(&one.arena, "twin", same.public, &twin));
	assert_int_equal(usign_verify(&one.arena, &none, one.signature, one.message, &why),
			 SIGNATURE_UNKNOWN_KEY);
	assert_non_null(strstr(why, "0101010101010101"));
	assert_int_equal(usign_verify(&one.arena, &right, one.signature, one.message, &why),
			 SIGNATURE_VALID);
	assert_non_null(strstr(why, "right"));
	assert_int_equal(usign_verify(&one.arena, &other, one.signature, one.message, &why),
			 SIGNATURE_UNKNOWN_KEY);
	assert_int_equal(
		usign_verify(&one.arena, &right, one.signature, SPAN_OF("Package: y\n"), &why),
		SIGNATURE_INVALID);
	assert_int_equal(usign_verify(&one.arena, &twin, one.signature, one.message, &why),
			 SIGNATURE_INVALID);
	/* two keys with one fingerprint: either may have signed */
	assert_true(usign_key_add(&one.arena, "right", one.public, &twin));
	assert_int_equal(usign_verify(&one.arena, &twin, one.signature, one.message, &why),
			 SIGNATURE_VALID);
	signer_free(&one);
	signer_free(&two);
	signer_free(&same);
}

static void test_texts(void **state)
{
	struct signer signer;
	struct usign_keys keys = {0};
	const char *why;

	(void)state;
	signer_make(&signer, 1);
	/* a signature is not a key, and a key is not a signature */
	assert_false(usign_key_add(&signer.arena, "key", signer.signature, &keys));
	assert_int_equal(usign_verify(&signer.arena, &keys, signer.public, signer.message, &why),
			 SIGNATURE_INVALID);
	for (size_t size = 0; size + 1 < signer.public.size; size++)
		if (usign_key_add(&signer.arena, "key", span_head(signer.public, size), &keys))
			fail_msg("a key cut at %zu bytes is taken", size);
	assert_int_equal(keys.count, 0);
	assert_true(usign_key_add(&signer.arena, "key", signer.public, &keys));
	for (size_t size = 0; size + 1 < signer.signature.size; size++)
		if (usign_verify(&signer.arena, &keys, span_head(signer.signature, size),
				 signer.message, &why) != SIGNATURE_INVALID)
			fail_msg("a signature cut at %zu bytes is taken", size);
	signer_free(&signer);
}

static void unknown_keys(void **state)
{
	_cleanup_arena_ struct arena arena = {0};

	(void)state;
	assert_string_equal(
		usign_unknown(&arena, "ab", 0),
		"made with key ab, and no key of its kind is known: the image has none, "
		"and none is given");
	assert_string_equal(usign_unknown(&arena, "ab", 1),
			    "made with key ab, which is not the known key");
	assert_string_equal(usign_unknown(&arena, "ab", 2),
			    "made with key ab, which is not one of the 2 known keys");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_keys),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
