/* SPDX-License-Identifier: ISC */
/* Computes the sums that FreeBSD's pkg writes (libpkg/pkg_checksum.c). */
#include "facts/package/pkg_sum.h"

#include <string.h>

/* A sum is "TYPE$TEXT": 0 sha256 in base32, 1 sha256 in hex, 2 BLAKE2b-512 in base32, 5 BLAKE2s-256
 * in base32. Without "$" it is sha256 in hex. pkg 1 writes types 1 and hex alone, pkg 2 type 2.
 * Base32 takes five bits after the other, the lowest of each byte first:
 *     byte   |......aa aaa|  ->  z-base-32's sign of aaaaa */
static const char signs[] = "ybndrfg8ejkmcpqxot1uwisza345h769";

static const char *base32(struct arena *arena, const uint8_t *bytes, size_t size)
{
	char *text = arena_get(arena, size * 8 / 5 + 2);
	size_t count = 0;
	unsigned held = 0, bits = 0;

	for (size_t i = 0; i < size; i++) {
		held |= (unsigned)bytes[i] << bits;
		for (bits += 8; bits >= 5; bits -= 5) {
			text[count++] = signs[held & 31];
			held >>= 5;
		}
	}
	if (bits > 0)
		text[count] = signs[held & 31];
	return text;
}

typedef const char *spell_function(struct arena *arena, const uint8_t *bytes, size_t size);

static const struct form {
	const char *begin, *digest;
	spell_function *spell;
} forms[] = {
	{"0$", "sha256", base32},     {"1$", "sha256", digest_hex}, {"2$", "blake2b512", base32},
	{"5$", "blake2s256", base32}, {"", "sha256", digest_hex},
};

static const struct form *form_of(const char *stated)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (strncmp(stated, forms[i].begin, strlen(forms[i].begin)) == 0)
			return *forms[i].begin || !strchr(stated, '$') ? &forms[i] : NULL;
	return NULL;
}

const char *pkg_sum_of(struct arena *arena, const char *stated, struct span bytes)
{
	const struct form *form = form_of(stated);

	uint8_t digest[DIGEST_MOST];
	size_t size;

	if (!form || (!*form->begin && strlen(stated) != 2 * SHA256_SIZE) ||
	    !digest_named(form->digest, bytes, digest, &size))
		return NULL;
	return arena_format(arena, "%s%s", form->begin, form->spell(arena, digest, size));
}

const char *pkg_sum_sha256(struct arena *arena, const char *stated)
{
	const struct form *form = form_of(stated);
	const char *text = form ? stated + strlen(form->begin) : "";

	if (!form || form->spell != digest_hex)
		return NULL;

	char *lower = arena_chars(arena, span_text(text));
	for (size_t i = 0; lower[i]; i++)
		if (lower[i] >= 'A' && lower[i] <= 'F')
			lower[i] |= 0x20;
	return lower;
}
