/* SPDX-License-Identifier: ISC */
/* emit - writes a document value by value, as YAML or JSON. Both forms have the same
 * content, because only emit_back.h differs between them. An error is remembered and
 * reported at the end. All strings are escaped with quote(); in YAML a string is in
 * double quotes if YAML 1.1 or 1.2 could read it as something else. */
#ifndef KMODAUDIT_EMIT_H
#define KMODAUDIT_EMIT_H

#include "base/array.h"
#include "base/error.h"

#include <stdint.h>
#include <stdio.h>

struct emit;

enum emit_form { EMIT_YAML, EMIT_JSON };

/* Starts a document on OUT. MARKED: in YAML it starts with "---", as one of several. */
struct emit *emit_begin(FILE *out, enum emit_form form, bool marked);
/* Ends the document and frees EMIT. False if writing failed. */
bool emit_end(struct emit *emit, struct error *error);

/* Open a map (keys and values alternate) or a list, up to the matching emit_close.
 * Flow: on one line. */
void emit_map(struct emit *emit);
void emit_flow_map(struct emit *emit);
void emit_list(struct emit *emit);
void emit_flow_list(struct emit *emit);
void emit_close(struct emit *emit);
/* The same, as the value of KEY. */
void emit_key_map(struct emit *emit, const char *key);
void emit_key_flow_map(struct emit *emit, const char *key);
void emit_key_list(struct emit *emit, const char *key);
void emit_key_flow_list(struct emit *emit, const char *key);
/* emit_each (emit, "things", item, &things) emit_string(emit, item->name): array_each()
 * inside a list that is the value of KEY */
#define emit_each(emit, key, item, array)                                      \
	for (bool item##_open = (emit_key_list(emit, key), true); item##_open; \
	     item##_open = (emit_close(emit), false))                          \
		array_each(item, array)

/* TEXT may be NULL: null. */
void emit_string(struct emit *emit, const char *text);
/* always in double quotes: for hashes and versions */
void emit_quoted(struct emit *emit, const char *text);
void emit_number(struct emit *emit, uint64_t number);
void emit_hex(struct emit *emit, uint64_t number); /* decimal in JSON, which has no other numbers */
void emit_bool(struct emit *emit, bool value);
void emit_null(struct emit *emit);

/* Write a key and its value. KEY must need no quotes. */
void emit_key(struct emit *emit, const char *key);
void emit_key_string(struct emit *emit, const char *key, const char *text);
void emit_key_quoted(struct emit *emit, const char *key, const char *text);
void emit_key_number(struct emit *emit, const char *key, uint64_t number);
void emit_key_integer(struct emit *emit, const char *key, int64_t number);
void emit_key_bool(struct emit *emit, const char *key, bool value);
/* Writes KEY, and null unless KNOWN. Returns KNOWN: the value must follow. */
bool emit_known(struct emit *emit, const char *key, bool known);
/* Write KEY with the value, or with null unless KNOWN. */
void emit_known_number(struct emit *emit, const char *key, bool known, uint64_t number);
void emit_known_integer(struct emit *emit, const char *key, bool known, int64_t number);
/* with eight hexadecimal digits */
void emit_known_crc(struct emit *emit, const char *key, bool known, uint32_t crc);
void emit_known_bool(struct emit *emit, const char *key, bool known, bool value);
/* Write no key for NULL, 0 or false. */
void emit_optional_string(struct emit *emit, const char *key, const char *text);
void emit_optional_number(struct emit *emit, const char *key, uint64_t number);
void emit_optional_true(struct emit *emit, const char *key, bool value);
/* On one line if they fit, else one per line. */
void emit_key_strings(struct emit *emit, const char *key, const struct strings *strings);

#endif
