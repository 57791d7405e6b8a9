/* SPDX-License-Identifier: ISC */
/* Converts file paths and URLs to the URI references that SARIF locations hold,
 * relative to the run's folder where possible (RFC 3986). */
#include "report/ci/sarif.h"

#include <ctype.h>
#include <string.h>

/* Escapes the characters of a URI reference (RFC 3986, 2):
 *     unreserved   A-Z a-z 0-9 - . _ ~
 *     sub-delims   ! $ & ' ( ) * + , ; =
 *     gen-delims   : / ? # [ ] @
 * In a path all bytes except "/" and unreserved ones are written %XX. In a URL the delimiters and
 * "%" already have their meaning and stay as they are. */
static const char *uri_escape(struct arena *arena, const char *text, const char *as_they_are)
{
	char *escaped = arena_raw(arena, strlen(text) * 3 + 1), *to = escaped;

	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		if (byte < 0x80 && (isalnum(byte) || strchr(as_they_are, byte)))
			*to++ = (char)byte;
		else
			to += sprintf(to, "%%%02X", byte);
	}
	*to = '\0';
	return escaped;
}

/* PATH without empty and "." segments, and without "x/..", as a reader of the reference
 * would resolve it. Leading ".." stay. */
static const char *path_plain(struct arena *arena, const char *path)
{
	char *plain = arena_raw(arena, strlen(path) + 2);
	size_t size = 0, fixed = 0; /* FIXED: the size of the leading ".." segments */

	while (*(path += strspn(path, "/"))) {
		size_t part = strcspn(path, "/");
		bool up = part == 2 && memcmp(path, "..", 2) == 0;
		if (up && size > fixed) {
			while (size > fixed && plain[--size] != '/')
				;
		} else if (part != 1 || *path != '.') {
			if (size)
				plain[size++] = '/';
			memcpy(plain + size, path, part);
			size += part;
			fixed = up ? size : fixed;
		}
		path += part;
	}
	if (!size)
		plain[size++] = '.';
	plain[size] = '\0';
	return plain;
}

const char *sarif_uri(struct arena *arena, const char *file, const char *folder, bool *below)
{
	size_t scheme = strspn(file, "abcdefghijklmnopqrstuvwxyz");
	size_t size = *file == '/' && folder ? strlen(folder) : 0;
	const char *inside = *file == '/' ? NULL : file;

	*below = false;
	if (scheme && strncmp(file + scheme, "://", 3) == 0)
		return uri_escape(arena, file, "-._~!$&'()*+,;=:/?#@%");
	if (size > 1 && strncmp(file, folder, size) == 0 && file[size] == '/')
		inside = file + size + 1;
	if (!inside)
		return arena_format(arena, "file:///%s",
				    uri_escape(arena, path_plain(arena, file), "-._~/"));

	const char *plain = path_plain(arena, inside);
	*below = strcmp(plain, "..") != 0 && strncmp(plain, "../", 3) != 0;
	return uri_escape(arena, plain, "-._~/");
}
