/* SPDX-License-Identifier: ISC */
/* Rewrites version, dependencies and description of an .apk (apk-tools src/app_mkpkg.c
 * makes one; unpack/archive/apk_schema.h has its fields). */
#include "vet/apk_rewrite.h"

#include "base/digest.h"
#include "facts/package/apk.h"
#include "unpack/archive/apk_container.h"
#include "unpack/archive/apk_schema.h"
#include "unpack/limits.h"
#include "vet/adb_write.h"

#include <string.h>

enum { FIELDS_MOST = 64, UNIQUE_ID = 20 };

struct apk_rewriting {
	struct arena *arena;
	const struct control_wish *wish;
	struct adb adb;
	bool damaged; /* a value of ADB is not what its field contains */
	struct adb_source source;
	struct adb_writer writer;
	struct span description; /* without what an earlier run of vet added */
	struct span depends; /* the dependencies before the first vetting; empty: as they are */
	const char *first_depends; /* the same in words, from the dependencies as they are */
	bool changed; /* a dependency is now another one */
	bool odd; /* a dependency is none that apk writes */
};

const char *apk_version_marked(struct arena *arena, const char *version)
{
	size_t numbers = strcspn(version, "~-");

	return arena_format(arena, "%.*s_pre%s", (int)numbers, version, version + numbers);
}

/* ---- dependencies ---- */

static enum relation relation_of(uint64_t match)
{
	static const enum relation plain[] = {
		RELATION_EQUAL,	  RELATION_EQUAL,	  RELATION_LESS,     RELATION_LESS_EQUAL,
		RELATION_GREATER, RELATION_GREATER_EQUAL, RELATION_IDENTITY, RELATION_ANY};

	if (match & MATCH_FUZZY)
		return match & MATCH_GREATER ? RELATION_FUZZY_GREATER
		       : match & MATCH_LESS  ? RELATION_FUZZY_LESS
					     : RELATION_FUZZY;
	return match < sizeof plain / sizeof *plain ? plain[match] : RELATION_ANY;
}

/* The version in WORD, "name=1.0"; empty: it has none. */
static struct span word_version(struct span word)
{
	static const char operators[] = "<>=~";
	size_t at = 0;

	while (at < word.size && !strchr(operators, word.data[at]))
		at++;
	while (at < word.size && strchr(operators, word.data[at]))
		at++;
	return span_skip(word, at);
}

static const char *dependency_words(struct arena *arena, struct span name, struct span version,
				    uint64_t match)
{
	if (version.size == 0)
		return arena_format(arena, "%s%.*s", match & MATCH_CONFLICT ? "!" : "",
				    (int)name.size, (const char *)name.data);
	return arena_format(arena, "%s%.*s%s%s%s%.*s", match & MATCH_CONFLICT ? "!" : "",
			    (int)name.size, (const char *)name.data,
			    match & MATCH_GREATER ? ">" : "", match & MATCH_LESS ? "<" : "",
			    match & MATCH_FUZZY	  ? "~"
			    : match & MATCH_EQUAL ? "="
						  : "",
			    (int)version.size, (const char *)version.data);
}

/* WORD: the dependency before the first vetting, if that is known. */
static uint32_t dependency_copy(struct apk_rewriting *rewriting, uint32_t value, struct span word)
{
	struct arena *arena = rewriting->arena;
	struct adb_object object = adb_object(&rewriting->adb, value);
	struct span name = {NULL, 0}, version = {NULL, 0}, now;
	struct adb_words words = {0};
	uint64_t match = MATCH_EQUAL;
	const char *asked = NULL;
	struct dependency one;

	adb_blob(&rewriting->adb, adb_field(object, DEPENDENCY_NAME), &name);
	adb_blob(&rewriting->adb, adb_field(object, DEPENDENCY_VERSION), &version);
	adb_number(&rewriting->adb, adb_field(object, DEPENDENCY_MATCH), &match);
	now = version;
	if (word.size > 0 && version.size > 0)
		version = word_version(word);
	if (version.size > 0 && relation_of(match) != RELATION_ANY) {
		one = (struct dependency){arena_string(arena, name), relation_of(match),
					  arena_string(arena, version), true};
		asked = rewriting->wish->version(rewriting->wish->context, &one, true);
	}

	const char *words_now = dependency_words(arena, name, version, match);

	/* a later run must find VERSION in the words, which become one of several words
	 * in a line */
	rewriting->odd |=
		name.size == 0 || strcspn(words_now, " \t") != strlen(words_now) ||
		(version.size > 0 && !span_equal(word_version(span_text(words_now)), version));
	rewriting->first_depends = arena_format(arena, "%s%s%s", rewriting->first_depends,
						*rewriting->first_depends ? " " : "", words_now);
	rewriting->changed |= asked && !span_is(version, asked);
	if (span_is(now, asked ? asked : arena_string(arena, version)))
		return adb_copy(&rewriting->writer, &rewriting->source, value);
	for (uint32_t i = 1; i <= adb_count(object); i++)
		*array_add(arena, &words) =
			i == DEPENDENCY_VERSION ? adb_put_blob(&rewriting->writer,
							       asked ? span_text(asked) : version)
						: adb_copy(&rewriting->writer, &rewriting->source,
							   adb_field(object, i));
	return adb_put_object(&rewriting->writer, &words);
}

/* The array stays sorted by name, because no name changes. */
static uint32_t depends_copy(struct apk_rewriting *rewriting, uint32_t value)
{
	struct adb_object array = adb_object(&rewriting->adb, value);
	struct span rest = rewriting->depends;
	struct adb_words words = {0};

	rewriting->first_depends = "";
	for (uint32_t i = 1; i <= adb_count(array); i++) {
		struct span word = {NULL, 0};

		span_token(&rest, &word);
		*array_add(rewriting->arena, &words) =
			dependency_copy(rewriting, adb_field(array, i), word);
	}
	return adb_put_array(&rewriting->writer, &words);
}

/* ---- the description ---- */

static const char *noted(struct arena *arena, const char *name, const char *value)
{
	return arena_format(arena, " [" VETTED_FIELDS "%s: %s]", name, value);
}

static const char *description_text(struct apk_rewriting *rewriting, const struct vetted *before)
{
	struct arena *arena = rewriting->arena;
	const struct control_wish *wish = rewriting->wish;
	char *source = arena_chars(arena, span_text(wish->source));
	const char *text = arena_format(
		arena, "%.*s", (int)rewriting->description.size,
		rewriting->description.size ? (const char *)rewriting->description.data : "");

	/* a bracket would end the note */
	for (char *at = source; *at; at++)
		if (*at == '[' || *at == ']')
			*at = '_';
	text = arena_format(arena, "%s%s", text, noted(arena, "Version", before->version));
	if (rewriting->changed)
		text = arena_format(arena, "%s%s", text,
				    noted(arena, "Depends", rewriting->first_depends));
	return arena_format(arena, "%s%s%s%s", text,
			    noted(arena, "Source", before->source ? before->source : source),
			    noted(arena, "Proof", wish->proof),
			    noted(arena, "Report", wish->report));
}

/* A later run reads the notes: they must say what was written into them, whatever the
 * names and versions of the package contain. */
static bool notes_readable(struct apk_rewriting *rewriting, const struct vetted *before,
			   const char *description)
{
	struct span text;
	struct vetted read = vetted_read(rewriting->arena, span_text(description), &text);

	return !rewriting->odd && span_is_line(span_text(description)) && read.version &&
	       strcmp(read.version, before->version) == 0 &&
	       (!rewriting->changed ||
		(read.depends && strcmp(read.depends, rewriting->first_depends) == 0)) &&
	       text.size == rewriting->description.size;
}

/* ---- the package ---- */

static uint32_t info_copy(struct apk_rewriting *rewriting, struct adb_object info,
			  const char *version, const char *description)
{
	static const uint8_t no_id[UNIQUE_ID];
	uint32_t count = adb_count(info) < INFO_DESCRIPTION ? INFO_DESCRIPTION : adb_count(info);
	struct adb_words words = {0};

	for (uint32_t i = 1; i <= count; i++) {
		uint32_t *word = array_add(rewriting->arena, &words);

		if (i == INFO_VERSION)
			*word = adb_put_blob(&rewriting->writer, span_text(version));
		else if (i == INFO_HASHES)
			*word = adb_put_blob(&rewriting->writer, span_from(no_id, sizeof no_id));
		else if (i == INFO_DESCRIPTION)
			*word = adb_put_blob(&rewriting->writer, span_text(description));
		else if (i == INFO_DEPENDS)
			*word = depends_copy(rewriting, adb_field(info, i));
		else
			*word = adb_copy(&rewriting->writer, &rewriting->source,
					 adb_field(info, i));
	}
	return adb_put_object(&rewriting->writer, &words);
}

/* The unique id of a package is the start of the SHA-256 of its database in which the
 * id is zero (src/app_mkpkg.c). DATABASE is what WRITER wrote. */
static void id_set(struct adb_writer *writer, struct span database)
{
	struct adb adb;
	bool damaged = false;
	struct span id;
	struct sha256 digest = sha256_of(database);

	if (adb_open(database, &damaged, &adb) &&
	    adb_blob(
		    &adb,
		    adb_field(adb_object(&adb, adb_field(adb_object(&adb, adb.root), PACKAGE_INFO)),
			      INFO_HASHES),
		    &id) &&
	    id.size == UNIQUE_ID)
		memcpy(writer->bytes.bytes + (id.data - database.data), digest.bytes, UNIQUE_ID);
}

static bool database_write(struct apk_rewriting *rewriting, const char *version, struct span *ret,
			   struct error *error)
{
	struct arena *arena = rewriting->arena;
	struct adb_object root = adb_object(&rewriting->adb, rewriting->adb.root);
	struct adb_object info = adb_object(&rewriting->adb, adb_field(root, PACKAGE_INFO));
	struct adb_words words = {0};
	struct span text = {NULL, 0}, old = {NULL, 0};
	struct vetted before;

	if (adb_count(info) < INFO_VERSION || adb_count(info) > FIELDS_MOST ||
	    adb_count(root) > FIELDS_MOST)
		return fail(error, "its metadata is not that of a package");
	adb_blob(&rewriting->adb, adb_field(info, INFO_DESCRIPTION), &text);
	adb_blob(&rewriting->adb, adb_field(info, INFO_VERSION), &old);
	if (!span_is_line(text))
		return fail(error, "its description has several lines");
	before = vetted_read(arena, text, &rewriting->description);
	rewriting->depends = span_text(before.depends ? before.depends : "");
	if (!before.version)
		before.version = arena_string(arena, old);
	if (apk_version_compare(version, before.version) >= 0)
		return fail(error, "apk does not take %s for older than %s", version,
			    before.version);

	/* the description tells the dependencies, so they are written once
	 * without being kept */
	rewriting->writer = adb_writer_begin(arena);
	depends_copy(rewriting, adb_field(info, INFO_DEPENDS));
	const char *description = description_text(rewriting, &before);

	if (!notes_readable(rewriting, &before, description))
		return fail(error, "its version or dependencies have characters that those of apk "
				   "do not have");
	rewriting->source = (struct adb_source){.adb = &rewriting->adb};
	rewriting->writer = adb_writer_begin(arena);
	*array_add(arena, &words) = info_copy(rewriting, info, version, description);
	for (uint32_t i = 2; i <= adb_count(root); i++)
		*array_add(arena, &words) =
			adb_copy(&rewriting->writer, &rewriting->source, adb_field(root, i));
	if (!adb_writer_end(&rewriting->writer, adb_put_object(&rewriting->writer, &words), ret) ||
	    rewriting->damaged)
		return fail(error, "its metadata is damaged");
	id_set(&rewriting->writer, *ret);
	return true;
}

/* The signatures are of the old metadata, so they are dropped. */
static bool file_write(struct arena *arena, struct span database, struct span blocks,
		       struct span *ret, struct error *error)
{
	struct adb_writer file = {.arena = arena};
	struct adb_block block;
	bool broken;

	adb_file_begin(&file, "pckg");
	adb_file_block(&file, ADB_BLOCK_DATABASE, database);
	while (adb_block_next(&blocks, &block, &broken))
		if (block.type == ADB_BLOCK_DATA)
			adb_file_block(&file, ADB_BLOCK_DATA, block.payload);
	if (broken || file.failed)
		return fail(error, broken ? "a block reaches beyond the end" : "it is too large");
	*ret = adb_file_end(arena, &file);
	return true;
}

bool apk_rewrite(struct arena *arena, const char *path, struct span bytes, const char *version,
		 const struct control_wish *wish, struct span *ret, struct span *ret_database,
		 struct error *error)
{
	struct apk_rewriting rewriting = {.arena = arena, .wish = wish};
	struct span blocks;

	rewriting.source.adb = &rewriting.adb;
	if (!apk_open(arena, bytes, "pckg", &rewriting.damaged, &rewriting.adb, &blocks, error) ||
	    !database_write(&rewriting, version, ret_database, error) ||
	    !file_write(arena, *ret_database, blocks, ret, error))
		return within(error, "%s: cannot be rewritten", path);
	return true;
}
