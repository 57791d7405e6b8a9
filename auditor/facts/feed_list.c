#include "facts/feed.h"

#include <string.h>

/* What opkg.conf and the files of etc/opkg say beside feeds. */
static bool is_setting(struct span word)
{
	static const char *const words[] = {"dest", "option", "arch", "lists_dir", "include", "offline_root"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_is(word, words[i]))
			return true;
	return false;
}

static bool is_place(struct span word)
{
	return span_starts(word, "/") || span_find(word, 0, SPAN_OF("://")) != SIZE_MAX;
}

/*     src/gz NAME URL      opkg: the URL of a directory
 *     src NAME URL
 *     [@TAG] URL           apk: the URL of a packages.adb, or of a directory
 *     option check_signature
 *     # anything
 */
static bool line_read(struct arena *arena, struct span line, struct strings *ret)
{
	struct span word, place, rest = line;

	if (!span_token(&rest, &word) || word.data[0] == '#')
		return true;
	if (word.data[0] == '@' && !span_token(&rest, &word))
		return false;
	place = word;
	if (span_is(word, "src") || span_is(word, "src/gz")) {
		if (!span_token(&rest, &word) || !span_token(&rest, &place) || !is_place(place))
			return false;
	} else if (is_setting(word)) {
		return true;
	}
	if (!is_place(place))
		return false;
	*array_add(arena, ret) = arena_string(arena, place);
	return true;
}

bool feed_list_read(struct arena *arena, const char *name, struct span text, struct strings *ret, struct error *error)
{
	struct span line;

	for (size_t number = 1; span_line(&text, &line); number++)
		if (!line_read(arena, line, ret))
			return fail(error,
				    "%s: line %zu: is neither a feed (src/gz NAME URL), nor a URL, nor a comment", name,
				    number);
	return true;
}
