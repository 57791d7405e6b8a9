/* SPDX-License-Identifier: ISC */
/* Tests catalogues of FreeBSD repositories: rows of both versions, and signatures of both modes,
 * by keys that the test makes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "base/digest.h"
#include "facts/catalogue/pkg_key.h"
#include "facts/feed/pkg_trust.h"
#include "facts/package/pkg.h"

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

static struct arena arena;
static EVP_PKEY *rsa, *ecdsa;

#define ROW_A                                                                                \
	"{\"name\":\"drm-kmod\",\"version\":\"6.1\",\"abi\":\"FreeBSD:14:amd64\","           \
	"\"sum\":\"ab\",\"repopath\":\"All/drm-kmod-6.1.pkg\",\"pkgsize\":7,\"categories\":" \
	"[\"kld\"]}"
#define ROW_B "{\"name\":\"zsh\",\"version\":\"5.9_1\",\"path\":\"All/zsh-5.9_1.pkg\"}"

static struct packages rows_of(const char *member, const char *text, size_t *bad)
{
	struct pkg_catalogue catalogue = {
		.text = span_text(text), .member = member, .whole = strcmp(member, "data") == 0};
	struct packages rows = {0};
	struct error error = {0};

	if (!pkg_catalogue_rows(&arena, "x.pkg", &catalogue, &rows, bad, &error))
		fail_msg("%s", error.text);
	return rows;
}

static void test_rows(void **state)
{
	static const struct {
		const char *member, *text;
	} forms[] = {
		{"data",
		 "{\"groups\":[],\"expired_packages\":[],\"packages\":[" ROW_A "," ROW_B "]}"},
		{"packagesite.yaml", ROW_A "\n" ROW_B "\n"},
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t bad = 0;
		struct packages rows = rows_of(forms[i].member, forms[i].text, &bad);

		assert_int_equal(rows.count, 2);
		assert_int_equal(bad, 0);
		assert_string_equal(rows.list[0].name, "drm-kmod");
		assert_string_equal(rows.list[0].filename, "All/drm-kmod-6.1.pkg");
		assert_string_equal(rows.list[0].stated_sha256, "ab");
		assert_int_equal(rows.list[0].stated_size, 7);
		assert_int_equal(rows.list[0].origin, PACKAGE_INDEX_ROW);
		assert_true(pkg_may_carry(&rows.list[0]));
		assert_string_equal(rows.list[1].version, "5.9_1");
		assert_string_equal(rows.list[1].filename, "All/zsh-5.9_1.pkg");
		assert_false(pkg_may_carry(&rows.list[1]));
	}
}

/* A row that is no manifest is counted; the others remain. */
static void test_rows_bad(void **state)
{
	size_t bad = 0;

	(void)state;
	assert_int_equal(rows_of("packagesite.yaml", "{\"name\":\"a\"}\n7\n" ROW_B, &bad).count, 1);
	assert_int_equal(bad, 2);
}

static void test_rows_refused(void **state)
{
	static const char *const texts[] = {"[]",
					    "{}",
					    "{\"packages\":{}}",
					    "{\"packages\":[" ROW_A,
					    "{\"packages\":[],\"packages\":[]}",
					    ""};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct pkg_catalogue catalogue = {
			.text = span_text(texts[i]), .member = "data", .whole = true};
		struct packages rows = {0};
		struct error error = {0};
		size_t bad = 0;

		assert_false(pkg_catalogue_rows(&arena, "x", &catalogue, &rows, &bad, &error));
	}
}

static void test_names(void **state)
{
	(void)state;
	assert_true(pkg_catalogue_is_path("a/data.pkg"));
	assert_true(pkg_catalogue_is_path("packagesite.txz"));
	assert_false(pkg_catalogue_is_path("packagesite.yaml"));
	assert_false(pkg_catalogue_is_path("data-1.0.pkg"));
	assert_true(pkg_repo_is_path("filesite.pkg"));
	assert_true(pkg_repo_is_path("digests.txz"));
	assert_false(pkg_repo_is_path("meta-1.pkg"));
}

static struct span key_text(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct span text;
	char *data;

	PEM_write_bio_PUBKEY(bio, key);
	text.size = (size_t)BIO_get_mem_data(bio, &data);
	text.data = (const uint8_t *)data;
	text = arena_copy(&arena, text);
	BIO_free(bio);
	return text;
}

static struct span key_der(EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int size = i2d_PUBKEY(key, &der);
	struct span span = arena_copy(&arena, span_from(der, (size_t)size));

	OPENSSL_free(der);
	return span;
}

static struct span signed_by(EVP_PKEY *key, struct span message)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t size = 1024;
	uint8_t *bytes = arena_get(&arena, size + 1);

	assert_int_equal(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key), 1);
	assert_int_equal(EVP_DigestSign(context, bytes, &size, message.data, message.size), 1);
	EVP_MD_CTX_free(context);
	return span_from(bytes, size);
}

/* The form of old versions of pkg: DigestInfo of SHA-1, but around 65 other bytes. */
static struct span signed_sha1(const char *hex)
{
	static const uint8_t head[] = {0x30, 0x50, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e,
				       0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x41};
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(rsa, NULL);
	uint8_t info[sizeof head + 65] = {0}, *bytes = arena_get(&arena, 1025);
	size_t size = 1024;

	memcpy(info, head, sizeof head);
	memcpy(info + sizeof head, hex, 64);
	assert_int_equal(EVP_PKEY_sign_init(context), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING), 1);
	assert_int_equal(EVP_PKEY_sign(context, bytes, &size, info, sizeof info), 1);
	EVP_PKEY_CTX_free(context);
	return span_from(bytes, size);
}

static enum signature verified(const struct keys *keys, const char *text, const char *type,
			       struct span signature, struct span key)
{
	struct pkg_signature one = {key.size > 0 ? "x" : "signature", type, signature, key};
	struct pkg_signatures list = {&one, 1, 1};
	const char *why = NULL;
	enum signature found = pkg_verify(&arena, keys, span_text(text), &list, &why);

	assert_non_null(why);
	return found;
}

static void test_pubkey(void **state)
{
	const char *text = "catalogue", *hex = sha256_hex(&arena, span_text(text));
	struct span good = signed_by(rsa, span_text(hex)), none = {0};
	struct keys keys = {0}, nobody = {0};
	uint8_t ended[1024] = {0};

	(void)state;
	assert_true(key_add(&arena, "repo.pub", key_text(rsa), &keys));
	assert_int_equal(verified(&keys, text, "rsa", good, none), SIGNATURE_VALID);
	/* a NUL behind it, as old versions write it */
	assert_true(good.size < sizeof ended);
	memcpy(ended, good.data, good.size);
	assert_int_equal(verified(&keys, text, "rsa", span_from(ended, good.size + 1), none),
			 SIGNATURE_VALID);
	assert_int_equal(verified(&keys, text, "rsa", signed_sha1(hex), none), SIGNATURE_VALID);
	assert_int_equal(verified(&keys, "changed", "rsa", good, none), SIGNATURE_INVALID);
	assert_int_equal(verified(&keys, "changed", "rsa", signed_sha1(hex), none),
			 SIGNATURE_INVALID);
	assert_int_equal(verified(&nobody, text, "rsa", good, none), SIGNATURE_UNKNOWN_KEY);
	assert_int_equal(verified(&keys, text, "dsa", good, none), SIGNATURE_UNKNOWN_KEY);
	assert_int_equal(verified(&keys, text, "eddsa", good, none), SIGNATURE_INVALID);
	assert_int_equal(verified(&keys, text, "rsa", none, none), SIGNATURE_INVALID);
}

static void test_ecdsa(void **state)
{
	const char *text = "catalogue", *hex = sha256_hex(&arena, span_text(text));
	struct span none = {0}, der = key_der(ecdsa);
	struct keys keys = {0}, nobody = {0}, printed = {0};
	uint8_t digest[DIGEST_MOST];
	size_t size;

	(void)state;
	assert_true(digest_named("blake2b512", span_text(text), digest, &size));
	assert_int_equal(size, 64);
	assert_true(key_add(&arena, "ec.pub", key_text(ecdsa), &keys));
	assert_int_equal(
		verified(&keys, text, "ecdsa", signed_by(ecdsa, span_from(digest, size)), none),
		SIGNATURE_VALID);
	assert_int_equal(verified(&keys, text, "ecdsa", signed_by(ecdsa, span_text(hex)), none),
			 SIGNATURE_INVALID);
	/* the same key in PEM, in DER, and by its fingerprint */
	assert_int_equal(verified(&keys, text, "ecdsa", signed_by(ecdsa, span_text(hex)), der),
			 SIGNATURE_VALID);
	assert_int_equal(verified(&nobody, text, "ecdsa", signed_by(ecdsa, span_text(hex)), der),
			 SIGNATURE_UNKNOWN_KEY);
	assert_true(
		key_add(&arena, "trusted",
			span_text(arena_format(&arena, "function: sha256\nfingerprint: \"%s\"\n",
					       sha256_hex(&arena, der))),
			&printed));
	assert_int_equal(verified(&printed, text, "ecdsa", signed_by(ecdsa, span_text(hex)), der),
			 SIGNATURE_VALID);
}

static void test_fingerprint(void **state)
{
	const char *text = "catalogue", *hex = sha256_hex(&arena, span_text(text));
	struct span good = signed_by(rsa, span_text(hex)), key = key_text(rsa), none = {0};
	struct keys nobody = {0}, by_print = {0}, by_key = {0}, bad = {0};
	const char *print = arena_format(&arena, "function: \"sha256\"\nfingerprint: \"%s\"\n",
					 sha256_hex(&arena, key));

	(void)state;
	assert_true(key_add(&arena, "pkg.freebsd.org.1", span_text(print), &by_print));
	assert_int_equal(by_print.fingerprints.count, 1);
	assert_true(key_add(&arena, "repo.pub", key, &by_key));
	assert_int_equal(verified(&by_print, text, "rsa", good, key), SIGNATURE_VALID);
	assert_int_equal(verified(&by_key, text, "rsa", good, key), SIGNATURE_VALID);
	assert_int_equal(verified(&nobody, text, "rsa", good, key), SIGNATURE_UNKNOWN_KEY);
	assert_int_equal(verified(&nobody, "changed", "rsa", good, key), SIGNATURE_INVALID);
	assert_int_equal(verified(&by_print, "changed", "rsa", good, key), SIGNATURE_INVALID);
	assert_int_equal(verified(&by_print, text, "rsa", none, key), SIGNATURE_INVALID);
	assert_false(key_add(&arena, "x", span_text("function: md5\nfingerprint: \"00\"\n"), &bad));
	assert_false(key_add(&arena, "x", span_text("function: sha256\n"), &bad));
}

static struct span from_hex(const char *text)
{
	size_t size = strlen(text) / 2;
	uint8_t *bytes = arena_get(&arena, size);
	uint64_t byte;

	for (size_t i = 0; i < size; i++) {
		assert_true(span_number(span_from(text + 2 * i, 2), 16, &byte));
		bytes[i] = (uint8_t)byte;
	}
	return span_from(bytes, size);
}

/* A key that pkg 2.8 made, and its signature over 64 digits. */
static void test_eddsa(void **state)
{
	static const char digits[] =
		"675db5ce25866e52933c442f55b6bbc9e4d98c7373c13e9a0d895ead3fa8fed5";
	struct span key =
		from_hex("305e0c03706b670201010c036563630c0857454932353531390101ff03420004299138ef"
			 "a88f7cfcfa04c058d37f6fe20bb5bf55a17f24dd2a30ce3be47e28ea688cb26748d262ef"
			 "942a44691c6d353c656ed9ede326411433ac5123acefa45f");
	struct span good =
		from_hex("30450221008fa98b902a86c3ba35fbf634d093ba01dcc0694f62d4f05577d3893096c14c"
			 "2d02203a00609bfb3eef8955005fdc20559b7cbda7033a99480bc78790ae92ab6c9b09");
	uint8_t *changed = arena_get(&arena, good.size);

	(void)state;
	assert_true(pkg_key_is(key));
	assert_true(pkg_key_verify(key, good, span_text(digits)));
	assert_false(pkg_key_verify(key, good, span_text(digits + 1)));
	for (size_t i = 0; i < good.size; i++) {
		memcpy(changed, good.data, good.size);
		changed[i] ^= 1;
		assert_false(pkg_key_verify(key, span_from(changed, good.size), span_text(digits)));
		assert_false(pkg_key_verify(key, span_head(good, i), span_text(digits)));
	}
	for (size_t i = 0; i < key.size; i++)
		assert_false(pkg_key_is(span_head(key, i)));
}

static void test_unsigned(void **state)
{
	struct pkg_signatures none = {0};
	struct keys keys = {0};
	const char *why;

	(void)state;
	assert_int_equal(pkg_verify(&arena, &keys, span_text("x"), &none, &why), SIGNATURE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),	     cmocka_unit_test(test_rows_bad),
		cmocka_unit_test(test_rows_refused), cmocka_unit_test(test_names),
		cmocka_unit_test(test_pubkey),	     cmocka_unit_test(test_ecdsa),
		cmocka_unit_test(test_fingerprint),  cmocka_unit_test(test_unsigned),
		cmocka_unit_test(test_eddsa),
	};
	int failed;

	rsa = EVP_RSA_gen(2048);
	ecdsa = EVP_EC_gen("secp384r1");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ecdsa);
	arena_free(&arena);
	return failed;
}
