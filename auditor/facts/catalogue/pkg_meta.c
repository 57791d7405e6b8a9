/* SPDX-License-Identifier: ISC */
/* Reads the file in which a FreeBSD repository names its
 * archives (libpkg/pkg_repo_meta.c; how pkg uses the
 * names: libpkg/pkg_repo.c, pkg_repo_fetch_remote_tmp). */
#include "facts/catalogue/pkg_meta.h"
#include "base/text.h"
#include "facts/ucl/ucl.h"
#include "unpack/unpack.h"

#include <string.h>
#include <strings.h>

/* UCL; keys in either case, all but version optional:
 *     version = 2;  packing_format = "tzst";
 *     data = "data";  data_archive = "data";
 *     manifests = "packagesite.yaml";  manifests_archive = "packagesite";
 *     filesite_archive = "files";  digests_archive = "digests";  (more archives)
 *     cert { type = "rsa"; name = "packagesite.yaml"; data = "-----BEGIN PUBLIC KEY-----..." }
 * Version 1 has digests and filesite as well (pkg_digests.h, pkg_filesite.h).
 * pkg takes the name that it asks for from "data" and "manifests": up to the last dot, then "pkg",
 * or else the packing_format. */

bool pkg_meta_is_path(const char *path)
{
	const char *name = path_last(path);

	return strcmp(name, "meta.conf") == 0 || strcmp(name, "meta.txz") == 0;
}

struct pkg_meta pkg_meta_default(void)
{
	return (struct pkg_meta){.data = "data",
				 .manifests = "packagesite.yaml",
				 .digests = "digests",
				 .filesite = "filesite.yaml",
				 .format = "txz"};
}

static const struct ucl *value_of(const struct ucl *top, const char *key)
{
	ucl_each(member, top) if (strcasecmp(member->key, key) == 0) return member;
	return NULL;
}

/* pkg ignores a value that is no string. A name with a slash leads out of the
 * repository. */
static bool name_read(struct arena *arena, const struct ucl *top, const char *key, const char **ret,
		      struct error *error)
{
	const struct ucl *value = value_of(top, key);

	if (!value || value->kind != UCL_STRING)
		return true;
	if (!*value->text || *value->text == '.' || strchr(value->text, '/'))
		return fail(error, "line %zu: %s is no name of a file", value->line, key);
	*ret = arena_string(arena, span_text(value->text));
	return true;
}

static bool version_read(const struct ucl *top, struct pkg_meta *ret, struct error *error)
{
	const struct ucl *version = value_of(top, "version");

	if (top->kind != UCL_OBJECT || !version || version->kind != UCL_NUMBER)
		return fail(error, "it states no version");
	ret->version = strcmp(version->text, "1") == 0 ? 1 : 2;
	return ret->version == 1 || strcmp(version->text, "2") == 0 ||
	       fail(error, "its version is %s; pkg reads 1 and 2", version->text);
}

/* pkg validates them by a schema: type is "rsa", name and data are there. A key of meta
 * is trusted no more than one beside the signature: its fingerprint decides. */
static bool cert_read(struct arena *arena, const struct ucl *top, struct pkg_meta *ret,
		      struct error *error)
{
	const struct ucl *cert = value_of(top, "cert");
	const char *type = ucl_text(cert, "type"), *name = ucl_text(cert, "name"),
		   *data = ucl_text(cert, "data");

	if (!cert)
		return true;
	if (cert->kind != UCL_OBJECT || !type || strcmp(type, "rsa") != 0 || !name || !data)
		return fail(error, "line %zu: cert is no object with type rsa, name and data",
			    cert->line);
	*array_add(arena, &ret->certs) = (struct pkg_cert){arena_string(arena, span_text(name)),
							   arena_string(arena, span_text(data))};
	return true;
}

static bool text_read(struct arena *arena, struct span text, struct pkg_meta *ret,
		      struct error *error)
{
	static const char *const archives[] = {"data_archive",	   "manifests_archive",
					       "filesite_archive", "digests_archive",
					       "fulldb_archive",   "conflicts_archive"};
	static const char *const formats[] = {"tzst", "txz", "tbz", "tgz", "tar"};
	_cleanup_arena_ struct arena values = {0};
	const struct ucl *top;

	ret->format = "tzst";
	if (text.size > PKG_META_MOST)
		return fail(error, "larger than %d bytes", PKG_META_MOST);
	if (!ucl_read(&values, text, &top, error) || !version_read(top, ret, error) ||
	    !cert_read(arena, top, ret, error) ||
	    !name_read(arena, top, "data", &ret->data, error) ||
	    !name_read(arena, top, "manifests", &ret->manifests, error) ||
	    !name_read(arena, top, "digests", &ret->digests, error) ||
	    !name_read(arena, top, "filesite", &ret->filesite, error) ||
	    !name_read(arena, top, "packing_format", &ret->format, error))
		return false;
	for (size_t i = 0; i < sizeof archives / sizeof *archives; i++) {
		const char *name = NULL;

		if (!name_read(arena, top, archives[i], &name, error))
			return false;
		if (name)
			*array_add(arena, &ret->special) = name;
	}
	return text_index(ret->format, formats, sizeof formats / sizeof *formats) <
		       sizeof formats / sizeof *formats ||
	       fail(error, "packing_format is %s, which pkg does not know", ret->format);
}

/* The state of opening meta.txz: a tar with a member "meta", and with signatures. */
struct opening {
	struct arena *arena;
	struct span text;
	bool seen;
};

static enum want opening_want(void *context, const char *path, uint64_t size, enum part part)
{
	(void)context;
	return part == PART_ROOT && size <= PKG_META_MOST && strcmp(path, "meta") == 0
		       ? WANT_BYTES
		       : WANT_NOTHING;
}

static bool opening_entry(void *context, const struct entry *entry, struct error *error)
{
	struct opening *opening = context;

	if (entry->part != PART_ROOT || entry->kind != ENTRY_FILE ||
	    strcmp(entry->path, "meta") != 0)
		return true;
	if (opening->seen)
		return fail(error, "it has two members meta");
	opening->seen = true;
	opening->text = arena_copy(opening->arena, entry->bytes);
	return true;
}

bool pkg_meta_read(struct arena *arena, const char *path, struct span bytes, struct pkg_meta *ret,
		   struct error *error)
{
	struct opening opening = {.arena = arena, .text = bytes};
	struct visitor visitor = {
		.context = &opening, .want = opening_want, .entry = opening_entry, .threads = 1};

	*ret = pkg_meta_default();
	ret->path = path;
	if (text_ends(path, ".txz") && !unpack_bytes(path, bytes, &visitor, error))
		return false;
	if (text_ends(path, ".txz") && !opening.seen)
		return fail(error, "%s: it has no member meta", path);
	return text_read(arena, opening.text, ret, error) || within(error, "%s", path);
}

const char *pkg_meta_packed(struct arena *arena, const struct pkg_meta *meta, const char *member,
			    size_t ending)
{
	const char *dot = strrchr(member, '.');
	size_t size = dot ? (size_t)(dot - member) : strlen(member);

	return arena_format(arena, "%.*s.%s", (int)size, member, ending ? meta->format : "pkg");
}

const char *pkg_meta_archive(struct arena *arena, const struct pkg_meta *meta, size_t at)
{
	const char *member = at < META_CATALOGUES / 2 ? meta->data : meta->manifests;

	return pkg_meta_packed(arena, meta, member, at % 2);
}

/* True if NAME is STEM and the ending of an archive. */
static bool is_archive(const struct pkg_meta *meta, const char *name, const char *stem)
{
	size_t size = strlen(stem);

	return strncmp(name, stem, size) == 0 && name[size] == '.' &&
	       (strcmp(name + size + 1, "pkg") == 0 || strcmp(name + size + 1, meta->format) == 0);
}

bool pkg_meta_is_special(struct arena *arena, const struct pkg_meta *meta, const char *path)
{
	const char *name = path_last(path);

	for (size_t i = 0; i < META_CATALOGUES; i++)
		if (strcmp(name, pkg_meta_archive(arena, meta, i)) == 0)
			return true;
	return array_any(stem, &meta->special, is_archive(meta, name, *stem));
}
