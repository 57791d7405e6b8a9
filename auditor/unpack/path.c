/* SPDX-License-Identifier: ISC */
/* Cleans the paths of container members: path_clean rejects "..", empty and NUL
 * components, path_child adds one name to a path, path_resolve says what an unclean path would
 * name. */
#include "unpack/place.h"

#include <string.h>

static struct span path_front(struct span path)
{
	for (;;) {
		if (path.size > 0 && path.data[0] == '/')
			path = span_skip(path, 1);
		else if (span_starts(path, "./"))
			path = span_skip(path, 2);
		else if (span_is(path, "."))
			return span_skip(path, 1);
		else
			return path;
	}
}

/* Removes the component before the next "/" from REST. The component after the last "/"
 * may be empty. */
static bool path_component(struct span *rest, bool *last, struct span *component)
{
	struct span after = {0};

	if (*last)
		return false;
	*component = *rest;
	*last = !span_split(*rest, '/', component, &after);
	*rest = after;
	return true;
}

const char *path_clean(struct arena *scratch, struct span path)
{
	struct span rest = path_front(path), clean = rest, component;
	bool last = clean.size == 0;

	if (clean.size > LIMIT_NAME || (clean.size > 0 && memchr(clean.data, '\0', clean.size)))
		return NULL;
	while (path_component(&rest, &last, &component)) {
		if (component.size == 0 || span_is(component, ".") || span_is(component, ".."))
			return NULL;
	}
	return arena_string(scratch, clean);
}

const char *path_child(struct arena *scratch, const char *directory, struct span name,
		       struct error *error)
{
	size_t above = strlen(directory);

	if (name.size == 0 || memchr(name.data, '/', name.size) ||
	    memchr(name.data, '\0', name.size) || span_is(name, ".") || span_is(name, "..") ||
	    above + 1 + name.size > LIMIT_NAME) {
		fail(error, "invalid name: it is empty, has a slash or NUL, is . or .., or is too "
			    "long");
		return NULL;
	}
	return arena_format(scratch, "%s%s%.*s", directory, above ? "/" : "", (int)name.size,
			    (const char *)name.data);
}

const char *path_resolve(struct arena *scratch, struct span path, bool *leaves)
{
	char *text = arena_raw(scratch, LIMIT_NAME + 2);
	struct span rest = path, component;
	size_t used = 0;
	bool last = false;

	*leaves = false;
	if (path.size > 0 && memchr(path.data, '\0', path.size))
		return NULL;
	while (path_component(&rest, &last, &component)) {
		if (span_is(component, "..")) {
			*leaves = true;
			while (used > 0 && text[--used] != '/')
				;
		} else if (component.size > 0 && !span_is(component, ".")) {
			if (used + 1 + component.size > LIMIT_NAME)
				return NULL;
			if (used > 0)
				text[used++] = '/';
			memcpy(text + used, component.data, component.size);
			used += component.size;
		}
	}
	text[used] = '\0';
	return text;
}
