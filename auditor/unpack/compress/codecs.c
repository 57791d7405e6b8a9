/* SPDX-License-Identifier: ISC */
/* Decoders of the compression libraries that work piece by piece,
 * behind one interface. */
#include "unpack/compress/decompress.h"
#include "unpack/compress/sink.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define PIECE ((size_t)1 << 30) /* the most bytes per call: zlib and bzip2 use 32-bit counts */
#define MEMORY (256 * MIB) /* the most memory for a dictionary */
/* Of that stream only: what is not a stream at all may ask for a large dictionary. */
#define NO_MEMORY "no memory for its dictionary (see --max-memory)"

static unsigned piece(size_t size)
{
	return (unsigned)(size < PIECE ? size : PIECE);
}

static enum step bad(struct flow *flow, const char *why)
{
	flow->why = why;
	return STEP_BAD;
}

static void advance(struct flow *flow, size_t in, size_t out)
{
	/* an empty input may have no address */
	if (in > 0)
		flow->in += in;
	flow->in_size -= in;
	flow->out += out;
	flow->out_size -= out;
}

static void *inflate_begin(int window)
{
	z_stream *stream = calloc(1, sizeof *stream);

	if (stream && inflateInit2(stream, window) == Z_OK)
		return stream;
	free(stream);
	return NULL;
}

static void *gzip_begin(void)
{
	return inflate_begin(16 + MAX_WBITS);
}

static void *deflate_begin(void)
{
	return inflate_begin(-MAX_WBITS);
}

static enum step inflate_step(void *state, struct flow *flow)
{
	z_stream *stream = state;
	unsigned in = piece(flow->in_size), out = piece(flow->out_size);

	stream->next_in = (Bytef *)(uintptr_t)flow->in;
	stream->avail_in = in;
	stream->next_out = flow->out;
	stream->avail_out = out;

	int result = inflate(stream, Z_NO_FLUSH);
	if (result == Z_MEM_ERROR)
		memory_end("zlib");
	advance(flow, in - stream->avail_in, out - stream->avail_out);
	if (result == Z_STREAM_END)
		return STEP_END;
	if (result == Z_OK || result == Z_BUF_ERROR)
		return STEP_MORE;
	return bad(flow, stream->msg ? stream->msg : "it needs a preset dictionary");
}

static void inflate_stop(void *state)
{
	inflateEnd(state);
	free(state);
}

const struct codec codec_gzip = {gzip_begin, inflate_step, inflate_stop};
const struct codec codec_deflate = {deflate_begin, inflate_step, inflate_stop};

static void *lzma_start(lzma_ret (*init)(lzma_stream *stream))
{
	lzma_stream *stream = calloc(1, sizeof *stream);

	if (stream && init(stream) == LZMA_OK)
		return stream;
	free(stream);
	return NULL;
}

static lzma_ret xz_init(lzma_stream *stream)
{
	return lzma_stream_decoder(stream, MEMORY, 0);
}

static lzma_ret alone_init(lzma_stream *stream)
{
	return lzma_alone_decoder(stream, MEMORY);
}

static void *xz_begin(void)
{
	return lzma_start(xz_init);
}

static void *alone_begin(void)
{
	return lzma_start(alone_init);
}

static const char *lzma_why(lzma_ret result)
{
	if (result == LZMA_MEMLIMIT_ERROR)
		return "the dictionary is too large";
	if (result == LZMA_OPTIONS_ERROR)
		return "unsupported options";
	if (result == LZMA_FORMAT_ERROR)
		return "not a stream of that format";
	return result == LZMA_MEM_ERROR ? NO_MEMORY : "data corrupted";
}

static enum step xz_step(void *state, struct flow *flow)
{
	lzma_stream *stream = state;

	stream->next_in = flow->in;
	stream->avail_in = flow->in_size;
	stream->next_out = flow->out;
	stream->avail_out = flow->out_size;

	lzma_ret result = lzma_code(stream, LZMA_RUN);
	advance(flow, flow->in_size - stream->avail_in, flow->out_size - stream->avail_out);
	if (result == LZMA_STREAM_END)
		return STEP_END;
	return result == LZMA_OK || result == LZMA_BUF_ERROR ? STEP_MORE
							     : bad(flow, lzma_why(result));
}

static void xz_end(void *state)
{
	lzma_end(state);
	free(state);
}

const struct codec codec_xz = {xz_begin, xz_step, xz_end};
const struct codec codec_lzma = {alone_begin, xz_step, xz_end};

static void *zstd_begin(void)
{
	return ZSTD_createDStream();
}

static enum step zstd_step(void *state, struct flow *flow)
{
	ZSTD_inBuffer in = {flow->in, flow->in_size, 0};
	ZSTD_outBuffer out = {flow->out, flow->out_size, 0};
	size_t result = ZSTD_decompressStream(state, &out, &in);

	advance(flow, in.pos, out.pos);
	if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation)
		return bad(flow, NO_MEMORY);
	if (ZSTD_isError(result))
		return bad(flow, ZSTD_getErrorName(result));
	return result == 0 ? STEP_END : STEP_MORE;
}

static void zstd_end(void *state)
{
	ZSTD_freeDStream(state);
}

const struct codec codec_zstd = {zstd_begin, zstd_step, zstd_end};

bool decompress_zstd_from(struct arena *arena, struct span base, struct span bytes, uint64_t limit,
			  struct span *ret, struct error *error)
{
	/* unknown sizes are the largest numbers */
	unsigned long long size = ZSTD_getFrameContentSize(bytes.data, bytes.size);

	if (size > limit)
		return fail(error, "zstd: no frame of a size up to %llu",
			    (unsigned long long)limit);

	uint8_t *data = arena_raw(arena, (size_t)size + 1);
	ZSTD_DCtx *context = ZSTD_createDCtx();
	if (!context)
		memory_end("libzstd");

	size_t made = ZSTD_decompress_usingDict(context, data, (size_t)size, bytes.data, bytes.size,
						base.data, base.size);

	ZSTD_freeDCtx(context);
	if (ZSTD_isError(made))
		return fail(error, "zstd: %s", ZSTD_getErrorName(made));
	*ret = span_from(data, made);
	return true;
}

static void *bzip2_begin(void)
{
	bz_stream *stream = calloc(1, sizeof *stream);

	if (stream && BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK)
		return stream;
	free(stream);
	return NULL;
}

static enum step bzip2_step(void *state, struct flow *flow)
{
	bz_stream *stream = state;
	unsigned in = piece(flow->in_size), out = piece(flow->out_size);

	stream->next_in = (char *)(uintptr_t)flow->in;
	stream->avail_in = in;
	stream->next_out = (char *)flow->out;
	stream->avail_out = out;

	int result = BZ2_bzDecompress(stream);
	if (result == BZ_MEM_ERROR)
		memory_end("libbz2");
	advance(flow, in - stream->avail_in, out - stream->avail_out);
	if (result == BZ_STREAM_END)
		return STEP_END;
	return result == BZ_OK ? STEP_MORE : bad(flow, "data corrupted");
}

static void bzip2_end(void *state)
{
	BZ2_bzDecompressEnd(state);
	free(state);
}

const struct codec codec_bzip2 = {bzip2_begin, bzip2_step, bzip2_end};

static void *lz4_begin(void)
{
	LZ4F_dctx *context = NULL;

	return LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) ? NULL
										     : context;
}

static enum step lz4_step(void *state, struct flow *flow)
{
	size_t in = flow->in_size, out = flow->out_size;
	size_t result = LZ4F_decompress(state, flow->out, &out, flow->in, &in, NULL);

	if (LZ4F_isError(result))
		return bad(flow, LZ4F_getErrorName(result));
	advance(flow, in, out);
	return result == 0 ? STEP_END : STEP_MORE;
}

static void lz4_end(void *state)
{
	LZ4F_freeDecompressionContext(state);
}

const struct codec codec_lz4_frame = {lz4_begin, lz4_step, lz4_end};
