/* SPDX-License-Identifier: ISC */
/* span - bounds-checked access to bytes from an input. Every read is checked against
 * the end of the span. */
#ifndef KMODAUDIT_SPAN_H
#define KMODAUDIT_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A borrowed range of bytes. A span never owns its memory. */
struct span {
	const uint8_t *data;
	size_t size;
};

enum endian { ENDIAN_LITTLE, ENDIAN_BIG };

#define CHECKED __attribute__((warn_unused_result))
#define SPAN_OF(literal) ((struct span){(const uint8_t *)(literal), sizeof(literal) - 1})

struct span span_from(const void *data, size_t size);
struct span span_text(const char *text);

/* Writes the SIZE bytes at OFFSET to RET. False, with RET untouched, if the span
 * is too short. */
CHECKED bool span_cut(struct span span, uint64_t offset, uint64_t size, struct span *ret);
/* The bytes from OFFSET to the end; empty if OFFSET is at or past the end. */
struct span span_skip(struct span span, uint64_t offset);
/* The first SIZE bytes, or all bytes if there are fewer. */
struct span span_head(struct span span, uint64_t size);

/* Read an unsigned number at OFFSET. False, with RET untouched, if the span
 * is too short. */
CHECKED bool span_u8(struct span span, uint64_t offset, uint8_t *ret);
CHECKED bool span_u16(struct span span, uint64_t offset, enum endian endian, uint16_t *ret);
CHECKED bool span_u32(struct span span, uint64_t offset, enum endian endian, uint32_t *ret);
CHECKED bool span_u64(struct span span, uint64_t offset, enum endian endian, uint64_t *ret);
/* Reads a machine word of BYTES (4 or 8) bytes. */
CHECKED bool span_word(struct span span, uint64_t offset, unsigned bytes, enum endian endian,
		       uint64_t *ret);

/* Read a number of a header whose full size was checked before with span_cut. They
 * return 0 if the number does not fit. */
uint8_t head_u8(struct span head, uint64_t offset);
uint16_t head_u16(struct span head, uint64_t offset, enum endian endian);
uint32_t head_u32(struct span head, uint64_t offset, enum endian endian);
uint64_t head_u64(struct span head, uint64_t offset, enum endian endian);

bool span_equal(struct span a, struct span b);
bool span_is(struct span span, const char *text);
/* True if SPAN is one of WORDS, which end with NULL. */
bool span_among(struct span span, const char *const *words);
/* The same; upper and lower case are equal. */
bool span_is_nocase(struct span span, const char *text);
bool span_starts(struct span span, const char *text);
/* True if TEXT ends with END. */
bool text_ends(const char *text, const char *end);
/* True if the bytes at OFFSET equal MAGIC. */
bool span_has(struct span span, uint64_t offset, struct span magic);
/* The offset of the first NEEDLE at or after FROM; SIZE_MAX if there is none. */
size_t span_find(struct span span, size_t from, struct span needle);
bool span_contains(struct span span, const char *text);
/* True if any byte of SPAN is one of CHARS. */
bool span_contains_any(struct span span, const char *chars);
/* The bytes from OFFSET to the next NUL, without the NUL. False if no NUL follows. */
CHECKED bool span_string(struct span span, uint64_t offset, struct span *ret);

/* Removes the next line from REST and returns it in LINE, without '\n' and a '\r'
 * before it. False if REST is empty. */
bool span_line(struct span *rest, struct span *line);
/* What is behind the last line end of TEXT. */
struct span span_last_line(struct span text);
/* Removes the next run of non-blank bytes from REST and returns it in TOKEN. False if
 * there is none. */
bool span_token(struct span *rest, struct span *token);
/* SPAN without the blanks at both ends. */
struct span span_trim(struct span span);
/* Splits SPAN at the first SEPARATOR, which neither part contains. False, with the
 * outputs untouched, if there is none. */
bool span_split(struct span span, char separator, struct span *before, struct span *after);
/* Removes the next item from REST, whose items are divided by SEPARATOR, and returns it
 * in ITEM, which may be empty. False at the end of REST; a SEPARATOR at the end has no
 * item behind it. */
bool span_item(struct span *rest, char separator, struct span *item);
/* Parses the whole span as an unsigned number in BASE 10 or 16; base 16 allows a
 * leading "0x". False for anything else. */
bool span_number(struct span span, unsigned base, uint64_t *ret);
/* False if SPAN contains a control byte, which could end a line of text. */
bool span_is_line(struct span span);
/* True if every byte of SPAN is BYTE. */
bool span_filled(struct span span, uint8_t byte);

/* 16 bytes that are compared at once, on every machine (the vector extension of gcc and
 * clang), for loops over whole kernels. */
enum { VECTOR_SIZE = 16 };

/* What compares two vectors has, for each byte, all bits set or none. */
typedef uint8_t vector __attribute__((vector_size(VECTOR_SIZE)));

static inline vector vector_of(uint8_t byte)
{
	return (vector){0} + byte;
}

/* The 16 bytes at AT, which need not be aligned. */
static inline vector vector_at(const uint8_t *at)
{
	vector ret;

	memcpy(&ret, at, sizeof ret);
	return ret;
}

/* Compares the 16 bytes at AT with FIRST, and the byte behind each with SECOND. */
static inline vector vector_pair(const uint8_t *at, uint8_t first, uint8_t second)
{
	return (vector_at(at) == first) & (vector_at(at + 1) == second);
}

/* True if any bit is set. */
static inline bool vector_any(vector bits)
{
	uint64_t halves[2];

	memcpy(halves, &bits, sizeof halves);
	return (halves[0] | halves[1]) != 0;
}

#endif
