/* SPDX-License-Identifier: ISC */
/* Says what was probably meant by a path that does not exist: the nearest name in the
 * folder, or a URL without http://. */
#include "commands/mistake/mistake.h"

#include "base/suggest.h"
#include "base/text.h"
#include "unpack/file.h"

#include <ctype.h>
#include <sys/stat.h>

enum { NAMES_MOST = 4096 }; /* names in a folder that are compared */

/* True for a host without a scheme, such as "www.example.org" or
 * "www.example.org/packages": there are letters after the last dot before
 * the first slash. */
static bool is_host(const char *path)
{
	size_t size = strcspn(path, "/"), dot = size;
	bool web = strncmp(path, "www.", strlen("www.")) == 0;

	while (dot > 0 && path[dot - 1] != '.')
		dot--;
	if (dot < 2 || size - dot < 2 || (!path[size] && !web))
		return false;
	for (size_t i = dot; i < size; i++)
		if (!isalpha((unsigned char)path[i]))
			return false;
	return true;
}

const char *mistake_absent(struct arena *arena, const char *path)
{
	size_t size = strlen(path);
	struct strings names = {0};
	const struct dirent *entry;
	struct stat status;

	if (stat(path, &status) == 0 || !size)
		return "";
	while (size > 1 && path[size - 1] == '/')
		size--;

	const char *plain = arena_string(arena, span_from(path, size)), *name = path_last(plain);
	const char *folder = arena_string(arena, span_from(plain, (size_t)(name - plain)));
	_cleanup_directory_ DIR *open = opendir(*folder ? folder : ".");

	while (open && names.count < NAMES_MOST && (entry = readdir(open)) != NULL)
		if (entry->d_name[0] != '.')
			*array_add(arena, &names) = arena_string(arena, span_text(entry->d_name));
	strings_unique(&names);

	const char *near = suggest(name, &names);

	if (near)
		return arena_format(arena, "; did you mean '%s%s'?", folder, near);
	return is_host(plain)
		       ? arena_format(arena, "; if it is a URL, type https://%s or http://%s",
				      plain, plain)
		       : "";
}
