/* SPDX-License-Identifier: ISC */
/* Parses YAML into a tree of maps, lists and scalars with libyaml. Refuses anchors,
 * tags, several documents and duplicate keys. */
#include "base/yaml.h"
#include "base/array.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <yaml.h>

/* KEYS_MOST is low because each key of a map is compared with all keys before it. */
enum { DEPTH_MOST = 32, KEYS_MOST = 2048, NODES_MOST = 1 << 20, NODES_MOST_LARGE = 1 << 24 };

struct parse {
	struct arena *arena;
	yaml_parser_t parser;
	const char *name;
	size_t nodes, nodes_most;
};

static bool bad(const struct parse *parse, size_t line, const char *what, struct error *error)
{
	return fail(error, "%s: line %zu: %s", parse->name, line, what);
}

static bool next(struct parse *parse, yaml_event_t *event, struct error *error)
{
	if (!yaml_parser_parse(&parse->parser, event))
		return bad(parse, parse->parser.problem_mark.line + 1,
			   parse->parser.problem ? parse->parser.problem : "not YAML", error);
	if (event->type != YAML_SCALAR_EVENT ||
	    !memchr(event->data.scalar.value, 0, event->data.scalar.length))
		return true;

	size_t line = event->start_mark.line + 1;

	yaml_event_delete(event);
	return bad(parse, line, "a text contains a NUL byte", error);
}

static bool node_read(struct parse *parse, yaml_event_t *event, unsigned depth, struct yaml *node,
		      struct error *error);

static bool key_read(struct parse *parse, const struct yaml *map, yaml_event_t *event,
		     struct yaml *item, struct error *error)
{
	size_t line = event->start_mark.line + 1;

	if (event->type != YAML_SCALAR_EVENT)
		return bad(parse, line, "a key must be plain text", error);
	if (map->count == KEYS_MOST)
		return bad(parse, line, "too many keys in one map", error);
	item->key = arena_string(parse->arena,
				 span_from(event->data.scalar.value, event->data.scalar.length));
	if (yaml_get(map, item->key))
		return bad(parse, line,
			   arena_format(parse->arena, "key '%s' occurs twice", item->key), error);
	yaml_event_delete(event);
	return next(parse, event, error);
}

/* reads values up to the event END, which ends this list or map */
static bool items_read(struct parse *parse, unsigned depth, struct yaml *node,
		       yaml_event_type_t end, struct error *error)
{
	for (;;) {
		yaml_event_t event;

		if (!next(parse, &event, error))
			return false;
		if (event.type == end) {
			node->flow = node->flow && event.start_mark.line + 1 == node->line;
			yaml_event_delete(&event);
			return true;
		}

		struct yaml *item = arena_new(parse->arena, struct yaml);
		bool ok = node->kind != YAML_MAP || key_read(parse, node, &event, item, error);
		ok = ok && node_read(parse, &event, depth + 1, item, error);
		yaml_event_delete(&event);
		if (!ok)
			return false;
		*array_add(parse->arena, node) = item;
	}
}

static bool node_read(struct parse *parse, yaml_event_t *event, unsigned depth, struct yaml *node,
		      struct error *error)
{
	node->line = event->start_mark.line + 1;
	if (depth > DEPTH_MOST)
		return bad(parse, node->line, "nested too deeply", error);
	if (++parse->nodes > parse->nodes_most)
		return bad(parse, node->line, "too many values", error);

	switch ((int)event->type) {
	case YAML_SCALAR_EVENT:
		node->kind = YAML_TEXT;
		node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		node->text = arena_string(parse->arena, span_from(event->data.scalar.value,
								  event->data.scalar.length));
		if (!node->quoted && strcmp(node->text, "~") == 0)
			node->text = "";
		return true;
	case YAML_SEQUENCE_START_EVENT:
		node->kind = YAML_LIST;
		node->flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
		return items_read(parse, depth, node, YAML_SEQUENCE_END_EVENT, error);
	case YAML_MAPPING_START_EVENT:
		node->kind = YAML_MAP;
		node->flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
		return items_read(parse, depth, node, YAML_MAPPING_END_EVENT, error);
	case YAML_ALIAS_EVENT:
		return bad(parse, node->line, "aliases are not supported", error);
	default:
		return bad(parse, node->line, "a value is missing", error);
	}
}

static bool document_read(struct parse *parse, struct yaml *root, struct error *error)
{
	for (bool seen = false;;) {
		yaml_event_t event;
		bool ok = true;

		if (!next(parse, &event, error))
			return false;
		bool done = event.type == YAML_STREAM_END_EVENT;

		if (event.type == YAML_DOCUMENT_START_EVENT && seen)
			ok = bad(parse, event.start_mark.line + 1,
				 "a second document is not allowed", error);
		else if (event.type == YAML_DOCUMENT_START_EVENT)
			seen = true;
		else if (event.type != YAML_STREAM_START_EVENT &&
			 event.type != YAML_DOCUMENT_END_EVENT && !done)
			ok = node_read(parse, &event, 0, root, error);
		yaml_event_delete(&event);
		if (!ok || done)
			return ok;
	}
}

static bool text_parse(struct arena *arena, const char *name, struct span text, size_t nodes_most,
		       const struct yaml **ret, struct error *error)
{
	struct parse parse = {.arena = arena, .name = name, .nodes_most = nodes_most};
	struct yaml *root = arena_new(arena, struct yaml);

	if (!yaml_parser_initialize(&parse.parser))
		return fail(error, "%s: libyaml cannot start", name);
	root->kind = YAML_MAP;
	yaml_parser_set_input_string(&parse.parser, text.data ? text.data : (const uint8_t *)"",
				     text.size);

	bool ok = document_read(&parse, root, error);
	yaml_parser_delete(&parse.parser);
	if (ok)
		*ret = root;
	return ok;
}

bool yaml_parse(struct arena *arena, const char *name, struct span text, const struct yaml **ret,
		struct error *error)
{
	return text_parse(arena, name, text, NODES_MOST, ret, error);
}

bool yaml_parse_large(struct arena *arena, const char *name, struct span text,
		      const struct yaml **ret, struct error *error)
{
	return text_parse(arena, name, text, NODES_MOST_LARGE, ret, error);
}

struct span yaml_blocks(struct arena *arena, struct span text, const char *const *keys)
{
	uint8_t *lines = arena_raw(arena, text.size + 1);
	struct span line, key, value;
	bool wanted = false;
	size_t size = 0;

	while (span_line(&text, &line)) {
		if (line.size > 0 && isalpha(line.data[0]) && span_split(line, ':', &key, &value))
			wanted = text_among(arena_string(arena, key), keys);
		if (!wanted)
			continue;
		memcpy(lines + size, line.data, line.size);
		size += line.size;
		lines[size++] = '\n';
	}
	return span_from(lines, size);
}

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->list[i]->key, key) == 0)
			return map->list[i];
	return NULL;
}

const char *yaml_text(const struct yaml *map, const char *key)
{
	const struct yaml *value = yaml_get(map, key);

	return value && value->kind == YAML_TEXT ? value->text : NULL;
}

const char *yaml_unquoted(struct arena *arena, const struct yaml *map, const char *key)
{
	const struct yaml *value = yaml_get(map, key);

	if (!value || value->kind != YAML_TEXT ||
	    (!value->quoted && strcmp(value->text, "null") == 0))
		return NULL;
	return unquote(arena, value->text);
}

bool yaml_number(const struct yaml *map, const char *key, size_t *ret)
{
	const char *text = yaml_text(map, key);
	uint64_t number = 0;

	if (!text || !span_number(span_text(text), 10, &number) || number > UINT32_MAX)
		return false;
	*ret = (size_t)number;
	return true;
}

bool yaml_only(const char *name, const struct yaml *map, const char *const *keys,
	       struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};

	for (size_t i = 0; map && map->kind == YAML_MAP && i < map->count; i++) {
		const char *const *key = keys;

		while (*key && strcmp(*key, map->list[i]->key) != 0)
			key++;
		if (!*key)
			return fail(error, "%s: line %zu: unknown key '%s'%s", name,
				    map->list[i]->line, map->list[i]->key,
				    suggest_among(&arena, map->list[i]->key, keys));
	}
	return true;
}
