/* SPDX-License-Identifier: ISC */
/* Reads public keys from files and directories and verifies the signatures of feed indexes:
 * usign for Packages, PEM keys for packages.adb, PEM keys and fingerprints for data.pkg. */
#include "facts/feed/trust.h"
#include "base/digest.h"
#include "facts/feed/apk_index.h"
#include "facts/feed/pkg_trust.h"
#include "unpack/file.h"
#include "unpack/reader.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define KEY_MOST (64u << 10)

enum { KEYS_MOST = 1024, HASH_SHA512 = 4 };

bool key_add(struct arena *arena, const char *witness, struct span text, struct keys *keys)
{
	struct pem_key key = {.witness = witness};

	if (usign_key_add(arena, witness, text, &keys->usign))
		return true;
	if (!pem_id(text, key.id))
		return fingerprint_add(arena, witness, text, keys);
	key.pem = arena_copy(arena, text);
	*array_add(arena, &keys->pem) = key;
	return true;
}

static void directory_close(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

static bool names_read(struct arena *arena, const char *path, struct strings *names,
		       struct error *error)
{
	__attribute__((cleanup(directory_close))) DIR *directory = opendir(path);
	const struct dirent *entry;

	if (!directory)
		return fail(error, "%s: %s", path, strerror(errno));
	while (errno = 0, (entry = readdir(directory))) {
		if (names->count == KEYS_MOST)
			return fail(error, "%s: more than %d files", path, KEYS_MOST);
		*array_add(arena, names) = arena_format(arena, "%s/%s", path, entry->d_name);
	}
	if (errno != 0)
		return fail(error, "%s: %s", path, strerror(errno));
	array_sort(names, strings_compare);
	return true;
}

static size_t keys_count(const struct keys *keys)
{
	return keys->usign.count + keys->pem.count + keys->fingerprints.count;
}

/* A directory may contain other files beside keys; a file that the user names must be a key. */
static bool directory_keys(struct arena *arena, const char *path, struct keys *keys,
			   struct error *error)
{
	size_t before = keys_count(keys);
	struct strings names = {0};
	struct stat status;
	struct span text;

	if (!names_read(arena, path, &names, error))
		return false;
	for (size_t i = 0; i < names.count; i++)
		if (stat(names.list[i], &status) == 0 && S_ISREG(status.st_mode) &&
		    status.st_size <= KEY_MOST) {
			if (!file_read(arena, names.list[i], KEY_MOST, &text, error))
				return false;
			key_add(arena, names.list[i], text, keys);
		}
	return keys_count(keys) > before ||
	       fail(error, "%s: contains no usign or PEM public key and no fingerprint", path);
}

bool keys_read(struct arena *arena, const char *path, struct keys *keys, struct error *error)
{
	struct stat status;
	struct span text;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return directory_keys(arena, path, keys, error);
	return file_read(arena, path, KEY_MOST, &text, error) &&
	       (key_add(arena, path, text, keys) ||
		fail(error, "%s: not a usign or PEM public key, and no fingerprint", path));
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

/* Verifies one signature of an apk index. Byte 4 of the signed message is the version, byte 5 the
 * hash. */
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
		if (pem_verify_sha512(key->pem, signature->signature, signature->message)) {
			*why = arena_format(arena, "made with key %s, %s", name, key->witness);
			return SIGNATURE_VALID;
		}
		*why = arena_format(arena, "it does not match key %s: the index was changed", name);
		return SIGNATURE_INVALID;
	}
	*why = arena_format(arena, "made with key %s, which is not one of the %zu known keys", name,
			    keys->pem.count);
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

/* As in apk, one valid signature by a trusted key is enough, whatever other keys signed too. */
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
	if (apk_index_is(bytes))
		return apk_index_verify(arena, keys, path, bytes, why);
	*why = "the index is not signed";
	return signature.size > 0 ? usign_verify(arena, &keys->usign, signature, bytes, why)
				  : SIGNATURE_NONE;
}

static void verified(struct feed *feed, enum signature signature, const char *why,
		     const char *witness)
{
	if (feed->signature_why && weight(signature) <= weight(feed->signature))
		return;
	feed->signature = signature;
	feed->signature_why = why;
	feed->signature_witness = witness;
}

static void text_verify(struct arena *arena, const struct keys *keys, const struct index_text *text,
			struct feed *feed)
{
	const char *why = text->problem ? text->problem : text->signature_problem;
	const char *witness = text->signature_path ? text->signature_path : text->path;
	enum signature found = SIGNATURE_INVALID;

	if (text->pkg && !why) {
		found = pkg_verify(arena, keys, text->text, text->pkg, &why);
		verified(feed, found, why, witness);
		return;
	}
	if (!text->problem && !text->signature_path && !apk_index_is(text->text))
		verified(feed, SIGNATURE_NONE, "the index is not signed", text->path);
	else if (why)
		verified(feed, found, why, witness);
	else {
		found = index_verify(arena, keys, text->path, text->text, text->signature, &why);
		verified(feed, found, why, witness);
	}
}

void feeds_verify(struct arena *arena, const struct keys *keys, struct feeds *feeds)
{
	array_each(feed, feeds)
		array_each(text, &feed->texts)
			text_verify(arena, keys, text, feed);
}
