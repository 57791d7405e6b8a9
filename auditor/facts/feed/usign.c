/* SPDX-License-Identifier: ISC */
/* Parses usign public keys and signatures and verifies a Packages file with them
 * (format: usign, main.c). */
#include "facts/feed/usign.h"
#include "base/digest.h"
#include "base/verify.h"

/* A key or signature file of usign (usign: main.c) is "untrusted comment: ..." \n base64 \n.
 * Decoded:
 *   public key   "Ed"  fingerprint[8]  ed25519 public key[32]
 *   signature    "Ed"  fingerprint[8]  ed25519 signature[64]
 *
 * Nothing but blanks may follow.
 */
static bool payload_read(struct arena *arena, struct span text, size_t size,
			 struct span *fingerprint, struct span *payload)
{
	struct span comment, line, bytes;

	if (!span_line(&text, &comment) || !span_starts(comment, "untrusted comment:") ||
	    !span_line(&text, &line) || span_trim(text).size > 0)
		return false;
	return base64_decode(arena, line, &bytes) && bytes.size == 2 + USIGN_FINGERPRINT + size &&
	       span_starts(bytes, "Ed") && span_cut(bytes, 2, USIGN_FINGERPRINT, fingerprint) &&
	       span_cut(bytes, 2 + USIGN_FINGERPRINT, size, payload);
}

bool usign_key_add(struct arena *arena, const char *witness, struct span text,
		   struct usign_keys *keys)
{
	struct usign_key key = {.witness = witness};

	if (!payload_read(arena, text, ED25519_KEY_SIZE, &key.fingerprint, &key.key))
		return false;
	*array_add(arena, keys) = key;
	return true;
}

const char *usign_unknown(struct arena *arena, const char *name, size_t count)
{
	if (count == 0)
		return arena_format(arena,
				    "made with key %s, and no key of its kind is known: the image "
				    "has none, and none is given",
				    name);
	if (count == 1)
		return arena_format(arena, "made with key %s, which is not the known key", name);
	return arena_format(arena, "made with key %s, which is not one of the %zu known keys", name,
			    count);
}

enum signature usign_verify(struct arena *arena, const struct usign_keys *keys,
			    struct span signature, struct span message, const char **why)
{
	struct span fingerprint, bytes;
	bool known = false;

	if (!payload_read(arena, signature, ED25519_SIGNATURE_SIZE, &fingerprint, &bytes)) {
		*why = "the signature file is not a usign signature";
		return SIGNATURE_INVALID;
	}

	const char *name = digest_hex(arena, fingerprint.data, fingerprint.size);
	/* whoever makes a key chooses its fingerprint, so two keys may have
	 * the same one */
	for (size_t i = 0; i < keys->count; i++) {
		if (!span_equal(keys->list[i].fingerprint, fingerprint))
			continue;
		known = true;
		if (ed25519_verify(keys->list[i].key, bytes, message)) {
			*why = arena_format(arena, "made with key %s, %s", name,
					    keys->list[i].witness);
			return SIGNATURE_VALID;
		}
	}
	*why = known ? arena_format(arena, "it does not match key %s: the index was changed", name)
		     : usign_unknown(arena, name, keys->count);
	return known ? SIGNATURE_INVALID : SIGNATURE_UNKNOWN_KEY;
}
