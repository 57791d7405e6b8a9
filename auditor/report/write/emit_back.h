/* SPDX-License-Identifier: ISC */
/* emit_back - how a document is written down, for emit.c alone: one form each. What is written is decided before; the forms cannot
 * differ in it. Private to report/emit*.c. */
#ifndef KMODAUDIT_EMIT_BACK_H
#define KMODAUDIT_EMIT_BACK_H

#include "report/write/emit.h"

struct emit_back {
	void *(*begin)(struct arena *arena, FILE *out, bool marked); /* MARKED: one of several documents */
	void (*open)(void *own, bool list, bool flow); /* FLOW: on one line */
	void (*close)(void *own, bool list);
	void (*key)(void *own, const char *key);
	void (*text)(void *own, const char *text,
		     bool quoted); /* valid UTF-8, printable; QUOTED: not to be read as anything else */
	void (*number)(void *own, uint64_t number,
		       const char *hex); /* HEX: how it is spelled where a form has hexadecimal numbers,
	                                                                 or NULL */
	void (*word)(void *own, const char *word); /* true, false, null */
	bool (*end)(void *own, struct error *error); /* a write error of before comes out here */
};

extern const struct emit_back emit_yaml; /* the only file that knows libyaml's emitter */
extern const struct emit_back emit_json;

#endif
