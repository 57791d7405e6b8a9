#include "facts/usign.h"
#include "unpack/reader.h"

#include <string.h>

#define SIGNATURE_MOST (64u << 10)
#define INDEX_MOST (64 * MIB)

/* of what cannot be trusted most to what can */
static unsigned weight(enum signature signature)
{
	static const unsigned weights[] = {
		[SIGNATURE_NONE] = 0, [SIGNATURE_VALID] = 1, [SIGNATURE_UNKNOWN_KEY] = 2, [SIGNATURE_INVALID] = 3};

	return weights[signature];
}

static void index_verify(struct arena *arena, const struct usign_keys *keys, const char *path, struct feed *feed)
{
	_cleanup_arena_ struct arena scratch = {0};
	const char *beside = arena_format(arena, "%s.sig", path), *why;
	struct span signature, text;
	enum signature found;
	struct error error;

	/* no file, no signature: that is no error, and neither is an index without one */
	if (!file_read(&scratch, beside, SIGNATURE_MOST, &signature, &error))
		return;
	found = file_read(&scratch, path, INDEX_MOST, &text, &error) ? usign_verify(arena, keys, signature, text, &why)
								     : SIGNATURE_INVALID;
	if (weight(found) > weight(feed->signature))
		feed->signature = found;
}

void feeds_verify(struct arena *arena, const struct usign_keys *keys, struct feeds *feeds)
{
	array_each(feed, feeds)
		for (size_t i = 0; i < feed->index_paths.count; i++) {
			size_t length = strlen(feed->index_paths.list[i]);

			/* Packages is signed, not Packages.gz */
			if (length < 3 || strcmp(feed->index_paths.list[i] + length - 3, ".gz") != 0)
				index_verify(arena, keys, feed->index_paths.list[i], feed);
		}
}
