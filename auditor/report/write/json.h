/* SPDX-License-Identifier: ISC */
/* json - a JSON document, written value by value. The only file that knows jansson is json.c.
 * Errors stick and are told at the end. Every string goes through quote(). What is small is
 * built as a tree and written on one line; what may be huge is an open map or list, whose
 * members are written one a line as soon as they are whole. */
#ifndef KMODAUDIT_JSON_H
#define KMODAUDIT_JSON_H

#include "base/array.h"
#include "base/error.h"

#include <stdint.h>
#include <stdio.h>

struct json_emit;

struct json_emit *json_emit_begin(FILE *out);
/* Ends the document with a newline and frees EMIT. */
bool json_emit_end(struct json_emit *emit, struct error *error);

/* What follows, up to the matching json_emit_close, is a map (keys and values by turns) or a
 * list. An open one can only lie in an open one, or be the document. */
void json_emit_open_map(struct json_emit *emit);
void json_emit_open_list(struct json_emit *emit);
void json_emit_map(struct json_emit *emit);
void json_emit_list(struct json_emit *emit);
void json_emit_close(struct json_emit *emit);

void json_emit_string(struct json_emit *emit, const char *text);
/* The same of a text that went through quote() before. */
void json_emit_plain(struct json_emit *emit, const char *text);
/* Up to INT64_MAX; more fails. */
void json_emit_number(struct json_emit *emit, uint64_t number);
/* true, false, null */
void json_emit_word(struct json_emit *emit, const char *word);

/* A key and its value. KEY is one of ours. A NULL text is left out, key and all. */
void json_emit_key(struct json_emit *emit, const char *key);
void json_emit_key_map(struct json_emit *emit, const char *key);
void json_emit_key_list(struct json_emit *emit, const char *key);
void json_emit_key_string(struct json_emit *emit, const char *key, const char *text);
void json_emit_key_number(struct json_emit *emit, const char *key, size_t number);
void json_emit_key_bool(struct json_emit *emit, const char *key, bool value);
/* One string of several lines. */
void json_emit_key_lines(struct json_emit *emit, const char *key, const struct strings *lines);

#endif
