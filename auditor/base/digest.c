/* SPDX-License-Identifier: ISC */
/* Computes sha256, md5, crc32 and the digests that containers name, with libcrypto, and
 * prints them as hex. */
#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct sha256_state {
	EVP_MD_CTX *context;
};

/* libcrypto's digest functions fail only if memory or the algorithm is missing, so no
 * input can cause this. */
static void must(int ok)
{
	if (ok)
		return;
	fputs("kmodaudit: libcrypto cannot compute a digest\n", stderr);
	exit(3);
}

/* quick_exit runs no handlers of exit(3): libcrypto's handler would wait for the lock that
 * its own start holds. */
static void *memory_or_end(void *memory, size_t size)
{
	if (memory || !size)
		return memory;
	fputs("kmodaudit: out of memory in libcrypto (see --max-memory)\n", stderr);
	quick_exit(3);
}

static void *crypto_get(size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return memory_or_end(malloc(size), size);
}

static void *crypto_grow(void *old, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return memory_or_end(realloc(old, size), size);
}

static void crypto_free(void *memory, const char *file, int line)
{
	(void)file, (void)line;
	free(memory);
}

void digest_memory(void)
{
	CRYPTO_set_mem_functions(crypto_get, crypto_grow, crypto_free);
}

void digest_begin(void)
{
	sha256_of(SPAN_OF(""));
}

struct sha256_state *sha256_begin(void)
{
	struct sha256_state *state = malloc(sizeof *state);

	must(state != NULL);
	state->context = EVP_MD_CTX_new();
	must(state->context && EVP_DigestInit_ex(state->context, EVP_sha256(), NULL));
	return state;
}

void sha256_add(struct sha256_state *state, struct span span)
{
	must(EVP_DigestUpdate(state->context, span.data, span.size));
}

struct sha256 sha256_end(struct sha256_state *state)
{
	struct sha256 digest;

	must(EVP_DigestFinal_ex(state->context, digest.bytes, NULL));
	EVP_MD_CTX_free(state->context);
	free(state);
	return digest;
}

struct sha256 sha256_of(struct span span)
{
	struct sha256 digest;

	must(EVP_Digest(span.data, span.size, digest.bytes, NULL, EVP_sha256(), NULL));
	return digest;
}

bool sha256_equal(const struct sha256 *a, const struct sha256 *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

const char *digest_hex(struct arena *arena, const uint8_t *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = arena_raw(arena, size * 2 + 1);

	for (size_t i = 0; i < size; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	hex[2 * size] = '\0';
	return hex;
}

const char *sha256_hex(struct arena *arena, struct span span)
{
	struct sha256 digest = sha256_of(span);

	return digest_hex(arena, digest.bytes, sizeof digest.bytes);
}

const char *md5_hex(struct arena *arena, struct span span)
{
	uint8_t digest[MD5_SIZE];

	must(EVP_Digest(span.data, span.size, digest, NULL, EVP_md5(), NULL));
	return digest_hex(arena, digest, sizeof digest);
}

bool digest_named(const char *name, struct span span, uint8_t ret[DIGEST_MOST], size_t *ret_size)
{
	static const char *const names[] = {"md5",    "sha1",	    "sha256",	 "sha384",
					    "sha512", "blake2b512", "blake2s256"};
	unsigned size;

	if (strcmp(name, "crc32") == 0) {
		uint32_t crc = crc32_of(0, span);

		*ret_size = 4;
		for (unsigned i = 0; i < 4; i++)
			ret[i] = (uint8_t)(crc >> (24 - 8 * i));
		return true;
	}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(name, names[i]) != 0)
			continue;
		must(EVP_Digest(span.data, span.size, ret, &size, EVP_get_digestbyname(name),
				NULL));
		*ret_size = size;
		return true;
	}
	return false;
}

uint32_t crc32_of(uint32_t crc, struct span span)
{
	return (uint32_t)crc32_z(crc, span.data, span.size);
}
