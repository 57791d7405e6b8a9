/* SPDX-License-Identifier: ISC */
/* Parses lists of feeds: opkg's distfeeds.conf and customfeeds.conf, and apk's
 * repositories with its variables (apk-repositories(5)). */
#include "facts/feed/feed.h"

#include <string.h>

/* The variables of an apk repository file. */
struct variable {
	struct span key;
	struct span value; /* after expansion */
};

struct variables {
	struct variable *list;
	size_t count, room;
};

struct lines {
	struct arena *arena;
	struct variables variables;
	struct strings *ret;
};

enum { EXPANDED_MOST = 64 << 10 };

static struct variable *variable_find(struct variables *variables, struct span key)
{
	array_each(variable, variables)
		if (span_equal(variable->key, key))
			return variable;
	return NULL;
}

/* Replaces each "${name}" by the value of the variable. False if one is not set, such
 * as APK_ARCH, which is known only on the device. */
static bool expand(struct lines *lines, struct span text, struct span *ret)
{
	const char *out = "";
	struct span front, name, rest;

	for (;;) {
		size_t at = span_find(text, 0, SPAN_OF("${"));

		front = span_head(text, at == SIZE_MAX ? text.size : at);
		out = arena_format(lines->arena, "%s%.*s", out, (int)front.size,
				   (const char *)front.data);
		if (at == SIZE_MAX)
			break;

		const struct variable *variable;
		if (!span_split(span_skip(text, at + 2), '}', &name, &rest) ||
		    !(variable = variable_find(&lines->variables, name)) ||
		    strlen(out) > EXPANDED_MOST)
			return false;
		out = arena_format(lines->arena, "%s%.*s", out, (int)variable->value.size,
				   (const char *)variable->value.data);
		text = rest;
	}
	*ret = span_text(out);
	return true;
}

/* parses  set [-default] KEY=VALUE */
static bool variable_set(struct lines *lines, struct span rest)
{
	struct span word, key, value;
	bool weak = false;

	if (!span_token(&rest, &word))
		return false;
	weak = span_is(word, "-default");
	if (weak && !span_token(&rest, &word))
		return false;
	if (!span_split(word, '=', &key, &value) || key.size == 0 || !expand(lines, value, &value))
		return false;

	struct variable *variable = variable_find(&lines->variables, key);
	if (variable && weak)
		return true;
	if (!variable)
		variable = array_add(lines->arena, &lines->variables);
	*variable = (struct variable){key, value};
	return true;
}

static bool url_add(struct lines *lines, struct span place)
{
	if (!span_starts(place, "/") && span_find(place, 0, SPAN_OF("://")) == SIZE_MAX)
		return false;
	*array_add(lines->arena, lines->ret) = arena_string(lines->arena, place);
	return true;
}

/* Parses a line of an apk repository file:
 *     [ndx] [@TAG] URL                     the URL of an index, or of its directory
 *     v2|v3 [@TAG] URL [COMPONENT...]      of a tree; each component is a directory in it */
static bool repository_add(struct lines *lines, struct span word, struct span rest)
{
	bool tree = span_is(word, "v2") || span_is(word, "v3"), any = false;
	struct span url, component;

	if ((tree || span_is(word, "ndx")) && !span_token(&rest, &word))
		return false;
	if (word.data[0] == '@' && !span_token(&rest, &word))
		return false;
	if (!expand(lines, word, &url))
		return false;
	while (tree && span_token(&rest, &component)) {
		if (!expand(lines, component, &component))
			return false;
		any = true;
		if (!url_add(lines,
			     span_text(arena_format(lines->arena, "%.*s/%.*s", (int)url.size,
						    (const char *)url.data, (int)component.size,
						    (const char *)component.data))))
			return false;
	}
	return any || url_add(lines, url);
}

/* Parses a line:
 *     src/gz NAME URL      opkg: the URL of a directory
 *     src NAME URL
 *     option check_signature
 *     set KEY=VALUE        apk (apk-repositories(5)); see also repository_add
 *     # anything */
static bool line_read(struct lines *lines, struct span line)
{
	/* keywords of opkg.conf and of files in etc/opkg that do not name a feed */
	static const char *const settings[] = {"dest",	  "option",	  "arch", "lists_dir",
					       "include", "offline_root", NULL};
	struct span word, place, rest = line;

	if (!span_token(&rest, &word) || word.data[0] == '#')
		return true;
	if (span_is(word, "set"))
		return variable_set(lines, rest);
	if (span_is(word, "src") || span_is(word, "src/gz"))
		return span_token(&rest, &word) && span_token(&rest, &place) &&
		       url_add(lines, place);
	return span_among(word, settings) || repository_add(lines, word, rest);
}

bool feed_list_read(struct arena *arena, const char *name, struct span text, struct strings *ret,
		    struct error *error)
{
	struct lines lines = {.arena = arena, .ret = ret};
	struct span line;

	for (size_t number = 1; span_line(&text, &line); number++)
		if ((line.size && memchr(line.data, '\0', line.size)) || !line_read(&lines, line))
			return fail(error,
				    "%s: line %zu: not a feed (src/gz NAME URL), a URL or a "
				    "comment, or it uses a variable that is not set",
				    name, number);
	return true;
}
