/* SPDX-License-Identifier: ISC */
/* emit_back - the interface of the two forms of emit.c, YAML and JSON. Emit.c
 * decides what is written, so that the forms cannot differ in content.
 * Private to emit*.c. */
#ifndef KMODAUDIT_EMIT_BACK_H
#define KMODAUDIT_EMIT_BACK_H

#include "report/write/emit.h"

struct emit_back {
	/* MARKED: one of several documents */
	void *(*begin)(struct arena *arena, FILE *out, bool marked);
	void (*open)(void *own, bool list, bool flow); /* FLOW: on one line */
	void (*close)(void *own, bool list);
	void (*key)(void *own, const char *key);
	/* TEXT is printable UTF-8; QUOTED: it must not be read as another type */
	void (*text)(void *own, const char *text, bool quoted);
	/* HEX: NUMBER in hexadecimal, for a form that has such numbers; or NULL */
	void (*number)(void *own, uint64_t number, const char *hex);
	void (*integer)(void *own, int64_t number);
	void (*word)(void *own, const char *word); /* true, false or null */
	bool (*end)(void *own, struct error *error); /* returns false if any write failed */
};

/* emit_yaml.c */
extern const struct emit_back emit_yaml;
extern const struct emit_back emit_json;

#endif
