/* SPDX-License-Identifier: ISC */
/* emit - a document, written value by value, as YAML or as JSON: one writer with two forms
 * (emit_back.h), so that both say the same. Errors stick and are told at the end. Every string
 * goes through quote(), and in YAML is written in double quotes wherever YAML 1.1 or 1.2 could
 * read it as something else than a string. */
#ifndef KMODAUDIT_EMIT_H
#define KMODAUDIT_EMIT_H

#include "base/array.h"
#include "base/error.h"

#include <stdio.h>

#include <stdint.h>

struct emit;

enum emit_form { EMIT_YAML, EMIT_JSON };

/* MARKED: in YAML the document starts with "---", as one of several. */
struct emit *emit_begin(FILE *out, enum emit_form form, bool marked);
/* Ends the document and frees EMIT. */
bool emit_end(struct emit *emit, struct error *error);

/* What follows, up to the matching emit_close, is a map (keys and values by turns) or a list.
 * Flow: on one line. */
void emit_map(struct emit *emit);
void emit_flow_map(struct emit *emit);
void emit_list(struct emit *emit);
void emit_flow_list(struct emit *emit);
void emit_close(struct emit *emit);

/* NULL is null. */
void emit_string(struct emit *emit, const char *text);
void emit_quoted(struct emit *emit,
		 const char *text); /* in double quotes always: for hashes and versions */
void emit_number(struct emit *emit, uint64_t number);
void emit_hex(struct emit *emit, uint64_t number); /* JSON has decimal numbers only */
void emit_crc(struct emit *emit, uint32_t crc); /* eight hexadecimal digits */
void emit_bool(struct emit *emit, bool value);
void emit_null(struct emit *emit);

/* A key and its value. KEY is one of ours and needs no quotes. */
void emit_key(struct emit *emit, const char *key);
void emit_key_string(struct emit *emit, const char *key, const char *text);
void emit_key_quoted(struct emit *emit, const char *key, const char *text);
void emit_key_number(struct emit *emit, const char *key, uint64_t number);
void emit_key_bool(struct emit *emit, const char *key, bool value);
/* On one line when they fit, else one a line. */
void emit_key_strings(struct emit *emit, const char *key, const struct strings *strings);

#endif
