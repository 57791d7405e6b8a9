/* SPDX-License-Identifier: ISC */
/* Provides libsquashfs with a decoder for lzo blocks, which some builds of it lack (Linux
 * fs/squashfs/lzo_wrapper.c). */
#include "unpack/filesystem/squashfs.h"

#include <sqfs/error.h>
#include <stdlib.h>
#include <string.h>

/* A decoder for lzo, in the form of libsquashfs's own decoders; Debian builds the library
 * without lzo. Each block is one lzo1x block (Linux fs/squashfs/lzo_wrapper.c). */
static void lzo_destroy(sqfs_object_t *object)
{
	free(object);
}

static sqfs_object_t *lzo_copy(const sqfs_object_t *object)
{
	sqfs_compressor_t *copy = malloc(sizeof *copy);

	return copy ? memcpy(copy, object, sizeof *copy) : NULL;
}

static void lzo_configuration(const sqfs_compressor_t *compressor, sqfs_compressor_config_t *config)
{
	(void)compressor;
	*config =
		(sqfs_compressor_config_t){.id = SQFS_COMP_LZO, .flags = SQFS_COMP_FLAG_UNCOMPRESS};
}

static int lzo_options(sqfs_compressor_t *compressor, sqfs_file_t *file)
{
	(void)compressor, (void)file;
	return 0;
}

static sqfs_s32 lzo_block(sqfs_compressor_t *compressor, const sqfs_u8 *in, sqfs_u32 size,
			  sqfs_u8 *out, sqfs_u32 room)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span decoded;
	struct error ignored;

	(void)compressor;
	if (!decompress(&arena, COMPRESSION_LZO1X, span_from(in, size), room, &decoded, NULL,
			&ignored))
		return SQFS_ERROR_COMPRESSOR;
	memcpy(out, decoded.data, decoded.size);
	return (sqfs_s32)decoded.size;
}

sqfs_compressor_t *squashfs_lzo(void)
{
	const sqfs_compressor_t lzo = {
		.base = {.destroy = lzo_destroy, .copy = lzo_copy},
		.get_configuration = lzo_configuration,
		.write_options = lzo_options,
		.read_options = lzo_options,
		.do_block = lzo_block,
	};

	return (sqfs_compressor_t *)lzo_copy(&lzo.base);
}
