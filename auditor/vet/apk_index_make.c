/* SPDX-License-Identifier: ISC */
/* Makes the index of a feed for apk-tools 3 (apk-tools src/app_mkndx.c), and lists the
 * files of one. */
#include "vet/apk_index_make.h"

#include "base/digest.h"
#include "unpack/archive/apk_container.h"
#include "unpack/archive/apk_schema.h"
#include "unpack/limits.h"
#include "vet/adb_write.h"

static uint32_t row_put(struct adb_writer *writer, const struct apk_row *row)
{
	struct adb adb = {0};
	bool damaged = false;
	struct adb_source source = {.adb = &adb};
	struct sha256 digest = sha256_of(row->database);
	struct adb_words words = {0};

	if (!adb_open(row->database, &damaged, &adb)) {
		writer->failed = true;
		return 0;
	}
	struct adb_object info =
		adb_object(&adb, adb_field(adb_object(&adb, adb.root), PACKAGE_INFO));
	uint32_t count = adb_count(info) < INFO_FILE_SIZE ? INFO_FILE_SIZE : adb_count(info);

	for (uint32_t i = 1; i <= count; i++) {
		uint32_t *word = array_add(writer->arena, &words);

		if (i == INFO_HASHES)
			*word = adb_put_blob(writer, span_from(digest.bytes, SHA256_SIZE));
		else if (i == INFO_FILE_SIZE)
			*word = adb_put_number(writer, row->size);
		else
			*word = adb_copy(writer, &source, adb_field(info, i));
	}
	return adb_put_object(writer, &words);
}

bool apk_index_make(struct arena *arena, const struct apk_rows *rows, const struct pem_key *key,
		    struct span *ret, struct error *error)
{
	struct adb_writer writer = adb_writer_begin(arena), file = {.arena = arena};
	struct adb_words packages = {0}, root = {0};
	struct span database, signature;

	array_each(row, rows)
		*array_add(arena, &packages) = row_put(&writer, row);
	*array_add(arena, &root) = 0;
	*array_add(arena, &root) = adb_put_array(&writer, &packages);
	if (!adb_writer_end(&writer, adb_put_object(&writer, &root), &database))
		return fail(error, "the index is too large");
	adb_file_begin(&file, "indx");
	adb_file_block(&file, ADB_BLOCK_DATABASE, database);
	if (key) {
		if (!pem_key_sign(arena, key, "indx", database, &signature, error))
			return false;
		adb_file_block(&file, ADB_BLOCK_SIGNATURE, signature);
	}
	*ret = adb_file_end(arena, &file);
	return true;
}

struct strings apk_index_files(struct arena *arena, struct span bytes)
{
	struct strings files = {0};
	struct error error;
	struct span blocks, name, version;
	struct adb adb;
	bool damaged = false;

	if (!apk_open(arena, bytes, "indx", &damaged, &adb, &blocks, &error))
		return files;
	struct adb_object packages =
		adb_object(&adb, adb_field(adb_object(&adb, adb.root), INDEX_PACKAGES));

	for (uint32_t i = 1; i <= adb_count(packages) && i <= LIMIT_ENTRIES; i++) {
		struct adb_object info = adb_object(&adb, adb_field(packages, i));

		if (adb_blob(&adb, adb_field(info, INFO_NAME), &name) &&
		    adb_blob(&adb, adb_field(info, INFO_VERSION), &version) &&
		    name.size + version.size <= LIMIT_NAME)
			*array_add(arena, &files) = arena_format(
				arena, "%.*s-%.*s.apk", (int)name.size, (const char *)name.data,
				(int)version.size, (const char *)version.data);
	}
	return files;
}
