/* SPDX-License-Identifier: ISC */
/* Reads secret keys of usign and signify and writes public keys and signatures in their
 * format (usign, main.c; OpenBSD signify.c). */
#include "vet/keys/secret_key.h"

#include "base/digest.h"
#include "vet/keys/sign.h"
#include "unpack/file.h"

#include <string.h>

/*
 * "untrusted comment: ..." \n  base64 \n  of
 *
 *   secret key   0 "Ed"  2 "BK"  4 kdf rounds[4], BE  8 salt[16]  24 checksum[8]
 *                32 fingerprint[8]  40 seed[32]  72 public key[32]                 (104 bytes)
 *   public key   0 "Ed"  2 fingerprint[8]  10 public key[32]                        (42 bytes)
 *   signature    0 "Ed"  2 fingerprint[8]  10 signature[64]                         (74 bytes)
 *
 * The checksum is the start of the sha512 of seed and public key. Rounds 0: not encrypted.
 */
enum { FILE_MOST = 64 << 10, SECRET = 104, PUBLIC = 42, SIGNATURE = 74, ROUNDS = 4 };
enum { CHECKSUM = 24, CHECKSUM_SIZE = 8, ID = 32, ID_SIZE = 8, SEED = 40, SEED_SIZE = 32 };

static bool not_usign(struct span text, const char *path, struct error *error)
{
	if (span_find(text, 0, SPAN_OF("-----BEGIN")) != SIZE_MAX)
		return fail(error,
			    "%s: a PEM key, which opkg cannot use: --sign needs a secret key of "
			    "usign or signify",
			    path);
	return fail(error, "%s: not a secret key of usign or signify", path);
}

static bool bytes_read(struct arena *arena, struct span text, const char *path, struct span *ret,
		       struct error *error)
{
	struct span rest = text, comment, line;

	if (!span_line(&rest, &comment) || !span_starts(comment, "untrusted comment:") ||
	    !span_line(&rest, &line) || !base64_decode(arena, line, ret))
		return not_usign(text, path, error);
	if (ret->size == PUBLIC)
		return fail(error, "%s: a public key; --sign needs the secret key", path);
	if (ret->size == SIGNATURE)
		return fail(error, "%s: a signature; --sign needs a secret key", path);
	return ret->size == SECRET || not_usign(text, path, error);
}

bool secret_key_read(struct arena *arena, const char *path, struct secret_key *ret,
		     struct error *error)
{
	struct span text, bytes, fingerprint, seed;
	uint8_t *public = arena_get(arena, ED25519_KEY_SIZE), digest[DIGEST_MOST];
	size_t size;

	if (!file_read(arena, path, FILE_MOST, &text, error) ||
	    !bytes_read(arena, text, path, &bytes, error))
		return false;
	if (!span_starts(bytes, "EdBK"))
		return fail(error, "%s: a secret key of an unknown kind", path);
	if (head_u32(bytes, ROUNDS, ENDIAN_BIG) != 0)
		return fail(error,
			    "%s: the secret key is encrypted; --sign needs one without passphrase "
			    "(usign -G, signify -G -n)",
			    path);
	if (!digest_named("sha512", span_skip(bytes, SEED), digest, &size) ||
	    !span_has(bytes, CHECKSUM, span_from(digest, CHECKSUM_SIZE)) ||
	    !span_cut(bytes, ID, ID_SIZE, &fingerprint) ||
	    !span_cut(bytes, SEED, SEED_SIZE, &seed) || !ed25519_public(seed, public) ||
	    !span_has(bytes, SEED + SEED_SIZE, span_from(public, ED25519_KEY_SIZE)))
		return fail(error, "%s: the secret key is damaged: its checksum is wrong", path);
	*ret = (struct secret_key){digest_hex(arena, fingerprint.data, fingerprint.size),
				   fingerprint, seed, span_from(public, ED25519_KEY_SIZE)};
	return true;
}

const char *secret_key_number(const struct secret_key *key)
{
	size_t zeros = strspn(key->id, "0");

	return key->id + (zeros < strlen(key->id) ? zeros : zeros - 1);
}

static const char *file_text(struct arena *arena, const struct secret_key *key, const char *comment,
			     struct span bytes)
{
	uint8_t *all = arena_raw(arena, 2 + ID_SIZE + bytes.size);

	memcpy(all, "Ed", 2);
	memcpy(all + 2, key->fingerprint.data, ID_SIZE);
	memcpy(all + 2 + ID_SIZE, bytes.data, bytes.size);
	return arena_format(arena, "untrusted comment: %s %s\n%s\n", comment, key->id,
			    base64_encode(arena, span_from(all, 2 + ID_SIZE + bytes.size)));
}

const char *secret_key_public(struct arena *arena, const struct secret_key *key)
{
	return file_text(arena, key, "public key", key->public);
}

bool secret_key_sign(struct arena *arena, const struct secret_key *key, struct span message,
		     const char **ret, struct error *error)
{
	uint8_t signature[ED25519_SIGNATURE_SIZE];

	if (!ed25519_sign(key->seed, message, signature))
		return fail(error, "libcrypto cannot sign with key %s", key->id);
	*ret = file_text(arena, key, "signed by key", span_from(signature, sizeof signature));
	return true;
}
