/* SPDX-License-Identifier: ISC */
/* Writes a document that was parsed from YAML or JSON again in either form, byte for
 * byte as it was first written. */
#include "report/saved/tree.h"
#include "base/text.h"

#include "base/array.h"
#include "base/quote.h"

#include <ctype.h>
#include <stdlib.h>

struct tree {
	struct emit *emit;
	struct arena arena;
	bool json;
};

/* Writes a plain scalar that is not a text: null, true, false, 12, 0x1f. False
 * for a text. */
static bool word_emit(struct emit *emit, const char *text, bool hex_wanted)
{
	bool hex = text[0] == '0' && text[1] == 'x';
	uint64_t number = 0;

	if (!*text || strcmp(text, "null") == 0)
		emit_null(emit);
	else if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		emit_bool(emit, *text == 't');
	else if (span_number(span_text(hex ? text + 2 : text), hex ? 16 : 10, &number))
		(hex || hex_wanted ? emit_hex : emit_number)(emit, number);
	else
		return false;
	return true;
}

static void text_emit(struct tree *tree, const struct yaml *node)
{
	/* the keys whose text is always in double quotes in YAML (emit_quoted), and those of
	 * offsets, which YAML has in hexadecimal: JSON shows neither */
	static const char *const quoted_keys[] = {"version", "hash",	 "sha256", "expires",
						  "release", "vermagic", "before", "after",
						  "series",  "current",	 "shard",  NULL};
	static const char *const hex_keys[] = {"init", "exit", NULL};
	const char *text = unquote(&tree->arena, node->text), *key = text_or_empty(node->key);
	bool quoted = tree->json ? text_among(key, quoted_keys) : node->quoted;
	bool hex = tree->json && text_among(key, hex_keys);

	if (!node->quoted && word_emit(tree->emit, node->text, hex))
		return;
	(quoted ? emit_quoted : emit_string)(tree->emit, text);
	arena_reset(&tree->arena);
}

static void node_emit(struct tree *tree, const struct yaml *node)
{
	if (node->key)
		emit_key(tree->emit, node->key);
	if (node->kind == YAML_TEXT) {
		text_emit(tree, node);
		return;
	}
	if (node->kind == YAML_LIST)
		(node->flow ? emit_flow_list : emit_list)(tree->emit);
	else
		(node->flow ? emit_flow_map : emit_map)(tree->emit);
	yaml_each(item, node)
		node_emit(tree, item);
	emit_close(tree->emit);
}

void tree_emit(struct emit *emit, const struct yaml *node, bool json)
{
	struct tree tree = {.emit = emit, .json = json};

	node_emit(&tree, node);
	arena_free(&tree.arena);
}
