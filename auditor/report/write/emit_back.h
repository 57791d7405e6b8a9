/* SPDX-License-Identifier: ISC */
/* emit_back - how a document is written down, for emit.c alone: one form each. What is written
 * is decided before; the forms cannot differ in it. Private to report/emit*.c. */
#ifndef KMODAUDIT_EMIT_BACK_H
#define KMODAUDIT_EMIT_BACK_H

#include "report/write/emit.h"

struct emit_back {
	/* MARKED: one of several documents */
	void *(*begin)(struct arena *arena, FILE *out, bool marked);
	void (*open)(void *own, bool list, bool flow); /* FLOW: on one line */
	void (*close)(void *own, bool list);
	void (*key)(void *own, const char *key);
	void (*text)(void *own, const char *text,
		     /* valid UTF-8, printable; QUOTED: not to be read as anything else */
		     bool quoted);
	void (*number)(void *own, uint64_t number,
		       /* HEX: how it is spelled where a form has hexadecimal numbers, or
		        * NULL */
		       const char *hex);
	void (*word)(void *own, const char *word); /* true, false, null */
	bool (*end)(void *own, struct error *error); /* a write error of before comes out here */
};

extern const struct emit_back emit_yaml; /* the only file that knows libyaml's emitter */
extern const struct emit_back emit_json;

#endif
