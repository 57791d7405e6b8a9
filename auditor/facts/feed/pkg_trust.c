/* SPDX-License-Identifier: ISC */
/* Verifies the signatures of a FreeBSD repository's catalogue (libpkg/pkg_repo.c,
 * pkgsign_ossl.c, pkgsign_ecc.c). */
#include "facts/feed/pkg_trust.h"
#include "base/digest.h"
#include "facts/catalogue/pkg_key.h"
#include "facts/ucl/ucl.h"

/* What is signed is not the catalogue but its SHA-256 in 64 hex digits:
 *     fingerprints  rsa    PKCS#1 v1.5, SHA-256, of the digits
 *                   ecdsa  SHA-256, of the digits
 *                   eddsa  Ed25519, of the digits
 *     pubkey        rsa    the same; and older: a DigestInfo of SHA-1 around the digits and a NUL
 *                   ecdsa  SHA-256, of the catalogue's BLAKE2b-512 in 64 bytes
 *                   eddsa  Ed25519, of the same
 * "ecc" is another name for eddsa. pkg writes a NUL behind a signature of RSA in mode pubkey, and
 * removes a last byte of 0 from it (libpkg/pkgsign_ossl.c: ossl_sign_data, ossl_verify). */
enum { HEX_SIZE = 2 * SHA256_SIZE };

/* DigestInfo { AlgorithmIdentifier { sha1, NULL }, OCTET STRING of 65 bytes }
 * (RFC 8017, 9.2) */
static const uint8_t sha1_info[] = {0x30, 0x50, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e,
				    0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x41};

struct verifying {
	struct arena *arena;
	const struct keys *keys;
	struct span text; /* the catalogue */
	const char *hex; /* its sha256 */
};

bool fingerprint_add(struct arena *arena, const char *witness, struct span text,
		     struct fingerprints *ret)
{
	_cleanup_arena_ struct arena values = {0};
	const struct ucl *top;
	const char *function, *hex;
	struct error ignored;

	if (!ucl_read(&values, text, &top, &ignored))
		return false;
	function = ucl_text(top, "function");
	hex = ucl_text(top, "fingerprint");
	if (!function || strcmp(function, "sha256") != 0 || !hex || strlen(hex) != HEX_SIZE)
		return false;
	*array_add(arena, ret) = (struct fingerprint){witness, arena_string(arena, span_text(hex))};
	return true;
}

static bool rsa_good(const struct verifying *verifying, struct span key, struct span signature,
		     bool alone)
{
	uint8_t info[sizeof sha1_info + HEX_SIZE + 1] = {0};

	if (alone && signature.size > 0 && signature.data[signature.size - 1] == '\0')
		signature.size--;
	if (key_verify_sha256(key, signature, span_text(verifying->hex)))
		return true;
	memcpy(info, sha1_info, sizeof sha1_info);
	memcpy(info + sizeof sha1_info, verifying->hex, HEX_SIZE);
	return alone && rsa_recovers(key, signature, span_from(info, sizeof info));
}

typedef bool verify_function(struct span key, struct span signature, struct span message);

/* ALONE: of mode pubkey. *KNOWN is false for a type that is not verified here. */
static bool signature_good(const struct verifying *verifying, const struct pkg_signature *signature,
			   struct span key, bool *known)
{
	static const struct {
		const char *type;
		verify_function *verify; /* NULL: RSA */
	} types[] = {{"rsa", NULL},
		     {"ecdsa", key_verify_sha256},
		     {"eddsa", pkg_key_verify},
		     {"ecc", pkg_key_verify}};
	bool alone = signature->key.size == 0;
	uint8_t digest[DIGEST_MOST];
	size_t size;

	*known = true;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (strcmp(signature->type, types[i].type) != 0)
			continue;
		if (!types[i].verify)
			return rsa_good(verifying, key, signature->signature, alone);
		if (!alone)
			return types[i].verify(key, signature->signature,
					       span_text(verifying->hex));
		/* elliptic curves sign other bytes in mode pubkey */
		return digest_named("blake2b512", verifying->text, digest, &size) &&
		       types[i].verify(key, signature->signature, span_from(digest, size));
	}
	*known = false;
	return false;
}

static enum signature type_unknown(const struct verifying *verifying,
				   const struct pkg_signature *signature, const char **why)
{
	*why = arena_format(verifying->arena,
			    "its signature %s is of type %s, which is not verified",
			    signature->name, signature->type);
	return SIGNATURE_UNKNOWN_KEY;
}

/* The file that has revoked KEY, or NULL. */
static const char *revoked_by(const struct verifying *verifying, struct span key)
{
	const char *hex = sha256_hex(verifying->arena, key);

	array_each(one, &verifying->keys->revoked)
		if (strcmp(one->hex, hex) == 0)
			return one->witness;
	return NULL;
}

static enum signature made_with_revoked(const struct verifying *verifying, struct span key,
					const char *witness, const char **why)
{
	*why = arena_format(verifying->arena, "the key of fingerprint %s is revoked, %s",
			    sha256_hex(verifying->arena, key), witness);
	return SIGNATURE_INVALID;
}

/* Tries each of LIST. NONE: no key of it made the signature. */
static enum signature list_verify(const struct verifying *verifying,
				  const struct pkg_signature *signature,
				  const struct public_keys *list, const char **why)
{
	bool known = true;

	array_each(key, list) {
		const char *revoked = revoked_by(verifying, key->text);

		if (signature_good(verifying, signature, key->text, &known)) {
			*why = arena_format(verifying->arena, "made with key %s", key->witness);
			return revoked ? made_with_revoked(verifying, key->text, revoked, why)
				       : SIGNATURE_VALID;
		}
		if (!known)
			return type_unknown(verifying, signature, why);
	}
	return SIGNATURE_NONE;
}

/* A signature of mode pubkey does not say which key made it, so each key is tried. */
static enum signature alone_verify(const struct verifying *verifying,
				   const struct pkg_signature *signature, const char **why)
{
	const struct keys *keys = verifying->keys;
	size_t count = keys->pem.count + keys->der.count;
	enum signature found = list_verify(verifying, signature, &keys->pem, why);

	if (found == SIGNATURE_NONE)
		found = list_verify(verifying, signature, &keys->der, why);
	if (found != SIGNATURE_NONE)
		return found;
	*why = count == 0
		       ? "no public key is given, and the signature does not name its key"
		       : arena_format(
				 verifying->arena,
				 "it matches none of the %zu known keys: another key made it, or "
				 "the catalogue was changed",
				 count);
	return count == 0 ? SIGNATURE_UNKNOWN_KEY : SIGNATURE_INVALID;
}

/* The one of LIST that is KEY, or NULL. An EdDSA key of pkg has no id. */
static const char *listed_key(const struct public_keys *list, struct span key)
{
	uint8_t id[PEM_ID_SIZE];
	bool has_id = key_id(key, id);

	array_each(one, list)
		if (span_equal(one->text, key) || (has_id && memcmp(one->id, id, sizeof id) == 0))
			return one->witness;
	return NULL;
}

/* What trusts the key that a signature brings along: a fingerprint, or the key
 * itself; or NULL. */
static const char *trusted_by(const struct verifying *verifying, struct span key)
{
	const char *hex = sha256_hex(verifying->arena, key), *found;

	array_each(one, &verifying->keys->fingerprints)
		if (strcmp(one->hex, hex) == 0)
			return one->witness;
	found = listed_key(&verifying->keys->pem, key);
	return found ? found : listed_key(&verifying->keys->der, key);
}

static enum signature with_key_verify(const struct verifying *verifying,
				      const struct pkg_signature *signature, const char **why)
{
	const char *hex = sha256_hex(verifying->arena, signature->key), *witness;
	bool known;

	if (signature->signature.size == 0) {
		*why = arena_format(verifying->arena, "%s.pub is there without %s.sig",
				    signature->name, signature->name);
		return SIGNATURE_INVALID;
	}
	witness = trusted_by(verifying, signature->key);
	if (!signature_good(verifying, signature, signature->key, &known)) {
		if (!known)
			return type_unknown(verifying, signature, why);
		*why = arena_format(verifying->arena,
				    "it does not match the key beside it, fingerprint %s: the "
				    "catalogue was changed",
				    hex);
		return SIGNATURE_INVALID;
	}
	*why = witness ? arena_format(verifying->arena, "made with the key of fingerprint %s, %s",
				      hex, witness)
		       : arena_format(verifying->arena,
				      "made with the key of fingerprint %s, which is not known",
				      hex);
	return witness ? SIGNATURE_VALID : SIGNATURE_UNKNOWN_KEY;
}

static bool is_alone(const struct pkg_signature *signature)
{
	return strcmp(signature->name, "signature") == 0;
}

static enum signature half_refuse(const struct verifying *verifying,
				  const struct pkg_signature *half, const char **why)
{
	bool keyless = half->key.size == 0;

	*why = keyless ? arena_format(verifying->arena,
				      "%s.sig is there without its key, which is neither %s.pub "
				      "nor a cert of that name in the repository's meta",
				      half->name, half->name)
		       : arena_format(verifying->arena, "%s.pub is there without %s.sig",
				      half->name, half->name);
	return keyless ? SIGNATURE_UNKNOWN_KEY : SIGNATURE_INVALID;
}

/* As in pkg, one valid signature by a trusted key is enough, but no key may be revoked
 * (pkg_repo_check_fingerprint). */
enum signature pkg_verify(struct arena *arena, const struct keys *keys, struct span text,
			  const struct pkg_signatures *signatures, const char **why)
{
	struct verifying verifying = {arena, keys, text, sha256_hex(arena, text)};
	/* a signature of mode fingerprints without its key, which is beside it or in
	 * meta, or a key without its signature: pkg then trusts none of the archive */
	const struct pkg_signature *half =
		array_find(one, signatures,
			   !is_alone(one) && (one->key.size == 0 || one->signature.size == 0));
	enum signature result = SIGNATURE_NONE;

	*why = "the catalogue is not signed";
	array_each(signature, signatures) {
		const char *witness =
			signature->key.size > 0 ? revoked_by(&verifying, signature->key) : NULL;

		if (witness)
			return made_with_revoked(&verifying, signature->key, witness, why);
	}
	array_each(signature, signatures) {
		enum signature found;
		const char *text_why;

		if (is_alone(signature) && signature->key.size == 0)
			found = alone_verify(&verifying, signature, &text_why);
		else if (half)
			found = half_refuse(&verifying, half, &text_why);
		else
			found = with_key_verify(&verifying, signature, &text_why);

		if (signature_counts(found, &result, text_why, why))
			break;
	}
	return result;
}
