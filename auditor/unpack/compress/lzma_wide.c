/* SPDX-License-Identifier: ISC */
/* Decodes lzma whose properties lc and lp are together more than 4, which liblzma refuses and
 * other decoders, such as those of boot loaders, read (format: Igor Pavlov, LZMA specification,
 * lzma-specification.txt in LZMA SDK). The bytes decoded so far are the dictionary. */
#include "unpack/compress/decompress.h"
#include "unpack/compress/sink.h"

/*   0 u8 (pb * 5 + lp) * 9 + lc | 1 u32 dictionary | 5 u64 decoded size, or all ones
 *   13 u8 0 | 14 u32 code, big endian | bytes of the range coder
 *
 * A bit is decoded with a probability of 11 bits, that of a zero, which moves 1/32 of the
 * way to the bit. Symbols are a literal, a match of a new distance, or one of the last four
 * distances. */
enum {
	HEADER = 13,
	CODE = 5,
	STATES = 12,
	POSITIONS = 16,
	EVEN = 1024,
	LITERAL = 0x300,
	LENGTH_LEAST = 2,
	LENGTH_MOST = 273,
	SLOT_FULL = 14, /* from here on the lower bits of a distance are not modelled */
	LC_LP_LIBLZMA = 4,
	DICTIONARY_LEAST = 4096, /* for a header with less */
};

struct lengths {
	uint16_t longer, longest, low[POSITIONS][8], middle[POSITIONS][8], high[256];
};

/* Only probabilities. */
struct model {
	uint16_t match[STATES][POSITIONS], again[STATES], older[STATES], third[STATES];
	uint16_t fourth[STATES], more[STATES][POSITIONS];
	uint16_t slot[4][64], special[1 + 128 - SLOT_FULL], align[16];
	struct lengths lengths, lengths_again;
	uint16_t literal[];
};

struct wide {
	struct span in;
	uint64_t at;
	bool early; /* bytes were needed that do not exist */
	uint32_t range, code, dictionary, distance[4];
	unsigned state, lc, lp, pb;
	uint64_t size; /* UINT64_MAX: not stated */
	struct model *model;
};

enum symbol { SYMBOL_BYTES, SYMBOL_END, SYMBOL_BAD };

static void normalize(struct wide *wide)
{
	uint8_t byte = 0;

	if (wide->range >> 24)
		return;
	if (!span_u8(wide->in, wide->at, &byte))
		wide->early = true;
	else
		wide->at++;
	wide->range <<= 8;
	wide->code = wide->code << 8 | byte;
}

static unsigned bit(struct wide *wide, uint16_t *zero)
{
	normalize(wide);

	uint32_t bound = (wide->range >> 11) * *zero;
	if (wide->code < bound) {
		wide->range = bound;
		*zero += (2048 - *zero) >> 5;
		return 0;
	}
	wide->range -= bound;
	wide->code -= bound;
	*zero -= *zero >> 5;
	return 1;
}

static unsigned tree(struct wide *wide, uint16_t *nodes, unsigned count)
{
	unsigned node = 1;

	for (unsigned i = 0; i < count; i++)
		node = node << 1 | bit(wide, &nodes[node]);
	return node - (1u << count);
}

/* The lowest bit first. */
static unsigned tree_reverse(struct wide *wide, uint16_t *nodes, unsigned count)
{
	unsigned node = 1, value = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned got = bit(wide, &nodes[node]);

		node = node << 1 | got;
		value |= got << i;
	}
	return value;
}

static unsigned length_of(struct wide *wide, struct lengths *lengths, unsigned position)
{
	if (!bit(wide, &lengths->longer))
		return LENGTH_LEAST + tree(wide, lengths->low[position], 3);
	if (!bit(wide, &lengths->longest))
		return LENGTH_LEAST + 8 + tree(wide, lengths->middle[position], 3);
	return LENGTH_LEAST + 16 + tree(wide, lengths->high, 8);
}

static uint32_t distance_of(struct wide *wide, unsigned length)
{
	unsigned group = length - LENGTH_LEAST < 3 ? length - LENGTH_LEAST : 3;
	unsigned slot = tree(wide, wide->model->slot[group], 6);
	unsigned bits = slot / 2 - 1, even = 0;

	if (slot < 4)
		return slot;

	uint32_t base = (2u | (slot & 1)) << bits;
	if (slot < SLOT_FULL)
		return base + tree_reverse(wide, wide->model->special + base - slot, bits);
	for (unsigned i = 4; i < bits; i++) {
		normalize(wide);
		wide->range >>= 1;
		bool one = wide->code >= wide->range;
		wide->code -= one ? wide->range : 0;
		even = even << 1 | one;
	}
	return base + (even << 4) + tree_reverse(wide, wide->model->align, 4);
}

static uint8_t literal_of(struct wide *wide, const struct sink *sink)
{
	const uint8_t *end = sink->data + sink->size;
	unsigned before = sink->size ? end[-1] : 0, node = 1;
	size_t set = (sink->size & ((1u << wide->lp) - 1)) << wide->lc | before >> (8 - wide->lc);
	uint16_t *nodes = wide->model->literal + LITERAL * set;

	/* behind a match the byte that would have continued it chooses among the nodes */
	if (wide->state >= 7) {
		unsigned guess = end[-1 - (ptrdiff_t)wide->distance[0]];

		while (node < 0x100) {
			unsigned wanted = guess >> 7 & 1;
			unsigned got = bit(wide, &nodes[((1 + wanted) << 8) + node]);

			guess <<= 1;
			node = node << 1 | got;
			if (got != wanted)
				break;
		}
	}
	while (node < 0x100)
		node = node << 1 | bit(wide, &nodes[node]);
	wide->state = wide->state < 4 ? 0 : wide->state - (wide->state < 10 ? 3 : 6);
	return (uint8_t)node;
}

/* Brings the distance with the index LAST to the front. */
static void distance_use(struct wide *wide, unsigned last, uint32_t distance)
{
	for (; last > 0; last--)
		wide->distance[last] = wide->distance[last - 1];
	wide->distance[0] = distance;
}

/* The length of a match with one of the last distances. */
static unsigned again_of(struct wide *wide, unsigned position)
{
	struct model *model = wide->model;
	unsigned state = wide->state, which = 0;

	if (!bit(wide, &model->older[state])) {
		if (!bit(wide, &model->more[state][position])) {
			wide->state = state < 7 ? 9 : 11;
			return 1;
		}
	} else {
		which = !bit(wide, &model->third[state]) ? 1 : 2 + bit(wide, &model->fourth[state]);
		distance_use(wide, which, wide->distance[which]);
	}
	wide->state = state < 7 ? 8 : 11;
	return length_of(wide, &model->lengths_again, position);
}

/* Decodes one symbol; that is LENGTH bytes at the last distance, or with LENGTH 0 the byte
 * LITERAL. */
static enum symbol symbol_next(struct wide *wide, const struct sink *sink, unsigned *ret_length,
			       uint8_t *ret_literal)
{
	unsigned position = sink->size & ((1u << wide->pb) - 1), state = wide->state;

	*ret_length = 0;
	if (!bit(wide, &wide->model->match[state][position])) {
		*ret_literal = literal_of(wide, sink);
		return SYMBOL_BYTES;
	}
	if (bit(wide, &wide->model->again[state])) {
		*ret_length = again_of(wide, position);
	} else {
		*ret_length = length_of(wide, &wide->model->lengths, position);
		distance_use(wide, 3, distance_of(wide, *ret_length));
		wide->state = state < 7 ? 7 : 10;
		if (wide->distance[0] == UINT32_MAX)
			return SYMBOL_END;
	}
	return wide->distance[0] < sink->size && wide->distance[0] < wide->dictionary ? SYMBOL_BYTES
										      : SYMBOL_BAD;
}

static void bytes_add(struct sink *sink, unsigned length, uint32_t distance, uint8_t literal)
{
	uint8_t *to = sink->data + sink->size;

	sink->size += length ? length : 1;
	if (length == 0)
		*to = literal;
	/* from and to may overlap: what was just written is repeated */
	for (unsigned i = 0; i < length; i++)
		to[i] = to[(ptrdiff_t)i - 1 - (ptrdiff_t)distance];
}

static bool symbols_decode(struct wide *wide, struct sink *sink, struct error *error)
{
	uint64_t limit = sink->limit + !sink->head;
	uint64_t most = wide->size < limit ? wide->size : limit;

	for (;;) {
		uint64_t left = most - sink->size < LENGTH_MOST ? most - sink->size : LENGTH_MOST;
		unsigned length;
		uint8_t literal = 0;

		if (left == 0)
			return true;
		if (!sink_room(sink, left, wide->at, error))
			return false;

		enum symbol symbol = symbol_next(wide, sink, &length, &literal);
		if (wide->early)
			return sink->open_end ||
			       fail(error, "the stream ends early after %llu bytes",
				    (unsigned long long)wide->at);
		if (symbol == SYMBOL_END && wide->size == UINT64_MAX)
			return true;
		if (symbol != SYMBOL_BYTES || (length > left && sink->size + length > wide->size))
			return fail(error, "data corrupted after %llu bytes",
				    (unsigned long long)wide->at);
		bytes_add(sink, length > left ? (unsigned)left : length, wide->distance[0],
			  literal);
	}
}

static bool wide_begin(struct wide *wide, struct span bytes)
{
	uint8_t properties, first;

	if (!span_u8(bytes, 0, &properties) || properties >= 225 ||
	    !span_u32(bytes, 1, ENDIAN_LITTLE, &wide->dictionary) ||
	    !span_u64(bytes, 5, ENDIAN_LITTLE, &wide->size) || !span_u8(bytes, HEADER, &first) ||
	    first != 0 || !span_u32(bytes, HEADER + 1, ENDIAN_BIG, &wide->code))
		return false;
	if (wide->dictionary < DICTIONARY_LEAST)
		wide->dictionary = DICTIONARY_LEAST;
	wide->in = bytes;
	wide->at = HEADER + CODE;
	wide->range = UINT32_MAX;
	wide->lc = properties % 9;
	wide->lp = properties / 9 % 5;
	wide->pb = properties / 45;
	return true;
}

bool lzma_wide_here(struct span bytes)
{
	struct wide wide;

	return wide_begin(&wide, bytes) && wide.lc + wide.lp > LC_LP_LIBLZMA;
}

bool lzma_wide_decode(struct sink *sink, struct span bytes, uint64_t *ret_used, struct error *error)
{
	struct wide wide = {0};

	*ret_used = 0;
	if (!wide_begin(&wide, bytes))
		return fail(error, "not a stream of that format");

	size_t count =
		sizeof *wide.model / sizeof(uint16_t) + ((size_t)LITERAL << (wide.lc + wide.lp));
	_cleanup_arena_ struct arena scratch = {0};
	uint16_t *zeros = arena_raw(&scratch, count * sizeof *zeros);

	for (size_t i = 0; i < count; i++)
		zeros[i] = EVEN;
	wide.model = (struct model *)zeros;

	bool ok = symbols_decode(&wide, sink, error);
	if (ok)
		normalize(&wide);
	*ret_used = wide.at;
	return ok;
}
