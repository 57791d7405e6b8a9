/* SPDX-License-Identifier: ISC */
/* Finds and reads the configuration embedded in a kernel or configs.ko
 * (CONFIG_IKCONFIG; Linux kernel/configs.c). */
#include "facts/config/config.h"
#include "unpack/reader.h"

/* The config is stored as "IKCFG_ST", a gzip stream, "IKCFG_ED" (Linux
 * kernel/configs.c). Scripts and programs that search for the marker contain it as
 * well, so each occurrence is tried. */
const struct config *ikconfig_read(struct arena *arena, const char *witness, struct span bytes)
{
	static const struct span mark = {(const uint8_t *)"IKCFG_ST", 8};
	size_t at = span_find(bytes, 0, mark);

	for (unsigned tries = 0; at != SIZE_MAX && tries < LIMIT_TRIES; tries++) {
		struct span stream = span_head(span_skip(bytes, at + mark.size), LIMIT_CONFIG);
		struct config config;
		struct error error;

		if (compression_of(stream) == COMPRESSION_GZIP &&
		    config_read(arena, arena_format(arena, "%s: IKCFG_ST at 0x%zx", witness, at),
				stream, &config, &error)) {
			struct config *ret = arena_new(arena, struct config);

			*ret = config;
			ret->inside = true;
			return ret;
		}
		at = span_find(bytes, at + mark.size, mark);
	}
	return NULL;
}
