/* SPDX-License-Identifier: ISC */
/* Reads public keys from files and directories and verifies the signatures of feed
 * indexes: usign for Packages, PEM keys for packages.adb, PEM keys and
 * fingerprints for data.pkg. */
#include "facts/feed/trust.h"
#include "base/digest.h"
#include "base/text.h"
#include "facts/catalogue/apk_index.h"
#include "facts/catalogue/pkg_key.h"
#include "facts/feed/feed_search.h"
#include "facts/feed/pkg_trust.h"
#include "unpack/archive/apk_container.h"
#include "unpack/file.h"
#include "unpack/reader.h"

#include <string.h>
#include <sys/stat.h>

#define KEY_MOST (64u << 10)

enum { KEYS_MOST = 1024, HASH_SHA512 = 4 };

bool keys_any(const struct keys *keys)
{
	return keys->usign.count + keys->pem.count + keys->der.count + keys->fingerprints.count > 0;
}

/* apk reads PEM only, so that the other forms have a list of their own. */
static bool public_key_add(struct arena *arena, const char *witness, struct span text,
			   struct keys *keys)
{
	struct public_key key = {.witness = witness};

	if (!key_id(text, key.id) && !pkg_key_is(text))
		return false;
	key.text = arena_copy(arena, text);
	*array_add(arena, span_find(text, 0, SPAN_OF("-----BEGIN")) == SIZE_MAX ? &keys->der
										: &keys->pem) = key;
	return true;
}

static bool key_add_either(struct arena *arena, const char *witness, struct span text, bool revoked,
			   struct keys *keys)
{
	if (revoked)
		return fingerprint_add(arena, witness, text, &keys->revoked);
	return usign_key_add(arena, witness, text, &keys->usign) ||
	       public_key_add(arena, witness, text, keys) ||
	       fingerprint_add(arena, witness, text, &keys->fingerprints);
}

/* True if the file PATH lies in a folder named "revoked". */
static bool is_revoked(const char *path)
{
	_cleanup_arena_ struct arena arena = {0};
	const char *folder = path_folder(&arena, path);

	return text_ends(folder, "/revoked/") || strcmp(folder, "revoked/") == 0;
}

bool key_add(struct arena *arena, const char *witness, struct span text, struct keys *keys)
{
	return key_add_either(arena, witness, text, is_revoked(witness), keys);
}

static size_t keys_count(const struct keys *keys)
{
	return keys->usign.count + keys->pem.count + keys->der.count + keys->fingerprints.count +
	       keys->revoked.count;
}

static bool file_keys(struct arena *arena, const char *path, struct keys *keys, bool *found,
		      struct error *error)
{
	_cleanup_arena_ struct arena scratch = {0};
	const char *real;
	struct span text;

	if (!file_read(arena, path, KEY_MOST, &text, error))
		return false;
	/* PATH may be relative, or a link into a folder of another name: the folder's
	 * own name counts as well */
	real = path_real(&scratch, path_folder(&scratch, path));
	*found = key_add_either(
		arena, path, text,
		is_revoked(path) || (real && strcmp(path_last(real), "revoked") == 0), keys);
	return true;
}

/* A directory may contain other files beside keys; a file that the user names must
 * be a key. */
static bool directory_keys(struct arena *arena, const char *path, struct keys *keys,
			   struct error *error)
{
	struct strings names = {0};
	size_t seen = 2; /* "." and ".." count as well */
	struct stat status;
	bool ignored;

	if (!directory_names(arena, path, KEYS_MOST, &seen, &names, error))
		return false;
	array_each(name, &names) {
		const char *file = arena_format(arena, "%s/%s", path, *name);

		if (stat(file, &status) == 0 && S_ISREG(status.st_mode) &&
		    status.st_size <= KEY_MOST && !file_keys(arena, file, keys, &ignored, error))
			return false;
	}
	return true;
}

bool keys_read(struct arena *arena, const char *path, struct keys *keys, struct error *error)
{
	/* a directory for "fingerprints" in a repository's configuration (pkg.conf(5))
	 * has them */
	static const char *const folders[] = {"trusted", "revoked"};
	size_t before = keys_count(keys);
	struct stat status;
	bool found;

	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
		return file_keys(arena, path, keys, &found, error) &&
		       (found ||
			fail(error, "%s: not a public key (usign, PEM, DER), and no fingerprint",
			     path));
	if (!directory_keys(arena, path, keys, error))
		return false;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const char *folder = arena_format(arena, "%s/%s", path, folders[i]);

		if (stat(folder, &status) == 0 && S_ISDIR(status.st_mode) &&
		    !directory_keys(arena, folder, keys, error))
			return false;
	}
	return keys_count(keys) > before ||
	       fail(error, "%s: contains no public key (usign, PEM, DER) and no fingerprint", path);
}

/* The result with the highest weight is reported: it is trusted least. */
static unsigned weight(enum signature signature)
{
	static const unsigned weights[] = {[SIGNATURE_VALID] = 0,
					   [SIGNATURE_UNKNOWN_KEY] = 1,
					   [SIGNATURE_NONE] = 2,
					   [SIGNATURE_INVALID] = 3};

	return weights[signature];
}

/* Verifies one signature of an apk index. Byte 4 of the signed message is the version,
 * byte 5 the hash. */
static enum signature apk_verify(struct arena *arena, const struct keys *keys,
				 const struct apk_signature *signature, const char **why)
{
	const char *name = digest_hex(arena, signature->id.data, signature->id.size);

	if (signature->message.data[4] != 0 || signature->message.data[5] != HASH_SHA512) {
		*why = arena_format(arena, "made with key %s by an unknown method", name);
		return SIGNATURE_UNKNOWN_KEY;
	}
	array_each(key, &keys->pem) {
		if (!span_equal(span_from(key->id, sizeof key->id), signature->id))
			continue;
		if (pem_verify_sha512(key->text, signature->signature, signature->message)) {
			*why = arena_format(arena, "made with key %s, %s", name, key->witness);
			return SIGNATURE_VALID;
		}
		*why = arena_format(arena, "it does not match key %s: the index was changed", name);
		return SIGNATURE_INVALID;
	}
	*why = usign_unknown(arena, name, keys->pem.count);
	return SIGNATURE_UNKNOWN_KEY;
}

bool signature_counts(enum signature found, enum signature *result, const char *found_why,
		      const char **why)
{
	if (found == SIGNATURE_VALID || found == SIGNATURE_INVALID || *result == SIGNATURE_NONE) {
		*result = found;
		*why = found_why;
	}
	return found == SIGNATURE_VALID;
}

/* As in apk, one valid signature by a trusted key is enough, whatever other
 * keys signed too. */
static enum signature apk_index_verify(struct arena *arena, const struct keys *keys,
				       const char *path, struct span bytes, const char **why)
{
	struct apk_signatures signatures = {0};
	enum signature result = SIGNATURE_NONE;
	struct error error;

	if (!apk_index_signatures(arena, path, bytes, &signatures, &error)) {
		*why = arena_string(arena, span_text(error.text));
		return SIGNATURE_INVALID;
	}
	*why = "the index is not signed";
	array_each(signature, &signatures) {
		const char *text;
		enum signature found = apk_verify(arena, keys, signature, &text);

		if (signature_counts(found, &result, text, why))
			break;
	}
	return result;
}

enum signature index_verify(struct arena *arena, const struct keys *keys, const char *path,
			    struct span bytes, struct span signature, const char **why)
{
	if (apk_here(bytes))
		return apk_index_verify(arena, keys, path, bytes, why);
	*why = "the index is not signed";
	return signature.size > 0 ? usign_verify(arena, &keys->usign, signature, bytes, why)
				  : SIGNATURE_NONE;
}

/* If the catalogue is signed, the files beside it are signed as well. */
static void aside_verify(struct arena *arena, const struct keys *keys,
			 const struct index_text *text, struct feed *feed)
{
	const char *why;
	enum signature found;

	if (!text->pkg || feed->aside_why)
		return;
	found = pkg_verify(arena, keys, text->text, text->pkg, &why);
	if (found != SIGNATURE_INVALID &&
	    (found != SIGNATURE_NONE || feed->signature == SIGNATURE_NONE))
		return;
	feed->aside_why = found == SIGNATURE_NONE ? "it is not signed, and the catalogue is" : why;
	feed->aside_witness = text->path;
}

static enum signature text_signature(struct arena *arena, const struct keys *keys,
				     const struct index_text *text, const char **why)
{
	/* of an index that cannot be read, only a signature that was found can be
	 * wrong; in packages.adb it stands behind what cannot be read */
	bool has_signature = text->signature_path || (text->pkg && text->pkg->count > 0);

	if (text->problem && !has_signature) {
		*why = arena_format(arena, "the index cannot be read, and has no signature: %s",
				    text->problem);
		return SIGNATURE_NONE;
	}
	*why = text->signature_problem;
	if (!*why && text->text.size == 0)
		*why = text->problem;
	if (*why)
		return SIGNATURE_INVALID;
	if (text->pkg)
		return pkg_verify(arena, keys, text->text, text->pkg, why);
	return index_verify(arena, keys, text->path, text->text, text->signature, why);
}

static void text_verify(struct arena *arena, const struct keys *keys, const struct index_text *text,
			struct feed *feed)
{
	const char *why;
	enum signature found = text_signature(arena, keys, text, &why);

	if (feed->signature_why && weight(found) <= weight(feed->signature))
		return;
	feed->signature = found;
	feed->signature_why = why;
	feed->signature_witness = text->signature_path ? text->signature_path : text->path;
}

void feeds_verify(struct arena *arena, const struct keys *keys, struct feeds *feeds)
{
	array_each(feed, feeds) {
		array_each(text, &feed->texts)
			if (!text->aside)
				text_verify(arena, keys, text, feed);
		array_each(text, &feed->texts)
			if (text->aside)
				aside_verify(arena, keys, text, feed);
	}
}
