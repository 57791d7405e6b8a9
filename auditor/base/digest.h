/* SPDX-License-Identifier: ISC */
/* digest - digests of bytes. Only digest.c uses libcrypto's digest functions. */
#ifndef KMODAUDIT_DIGEST_H
#define KMODAUDIT_DIGEST_H

#include "base/arena.h"

enum { SHA256_SIZE = 32, MD5_SIZE = 16, DIGEST_MOST = 64 };

struct sha256 {
	uint8_t bytes[SHA256_SIZE];
};

/* Once, before any other use of libcrypto: when memory is missing in it the
 * program ends with status 3. Its own handling of that crashes while it starts
 * (seen with 3.0). */
void digest_memory(void);
/* Starts libcrypto, which reads its configuration then and not later. */
void digest_begin(void);
struct sha256 sha256_of(struct span span);
bool sha256_equal(const struct sha256 *a, const struct sha256 *b);
/* Lower-case hex. */
const char *digest_hex(struct arena *arena, const uint8_t *bytes, size_t size);
const char *sha256_hex(struct arena *arena, struct span span);
const char *md5_hex(struct arena *arena, struct span span);

/* Writes the digest with the given name into RET: "crc32" (big-endian bytes),
 * "md5", "sha1", "sha256", "sha384", "sha512", "blake2b512" or "blake2s256". False
 * for any other name. */
bool digest_named(const char *name, struct span span, uint8_t ret[DIGEST_MOST], size_t *ret_size);

/* A digest over several pieces: sha256_begin, any number of sha256_add, then
 * sha256_end, which frees the state. */
struct sha256_state;
struct sha256_state *sha256_begin(void);
void sha256_add(struct sha256_state *state, struct span span);
struct sha256 sha256_end(struct sha256_state *state);

/* CRC-32 (reflected polynomial 0xEDB88320, inverted before and after, as zlib's crc32),
 * continued from CRC; 0 starts a new one. */
uint32_t crc32_of(uint32_t crc, struct span span);

#endif
