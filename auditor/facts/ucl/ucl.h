/* SPDX-License-Identifier: ISC */
/* ucl - reads UCL, of which JSON is a part: manifests, catalogues, meta.conf and
 * fingerprints of FreeBSD's pkg. Macros (".include") and variables are not executed: no
 * input opens a file. */
#ifndef KMODAUDIT_UCL_H
#define KMODAUDIT_UCL_H

#include "base/array.h"
#include "base/error.h"

enum ucl_kind { UCL_NULL, UCL_BOOLEAN, UCL_NUMBER, UCL_STRING, UCL_ARRAY, UCL_OBJECT };

/* A value. Members of an array or object are linked in the order of the text. */
struct ucl {
	enum ucl_kind kind;
	const char *key; /* of a member of an object, else NULL */
	/* a string without its quotes; a number, boolean or null as
	 * written; else NULL */
	const char *text;
	const struct ucl *first, *next; /* the first member; the next one beside this */
	size_t line; /* on which it begins, from 1 */
};

/* A text that is read value by value. */
struct ucl_reader {
	struct arena *arena; /* of the values; the caller may reset it between two values */
	struct span text;
	size_t at, line;
	unsigned depth;
	size_t values; /* read so far of the current value, at most UCL_VALUES_MOST */
};

enum { UCL_DEPTH_MOST = 32, UCL_VALUES_MOST = 1 << 20 };

void ucl_open(struct ucl_reader *reader, struct arena *arena, struct span text);
/* Reads the next value. *MORE is false at the end of the text. Fails for text that is
 * not UCL, for a key that occurs twice in one object, and beyond the limits; the error
 * names the line. */
bool ucl_next(struct ucl_reader *reader, const struct ucl **ret, bool *more, struct error *error);
/* Reads a whole document: one value, or members of an object without
 * braces around them. */
bool ucl_read(struct arena *arena, struct span text, const struct ucl **ret, struct error *error);

/* For texts that are too long to be kept as values. Enters the object or array that
 * comes next; OPEN is '{' or '['. False if something else comes next. */
bool ucl_enter(struct ucl_reader *reader, char open);
/* Inside of it: reads the next member's key (of an object; else *KEY is NULL). *MORE is
 * false after the last member, when the bracket was passed. The value follows with
 * ucl_next or ucl_enter. */
bool ucl_member(struct ucl_reader *reader, char open, const char **key, bool *more,
		struct error *error);

/* The member of OBJECT with KEY, or NULL. */
const struct ucl *ucl_get(const struct ucl *object, const char *key);
/* The text of the member KEY if it is a string or number, else NULL. */
const char *ucl_text(const struct ucl *object, const char *key);
/* Each member of an array or object: ucl_each(member, value) { ... } */
#define ucl_each(member, value)                                                  \
	for (const struct ucl *member = (value) ? (value)->first : NULL; member; \
	     member = member->next)

#endif
