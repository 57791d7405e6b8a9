/* SPDX-License-Identifier: ISC */
/* Reads numbers, strings, lines and tokens from a byte range; every read is checked
 * against the end of the range. */
#include "base/span.h"

#include <endian.h>
#include <strings.h>

struct span span_from(const void *data, size_t size)
{
	return (struct span){data, size};
}

struct span span_text(const char *text)
{
	return (struct span){(const uint8_t *)text, strlen(text)};
}

bool span_cut(struct span span, uint64_t offset, uint64_t size, struct span *ret)
{
	if (offset > span.size || size > span.size - offset)
		return false;
	*ret = (struct span){span.data ? span.data + offset : NULL, (size_t)size};
	return true;
}

struct span span_skip(struct span span, uint64_t offset)
{
	if (offset >= span.size)
		return (struct span){NULL, 0};
	return (struct span){span.data + offset, span.size - (size_t)offset};
}

struct span span_head(struct span span, uint64_t size)
{
	if (size < span.size)
		span.size = (size_t)size;
	return span;
}

bool span_word(struct span span, uint64_t offset, unsigned bytes, enum endian endian, uint64_t *ret)
{
	struct span cut;

	if (!span_cut(span, offset, bytes, &cut))
		return false;

	uint64_t value = 0;
	for (unsigned i = 0; i < bytes; i++)
		value = value << 8 | cut.data[endian == ENDIAN_BIG ? i : bytes - 1 - i];
	*ret = value;
	return true;
}

bool span_u8(struct span span, uint64_t offset, uint8_t *ret)
{
	struct span cut;

	if (!span_cut(span, offset, 1, &cut))
		return false;
	*ret = *cut.data;
	return true;
}

bool span_u16(struct span span, uint64_t offset, enum endian endian, uint16_t *ret)
{
	struct span cut;

	if (!span_cut(span, offset, sizeof *ret, &cut))
		return false;
	memcpy(ret, cut.data, sizeof *ret);
	*ret = endian == ENDIAN_BIG ? be16toh(*ret) : le16toh(*ret);
	return true;
}

bool span_u32(struct span span, uint64_t offset, enum endian endian, uint32_t *ret)
{
	struct span cut;

	if (!span_cut(span, offset, sizeof *ret, &cut))
		return false;
	memcpy(ret, cut.data, sizeof *ret);
	*ret = endian == ENDIAN_BIG ? be32toh(*ret) : le32toh(*ret);
	return true;
}

bool span_u64(struct span span, uint64_t offset, enum endian endian, uint64_t *ret)
{
	struct span cut;

	if (!span_cut(span, offset, sizeof *ret, &cut))
		return false;
	memcpy(ret, cut.data, sizeof *ret);
	*ret = endian == ENDIAN_BIG ? be64toh(*ret) : le64toh(*ret);
	return true;
}

uint8_t head_u8(struct span head, uint64_t offset)
{
	uint8_t value;

	return span_u8(head, offset, &value) ? value : 0;
}

uint16_t head_u16(struct span head, uint64_t offset, enum endian endian)
{
	uint16_t value;

	return span_u16(head, offset, endian, &value) ? value : 0;
}

uint32_t head_u32(struct span head, uint64_t offset, enum endian endian)
{
	uint32_t value;

	return span_u32(head, offset, endian, &value) ? value : 0;
}

uint64_t head_u64(struct span head, uint64_t offset, enum endian endian)
{
	uint64_t value;

	return span_u64(head, offset, endian, &value) ? value : 0;
}

bool span_equal(struct span a, struct span b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool span_is(struct span span, const char *text)
{
	return span_equal(span, span_text(text));
}

bool span_among(struct span span, const char *const *words)
{
	for (; *words; words++)
		if (span_is(span, *words))
			return true;
	return false;
}

bool span_is_nocase(struct span span, const char *text)
{
	return span.size == strlen(text) &&
	       strncasecmp((const char *)span.data, text, span.size) == 0;
}

bool span_starts(struct span span, const char *text)
{
	return span_has(span, 0, span_text(text));
}

bool text_ends(const char *text, const char *end)
{
	size_t size = strlen(text), tail = strlen(end);

	return size >= tail && strcmp(text + size - tail, end) == 0;
}

bool span_has(struct span span, uint64_t offset, struct span magic)
{
	struct span cut;

	return span_cut(span, offset, magic.size, &cut) && span_equal(cut, magic);
}

enum { STRIDE = 4 * VECTOR_SIZE };

/* At which of the 16 places from AT there is FIRST, and END at DISTANCE. */
static inline vector ends_at(const uint8_t *at, size_t distance, vector first, vector end)
{
	return (vector_at(at) == first) & (vector_at(at + distance) == end);
}

static bool stride_maybe(const uint8_t *at, size_t distance, vector first, vector end)
{
	vector near =
		ends_at(at, distance, first, end) | ends_at(at + VECTOR_SIZE, distance, first, end);
	vector far = ends_at(at + 2 * VECTOR_SIZE, distance, first, end) |
		     ends_at(at + 3 * VECTOR_SIZE, distance, first, end);

	return vector_any(near | far);
}

/* Finds a short needle by its first and last byte, for 64 places at a time: kernels of
 * 50 MB are searched for a dozen texts, and memmem takes a multiple of the time. */
size_t span_find(struct span span, size_t from, struct span needle)
{
	enum { SHORT = 80 }; /* longer ones are searched without comparing at each place */

	if (from >= span.size || needle.size == 0 || needle.size > span.size - from)
		return SIZE_MAX;

	const uint8_t *at = span.data + from, *last = span.data + span.size - needle.size;
	const vector first = vector_of(needle.data[0]);
	const vector end = vector_of(needle.data[needle.size - 1]);

	while (needle.size <= SHORT && last - at >= VECTOR_SIZE) {
		if (last - at >= STRIDE && !stride_maybe(at, needle.size - 1, first, end)) {
			at += STRIDE;
			continue;
		}
		vector both = ends_at(at, needle.size - 1, first, end);

		if (vector_any(both))
			for (unsigned i = 0; i < VECTOR_SIZE; i++)
				if (both[i] && memcmp(at + i, needle.data, needle.size) == 0)
					return (size_t)(at + i - span.data);
		at += VECTOR_SIZE;
	}
	at = memmem(at, span.size - (size_t)(at - span.data), needle.data, needle.size);
	return at ? (size_t)(at - span.data) : SIZE_MAX;
}

bool span_contains(struct span span, const char *text)
{
	return span_find(span, 0, span_text(text)) != SIZE_MAX;
}

bool span_contains_any(struct span span, const char *chars)
{
	for (size_t i = 0; i < span.size; i++)
		if (span.data[i] != '\0' && strchr(chars, span.data[i]))
			return true;
	return false;
}

bool span_string(struct span span, uint64_t offset, struct span *ret)
{
	if (offset >= span.size)
		return false;

	const uint8_t *from = span.data + offset;
	const uint8_t *end = memchr(from, 0, span.size - (size_t)offset);
	if (!end)
		return false;
	*ret = (struct span){from, (size_t)(end - from)};
	return true;
}

bool span_line(struct span *rest, struct span *line)
{
	if (rest->size == 0)
		return false;

	const uint8_t *end = memchr(rest->data, '\n', rest->size);
	size_t size = end ? (size_t)(end - rest->data) : rest->size;

	*line = (struct span){rest->data, size};
	*rest = span_skip(*rest, size + 1);
	if (line->size > 0 && line->data[line->size - 1] == '\r')
		line->size--;
	return true;
}

struct span span_last_line(struct span text)
{
	const uint8_t *end = text.size ? memrchr(text.data, '\n', text.size) : NULL;

	return end ? span_skip(text, (size_t)(end - text.data) + 1) : text;
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

bool span_token(struct span *rest, struct span *token)
{
	size_t start = 0, end;

	while (start < rest->size && is_blank(rest->data[start]))
		start++;
	for (end = start; end < rest->size && !is_blank(rest->data[end]);)
		end++;
	if (start == end)
		return false;
	*token = (struct span){rest->data + start, end - start};
	*rest = span_skip(*rest, end);
	return true;
}

struct span span_trim(struct span span)
{
	while (span.size > 0 && is_blank(span.data[0]))
		span = span_skip(span, 1);
	while (span.size > 0 && is_blank(span.data[span.size - 1]))
		span.size--;
	return span;
}

bool span_split(struct span span, char separator, struct span *before, struct span *after)
{
	const uint8_t *at = span.size ? memchr(span.data, separator, span.size) : NULL;

	if (!at)
		return false;

	size_t size = (size_t)(at - span.data);
	*after = span_skip(span, size + 1);
	*before = span_head(span, size);
	return true;
}

bool span_item(struct span *rest, char separator, struct span *item)
{
	if (rest->size == 0)
		return false;
	if (!span_split(*rest, separator, item, rest)) {
		*item = *rest;
		*rest = span_skip(*rest, rest->size);
	}
	return true;
}

static int digit_of(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return 99;
}

bool span_number(struct span span, unsigned base, uint64_t *ret)
{
	uint64_t value = 0;

	if (base == 16 && (span_starts(span, "0x") || span_starts(span, "0X")))
		span = span_skip(span, 2);
	if (span.size == 0)
		return false;
	for (size_t i = 0; i < span.size; i++) {
		unsigned digit = (unsigned)digit_of(span.data[i]);

		if (digit >= base || value > (UINT64_MAX - digit) / base)
			return false;
		value = value * base + digit;
	}
	*ret = value;
	return true;
}

bool span_is_line(struct span span)
{
	for (size_t i = 0; i < span.size; i++)
		if (span.data[i] < 0x20 || span.data[i] == 0x7f)
			return false;
	return true;
}

bool span_filled(struct span span, uint8_t byte)
{
	for (size_t i = 0; i < span.size; i++)
		if (span.data[i] != byte)
			return false;
	return true;
}
