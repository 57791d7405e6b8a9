/* SPDX-License-Identifier: ISC */
/* Tests for every compression that a stream ends where it should, and that truncation, damage,
 * limits and bombs are noticed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/firmware.h"
#include "unpack/compress/sink.h"

static const struct tool {
	const char *command;
	enum compression compression;
} tools[] = {
	{"gzip -9n", COMPRESSION_GZIP},
	{"gzip -1", COMPRESSION_GZIP},
	{"xz --check=crc32", COMPRESSION_XZ},
	{"xz --check=sha256 --block-size=65536", COMPRESSION_XZ},
	{"xz --check=crc32 --arm --lzma2=dict=1MiB", COMPRESSION_XZ},
	{"xz --check=none --x86 --lzma2=preset=6,lc=0,lp=2", COMPRESSION_XZ},
	{"xz --format=lzma", COMPRESSION_LZMA},
	{"xz --format=lzma --lzma1=lc=1,lp=2,pb=2,dict=8MiB", COMPRESSION_LZMA},
	{"xz --format=lzma --lzma1=lc=0,lp=0,pb=0,dict=64KiB", COMPRESSION_LZMA},
	{"zstd -q -9", COMPRESSION_ZSTD},
	{"zstd -q --no-check", COMPRESSION_ZSTD},
	{"lz4 -q -l -9", COMPRESSION_LZ4},
	{"lz4 -q -9", COMPRESSION_LZ4},
	{"lz4 -q -1 -BD -B4 --no-frame-crc", COMPRESSION_LZ4},
	{"bzip2 -9", COMPRESSION_BZIP2},
	{"lzop -9", COMPRESSION_LZO},
	{"lzop -1 --crc32", COMPRESSION_LZO},
	{"lzop -3 -F", COMPRESSION_LZO},
};

#define EACH_TOOL(tool) \
	(const struct tool *tool = tools; tool < tools + sizeof tools / sizeof *tools; tool++)

static void stream_and_what_follows(void **state)
{
	(void)state;
	for
		EACH_TOOL(tool)
		{
			_cleanup_arena_ struct arena arena = {0};
			struct span plain = make_kernel(&arena, 300001),
				    stream = filtered(&arena, tool->command, plain), decoded;
			struct error error;
			uint64_t used;

			assert_int_equal(compression_of(stream), tool->compression);
			for (unsigned i = 0; i < 3; i++) {
				struct span rest = i == 0 ? span_head(stream, 0)
							  : filled(&arena, i == 1 ? 4 : 70000,
								   i == 1 ? 0x33 : 0xff);

				if (!decompress(&arena, tool->compression,
						join(&arena, stream, rest), LIMIT_FILE, &decoded,
						&used, &error))
					COMPLAIN("%s: %s", tool->command, error.text);
				assert_true(span_equal(decoded, plain));
				assert_int_equal(used, stream.size);
			}
		}
}

static void stream_that_ends_early(void **state)
{
	(void)state;
	for
		EACH_TOOL(tool)
		{
			_cleanup_arena_ struct arena arena = {0};
			struct span stream = filtered(&arena, tool->command,
						      make_kernel(&arena, 300000)),
				    decoded;
			struct error error;

			for (size_t size = 16; size < stream.size;
			     size = size * 2 < stream.size || size == stream.size - 1
					    ? size * 2
					    : stream.size - 1) {
				if (decompress(&arena, tool->compression, span_head(stream, size),
					       LIMIT_FILE, &decoded, NULL, &error))
					COMPLAIN("%s: decoded from %zu of %zu bytes", tool->command,
						 size, stream.size);
				assert_has(error.text, compression_name(tool->compression));
				assert_has(error.text, "ends early after");
			}
		}
}

static void limit_is_exact(void **state)
{
	(void)state;
	for
		EACH_TOOL(tool)
		{
			_cleanup_arena_ struct arena arena = {0};
			struct span plain = make_kernel(&arena, 300000),
				    stream = filtered(&arena, tool->command, plain), decoded;
			struct error error;

			assert_true(decompress(&arena, tool->compression, stream, plain.size,
					       &decoded, NULL, &error));
			assert_true(span_equal(decoded, plain));
			assert_false(decompress(&arena, tool->compression, stream, plain.size - 1,
						&decoded, NULL, &error));
			assert_has(error.text, "more than the allowed 299999 bytes");
			assert_null(decoded.data);
		}
}

static void first_bytes_only(void **state)
{
	(void)state;
	for
		EACH_TOOL(tool)
		{
			_cleanup_arena_ struct arena arena = {0};
			struct span plain = make_kernel(&arena, 200000),
				    stream = filtered(&arena, tool->command, plain);

			uint64_t used;

			assert_true(span_equal(
				decompress_head(&arena, tool->compression, stream, 110, &used),
				span_head(plain, 110)));
			assert_true(used > 0 && used <= stream.size);
			assert_true(span_equal(
				decompress_head(&arena, tool->compression, stream, 1000000, &used),
				plain));
		}
}

static void damage_is_found_or_harmless(void **state)
{
	uint32_t seed = 5;

	(void)state;
	for
		EACH_TOOL(tool)
		{
			_cleanup_arena_ struct arena arena = {0};
			struct span stream = filtered(&arena, tool->command,
						      make_kernel(&arena, 50000)),
				    decoded;
			struct error error;

			for (unsigned i = 0; i < 100; i++) {
				_cleanup_arena_ struct arena round = {0};
				struct span copy = arena_copy(&round, stream);
				size_t at = next_random(&seed) % (i % 2 ? copy.size : 64);

				((uint8_t *)copy.data)[at] ^=
					(uint8_t)(1 << next_random(&seed) % 8);
				error.text[0] = '\0';
				if (!decompress(&round, tool->compression, copy, MIB, &decoded,
						NULL, &error))
					assert_true(error.text[0]);
			}
		}
}

static void checksums_are_verified(void **state)
{
	static const char *const with[] = {"gzip",  "xz",   "zstd -q",	   "lz4 -q",
					   "bzip2", "lzop", "lzop --crc32"};

	(void)state;
	for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
		_cleanup_arena_ struct arena arena = {0};
		/* random bytes are stored uncompressed, so a flipped bit changes one byte and
		 * only the checksum shows it */
		struct span stream = filtered(&arena, with[i], random_bytes(&arena, 20000, 3)),
			    decoded;
		struct error error;

		((uint8_t *)stream.data)[stream.size / 2] ^= 1;
		assert_false(decompress(&arena, compression_of(stream), stream, MIB, &decoded, NULL,
					&error));
	}
}

static void bomb(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span stream = filtered(&arena, "sh -c 'head -c 200M /dev/zero | zstd -q -1'",
				      span_head(SPAN_OF("x"), 0)),
		    decoded;
	struct error error;

	(void)state;
	assert_true(stream.size < 100000);
	assert_false(
		decompress(&arena, COMPRESSION_ZSTD, stream, LIMIT_FILE, &decoded, NULL, &error));
	assert_has(error.text, "expands to more than");
}

/* LZMA with its size in the header, as OpenWrt's lzma writes it. */
static void lzma_of_known_size(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span plain = make_kernel(&arena, 300000), decoded;
	struct span stream = filtered(&arena, "xz --format=lzma --lzma1=lc=1,lp=2,pb=2", plain);
	struct error error;

	(void)state;
	put((uint8_t *)stream.data + 5, 8, ENDIAN_LITTLE, plain.size);
	assert_int_equal(compression_of(stream), COMPRESSION_LZMA);
	assert_true(
		decompress(&arena, COMPRESSION_LZMA, stream, LIMIT_FILE, &decoded, NULL, &error));
	assert_true(span_equal(decoded, plain));
	put((uint8_t *)stream.data + 5, 8, ENDIAN_LITTLE, plain.size + 1000);
	assert_false(
		decompress(&arena, COMPRESSION_LZMA, stream, LIMIT_FILE, &decoded, NULL, &error));
	put((uint8_t *)stream.data + 5, 8, ENDIAN_LITTLE, (uint64_t)1 << 40);
	assert_int_equal(compression_of(stream), COMPRESSION_NONE);
}

/* liblzma refuses lc 3 with lp 2; what lzma_wide.c decodes of the properties that it does not
 * refuse must be the same. */
static void lzma_wide_as_liblzma(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span plain = make_kernel(&arena, 300001), decoded;

	(void)state;
	for (unsigned lc = 0; lc <= 4; lc++)
		for (unsigned lp = 0; lc + lp <= 4; lp++) {
			_cleanup_sink_ struct sink sink = {.limit = LIMIT_FILE};
			struct span stream = filtered(
				&arena,
				arena_format(&arena, "xz --format=lzma --lzma1=lc=%u,lp=%u,pb=%u",
					     lc, lp, lc),
				plain);
			struct error error;
			uint64_t used;

			assert_false(lzma_wide_here(stream));
			assert_true(lzma_wide_decode(&sink, stream, &used, &error));
			assert_true(span_equal(span_from(sink.data, sink.size), plain));
			assert_int_equal(used, stream.size);

			/* a smaller dictionary than the stream was made for */
			_cleanup_sink_ struct sink less = {.limit = LIMIT_FILE};

			put((uint8_t *)stream.data + 1, 4, ENDIAN_LITTLE, 4096);
			assert_false(decompress(&arena, COMPRESSION_LZMA, stream, LIMIT_FILE,
						&decoded, NULL, &error));
			assert_false(lzma_wide_decode(&less, stream, &used, &error));
		}
}

/* lc 3, lp 2, pb 2: "0 modules, 0 symbols; 1 modules, 1 symbols; ..." */
static const struct span wide =
	SPAN_OF("\x6f\x00\x00\x01\x00\x40\x02\x00\x00\x00\x00\x00\x00\x00\x18\x08"
		"\x09\xa6\xf3\x3a\xf2\xa2\x56\x15\xc9\x09\xc4\x0b\xa0\x61\x07\x7a"
		"\x06\x51\xd4\x54\x57\xf6\xc2\xaa\xdf\x35\xce\x3e\xfe\x96\x6c\x91"
		"\xe1\xb9\xd1\x11\xf4\xd5\x9d\x6d\x0c\xb9\x01\xa5\xf5\xb6\xa1\x76"
		"\xb2\x7d\xbe\x20\x1b\xf4\x46\x6d\x28\xaa\xdb\x6a\x66\xb7\x5a\x27"
		"\x9b\x1f\x38\xcf\x02\x98\xa7\x21\xd6\x2b\x9b\x13\x6d\xb5\xb0\x93"
		"\x99\x45\x77\x26\x35\x9d\x62\x43\xf0\xda\x7d\x26\x84\x4a\x03\xdc"
		"\x57\xec\xff\x3b\x1c\x66\x78\x75\xd1\xfe\x46\x40\xbc\x90\x5e\x23"
		"\x04\xea\x65\xb8\x72\x9e\x7e\x6e\x74\x45\x7d\xf2\xb6\x5b\xa5\x04"
		"\x07\x72\xfd\x78\xac\xd4\xfd\xab\x37\xe0\x89\x0f\xb5\x1d");

static struct span wide_plain(struct arena *arena)
{
	const char *text = "";

	for (unsigned i = 0; i < 24; i++)
		text = arena_format(arena, "%s%u modules, %u symbols; ", text, i, i * i);
	return span_text(text);
}

static void lzma_wide(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span plain = wide_plain(&arena), decoded, longer;
	struct error error;
	uint64_t used;

	(void)state;
	assert_int_equal(compression_of(wide), COMPRESSION_LZMA);
	assert_true(decompress(&arena, COMPRESSION_LZMA, join(&arena, wide, plain), LIMIT_FILE,
			       &decoded, &used, &error));
	assert_true(span_equal(decoded, plain));
	assert_int_equal(used, wide.size);
	decoded = decompress_head(&arena, COMPRESSION_LZMA, wide, 100, &used);
	assert_true(span_equal(decoded, span_head(plain, 100)));
	assert_false(
		decompress(&arena, COMPRESSION_LZMA, wide, plain.size - 1, &decoded, NULL, &error));
	assert_has(error.text, "more than the allowed");
	for (size_t size = 20; size < wide.size - 1; size++) {
		assert_false(decompress(&arena, COMPRESSION_LZMA, span_head(wide, size), LIMIT_FILE,
					&decoded, NULL, &error));
		assert_has(error.text, "ends early after");
	}
	/* without a size in the header it ends with its last byte */
	assert_true(decompress_lzma(&arena, span_head(wide, 5), UINT64_MAX, span_skip(wide, 13),
				    LIMIT_FILE, &decoded, &error));
	assert_true(span_equal(span_head(decoded, plain.size), plain));
	longer = arena_copy(&arena, wide);
	put((uint8_t *)longer.data + 1, 4, ENDIAN_LITTLE, 1);
	assert_true(
		decompress(&arena, COMPRESSION_LZMA, longer, LIMIT_FILE, &decoded, NULL, &error));
	assert_true(span_equal(decoded, plain));
	put((uint8_t *)longer.data + 5, 8, ENDIAN_LITTLE, plain.size + 1000);
	assert_false(
		decompress(&arena, COMPRESSION_LZMA, longer, LIMIT_FILE, &decoded, NULL, &error));
	/* lc 4 with lp 4 is legal, but no encoder writes it unless it was told to */
	((uint8_t *)longer.data)[0] = (2 * 5 + 4) * 9 + 4;
	assert_int_equal(compression_of(longer), COMPRESSION_NONE);
}

/* No damage may be read outside of the stream or of what was decoded. */
static void lzma_wide_damaged(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span noise = random_bytes(&arena, wide.size, 5);

	(void)state;
	for (size_t at = 14; at < wide.size; at++) {
		struct span damaged = arena_copy(&arena, wide), decoded;
		struct error error;

		((uint8_t *)damaged.data)[at] ^= noise.data[at] | 1;
		if (decompress(&arena, COMPRESSION_LZMA, damaged, LIMIT_FILE, &decoded, NULL,
			       &error))
			assert_int_equal(decoded.size, wide_plain(&arena).size);
	}
}

/* lz4 legacy has no end marker; a kernel's build appends the decoded size, which here looks like
 * the size of a block. */
static void lz4_of_whole_blocks(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span plain = make_kernel(&arena, (size_t)8 << 20),
		    stream = filtered(&arena, "lz4 -q -l", plain), decoded;
	uint8_t size[4];
	struct error error;
	uint64_t used;

	(void)state;
	put(size, 4, ENDIAN_LITTLE, plain.size);
	assert_true(decompress(&arena, COMPRESSION_LZ4, join(&arena, stream, span_from(size, 4)),
			       LIMIT_FILE, &decoded, &used, &error));
	assert_true(span_equal(decoded, plain));
	assert_int_equal(used, stream.size);
}

static void random_bytes_are_no_stream(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span noise = random_bytes(&arena, 256 << 10, 11);

	(void)state;
	for (size_t at = 0; at < noise.size; at++)
		assert_int_equal(compression_of(span_skip(noise, at)), COMPRESSION_NONE);
	assert_int_equal(compression_of(filled(&arena, 4096, 0)), COMPRESSION_NONE);
	assert_int_equal(compression_of(filled(&arena, 4096, 0xff)), COMPRESSION_NONE);
	assert_int_equal(compression_of(span_head(noise, 0)), COMPRESSION_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stream_and_what_follows),
		cmocka_unit_test(stream_that_ends_early),
		cmocka_unit_test(limit_is_exact),
		cmocka_unit_test(first_bytes_only),
		cmocka_unit_test(damage_is_found_or_harmless),
		cmocka_unit_test(checksums_are_verified),
		cmocka_unit_test(bomb),
		cmocka_unit_test(lzma_of_known_size),
		cmocka_unit_test(lzma_wide_as_liblzma),
		cmocka_unit_test(lzma_wide),
		cmocka_unit_test(lzma_wide_damaged),
		cmocka_unit_test(lz4_of_whole_blocks),
		cmocka_unit_test(random_bytes_are_no_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
