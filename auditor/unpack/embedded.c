/* SPDX-License-Identifier: ISC */
/* Unpacks one of the rule files that are compiled into the program; the others stay packed. */
#include "unpack/embedded.h"

#include "unpack/compress/decompress.h"

#include <string.h>

enum { RULE_SIZE_MOST = 16 << 20 };

bool embedded_rule(struct arena *arena, const char *name, struct span *ret, struct error *error)
{
	for (const struct embedded *file = embedded_rules; file->name; file++)
		if (strcmp(file->name, name) == 0)
			return decompress(arena, COMPRESSION_ZSTD,
					  span_from(file->bytes, file->size), RULE_SIZE_MOST, ret,
					  NULL, error);
	return fail(error, "%s: not one of the built-in rules", name);
}
