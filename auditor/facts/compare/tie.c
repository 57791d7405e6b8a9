/* SPDX-License-Identifier: ISC */
/* Ties a kernel config to the build that it belongs to and keeps the strongest
 * evidence; compares the compiler of a config with that of a kernel banner. */
#include "facts/compare/tie.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

const char *config_first_difference(struct arena *arena, const struct config *a,
				    const struct config *b)
{
	struct config_difference difference = config_compare(arena, a, b);
	const struct option_changes *const all[] = {
		&difference.core_added,	   &difference.core_removed,	&difference.core_changed,
		&difference.modules_added, &difference.modules_removed, &difference.values,
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i]->count > 0)
			return all[i]->list[0].name;
	return NULL;
}

void tie_offer(struct arena *arena, struct tie *tie, const struct config *config, enum tied_by by,
	       const char *how)
{
	const char *option =
		tie->config && config ? config_first_difference(arena, tie->config, config) : NULL;

	if (!config || tie->config == config)
		return;
	if (option)
		*array_add(arena, &tie->against) = arena_format(
			arena, "both %s and %s are given as its config, and they differ in %s",
			tie->config->witness, config->witness, option);
	if (tie->config && tie->by >= by)
		return;
	tie->config = config;
	tie->by = by;
	tie->how = how;
}

/* ---- compilers ---- */

/* Writes each word of TEXT that contains a digit as '#':
 * "gcc-12.3.0" becomes "gcc-#.#.#". */
static const char *masked(struct arena *arena, struct span text)
{
	char *out = arena_get(arena, text.size + 1);
	size_t size = 0;

	for (size_t at = 0; at < text.size;) {
		size_t end = at;
		bool digit = false;

		while (end < text.size && isalnum(text.data[end]))
			digit |= isdigit(text.data[end++]) != 0;
		if (end == at)
			out[size++] = (char)text.data[at++];
		else if (digit)
			out[size++] = '#', at = end;
		else
			while (at < end)
				out[size++] = (char)text.data[at++];
	}
	return out;
}

/* Parses the first line of "gcc --version": NAME (PACKAGE) VERSION
 *   mips-openwrt-linux-musl-gcc (OpenWrt GCC 12.3.0 r23497) 12.3.0
 * Banners before 5.8 have the line of "gcc -v" instead, with the same words:
 *   gcc version 12.3.0 (OpenWrt GCC ...) */
static bool version_line(struct span text, struct span *package, struct span *version)
{
	size_t open = span_find(text, 0, SPAN_OF(" (")), close = text.size;

	while (close > 0 && text.data[close - 1] != ')')
		close--;
	if (open == SIZE_MAX || close <= open + 2)
		return false;
	*package = span_head(span_skip(text, open + 1), close - open - 1);
	*version = span_trim(span_skip(text, close));
	return version->size > 0 && isdigit(version->data[0]);
}

static bool has(struct span text, struct span part)
{
	return span_find(text, 0, part) != SIZE_MAX;
}

enum compiler_agreement compiler_compare(const struct config *config, const char *banner)
{
	_cleanup_arena_ struct arena scratch = {0};
	const char *value = config_get(config, "CONFIG_CC_VERSION_TEXT");
	const char *at = banner ? strstr(banner, ") (") : NULL; /* behind "(user@host" */
	struct span package, version, ignored;

	if (!value || !at)
		return COMPILER_UNKNOWN;

	struct span text = span_text(value), there = span_text(at + 3);
	if (text.size >= 2 && text.data[0] == '"')
		text = span_skip(span_head(text, text.size - 1), 1);
	if (text.size == 0 || there.size == 0)
		return COMPILER_UNKNOWN;
	if (has(there, text))
		return COMPILER_AGREES;
	if (version_line(text, &package, &version)) {
		if (has(there, package) && has(there, version))
			return COMPILER_AGREES;
		return has(there, SPAN_OF(" version ")) ||
				       version_line(there, &package, &ignored) ||
				       has(there, SPAN_OF(" ("))
			       ? COMPILER_DIFFERS
			       : COMPILER_UNKNOWN;
	}
	/* Neither has the usual form. If they are equal except for numbers, they name
	 * two versions of one compiler; else nothing is known. */
	return strstr(masked(&scratch, there), masked(&scratch, text)) ? COMPILER_DIFFERS
								       : COMPILER_UNKNOWN;
}

bool config_same_file(const struct config *a, const struct config *b)
{
	struct stat left, right;

	if (strcmp(a->witness, b->witness) == 0)
		return true;
	return stat(a->witness, &left) == 0 && stat(b->witness, &right) == 0 &&
	       left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}
