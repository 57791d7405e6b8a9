/* SPDX-License-Identifier: ISC */
/* Writes a JSON document with jansson: small values as trees on one line, large lists
 * member by member. */
#include "report/write/json.h"

#include "base/quote.h"

#include <errno.h>
#include <jansson.h>

enum { JSON_DEPTH = 16 };

struct json_level {
	json_t *tree; /* NULL: the level is written directly */
	bool list;
	size_t written; /* number of members written so far */
	const char *key; /* the key that waits for its value */
};

struct json_emit {
	struct arena own; /* contains this struct */
	struct arena arena; /* for the escaped copy of one string */
	FILE *out;
	int why; /* errno of a failed write */
	bool failed;
	struct json_level levels[JSON_DEPTH]; /* the open levels, outermost first */
	size_t depth;
};

struct json_emit *json_emit_begin(FILE *out)
{
	struct arena own = {0};
	struct json_emit *emit = arena_new(&own, struct json_emit);

	emit->own = own;
	emit->out = out;
	return emit;
}

static int json_write(const char *bytes, size_t size, void *context)
{
	struct json_emit *emit = context;

	if (fwrite(bytes, 1, size, emit->out) == size)
		return 0;
	emit->why = errno;
	emit->failed = true;
	return -1;
}

static void json_dump(struct json_emit *emit, const json_t *value)
{
	if (!emit->failed && json_dump_callback(value, json_write, emit, JSON_ENCODE_ANY) != 0)
		emit->failed = true;
}

static void json_put(struct json_emit *emit, const char *punctuation)
{
	if (!emit->failed)
		json_write(punctuation, strlen(punctuation), emit);
}

/* Writes what comes before the next member of an open map or list. */
static void json_lead(struct json_emit *emit, struct json_level *level)
{
	if (level->written++)
		json_put(emit, ",\n");
	else if (level->list)
		json_put(emit, "\n");
	if (level->list)
		return;

	json_t *key = json_string(level->key ? level->key : "");
	json_dump(emit, key);
	json_decref(key);
	json_put(emit, ": ");
}

/* Takes over VALUE. */
static void json_add(struct json_emit *emit, json_t *value)
{
	struct json_level *level = emit->depth ? &emit->levels[emit->depth - 1] : NULL;

	if (!level || !value || (!level->list && !level->key)) {
		emit->failed = true;
		json_decref(value);
		return;
	}
	if (!level->tree) {
		json_lead(emit, level);
		json_dump(emit, value);
		json_decref(value);
	} else if (level->list ? json_array_append_new(level->tree, value)
			       : json_object_set_new(level->tree, level->key, value)) {
		emit->failed = true;
	}
	level->key = NULL;
}

static void json_level_add(struct json_emit *emit, json_t *tree, bool list)
{
	if (emit->depth == JSON_DEPTH) {
		emit->failed = true;
		json_decref(tree);
		return;
	}
	emit->levels[emit->depth++] = (struct json_level){.tree = tree, .list = list};
}

static void json_open(struct json_emit *emit, bool list)
{
	struct json_level *level = emit->depth ? &emit->levels[emit->depth - 1] : NULL;

	if (level && (level->tree || (!level->list && !level->key))) {
		emit->failed = true;
	} else if (level) {
		json_lead(emit, level);
		level->key = NULL;
	}
	json_put(emit, list ? "[" : "{");
	json_level_add(emit, NULL, list);
}

void json_emit_open_map(struct json_emit *emit)
{
	json_open(emit, false);
}

void json_emit_open_list(struct json_emit *emit)
{
	json_open(emit, true);
}

void json_emit_map(struct json_emit *emit)
{
	json_level_add(emit, json_object(), false);
}

void json_emit_list(struct json_emit *emit)
{
	json_level_add(emit, json_array(), true);
}

void json_emit_close(struct json_emit *emit)
{
	if (!emit->depth) {
		emit->failed = true;
		return;
	}

	struct json_level level = emit->levels[--emit->depth];
	if (level.tree)
		json_add(emit, level.tree);
	else
		json_put(emit, !level.list ? "}" : level.written ? "\n]" : "]");
}

bool json_emit_end(struct json_emit *emit, struct error *error)
{
	bool fine = !emit->failed && !emit->depth;

	json_put(emit, "\n");
	while (emit->depth)
		json_decref(emit->levels[--emit->depth].tree);
	fine = fine && !emit->failed;
	if (!fine)
		fail(error, "cannot write: %s",
		     emit->why ? strerror(emit->why) : "it cannot be represented as JSON");
	arena_free(&emit->arena);

	struct arena own = emit->own;
	arena_free(&own);
	return fine;
}

void json_emit_key(struct json_emit *emit, const char *key)
{
	if (emit->depth)
		emit->levels[emit->depth - 1].key = key;
}

void json_emit_key_map(struct json_emit *emit, const char *key)
{
	json_emit_key(emit, key);
	json_emit_map(emit);
}

void json_emit_key_list(struct json_emit *emit, const char *key)
{
	json_emit_key(emit, key);
	json_emit_list(emit);
}

void json_emit_string(struct json_emit *emit, const char *text)
{
	json_add(emit, json_string(quote(&emit->arena, text)));
	arena_reset(&emit->arena);
}

void json_emit_plain(struct json_emit *emit, const char *text)
{
	json_add(emit, json_string(text));
}

void json_emit_number(struct json_emit *emit, uint64_t number)
{
	json_add(emit, number > INT64_MAX ? NULL : json_integer((json_int_t)number));
}

void json_emit_integer(struct json_emit *emit, int64_t number)
{
	json_add(emit, json_integer((json_int_t)number));
}

void json_emit_word(struct json_emit *emit, const char *word)
{
	json_add(emit, *word == 'n' ? json_null() : json_boolean(*word == 't'));
}

void json_emit_key_string(struct json_emit *emit, const char *key, const char *text)
{
	if (!text)
		return;
	json_emit_key(emit, key);
	json_emit_string(emit, text);
}

void json_emit_key_number(struct json_emit *emit, const char *key, size_t number)
{
	json_emit_key(emit, key);
	json_add(emit, json_integer((json_int_t)number));
}

void json_emit_key_bool(struct json_emit *emit, const char *key, bool value)
{
	json_emit_key(emit, key);
	json_add(emit, json_boolean(value));
}

void json_emit_key_lines(struct json_emit *emit, const char *key, const struct strings *lines)
{
	const char *text = "";

	array_each(line, lines)
		text = arena_format(&emit->arena, "%s%s%s", text, *text ? "\n" : "",
				    quote(&emit->arena, *line));
	json_emit_key(emit, key);
	json_add(emit, json_string(text));
	arena_reset(&emit->arena);
}
