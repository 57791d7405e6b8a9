/* SPDX-License-Identifier: ISC */
/* Unpacks one of the rule files that are compiled into the program; the
 * others stay packed. */
#include "unpack/embedded.h"

#include "unpack/compress/decompress.h"

#include <string.h>

enum { RULE_SIZE_MOST = 16 << 20 };

static const struct embedded *file_of(const char *name)
{
	for (const struct embedded *file = embedded_rules; file->name; file++)
		if (strcmp(file->name, name) == 0)
			return file;
	return NULL;
}

/* A base has no base of its own. */
bool embedded_rule(struct arena *arena, const char *name, struct span *ret, struct error *error)
{
	const struct embedded *file = file_of(name);
	const struct embedded *base = file && file->base ? file_of(file->base) : NULL;
	struct span dictionary = {NULL, 0}, nothing = {NULL, 0};

	if (!file)
		return fail(error, "%s: not one of the built-in rules", name);
	if (base && !decompress_zstd_from(arena, nothing, span_from(base->bytes, base->size),
					  RULE_SIZE_MOST, &dictionary, error))
		return false;
	return decompress_zstd_from(arena, dictionary, span_from(file->bytes, file->size),
				    RULE_SIZE_MOST, ret, error);
}
