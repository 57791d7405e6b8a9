/* SPDX-License-Identifier: ISC */
/* Looks for version.buildinfo in a feed's directory and above it. */
#include "facts/feed/feed_parts.h"
#include "unpack/file.h"
#include "base/text.h"

#include <sys/stat.h>

enum { REVISION_MOST = 256 };

static bool is_word(struct span text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] <= ' ' || text.data[i] > '~')
			return false;
	return text.size > 0;
}

struct fact feed_revision(struct arena *arena, const char *source)
{
	static const char *const places[] = {"", "../", "../../"};
	struct stat status;

	if (stat(source, &status) != 0 || !S_ISDIR(status.st_mode))
		return (struct fact){0};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const char *path = arena_format(arena, "%s/%sversion.buildinfo", source, places[i]);
		struct error error;
		struct span text;

		if (file_read(arena, path, REVISION_MOST, &text, &error) &&
		    is_word(span_trim(text)))
			return (struct fact){arena_string(arena, span_trim(text)), path};
	}
	return (struct fact){0};
}
