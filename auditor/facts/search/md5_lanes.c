/* SPDX-License-Identifier: ISC */
/* Computes MD5 (RFC 1321) of sixteen texts at once, in the lanes of vectors that the
 * compiler maps to the instructions of the processor. */
#include "facts/search/md5_lanes.h"

#include <endian.h>
#include <string.h>

typedef uint32_t vector __attribute__((vector_size(4 * MD5_LANES)));

/* floor(2^32 * |sin(i + 1)|) */
static const uint32_t sines[64] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613,
	0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193,
	0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
	0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
	0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
	0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
	0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244,
	0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
	0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
	0xeb86d391,
};

/* The steps are the same for numbers and for vectors of numbers. */
#define CHOOSE(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define SELECT(x, y, z) ((y) ^ ((z) & ((x) ^ (y))))
#define PARITY(x, y, z) ((x) ^ (y) ^ (z))
#define INVERT(x, y, z) ((y) ^ ((x) | ~(z)))
#define STEP(mix, a, b, c, d, word, number, shift)                    \
	do {                                                          \
		(a) += mix(b, c, d) + (word) + sines[number];         \
		(a) = ((a) << (shift) | (a) >> (32 - (shift))) + (b); \
	} while (0)
/* Four of sixteen steps: word STEP * number + FIRST, modulo 16. */
#define FOUR(mix, i, step, first, s0, s1, s2, s3, base)                                           \
	do {                                                                                      \
		STEP(mix, a, b, c, d, words[((i) * (step) + (first)) % 16], (base) + (i), s0);    \
		STEP(mix, d, a, b, c, words[((i + 1) * (step) + (first)) % 16], (base) + (i) + 1, \
		     s1);                                                                         \
		STEP(mix, c, d, a, b, words[((i + 2) * (step) + (first)) % 16], (base) + (i) + 2, \
		     s2);                                                                         \
		STEP(mix, b, c, d, a, words[((i + 3) * (step) + (first)) % 16], (base) + (i) + 3, \
		     s3);                                                                         \
	} while (0)
/* One block, whose sixteen words are WORDS. */
#define BLOCK(type, state, words)                                            \
	do {                                                                 \
		type a = (state)[0], b = (state)[1];                         \
		type c = (state)[2], d = (state)[3];                         \
		_Pragma("GCC unroll 4") for (unsigned i = 0; i < 16; i += 4) \
			FOUR(CHOOSE, i, 1, 0, 7, 12, 17, 22, 0);             \
		_Pragma("GCC unroll 4") for (unsigned i = 0; i < 16; i += 4) \
			FOUR(SELECT, i, 5, 1, 5, 9, 14, 20, 16);             \
		_Pragma("GCC unroll 4") for (unsigned i = 0; i < 16; i += 4) \
			FOUR(PARITY, i, 3, 5, 4, 11, 16, 23, 32);            \
		_Pragma("GCC unroll 4") for (unsigned i = 0; i < 16; i += 4) \
			FOUR(INVERT, i, 7, 0, 6, 10, 15, 21, 48);            \
		(state)[0] += a;                                             \
		(state)[1] += b;                                             \
		(state)[2] += c;                                             \
		(state)[3] += d;                                             \
	} while (0)

static uint32_t word_at(const uint8_t *data)
{
	uint32_t word;

	memcpy(&word, data, sizeof word);
	return le32toh(word);
}

struct md5_state md5_start(void)
{
	return (struct md5_state){{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}};
}

struct md5_state md5_wanted(const uint8_t *digest)
{
	struct md5_state state;

	for (unsigned i = 0; i < 4; i++)
		state.words[i] = word_at(digest + 4 * i);
	return state;
}

void md5_marks(struct md5_state state, const uint8_t *data, size_t count, struct md5_state *ret)
{
	uint32_t words[16];

	for (size_t block = 0; block < count; block++) {
		for (unsigned i = 0; i < 16; i++)
			words[i] = word_at(data + block * MD5_BLOCK + 4 * i);
		BLOCK(uint32_t, state.words, words);
		ret[block] = state;
	}
}

/* Hashes COUNT blocks of all lanes, from block AT on. Inline, so that it is compiled
 * for each kind of processor. */
static inline __attribute__((always_inline)) void lanes_step(const uint8_t *const *data, size_t at,
							     size_t count, vector *state)
{
	uint32_t gathered[16][MD5_LANES] __attribute__((aligned(sizeof(vector))));
	vector words[16];

	for (size_t block = at; block < at + count; block++) {
		for (unsigned lane = 0; lane < MD5_LANES; lane++)
			for (unsigned i = 0; i < 16; i++)
				gathered[i][lane] = word_at(data[lane] + block * MD5_BLOCK + 4 * i);
		memcpy(words, gathered, sizeof words);
		BLOCK(vector, state, words);
	}
}

typedef void lanes_run(const uint8_t *const *data, size_t at, size_t count, vector *state);

static void lanes_plain(const uint8_t *const *data, size_t at, size_t count, vector *state)
{
	lanes_step(data, at, count, state);
}

#ifdef __x86_64__
static __attribute__((target("avx2"))) void lanes_avx2(const uint8_t *const *data, size_t at,
						       size_t count, vector *state)
{
	lanes_step(data, at, count, state);
}

static lanes_run *lanes_best(void)
{
	return __builtin_cpu_supports("avx2") ? lanes_avx2 : lanes_plain;
}
#else
static lanes_run *lanes_best(void)
{
	return lanes_plain;
}
#endif

/* The smallest number of blocks that a lane has after AT; SIZE_MAX if none has any.
 * Stores the state of lanes that end at AT. */
static size_t lanes_next(struct md5_lane *lanes, size_t count, size_t at, const vector *state)
{
	size_t next = SIZE_MAX;

	for (size_t lane = 0; lane < count; lane++) {
		size_t left = lanes[lane].blocks - at;

		if (lanes[lane].blocks > at && left < next)
			next = left;
		for (unsigned i = 0; i < 4 && lanes[lane].blocks == at; i++)
			lanes[lane].state.words[i] = state[i][lane];
	}
	return next;
}

void md5_lanes(struct md5_lane *lanes, size_t count)
{
	lanes_run *const run = lanes_best();
	const uint8_t *data[MD5_LANES];
	vector state[4];
	size_t longest = 0, at = 0, next;

	for (size_t i = 1; i < count; i++)
		if (lanes[i].blocks > lanes[longest].blocks)
			longest = i;
	/* a lane that is not used, or has ended, reads what the longest reads */
	for (size_t lane = 0; lane < MD5_LANES; lane++) {
		const struct md5_lane *from = &lanes[lane < count ? lane : longest];

		data[lane] = from->data;
		for (unsigned i = 0; i < 4; i++)
			state[i][lane] = from->state.words[i];
	}
	while ((next = lanes_next(lanes, count, at, state)) != SIZE_MAX) {
		run(data, at, next, state);
		at += next;
		for (size_t lane = 0; lane < count; lane++)
			if (lanes[lane].blocks <= at)
				data[lane] = lanes[longest].data;
	}
}

size_t md5_pad(uint8_t *block, uint64_t total)
{
	size_t used = total % MD5_BLOCK, blocks = used + 9 > MD5_BLOCK ? 2 : 1;
	uint64_t bits = htole64(total * 8);

	memset(block + used, 0, blocks * MD5_BLOCK - used);
	block[used] = 0x80;
	memcpy(block + blocks * MD5_BLOCK - sizeof bits, &bits, sizeof bits);
	return blocks;
}
