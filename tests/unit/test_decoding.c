/* SPDX-License-Identifier: ISC */
/* Tests decoding with gzip: both ways give the same bytes, and only a complete, single member
 * is decoded in one step. test_archive has the other compressions. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "base/arena.h"
#include "unpack/compress/decoding.h"

#include <cmocka.h>
#include <string.h>
#include <zlib.h>

enum { PLAIN = 200000, ROOM = PLAIN + 1024 };

/* PLAIN bytes that do not compress to nothing, as one gzip member. */
static struct span member_make(struct arena *arena, uint8_t *plain)
{
	uint8_t *coded = arena_get(arena, ROOM);
	z_stream stream = {0};
	uint32_t number = 1;

	for (size_t i = 0; i < PLAIN; i++) {
		number = number * 1664525 + 1013904223;
		plain[i] = (uint8_t)(i % 7 ? 'a' : number >> 24);
	}
	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, 0), Z_OK);
	stream.next_in = plain;
	stream.avail_in = PLAIN;
	stream.next_out = coded;
	stream.avail_out = ROOM;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(deflateEnd(&stream), Z_OK);
	return span_from(coded, ROOM - stream.avail_out);
}

/* True if the decoder of pieces reads all of IN, as PLAIN. */
static bool pieces_same(struct span in, const uint8_t *plain, size_t size)
{
	struct decoding decoding = {.compression = COMPRESSION_GZIP};
	struct error error = {0};
	struct span piece = {.size = 1};
	size_t at = 0;
	bool ok = true;

	while (ok && (in.size > 0 || decoding.full)) {
		ok = decoding_some(&decoding, &in, &piece, &error);
		ok = ok && at + piece.size <= size &&
		     (piece.size == 0 || memcmp(piece.data, plain + at, piece.size) == 0);
		at += piece.size;
	}
	ok = ok && decoding_whole(&decoding, &error) && at == size;
	decoding_free(&decoding);
	return ok;
}

static bool at_once(struct span in, uint64_t most, const uint8_t *plain)
{
	struct decoding decoding = {.compression = COMPRESSION_GZIP};
	struct span ret = {0};
	bool ok = decoding_at_once(&decoding, in, most, &ret);

	if (ok) {
		assert_int_equal(ret.size, PLAIN);
		assert_memory_equal(ret.data, plain, PLAIN);
		assert_int_equal(decoding.decoded, PLAIN);
		assert_true(decoding_whole(&decoding, NULL));
	}
	decoding_free(&decoding);
	return ok;
}

static void both_ways(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	uint8_t *plain = arena_get(&arena, PLAIN);
	struct span member = member_make(&arena, plain);

	(void)state;
	assert_true(at_once(member, PLAIN, plain));
	assert_true(pieces_same(member, plain, PLAIN));
	assert_false(at_once(member, PLAIN - 1, plain));
}

/* Two members, and bytes behind a member, are for the decoder of pieces. */
static void more_behind(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	uint8_t *plain = arena_get(&arena, (size_t)2 * PLAIN), *two;
	struct span member = member_make(&arena, plain);

	(void)state;
	memcpy(plain + PLAIN, plain, PLAIN);
	two = arena_get(&arena, 2 * member.size);
	memcpy(two, member.data, member.size);
	memcpy(two + member.size, member.data, member.size);
	assert_false(at_once(span_from(two, 2 * member.size), ROOM, plain));
	assert_true(pieces_same(span_from(two, 2 * member.size), plain, (size_t)2 * PLAIN));
	assert_false(at_once(span_from(two, member.size + 9), ROOM, plain));
}

/* One step never decodes what the decoder of pieces refuses. */
static void damaged(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	uint8_t *plain = arena_get(&arena, PLAIN);
	struct span member = member_make(&arena, plain);
	uint8_t *copy = arena_get(&arena, member.size);
	size_t refused = 0;

	(void)state;
	for (size_t size = 0; size < member.size; size += 977)
		assert_false(at_once(span_head(member, size), ROOM, plain));
	for (size_t at = 0; at < member.size; at += at < 32 ? 1 : 307) {
		memcpy(copy, member.data, member.size);
		copy[at] ^= 0x82;
		if (pieces_same(span_from(copy, member.size), plain, PLAIN))
			continue;
		refused++;
		assert_false(at_once(span_from(copy, member.size), ROOM, plain));
	}
	assert_true(refused > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways),
		cmocka_unit_test(more_behind),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
