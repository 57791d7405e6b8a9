/* SPDX-License-Identifier: ISC */
/* Opens a path or bytes: finds the container reader by content, or hands the bytes over
 * as a single entry. */
#include "base/text.h"
#include "unpack/file.h"
#include "unpack/firmware/flash.h"
#include "unpack/place.h"

#include <fcntl.h>
#include <string.h>

#define FORMAT_ENTRY(name) &name,
const struct format *const unpack_formats[] = {FORMATS(FORMAT_ENTRY) NULL};

bool place_open(const struct place *place, struct span bytes, bool *opened, struct error *error)
{
	const struct visitor *visitor = place->run->visitor;

	*opened = false;
	for (size_t i = 0; unpack_formats[i]; i++) {
		const struct format *format = unpack_formats[i];

		if (!format->probe(bytes))
			continue;
		if (place->nesting >= LIMIT_NESTING)
			return fail(error, "containers are nested more than %d deep",
				    LIMIT_NESTING);
		if (visitor->format && !visitor->format(visitor->context, format->image))
			return fail(error, "a %s, which is not wanted", format->kind);
		*opened = true;
		if (!format->extent)
			return format->read(place, bytes, error);

		uint64_t extent = format->extent(bytes);
		return format->read(place, span_head(bytes, extent), error) &&
		       flash_behind(place, bytes, extent, error);
	}
	return true;
}

static bool unpack_top(const struct place *place, const char *name, struct span bytes,
		       struct error *error)
{
	struct entry entry = {
		.path = path_last(name), .kind = ENTRY_FILE, .bytes = bytes, .size = bytes.size};
	const struct visitor *visitor = place->run->visitor;
	bool opened;

	place->run->own = bytes.size;

	if (bytes.size == 0)
		return fail(error, "file is empty");
	if (!place_open(place, bytes, &opened, error))
		return false;
	if (opened || !visitor->entry)
		return true;
	entry.witness = name;
	entry.volume = place->volume;
	return visitor->entry(visitor->context, &entry, error);
}

bool unpack_bytes(const char *name, struct span bytes, const struct visitor *visitor,
		  struct error *error)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct unpacking run = {.visitor = visitor, .volumes = 1};
	struct place place = {.run = &run, .witness = name, .scratch = &scratch};

	return unpack_top(&place, name, bytes, error) || within(error, "%s", name);
}

bool unpack_path(const char *path, const struct visitor *visitor, struct error *error)
{
	return unpack_named(path, path, visitor, error);
}

bool unpack_named(const char *path, const char *name, const struct visitor *visitor,
		  struct error *error)
{
	_cleanup_file_ struct file file = {.fd = -1};
	_cleanup_arena_ struct arena bytes_arena = {0}, scratch = {0};
	struct unpacking run = {.visitor = visitor, .volumes = 1};
	struct place place = {.run = &run, .witness = name, .scratch = &scratch};
	struct span bytes;

	if (!file_open(AT_FDCWD, path, 0, &file, error))
		return within(error, "%s", name);
	if (file.directory)
		return directory_read(&place, file.fd, error) || within(error, "%s", name);
	if (!file_bytes(&file, &bytes_arena, &bytes, error))
		return within(error, "%s", name);

	bool known = visitor->whole && !visitor->whole(visitor->context, bytes);

	/* what came out of a file that changed is worth nothing, nor is an
	 * error about it */
	bool whole = known || unpack_top(&place, name, bytes, error);

	return (file_kept(&file, error) && whole) || within(error, "%s", name);
}
