/* SPDX-License-Identifier: ISC */
/* json - writes a JSON document value by value. Only json.c uses jansson. An error is
 * remembered and reported at the end. All strings are escaped with quote(). Small maps
 * and lists are built as trees and written on one line; an open map or list may be
 * huge, and its members are written one per line as soon as they are complete. */
#ifndef KMODAUDIT_JSON_H
#define KMODAUDIT_JSON_H

#include "base/array.h"
#include "base/error.h"

#include <stdint.h>
#include <stdio.h>

struct json_emit;

struct json_emit *json_emit_begin(FILE *out);
/* Ends the document with a newline and frees EMIT. False if writing failed. */
bool json_emit_end(struct json_emit *emit, struct error *error);

/* Open a map (keys and values alternate) or a list, up to the matching json_emit_close.
 * An open one may only be inside an open one or at the top. */
void json_emit_open_map(struct json_emit *emit);
void json_emit_open_list(struct json_emit *emit);
void json_emit_map(struct json_emit *emit);
void json_emit_list(struct json_emit *emit);
void json_emit_close(struct json_emit *emit);

void json_emit_string(struct json_emit *emit, const char *text);
/* The same for a text that is already escaped. */
void json_emit_plain(struct json_emit *emit, const char *text);
/* Fails for numbers above INT64_MAX. */
void json_emit_number(struct json_emit *emit, uint64_t number);
void json_emit_integer(struct json_emit *emit, int64_t number);
/* true, false or null */
void json_emit_word(struct json_emit *emit, const char *word);

/* Write a key and its value. If the value is a NULL text, nothing is written. */
void json_emit_key(struct json_emit *emit, const char *key);
void json_emit_key_map(struct json_emit *emit, const char *key);
void json_emit_key_list(struct json_emit *emit, const char *key);
void json_emit_key_string(struct json_emit *emit, const char *key, const char *text);
void json_emit_key_number(struct json_emit *emit, const char *key, size_t number);
void json_emit_key_bool(struct json_emit *emit, const char *key, bool value);
/* Writes several lines as one string. */
void json_emit_key_lines(struct json_emit *emit, const char *key, const struct strings *lines);

#endif
