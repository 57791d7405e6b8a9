/* SPDX-License-Identifier: ISC */
/* Reads .ipk and .deb packages: the outer tar or ar and the control and data archives
 * inside it (format: deb(5); OpenWrt's ipkg-build). */
#include "unpack/archive/archive.h"
#include "base/text.h"
#include "unpack/archive/package_parts.h"
#include "unpack/place.h"

#include <string.h>

/* The containers of packages:
 *   .ipk  tar.gz of  ./debian-binary  ./control.tar.gz  ./data.tar.gz
 *       (opkg; ipkg-build of OpenWrt)
 *   .ipk  ar     of  debian-binary    control.tar.gz    data.tar.gz
 *       (opkg before 2009, and ipkg-build -c)
 *   .deb  ar     of  debian-binary
 *       control.tar{,.gz,.xz,.zst}  data.tar{,.gz,.xz,.zst,.bz2,.lzma}     (deb(5))
 * The members may be in any order; others are not part of the package. */
enum role { ROLE_NONE, ROLE_MARK, ROLE_CONTROL, ROLE_DATA };

#define PACKAGE_FORMATS (STREAM_TAR | STREAM_AR)
#define PROBE_MEMBERS 4

struct package {
	bool control, data;
	struct span bytes;
	struct archive_names *names; /* of the files */
};

static bool name_is(const char *name, const char *stem)
{
	static const char *const endings[] = {"",     ".gz",   ".xz",  ".zst",
					      ".bz2", ".lzma", ".lz4", NULL};
	size_t size = strlen(stem);

	return strncmp(name, stem, size) == 0 && text_among(name + size, endings);
}

/* The member's name; "" for the directory itself, and for tables that ar(1) writes. */
static const char *member_name(struct arena *scratch, const struct member *member)
{
	struct span raw = member->path;

	if (raw.size > 1 && raw.data[raw.size - 1] == '/')
		raw.size--;
	return path_clean(scratch, raw);
}

static enum role member_role(struct arena *scratch, const struct member *member)
{
	const char *name = member->kind == MEMBER_FILE ? member_name(scratch, member) : NULL;

	if (!name)
		return ROLE_NONE;
	if (strcmp(name, "debian-binary") == 0)
		return ROLE_MARK;
	if (name_is(name, "control.tar"))
		return ROLE_CONTROL;
	return name_is(name, "data.tar") ? ROLE_DATA : ROLE_NONE;
}

/* True if debian-binary comes first, or if there are only members of a package. */
static bool members_fit(struct stream *stream, struct arena *scratch)
{
	struct error error = {0};
	struct member member;
	unsigned seen = 0;
	bool more = true;

	for (unsigned i = 0;
	     i < PROBE_MEMBERS && stream_next(stream, &member, &more, &error) && more; i++) {
		enum role role = member_role(scratch, &member);
		const char *name = member_name(scratch, &member);

		if (name && !*name)
			continue;

		if (role == ROLE_MARK)
			return true;
		if (role == ROLE_NONE)
			return false;
		seen++;
	}
	return seen > 0;
}

static bool package_probe(struct span bytes)
{
	return archive_glance(bytes, PACKAGE_FORMATS, members_fit);
}

/* Reads the package a second time, for the hard links among its files. */
static bool links_visit(struct package *package, const struct place *place, struct error *error)
{
	struct member member;
	bool more = true;

	if (package->names->links.count == 0)
		return true;

	_cleanup_stream_ struct stream *stream =
		stream_bytes(place, package->bytes, PACKAGE_FORMATS, error);

	while (stream && stream_next(stream, &member, &more, error) && more) {
		if (member_role(place->scratch, &member) != ROLE_DATA)
			continue;

		_cleanup_stream_ struct stream *files = stream_member(place, stream, error);
		return files && names_links_visit(package->names, place, files, error);
	}
	return false;
}

static bool part_visit(struct package *package, const struct place *place, struct stream *outer,
		       enum part part, const char *name, struct error *error)
{
	_cleanup_stream_ struct stream *stream = stream_member(place, outer, error);
	struct archive_names *names = part == PART_DATA ? package->names : NULL;
	struct place inner = *place;

	inner.part = part;
	inner.witness = arena_format(place->scratch, "%s: %s", place->witness, name);
	return (stream && archive_visit(&inner, stream, NULL, names, error) &&
		(!names || links_visit(package, &inner, error))) ||
	       within(error, "%s", name);
}

static bool package_members(struct package *package, const struct place *place,
			    struct stream *stream, struct error *error)
{
	struct member member;
	bool more;

	for (;;) {
		if (!stream_next(stream, &member, &more, error))
			return false;
		if (!more)
			return true;

		enum role role = member_role(place->scratch, &member);
		bool *seen = role == ROLE_CONTROL ? &package->control : &package->data;
		enum part part = role == ROLE_CONTROL ? PART_CONTROL : PART_DATA;
		if (role != ROLE_CONTROL && role != ROLE_DATA)
			continue;

		const char *name = member_name(place->scratch, &member);
		if (*seen)
			return fail(error, "%s: a second member with this name", name);
		*seen = true;
		if (!part_visit(package, place, stream, part, name, error))
			return false;
	}
}

static bool package_open(const struct place *place, struct span bytes, struct error *error)
{
	_cleanup_arena_ struct arena scratch = {0};
	_cleanup_stream_ struct stream *stream = stream_bytes(place, bytes, PACKAGE_FORMATS, error);
	_cleanup_names_ struct archive_names names = {.last_counts = true};
	struct package package = {.bytes = bytes, .names = &names};
	struct place inner;

	if (!stream)
		return false;
	place_layout(place, 0, bytes.size, "package",
		     span_starts(bytes, "!<arch>\n") ? "ar" : "tar");
	if (!place_enter(place, 0, NULL, &inner, error))
		return false;
	inner.scratch = &scratch;
	inner.volume = place_volume(place);
	if (!package_members(&package, &inner, stream, error))
		return false;
	if (!package.control)
		return fail(error, "not a package: it has no control.tar.gz");
	if (!package.data)
		return fail(error, "not a package: it has no data.tar.gz");
	return true;
}

const struct format format_package = {
	.kind = "package", .probe = package_probe, .read = package_open};

static bool part_keep(struct arena *arena, struct stream *stream, const char *name,
		      struct package_part *part, struct error *error)
{
	struct span bytes;

	if (part->name)
		return fail(error, "%s: a second member with this name", name);
	if (!stream_read(stream, arena, &bytes, error))
		return within(error, "%s", name);
	part->name = arena_string(arena, span_text(name));
	part->bytes = bytes;
	return true;
}

static bool parts_take(struct arena *arena, const struct place *place, struct stream *stream,
		       struct package_parts *parts, struct error *error)
{
	struct member member;
	bool more;

	for (;;) {
		if (!stream_next(stream, &member, &more, error))
			return false;
		if (!more)
			return true;

		enum role role = member_role(place->scratch, &member);
		const char *name = member_name(place->scratch, &member);

		if (role == ROLE_CONTROL && !part_keep(arena, stream, name, &parts->control, error))
			return false;
		if (role == ROLE_DATA && !part_keep(arena, stream, name, &parts->data, error))
			return false;
	}
}

bool package_parts_read(struct arena *arena, const char *path, struct span bytes,
			struct package_parts *ret, struct error *error)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct visitor nobody = {0};
	struct unpacking run = {.visitor = &nobody};
	struct place place = {.run = &run, .witness = path, .scratch = &scratch};
	_cleanup_stream_ struct stream *stream =
		stream_bytes(&place, bytes, PACKAGE_FORMATS, error);

	*ret = (struct package_parts){0};
	if (!stream || !parts_take(arena, &place, stream, ret, error))
		return within(error, "%s", path);
	if (!ret->control.name || !ret->data.name)
		return fail(error, "%s: not a package: it has no %s", path,
			    ret->control.name ? "data.tar.gz" : "control.tar.gz");
	return true;
}
