/* SPDX-License-Identifier: ISC */
/* Recognises URLs among the names of feeds and converts them. */
#include "facts/feed/feed_parts.h"
#include "facts/package/pkg.h"

#include <string.h>

const char *url_plain(const char *url)
{
	return strncasecmp(url, "pkg+http", 8) == 0 ? url + 4 : url;
}

bool url_is_remote(const char *path)
{
	path = url_plain(path);
	return strncasecmp(path, "http://", 7) == 0 || strncasecmp(path, "https://", 8) == 0;
}

bool url_has_password(const char *url)
{
	const char *authority = strstr(url, "://");

	return authority && authority[3 + strcspn(authority + 3, "/?#@")] == '@';
}

const char *url_local(struct arena *arena, const char *path)
{
	if (strncasecmp(path, "file://", 7) != 0)
		return strstr(path, "://") ? NULL : path;
	path += strncasecmp(path + 7, "localhost/", 10) == 0 ? 16 : 7;
	return *path == '/' ? percent_decoded(arena, path) : NULL;
}

const char *url_escape(struct arena *arena, const char *url, size_t directory)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/+,:@!$&'()*;=";
	char *escaped = arena_get(arena, 3 * strlen(url) + 1), *end = escaped;

	for (size_t i = 0; url[i]; i++)
		if (i < directory || strchr(plain, url[i])) {
			*end++ = url[i];
		} else {
			*end++ = '%';
			*end++ = "0123456789ABCDEF"[(uint8_t)url[i] >> 4];
			*end++ = "0123456789ABCDEF"[(uint8_t)url[i] & 15];
		}
	return escaped;
}
