/* SPDX-License-Identifier: ISC */
/* Writes the packages and the index of a vetted feed: Packages, as OpenWrt's
 * ipkg-make-index.sh and usign make it, or packages.adb of apk. */
#include "vet/vet.h"

#include "base/digest.h"
#include "base/quote.h"
#include "base/text.h"
#include "facts/feed/feed.h"
#include "fetch/fetch.h"
#include "unpack/file.h"
#include "unpack/limits.h"
#include "vet/gzip_write.h"
#include "vet/apk_rewrite.h"
#include "vet/ipk_rewrite.h"

#include <string.h>

static const char *version_before(const struct package *package)
{
	return package->vetted.version ? package->vetted.version : package->version;
}

struct asking {
	struct arena *arena;
	const struct vetting *vetting;
};

/* The version that a dependency of a vetted package requires: of the kernel, the
 * image's version; of a package in this feed, its version with the mark if the old
 * version would not match. */
static const char *version_asked(void *context, const struct dependency *dependency, bool alone)
{
	struct asking *asking = context;

	if (alone && dependency_is_kernel(dependency))
		return asking->vetting->kernel;
	array_each(one, &asking->vetting->packages) {
		struct package package = *one->package;

		package.version = version_before(one->package);
		if (!package_satisfies(&package, dependency))
			continue;
		package.version = one->version;
		if (!package_satisfies(&package, dependency))
			return one->version;
	}
	return NULL;
}

static bool bytes_read(struct arena *arena, const struct package *package, struct span *ret,
		       struct error *error)
{
	_cleanup_fetcher_ struct fetcher *fetcher = NULL;
	struct fetch_options options = {.offline = true};
	struct fetch fetch = {.url = package->file, .limit = LIMIT_FILE};
	const char *path = package->file;

	/* a fetched package is in the cache, under its digest */
	if (url_is_remote(package->file)) {
		options.cache = fetch_cache(arena);
		fetch.sha256 = digest_hex(arena, package->digest.bytes, SHA256_SIZE);
		if (!fetcher_open(arena, &options, &fetcher, error))
			return false;
		fetch_all(fetcher, &fetch, 1);
		if (!fetch.path)
			return fail(error, "%s", fetch.problem);
		path = fetch.path;
	}
	if (!file_read(arena, path, LIMIT_FILE, ret, error))
		return false;

	struct sha256 digest = sha256_of(*ret);
	return sha256_equal(&digest, &package->digest) ||
	       fail(error, "%s: changed while it was read", package->file);
}

/* NAME_VERSION_ARCHITECTURE.ipk, OpenWrt's form; NAME-VERSION.apk, the form that
 * apk asks for. */
static bool file_name(struct arena *arena, const struct vetted_package *one, const char **ret,
		      struct error *error)
{
	const struct package *package = one->package;
	const char *name =
		package->apk ? arena_format(arena, "%s-%s.apk", package->name, one->version)
			     : arena_format(arena, "%s_%s_%s.ipk", package->name, one->version,
					    text_or_empty(package->architecture));

	*ret = name;
	return (name[0] != '.' && name[0] != '-' &&
		name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789+-.~_:=,")] == '\0') ||
	       fail(error,
		    "%s: cannot be rewritten: its name, version or architecture cannot be part "
		    "of a file name",
		    package->file);
}

static bool package_write(struct vetting *vetting, struct vetted_package *one,
			  const struct feed_folder *folder, struct error *error)
{
	struct arena scratch _cleanup_arena_ = {0};
	struct asking asking = {&scratch, vetting};
	const char *path = one->package->file;
	const char *source = quote(&scratch, url_is_remote(path) ? path : path_last(path));
	struct control_wish wish = {.mark = VET_MARK,
				    .proof = "not needed: no module",
				    .report = vetting->digest,
				    .version = version_asked,
				    .context = &asking};
	struct span bytes, packed, metadata;

	wish.source = arena_format(&scratch, "%s sha256 %s", source,
				   digest_hex(&scratch, one->package->digest.bytes, SHA256_SIZE));
	if (one->unproven)
		wish.proof = "none: unproven, named by the policy";
	else if (one->result && one->result->proof)
		wish.proof = one->result->proof;
	if (!file_name(vetting->arena, one, &one->file, error) ||
	    !bytes_read(&scratch, one->package, &bytes, error) ||
	    !(vetting->apk ? apk_rewrite(&scratch, path, bytes, one->version, &wish, &packed,
					 &metadata, error)
			   : ipk_rewrite(&scratch, path, bytes, &wish, &packed, &metadata, error)))
		return false;
	if (vetting->apk) {
		one->row = (struct apk_row){one->package->name,
					    arena_copy(vetting->arena, metadata), packed.size};
	} else {
		const char *block = arena_format(
			&scratch, "Filename: %s\nSize: %zu\nMD5Sum: %s\nSHA256sum: %s\n", one->file,
			packed.size, md5_hex(&scratch, packed), sha256_hex(&scratch, packed));

		one->stanza =
			arena_string(vetting->arena, control_insert(&scratch, metadata, block));
	}
	return feed_folder_write(folder, one->file, packed, error);
}

bool vet_packages_write(struct vetting *vetting, const struct feed_folder *folder,
			struct error *error)
{
	array_each(one, &vetting->packages) {
		const char *before = version_before(one->package);

		one->version = one->package->apk
				       ? apk_version_marked(vetting->arena, before)
				       : arena_format(vetting->arena, "%s" VET_MARK, before);
	}
	array_each(one, &vetting->packages)
		if (!package_write(vetting, one, folder, error))
			return false;
	return true;
}

static int stanza_compare(const void *a, const void *b)
{
	const struct vetted_package *const *left = a, *const *right = b;

	return strcmp((*left)->package->name, (*right)->package->name);
}

/* Writes the stanzas sorted by name, with a blank line behind each. */
static struct span index_text(struct arena *arena, const struct vetting *vetting)
{
	struct sorted {
		const struct vetted_package **list;
		size_t count, room;
	} sorted = {0};
	size_t size = 0, at = 0;

	array_each(one, &vetting->packages) {
		*array_add(arena, &sorted) = one;
		size += strlen(one->stanza) + 1;
	}
	array_sort(&sorted, stanza_compare);

	uint8_t *text = arena_raw(arena, size + 1);
	array_each(one, &sorted) {
		size_t length = strlen((*one)->stanza);

		memcpy(text + at, (*one)->stanza, length);
		text[at + length] = '\n';
		at += length + 1;
	}
	return span_from(text, size);
}

static bool opkg_index_write(struct arena *arena, const struct vetting *vetting,
			     const struct feed_folder *folder, const struct vet_key *key,
			     struct error *error)
{
	struct span index = index_text(arena, vetting);
	const char *signature;

	if (!feed_folder_write(folder, "Packages", index, error) ||
	    !feed_folder_write(folder, "Packages.gz", gzip_write(arena, index), error) ||
	    !feed_folder_write(folder, "Packages.manifest", index, error))
		return false;
	if (!key->usign)
		return true;
	if (!secret_key_sign(arena, key->usign, index, &signature, error) ||
	    !feed_folder_write(folder, "Packages.sig", span_text(signature), error))
		return false;
	if (!key->out)
		return true;

	/* The key is written under its id, and under its id without leading zeros: older
	 * versions of usign look for that name (usign of OpenWrt 15.05, main.c, prints
	 * the number with %llx). */
	struct span text = span_text(secret_key_public(arena, key->usign));
	const char *id = key->usign->id, *plain = secret_key_number(key->usign);

	return feed_folder_write(folder, arena_format(arena, FEED_KEYS "/%s", id), text, error) &&
	       (strcmp(plain, id) == 0 ||
		feed_folder_write(folder, arena_format(arena, FEED_KEYS "/%s", plain), text,
				  error));
}

static int row_compare(const void *a, const void *b)
{
	return strcmp(((const struct apk_row *)a)->name, ((const struct apk_row *)b)->name);
}

static bool apk_index_write(struct arena *arena, const struct vetting *vetting,
			    const struct feed_folder *folder, const struct vet_key *key,
			    struct error *error)
{
	struct apk_rows rows = {0};
	struct span index;

	array_each(one, &vetting->packages)
		*array_add(arena, &rows) = one->row;
	array_sort(&rows, row_compare);
	return apk_index_make(arena, &rows, key->pem, &index, error) &&
	       feed_folder_write(folder, FEED_APK_INDEX, index, error) &&
	       (!key->out || !key->pem ||
		feed_folder_write(folder,
				  arena_format(arena, FEED_APK_KEYS "/%s.pem", key->pem->id),
				  span_text(key->pem->public), error));
}

bool vet_index_write(const struct vetting *vetting, const struct feed_folder *folder,
		     const struct vet_key *key, struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};

	return (vetting->apk ? apk_index_write : opkg_index_write)(&arena, vetting, folder, key,
								   error) &&
	       feed_folder_write(folder, "report.yaml", vetting->report, error);
}
