/* SPDX-License-Identifier: ISC */
/* Writes emitted documents as YAML 1.2 in the form of libyaml's emitter without a limit
 * for the width: a list in a map is not indented, an empty collection is [] or {}. */
#include "report/write/emit_back.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { YAML_DEPTH = 33, INDENT = 2 }; /* more than emit.c opens */

struct yaml_level {
	bool list, flow;
	bool begun; /* something is in it: until then it may be empty, which is written otherwise */
	size_t indent;
};

struct own {
	FILE *out;
	int why; /* errno of the first write that failed */
	struct yaml_level levels[YAML_DEPTH];
	size_t depth;
	size_t column;
	bool fresh; /* the line has only blanks and "-" */
	bool spaced; /* the last byte is a blank, or "[" or "{" */
};

static void put(struct own *own, const char *text, size_t size)
{
	if (fwrite_unlocked(text, 1, size, own->out) != size && !own->why)
		own->why = errno;
	own->column += size;
	own->fresh = own->spaced = false;
}

static void put_line(struct own *own, size_t indent)
{
	if (own->column > 0 && !(own->fresh && own->column <= indent)) {
		put(own, "\n", 1);
		own->column = 0;
	}
	while (own->column < indent)
		put(own, " ", 1);
	own->fresh = own->spaced = true;
}

/* Separates TEXT from what is before it on the line. */
static void put_apart(struct own *own, const char *text, size_t size)
{
	if (!own->spaced)
		put(own, " ", 1);
	put(own, text, size);
}

static void *yaml_begin(struct arena *arena, FILE *out, bool marked)
{
	struct own *own = arena_new(arena, struct own);

	own->out = out;
	own->spaced = true;
	if (marked)
		put(own, "---", 3);
	return own;
}

static bool yaml_end(void *context, struct error *error)
{
	struct own *own = context;

	put_line(own, 0);
	return !own->why || fail(error, "cannot write: %s", strerror(own->why));
}

/* Makes place for an item or key. */
static void item_begin(struct own *own)
{
	struct yaml_level *level = own->depth > 0 ? &own->levels[own->depth - 1] : NULL;

	if (!level)
		return;
	if (level->flow) {
		if (level->begun)
			put(own, ",", 1);
		else
			put_apart(own, level->list ? "[" : "{", 1);
		own->spaced = !level->begun;
	} else {
		put_line(own, level->indent);
		if (level->list) {
			put(own, "-", 1);
			own->fresh = true;
		}
	}
	level->begun = true;
}

/* In a list each value is an item; in a map its key came before. */
static void value_begin(struct own *own)
{
	if (own->depth > 0 && own->levels[own->depth - 1].list)
		item_begin(own);
}

static void yaml_open(void *context, bool list, bool flow)
{
	struct own *own = context;
	struct yaml_level level = {.list = list, .flow = flow};

	value_begin(own);
	if (own->depth > 0) {
		const struct yaml_level *outer = &own->levels[own->depth - 1];

		level.flow |= outer->flow;
		level.indent = outer->indent + (list && !outer->list ? 0 : INDENT);
	}
	own->levels[own->depth++] = level;
}

static void yaml_close(void *context, bool list)
{
	struct own *own = context;
	const struct yaml_level *level = &own->levels[--own->depth];

	if (!level->begun)
		put_apart(own, list ? "[]" : "{}", 2);
	else if (level->flow)
		put(own, list ? "]" : "}", 1);
}

static void yaml_key(void *context, const char *key)
{
	struct own *own = context;

	item_begin(own);
	put_apart(own, key, strlen(key));
	put(own, ":", 1);
}

static void yaml_word(void *context, const char *text)
{
	value_begin(context);
	put_apart(context, text, strlen(text));
}

/* A character beyond U+FFFF, four bytes of UTF-8, is written as \U and its number. */
static void character_put(struct own *own, const uint8_t *at)
{
	char text[12];
	uint32_t code = (uint32_t)(at[0] & 7) << 18 | (uint32_t)(at[1] & 0x3f) << 12 |
			(uint32_t)(at[2] & 0x3f) << 6 | (at[3] & 0x3f);

	snprintf(text, sizeof text, "\\U%08" PRIX32, code);
	put(own, text, strlen(text));
}

static void yaml_string(void *context, const char *text, bool quoted)
{
	struct own *own = context;

	if (!quoted) {
		yaml_word(own, text);
		return;
	}
	value_begin(own);
	put_apart(own, "\"", 1);
	while (*text) {
		size_t plain = 0;

		while (text[plain] && text[plain] != '"' && text[plain] != '\\' &&
		       (uint8_t)text[plain] < 0xf0)
			plain++;
		put(own, text, plain);
		text += plain;
		if (*text == '"' || *text == '\\') {
			put(own, "\\", 1);
			put(own, text++, 1);
		} else if (*text) {
			character_put(own, (const uint8_t *)text);
			text += 4;
		}
	}
	put(own, "\"", 1);
}

static void yaml_unsigned(void *context, uint64_t number, const char *hex)
{
	char text[32];

	snprintf(text, sizeof text, "%" PRIu64, number);
	yaml_word(context, hex ? hex : text);
}

static void yaml_integer(void *context, int64_t number)
{
	char text[32];

	snprintf(text, sizeof text, "%" PRId64, number);
	yaml_word(context, text);
}

const struct emit_back emit_yaml = {yaml_begin,	   yaml_open,	 yaml_close, yaml_key, yaml_string,
				    yaml_unsigned, yaml_integer, yaml_word,  yaml_end};
