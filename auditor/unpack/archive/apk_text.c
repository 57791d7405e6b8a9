/* SPDX-License-Identifier: ISC */
/* Converts the pkginfo objects of an apk database to the text
 * lines of lib/apk/db/installed. */
#include "unpack/archive/apk_text.h"
#include "base/digest.h"
#include "unpack/archive/apk_schema.h"
#include "unpack/limits.h"

#include <string.h>

void listing_add(struct listing *listing, struct span span)
{
	buffer_put(&listing->text, listing->arena, listing->text.used, span);
}

void listing_text(struct listing *listing, const char *text)
{
	listing_add(listing, span_text(text));
}

static bool text_field(const struct adb *adb, struct listing *listing, const char *letter,
		       uint32_t value, struct error *error)
{
	struct span text;

	if (value == 0)
		return true;
	if (!adb_blob(adb, value, &text))
		return fail(error, "apk: field %s of a package reaches beyond the database",
			    letter);
	if (!span_is_line(text)) {
		/* only a description may have several lines */
		if (strcmp(letter, "T") != 0)
			return fail(error, "apk: field %s of a package contains a control byte",
				    letter);
		return true;
	}
	listing_text(listing, letter);
	listing_text(listing, ":");
	listing_add(listing, text);
	listing_text(listing, "\n");
	return true;
}

/* Writes [!]name[operator version]. */
static bool dependency_text(const struct adb *adb, struct listing *listing,
			    struct adb_object dependency, struct error *error)
{
	struct span name, version = {NULL, 0};
	uint64_t match = MATCH_EQUAL;

	if (!adb_blob(adb, adb_field(dependency, DEPENDENCY_NAME), &name) || !span_is_line(name) ||
	    name.size == 0 || memchr(name.data, ' ', name.size))
		return fail(error, "apk: a dependency has no readable name");
	if (adb_field(dependency, DEPENDENCY_VERSION) &&
	    !adb_blob(adb, adb_field(dependency, DEPENDENCY_VERSION), &version))
		return fail(error, "apk: a dependency's version reaches beyond the database");
	if (!span_is_line(version) || (version.size > 0 && memchr(version.data, ' ', version.size)))
		return fail(error, "apk: a dependency's version contains a blank or control byte");
	if (adb_field(dependency, DEPENDENCY_MATCH) &&
	    !adb_number(adb, adb_field(dependency, DEPENDENCY_MATCH), &match))
		return fail(error, "apk: a dependency's operator is not a number");

	if (match & MATCH_CONFLICT)
		listing_text(listing, "!");
	listing_add(listing, name);
	if (version.size > 0) {
		listing_text(listing, match & MATCH_GREATER ? ">" : "");
		listing_text(listing, match & MATCH_LESS ? "<" : "");
		listing_text(listing, match & MATCH_FUZZY ? "~" : match & MATCH_EQUAL ? "=" : "");
		listing_add(listing, version);
	}
	return true;
}

static bool dependencies_field(const struct adb *adb, struct listing *listing, const char *letter,
			       uint32_t value, struct error *error)
{
	struct adb_object array = adb_object(adb, value);

	if (adb_count(array) == 0)
		return true;
	if (adb_count(array) > LIMIT_DEPENDENCIES)
		return fail(error, "apk: %u dependencies in one package", adb_count(array));
	listing_text(listing, letter);
	listing_text(listing, ":");
	for (uint32_t i = 1; i <= adb_count(array); i++) {
		listing_text(listing, i > 1 ? " " : "");
		if (!dependency_text(adb, listing, adb_object(adb, adb_field(array, i)), error))
			return false;
	}
	listing_text(listing, "\n");
	return true;
}

static bool number_field(const struct adb *adb, struct listing *listing, const char *letter,
			 uint32_t value)
{
	uint64_t number;

	if (adb_number(adb, value, &number))
		listing_text(listing, arena_format(listing->arena, "%s:%llu\n", letter,
						   (unsigned long long)number));
	return true;
}

bool apk_text(const struct adb *adb, struct listing *listing, struct adb_object info,
	      const char *identity, struct error *error)
{
	struct span hash;

	if (!identity && adb_blob(adb, adb_field(info, INFO_HASHES), &hash) &&
	    hash.size == SHA256_SIZE)
		identity = digest_hex(listing->arena, hash.data, hash.size);
	if (identity)
		listing_text(listing, arena_format(listing->arena, "C:%s\n", identity));
	return text_field(adb, listing, "P", adb_field(info, INFO_NAME), error) &&
	       text_field(adb, listing, "V", adb_field(info, INFO_VERSION), error) &&
	       text_field(adb, listing, "A", adb_field(info, INFO_ARCH), error) &&
	       text_field(adb, listing, "T", adb_field(info, INFO_DESCRIPTION), error) &&
	       text_field(adb, listing, "L", adb_field(info, INFO_LICENSE), error) &&
	       text_field(adb, listing, "o", adb_field(info, INFO_ORIGIN), error) &&
	       number_field(adb, listing, "t", adb_field(info, INFO_BUILD_TIME)) &&
	       number_field(adb, listing, "I", adb_field(info, INFO_INSTALLED_SIZE)) &&
	       number_field(adb, listing, "S", adb_field(info, INFO_FILE_SIZE)) &&
	       number_field(adb, listing, "k", adb_field(info, INFO_PROVIDER_PRIORITY)) &&
	       dependencies_field(adb, listing, "D", adb_field(info, INFO_DEPENDS), error) &&
	       dependencies_field(adb, listing, "p", adb_field(info, INFO_PROVIDES), error) &&
	       dependencies_field(adb, listing, "r", adb_field(info, INFO_REPLACES), error) &&
	       dependencies_field(adb, listing, "i", adb_field(info, INFO_INSTALL_IF), error);
}
