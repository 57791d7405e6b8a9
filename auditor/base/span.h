/* SPDX-License-Identifier: ISC */
/* span - the one way to look at bytes that somebody else wrote. Every read is checked against
 * the end. */
#ifndef KMODAUDIT_SPAN_H
#define KMODAUDIT_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A borrowed run of bytes; never owns them. */
struct span {
	const uint8_t *data;
	size_t size;
};

enum endian { ENDIAN_LITTLE, ENDIAN_BIG };

#define CHECKED __attribute__((warn_unused_result))
#define SPAN_OF(literal) ((struct span){(const uint8_t *)(literal), sizeof(literal) - 1})

struct span span_from(const void *data, size_t size);
struct span span_text(const char *text);

/* The SIZE bytes at OFFSET; false, with RET untouched, when they are not all there. */
CHECKED bool span_cut(struct span span, uint64_t offset, uint64_t size, struct span *ret);
/* Everything from OFFSET on; empty when OFFSET lies at or behind the end. */
struct span span_skip(struct span span, uint64_t offset);
/* At most SIZE bytes from the front. */
struct span span_head(struct span span, uint64_t size);

/* Numbers at OFFSET; false, with RET untouched, when they reach over the end. */
CHECKED bool span_u8(struct span span, uint64_t offset, uint8_t *ret);
CHECKED bool span_u16(struct span span, uint64_t offset, enum endian endian, uint16_t *ret);
CHECKED bool span_u32(struct span span, uint64_t offset, enum endian endian, uint32_t *ret);
CHECKED bool span_u64(struct span span, uint64_t offset, enum endian endian, uint64_t *ret);
/* A machine word of 4 or 8 bytes. */
CHECKED bool span_word(struct span span, uint64_t offset, unsigned bytes, enum endian endian,
		       uint64_t *ret);

/* The same of a header that was cut in its whole size before: 0 where a number reaches over the
 * end. */
uint8_t head_u8(struct span head, uint64_t offset);
uint16_t head_u16(struct span head, uint64_t offset, enum endian endian);
uint32_t head_u32(struct span head, uint64_t offset, enum endian endian);
uint64_t head_u64(struct span head, uint64_t offset, enum endian endian);

bool span_equal(struct span a, struct span b);
bool span_is(struct span span, const char *text);
bool span_starts(struct span span, const char *text);
/* The same of the other end, for two texts. */
bool text_ends(const char *text, const char *end);
/* True when the bytes at OFFSET are those of MAGIC. */
bool span_has(struct span span, uint64_t offset, struct span magic);
/* Offset of the first NEEDLE at or behind FROM, or SIZE_MAX. */
size_t span_find(struct span span, size_t from, struct span needle);
/* The bytes from OFFSET up to, without it, the next NUL; false when no NUL follows. */
CHECKED bool span_string(struct span span, uint64_t offset, struct span *ret);

/* Cuts the next line off REST ('\n' ends it, a '\r' before that is dropped); false when REST is
 * empty. */
bool span_line(struct span *rest, struct span *line);
/* Cuts the next run of non-blanks off REST; false when there is none. */
bool span_token(struct span *rest, struct span *token);
/* Without blanks at both ends. */
struct span span_trim(struct span span);
/* Splits at the first SEPARATOR; false, with the outputs untouched, when there is none. */
bool span_split(struct span span, char separator, struct span *before, struct span *after);
/* Whole span as an unsigned number in BASE (10 or 16, "0x" allowed with 16); false on anything
 * else. */
bool span_number(struct span span, unsigned base, uint64_t *ret);

#endif
