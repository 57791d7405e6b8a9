/* SPDX-License-Identifier: ISC */
/* Emits a document value by value through a YAML or JSON writer and decides which
 * strings must be quoted in YAML. */
#include "report/write/emit_back.h"

#include "report/report.h"

#include <ctype.h>
#include <inttypes.h>
#include <strings.h>

enum { EMIT_DEPTH = 32, EMIT_LINE = 96, RESERVED_MOST = 5 /* letters */ };

struct emit {
	const struct emit_back *back;
	void *form; /* state of BACK */
	struct arena own; /* contains this struct */
	struct arena arena; /* for the escaped copy of one string */
	bool failed;
	bool list[EMIT_DEPTH]; /* for each open level, outermost first: whether it is a list */
	size_t depth;
};

struct emit *emit_begin(FILE *out, enum emit_form form, bool marked)
{
	struct arena own = {0};
	struct emit *emit = arena_new(&own, struct emit);

	emit->back = form == EMIT_JSON ? &emit_json : &emit_yaml;
	emit->form = emit->back->begin(&own, out, marked);
	emit->own = own;
	return emit;
}

bool emit_end(struct emit *emit, struct error *error)
{
	bool fine = emit->back->end(emit->form, error);

	if (fine && (emit->failed || emit->depth))
		fine = fail(error, "cannot write: the document is not well-formed");
	arena_free(&emit->arena);

	struct arena own = emit->own;
	arena_free(&own);
	return fine;
}

static void emit_open(struct emit *emit, bool list, bool flow)
{
	if (emit->depth == EMIT_DEPTH) {
		emit->failed = true;
		return;
	}
	emit->list[emit->depth++] = list;
	emit->back->open(emit->form, list, flow);
}

void emit_map(struct emit *emit)
{
	emit_open(emit, false, false);
}

void emit_flow_map(struct emit *emit)
{
	emit_open(emit, false, true);
}

void emit_list(struct emit *emit)
{
	emit_open(emit, true, false);
}

void emit_flow_list(struct emit *emit)
{
	emit_open(emit, true, true);
}

void emit_close(struct emit *emit)
{
	if (!emit->depth) {
		emit->failed = true;
		return;
	}
	emit->back->close(emit->form, emit->list[--emit->depth]);
}

/* True for words that some YAML version reads as a boolean or null (the bool and null
 * types of 1.1, the core schema of 1.2). */
static bool is_reserved(const char *text)
{
	static const char *const words[] = {"y",     "n",  "yes", "no",	 "true",
					    "false", "on", "off", "null"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcasecmp(text, words[i]))
			return true;
	return false;
}

/* True if TEXT is a string in every YAML version without quotes: it starts like a
 * word or a path (unlike numbers, dates, times, "~", "=", "<<" and ".inf"), contains
 * no indicator, and is no reserved word. Some strings are quoted without need, which
 * does no harm. */
static bool is_plain_scalar(const char *text)
{
	size_t size = strlen(text);

	if (!size || !(isalpha((unsigned char)text[0]) || strchr("/_", text[0])) ||
	    (size <= RESERVED_MOST && is_reserved(text)))
		return false;
	for (size_t i = 0; i < size; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("/_.+-~@()=;' ", text[i]))
			return false;
	return text[size - 1] != ' ';
}

void emit_string(struct emit *emit, const char *text)
{
	if (!text) {
		emit_null(emit);
		return;
	}

	const char *shown = quote(&emit->arena, text);
	emit->back->text(emit->form, shown, !is_plain_scalar(shown));
	arena_reset(&emit->arena);
}

void emit_quoted(struct emit *emit, const char *text)
{
	if (!text) {
		emit_null(emit);
		return;
	}
	emit->back->text(emit->form, quote(&emit->arena, text), true);
	arena_reset(&emit->arena);
}

void emit_number(struct emit *emit, uint64_t number)
{
	emit->back->number(emit->form, number, NULL);
}

static void emit_integer(struct emit *emit, int64_t number)
{
	emit->back->integer(emit->form, number);
}

void emit_hex(struct emit *emit, uint64_t number)
{
	char text[32];

	snprintf(text, sizeof text, "0x%" PRIx64, number);
	emit->back->number(emit->form, number, text);
}

void emit_bool(struct emit *emit, bool value)
{
	emit->back->word(emit->form, value ? "true" : "false");
}

void emit_null(struct emit *emit)
{
	emit->back->word(emit->form, "null");
}

void emit_key(struct emit *emit, const char *key)
{
	emit->back->key(emit->form, key);
}

void emit_key_string(struct emit *emit, const char *key, const char *text)
{
	emit_key(emit, key);
	emit_string(emit, text);
}

void emit_key_quoted(struct emit *emit, const char *key, const char *text)
{
	emit_key(emit, key);
	emit_quoted(emit, text);
}

void emit_key_number(struct emit *emit, const char *key, uint64_t number)
{
	emit_key(emit, key);
	emit_number(emit, number);
}

void emit_key_integer(struct emit *emit, const char *key, int64_t number)
{
	emit_key(emit, key);
	emit_integer(emit, number);
}

void emit_key_bool(struct emit *emit, const char *key, bool value)
{
	emit_key(emit, key);
	emit_bool(emit, value);
}

void emit_key_map(struct emit *emit, const char *key)
{
	emit_key(emit, key);
	emit_map(emit);
}

void emit_key_flow_map(struct emit *emit, const char *key)
{
	emit_key(emit, key);
	emit_flow_map(emit);
}

void emit_key_list(struct emit *emit, const char *key)
{
	emit_key(emit, key);
	emit_list(emit);
}

void emit_key_flow_list(struct emit *emit, const char *key)
{
	emit_key(emit, key);
	emit_flow_list(emit);
}

bool emit_known(struct emit *emit, const char *key, bool known)
{
	emit_key(emit, key);
	if (!known)
		emit_null(emit);
	return known;
}

void emit_known_number(struct emit *emit, const char *key, bool known, uint64_t number)
{
	if (emit_known(emit, key, known))
		emit_number(emit, number);
}

void emit_known_integer(struct emit *emit, const char *key, bool known, int64_t number)
{
	if (emit_known(emit, key, known))
		emit_integer(emit, number);
}

void emit_known_crc(struct emit *emit, const char *key, bool known, uint32_t crc)
{
	char text[16];

	if (!emit_known(emit, key, known))
		return;
	snprintf(text, sizeof text, "0x%08" PRIx32, crc);
	emit->back->number(emit->form, crc, text);
}

void emit_known_bool(struct emit *emit, const char *key, bool known, bool value)
{
	if (emit_known(emit, key, known))
		emit_bool(emit, value);
}

void emit_optional_string(struct emit *emit, const char *key, const char *text)
{
	if (text)
		emit_key_string(emit, key, text);
}

void emit_optional_number(struct emit *emit, const char *key, uint64_t number)
{
	if (number)
		emit_key_number(emit, key, number);
}

void emit_optional_true(struct emit *emit, const char *key, bool value)
{
	if (value)
		emit_key_bool(emit, key, value);
}

void emit_key_strings(struct emit *emit, const char *key, const struct strings *strings)
{
	size_t size = 0;

	array_each(text, strings)
		size += strlen(*text) + 2;
	emit_key(emit, key);
	if (size <= EMIT_LINE)
		emit_flow_list(emit);
	else
		emit_list(emit);
	array_each(text, strings)
		emit_string(emit, *text);
	emit_close(emit);
}
