/* SPDX-License-Identifier: ISC */
/* Reads apk-tools 3 packages and indexes: their metadata, files and signatures
 * (format: apk-tools src/apk_adb.h, src/adb.c, src/adb_comp.c). */
#include "base/digest.h"
#include "unpack/archive/apk_container.h"
#include "unpack/archive/apk_schema.h"
#include "unpack/archive/apk_text.h"
#include "unpack/archive/names.h"

enum { MODE_MASK = 0xf000, MODE_FILE = 0x8000, MODE_LINK = 0xa000, SIGNATURE_HEADER = 18 };

struct apk {
	const struct place *place;
	struct adb adb;
	uint64_t entries; /* found so far, at most LIMIT_ENTRIES */
	uint64_t awaited; /* files whose data block has not been read yet */
	/* hard links, whose bytes are in the data blocks of their targets (app_mkpkg.c,
	 * hardlink_target) */
	struct archive_names *names;
};

static bool listing_hand_over(const struct place *place, const char *path, struct listing *listing,
			      struct error *error)
{
	struct span text = span_from(listing->text.bytes, listing->text.used);

	if (place_want(place, path, text.size) != WANT_BYTES)
		return true;
	return place_entry(place, path, ENTRY_FILE, NULL, text, text.size, WANT_BYTES, error);
}

static const char *file_path(const struct apk *apk, struct adb_object directory,
			     struct adb_object file)
{
	struct span folder = {NULL, 0}, name;

	adb_blob(&apk->adb, adb_field(directory, DIRECTORY_NAME), &folder);
	if (!adb_blob(&apk->adb, adb_field(file, FILE_NAME), &name) || name.size == 0 ||
	    name.size > LIMIT_NAME || folder.size > LIMIT_NAME)
		return NULL;

	const char *path = arena_format(apk->place->scratch, "%.*s%s%.*s", (int)folder.size,
					(const char *)folder.data, folder.size ? "/" : "",
					(int)name.size, (const char *)name.data);
	return path_clean(apk->place->scratch, span_text(path));
}

/* file: 1 name 2 acl 3 size 4 mtime 5 hashes 6 target */
static struct place place_timed(const struct apk *apk, struct adb_object file)
{
	struct place place = *apk->place;
	uint64_t seconds;

	if (adb_number(&apk->adb, adb_field(file, FILE_TIME), &seconds) && seconds < INT64_MAX)
		place.time = (int64_t)seconds;
	return place;
}

/* the bytes are in the data blocks; an empty file and a link have none */
static bool name_visit(struct apk *apk, const char *path, struct adb_object file,
		       struct error *error)
{
	struct span target = {NULL, 0};
	const char *to = NULL;
	uint64_t size = 0;
	uint16_t mode = 0;

	adb_number(&apk->adb, adb_field(file, FILE_SIZE), &size);
	adb_blob(&apk->adb, adb_field(file, FILE_TARGET), &target);
	if (span_u16(target, 0, ENDIAN_LITTLE, &mode) && (mode & MODE_MASK) == MODE_LINK)
		to = arena_string(apk->place->scratch, span_skip(target, 2));

	if (target.size == 0 && size > 0)
		apk->awaited++;

	enum want want = place_want(apk->place, path, size);
	if (want == WANT_NOTHING || (want != WANT_NAME && target.size == 0 && size > 0))
		return true;

	struct place own = place_timed(apk, file);
	if (want != WANT_NAME && (mode & MODE_MASK) == MODE_FILE) {
		names_link_to(apk->names, path,
			      arena_string(apk->place->scratch, span_skip(target, 2)), own.time);
		return true;
	}
	return place_entry(&own, path, to ? ENTRY_LINK : ENTRY_FILE, to, (struct span){NULL, 0},
			   size, want == WANT_OPEN ? WANT_BYTES : want, error);
}

static bool names_visit(struct apk *apk, struct adb_object paths, struct error *error)
{
	for (uint32_t i = 1; i <= adb_count(paths); i++) {
		struct adb_object directory = adb_object(&apk->adb, adb_field(paths, i));
		struct adb_object files =
			adb_object(&apk->adb, adb_field(directory, DIRECTORY_FILES));

		for (uint32_t k = 1; k <= adb_count(files); k++) {
			struct adb_object file = adb_object(&apk->adb, adb_field(files, k));
			const char *path = file_path(apk, directory, file);

			if (++apk->entries > LIMIT_ENTRIES)
				return fail(error, "apk: more than %d files", LIMIT_ENTRIES);
			if (!path)
				return fail(error,
					    "apk: file %u of directory %u has an invalid name", k,
					    i);
			if (!name_visit(apk, path, file, error))
				return false;
		}
	}
	return true;
}

static bool data_visit(struct apk *apk, struct adb_object paths, struct span payload,
		       struct error *error)
{
	uint32_t path_index, file_index;
	struct span hash;
	uint64_t size;

	if (!span_u32(payload, 0, ENDIAN_LITTLE, &path_index) ||
	    !span_u32(payload, 4, ENDIAN_LITTLE, &file_index))
		return fail(error, "apk: a data block without a header");

	struct adb_object directory = adb_object(&apk->adb, adb_field(paths, path_index));
	struct adb_object files = adb_object(&apk->adb, adb_field(directory, DIRECTORY_FILES));
	struct adb_object file = adb_object(&apk->adb, adb_field(files, file_index));
	const char *path = file_path(apk, directory, file);
	struct span bytes = span_skip(payload, 8);

	if (!path)
		return fail(error,
			    "apk: a data block for file %u of directory %u, which does not exist",
			    file_index, path_index);
	if (!adb_number(&apk->adb, adb_field(file, FILE_SIZE), &size) || size != bytes.size)
		return fail(error,
			    "apk: %s: its data is %zu bytes, which is not the size that the "
			    "package states",
			    path, bytes.size);

	enum want want = place_want(apk->place, path, size);
	bool wanted = want == WANT_BYTES || want == WANT_OPEN;
	uint32_t link = map_get(&apk->names->targets, path);

	if (!wanted && link == MAP_NONE)
		return true;
	if (!adb_blob(&apk->adb, adb_field(file, FILE_HASHES), &hash) || hash.size != SHA256_SIZE ||
	    !span_is(span_text(digest_hex(apk->place->scratch, hash.data, hash.size)),
		     sha256_hex(apk->place->scratch, bytes)))
		return fail(error,
			    "apk: %s: sha256 of the data differs from the one in the package",
			    path);

	struct place own = place_timed(apk, file);
	return (!wanted || place_entry(&own, path, ENTRY_FILE, NULL, bytes, size, want, error)) &&
	       (link == MAP_NONE || names_links_pass(apk->names, apk->place, link, bytes, error));
}

static bool package_visit(struct apk *apk, struct span blocks, const char *identity,
			  struct error *error)
{
	struct adb_object root = adb_object(&apk->adb, apk->adb.root);
	struct adb_object paths = adb_object(&apk->adb, adb_field(root, PACKAGE_PATHS));
	struct listing listing = {.arena = apk->place->scratch};
	struct place control = *apk->place, data = *apk->place;
	struct adb_block block;
	bool broken;

	control.part = PART_CONTROL;
	data.part = PART_DATA;
	if (!apk_text(&apk->adb, &listing, adb_object(&apk->adb, adb_field(root, PACKAGE_INFO)),
		      identity, error) ||
	    !listing_hand_over(&control, APK_PACKAGE_PATH, &listing, error))
		return false;

	struct apk files = *apk;
	files.place = &data;
	if (!names_visit(&files, paths, error))
		return false;
	while (adb_block_next(&blocks, &block, &broken)) {
		if (block.type != ADB_BLOCK_DATA)
			continue;
		if (files.awaited-- == 0)
			return fail(error, "apk: more data blocks than files");
		if (!data_visit(&files, paths, block.payload, error))
			return false;
	}
	if (broken)
		return fail(error, "apk: a block reaches beyond the end: truncated");
	if (files.awaited > 0)
		return fail(error, "apk: %llu files have no data: truncated",
			    (unsigned long long)files.awaited);
	return names_links_lost(apk->names, &data, "", error);
}

/* Visits the signatures, which follow the database of an index. */
static bool signatures_visit(const struct apk *apk, struct span blocks, struct error *error)
{
	const struct place *place = apk->place;
	struct adb_block block;
	unsigned count = 0;
	bool broken;

	while (adb_block_next(&blocks, &block, &broken)) {
		struct listing listing = {.arena = place->scratch};
		uint8_t digest[DIGEST_MOST];
		size_t size;

		if (block.type != ADB_BLOCK_SIGNATURE)
			continue;
		if (++count > APK_SIGNATURES_MOST)
			return fail(error, "apk: more than %d signatures", APK_SIGNATURES_MOST);
		if (place_want(place, APK_SIGNATURE_PATH, APK_SIGNED + block.payload.size) !=
		    WANT_BYTES)
			continue;
		if (block.payload.size < SIGNATURE_HEADER)
			return fail(error, "apk: a signature of %zu bytes", block.payload.size);
		if (!digest_named("sha512", apk->adb.payload, digest, &size))
			return fail(error, "apk: no SHA-512 available to check the signature");
		listing_add(&listing, SPAN_OF("indx"));
		listing_add(&listing, span_head(block.payload, SIGNATURE_HEADER));
		listing_add(&listing, span_from(digest, size));
		listing_add(&listing, span_skip(block.payload, SIGNATURE_HEADER));
		if (!place_entry(place, APK_SIGNATURE_PATH, ENTRY_FILE, NULL,
				 span_from(listing.text.bytes, listing.text.used),
				 listing.text.used, WANT_BYTES, error))
			return false;
	}
	return !broken || fail(error, "apk: a block reaches beyond the end: truncated");
}

static bool index_visit(struct apk *apk, struct span blocks, struct error *error)
{
	struct adb_object root = adb_object(&apk->adb, apk->adb.root);
	struct adb_object packages = adb_object(&apk->adb, adb_field(root, INDEX_PACKAGES));
	struct listing listing = {.arena = apk->place->scratch};
	struct place control = *apk->place;

	control.part = PART_CONTROL;
	for (uint32_t i = 1; i <= adb_count(packages); i++) {
		if (i > LIMIT_ENTRIES || listing.text.used > LIMIT_APK_INDEX)
			return fail(error, "apk: an index of more than %u packages", i - 1);
		if (!apk_text(&apk->adb, &listing, adb_object(&apk->adb, adb_field(packages, i)),
			      NULL, error))
			return false;
		listing_text(&listing, "\n");
	}

	struct apk signatures = *apk;
	signatures.place = &control;
	return listing_hand_over(&control, APK_INDEX_PATH, &listing, error) &&
	       signatures_visit(&signatures, blocks, error);
}

static bool apk_read(const struct place *place, struct span bytes, struct error *error)
{
	struct span inside, blocks;
	bool damaged = false, compressed, good;
	struct place inner = *place;
	_cleanup_names_ struct archive_names names = {0};
	struct apk apk = {.place = &inner, .names = &names};

	if (!apk_decode(place->scratch, bytes, place_allowed(place, LIMIT_FILE), &inside,
			&compressed, error) ||
	    (compressed && !place_account(place, inside.size, error)) ||
	    !apk_database(inside, &damaged, &apk.adb, &blocks, error))
		return false;
	inner.volume = place_volume(place);
	if (span_has(inside, 4, SPAN_OF("pckg"))) {
		place_layout(place, 0, bytes.size, "apk", "package");
		good = package_visit(&apk, blocks, sha256_hex(place->scratch, apk.adb.payload),
				     error);
	} else if (span_has(inside, 4, SPAN_OF("indx"))) {
		place_layout(place, 0, bytes.size, "apk", "index");
		good = index_visit(&apk, blocks, error);
	} else {
		return fail(error, "apk: neither a package nor an index");
	}
	if (good && damaged)
		return fail(error, "apk: a value is not what its field contains: data corrupted");
	return good;
}

const struct format format_apk = {.kind = "apk", .probe = apk_here, .read = apk_read};
