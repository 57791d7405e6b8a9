/* SPDX-License-Identifier: ISC */
/* Writes emitted documents as JSON, on top of json.c. */
#include "report/write/emit_back.h"
#include "report/write/json.h"

#include <stdint.h>

/* Values inside something on one line are on that line as well. */
struct own {
	struct json_emit *json;
	size_t flows; /* the number of open levels that are on one line */
};

static void *json_begin(struct arena *arena, FILE *out, bool marked)
{
	struct own *own = arena_new(arena, struct own);

	(void)marked;
	own->json = json_emit_begin(out);
	return own;
}

static void json_open(void *context, bool list, bool flow)
{
	struct own *own = context;

	if (flow || own->flows) {
		own->flows++;
		(list ? json_emit_list : json_emit_map)(own->json);
	} else {
		(list ? json_emit_open_list : json_emit_open_map)(own->json);
	}
}

static void json_close(void *context, bool list)
{
	struct own *own = context;

	(void)list;
	own->flows -= own->flows > 0;
	json_emit_close(own->json);
}

static void json_key(void *context, const char *key)
{
	json_emit_key(((struct own *)context)->json, key);
}

static void json_text(void *context, const char *text, bool quoted)
{
	(void)quoted;
	json_emit_plain(((struct own *)context)->json, text);
}

static void json_number(void *context, uint64_t number, const char *hex)
{
	(void)hex;
	json_emit_number(((struct own *)context)->json, number);
}

static void json_signed(void *context, int64_t number)
{
	json_emit_integer(((struct own *)context)->json, number);
}

static void json_word(void *context, const char *word)
{
	json_emit_word(((struct own *)context)->json, word);
}

static bool json_end(void *context, struct error *error)
{
	return json_emit_end(((struct own *)context)->json, error);
}

const struct emit_back emit_json = {json_begin,	 json_open,   json_close, json_key, json_text,
				    json_number, json_signed, json_word,  json_end};
