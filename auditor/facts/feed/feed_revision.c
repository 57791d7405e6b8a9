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

static struct fact revision_at(struct arena *arena, const char *path)
{
	struct fact fact = {0};
	struct error error;
	struct span text;

	if (!file_read(arena, path, REVISION_MOST, &text, &error))
		return fact;
	text = span_trim(text);
	if (!is_word(text))
		return fact;
	return (struct fact){arena_string(arena, text), path};
}

struct fact feed_revision(struct arena *arena, const char *source)
{
	static const char *const places[] = {"", "../", "../../"};
	struct fact fact = {0};
	struct stat status;

	if (stat(source, &status) != 0 || !S_ISDIR(status.st_mode))
		return fact;
	for (size_t i = 0; i < sizeof places / sizeof *places && !fact.value; i++)
		fact = revision_at(
			arena, arena_format(arena, "%s/%sversion.buildinfo", source, places[i]));
	return fact;
}
