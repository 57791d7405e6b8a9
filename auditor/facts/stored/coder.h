/* SPDX-License-Identifier: ISC */
/* coder - writes structs to bytes and reads them back. One function per struct names its members
 * in order and serves both directions:
 *
 *     number   7 bits a byte, the lowest first; the highest bit of a byte: more follow
 *     bytes    a number, their size, and the bytes
 *     text     a number, 0 for NULL, else the size with the NUL; the text and its NUL
 *     list     a number, the count, and the elements
 *     pointer  the number 0 for NULL, else 1 and the struct
 *
 * The bytes may be hostile: what is read is bounded by them, and lists take at most LIST_GROWTH
 * times their size. What a number or a text means is for the caller to check. */
#ifndef KMODAUDIT_CODER_H
#define KMODAUDIT_CODER_H

#include "base/array.h"

enum { LIST_GROWTH = 24 };

struct coder {
	struct arena *arena; /* for lists and structs that are read, and for the written bytes */
	bool reads;
	bool failed; /* the bytes that are read are not what was written; all else is then zero */
	struct span
		rest; /* reads: the bytes that follow. Texts and spans that are read are in it */
	struct coded {
		uint8_t *list;
		size_t count, room;
	} written;
};

void code_number(struct coder *coder, uint64_t *number);
/* SIZE bytes in place, as of a digest. */
void code_block(struct coder *coder, void *at, size_t size);
void code_span(struct coder *coder, struct span *bytes);
void code_string(struct coder *coder, const char **text); /* or NULL */
void code_name(struct coder *coder, const char **name); /* never NULL */
void code_names(struct coder *coder, struct strings *names); /* none is NULL */
/* Whether a pointer is set: SET, or what was written. */
bool code_set(struct coder *coder, bool set);
/* The elements of a list: LIST, or room for those that are read, with COUNT set. */
void *code_room(struct coder *coder, void *list, size_t *count, size_t size);
/* True if all bytes were read and were right. */
bool code_ended(const struct coder *coder);

/* A number, flag or enumerator. */
#define CODE(coder, member)                                               \
	do {                                                              \
		uint64_t number_ = (uint64_t)(member);                    \
		code_number(coder, &number_);                             \
		if ((coder)->reads) {                                     \
			(member) = (__typeof__(member))number_;           \
			(coder)->failed |= (uint64_t)(member) != number_; \
		}                                                         \
	} while (0)

/* An enumerator below COUNT. */
#define CODE_ENUM(coder, member, count)                        \
	do {                                                   \
		CODE(coder, member);                           \
		if ((unsigned)(member) >= (unsigned)(count)) { \
			(coder)->failed = true;                \
			(member) = (__typeof__(member))0;      \
		}                                              \
	} while (0)

/* An array, whose elements the function ONE codes. */
#define CODE_LIST(coder, array, one)                                                     \
	do {                                                                             \
		size_t count_ = (array)->count;                                          \
		__typeof__((array)->list) list_ =                                        \
			code_room(coder, (array)->list, &count_, sizeof *(array)->list); \
		for (size_t i_ = 0; i_ < count_ && !(coder)->failed; i_++)               \
			one(coder, &list_[i_]);                                          \
		if ((coder)->reads) {                                                    \
			(array)->list = list_;                                           \
			(array)->count = (array)->room = (coder)->failed ? 0 : count_;   \
		}                                                                        \
	} while (0)

/* A pointer to a struct of TYPE, or NULL. */
#define CODE_POINTER(coder, member, type, one)                \
	do {                                                  \
		if (!code_set(coder, (member) != NULL))       \
			break;                                \
		type *own_ = arena_new((coder)->arena, type); \
		if (!(coder)->reads)                          \
			*own_ = *(member);                    \
		one(coder, own_);                             \
		if ((coder)->reads)                           \
			(member) = own_;                      \
	} while (0)

/* Fails to compile if a member was added to TYPE: the function below must
 * then code it. */
#define CODES_ALL_OF(type, size) \
	_Static_assert(sizeof(void *) != 8 || sizeof(type) == (size), #type " has other members")

#endif
