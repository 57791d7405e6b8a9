/* SPDX-License-Identifier: ISC */
/* Prints the rules as SARIF's tool driver, maps levels to SARIF levels, and
 * escapes message texts. */
#include "report/ci/sarif.h"

const char *sarif_level(enum level level)
{
	/* SARIF has the kind "open" for what is unknown, but requires level "none" with
	 * it, and CI services show nothing with level "none": unknown would look like a
	 * pass. So it is a warning, and properties.level has our own level. */
	static const char *const names[4] = {"note", "warning", "warning", "error"};

	return names[level];
}

/* In SARIF messages "{0}" is a placeholder and "[text](target)" a link. Both are
 * escaped, because text comes from packages. */
const char *sarif_message(struct arena *arena, const char *text)
{
	char *plain = arena_raw(arena, strlen(text) * 2 + 1), *to = plain;
	bool link = strstr(text, "](") != NULL;

	for (; *text; text++) {
		if (strchr("{}", *text))
			*to++ = *text;
		else if (link && strchr("[]", *text))
			*to++ = '\\';
		*to++ = *text;
	}
	*to = '\0';
	return plain;
}

void sarif_text(struct json_emit *emit, const char *key, const char *text)
{
	json_emit_key_map(emit, key);
	json_emit_key_string(emit, "text", text);
	json_emit_close(emit);
}

static void rule_print(struct json_emit *emit, struct arena *arena, const struct rule *rule)
{
	struct strings text = {0}, markdown = {0};

	*array_add(arena, &text) = rule->why;
	*array_add(arena, &text) = arena_format(arena, "What to do: %s", rule->remedy);
	*array_add(arena, &text) = arena_format(arena, "Source: %s", rule->source);
	*array_add(arena, &markdown) = rule->why;
	*array_add(arena, &markdown) = "";
	*array_add(arena, &markdown) = arena_format(arena, "**What to do:** %s", rule->remedy);
	*array_add(arena, &markdown) = "";
	*array_add(arena, &markdown) = arena_format(arena, "*Source:* `%s`", rule->source);
	json_emit_map(emit);
	json_emit_key_string(emit, "id", rule->id);
	sarif_text(emit, "shortDescription", rule->title);
	sarif_text(emit, "fullDescription", rule->why);
	json_emit_key_map(emit, "help");
	json_emit_key_lines(emit, "text", &text);
	json_emit_key_lines(emit, "markdown", &markdown);
	json_emit_close(emit);
	json_emit_key_map(emit, "defaultConfiguration");
	json_emit_key_string(emit, "level", sarif_level(rule->level));
	json_emit_close(emit);
	json_emit_key_map(emit, "properties");
	json_emit_key_string(emit, "level", level_name[rule->level]);
	json_emit_key_string(emit, "unknown", level_name[rule->unknown]);
	json_emit_key_string(emit, "source", rule->source);
	json_emit_close(emit);
	json_emit_close(emit);
}

/* Prints all rules, not only the violated ones, so that a rule's index does not depend
 * on the input. */
void sarif_tool(struct json_emit *emit, const struct rules *rules)
{
	_cleanup_arena_ struct arena arena = {0};

	json_emit_map(emit);
	json_emit_key_map(emit, "driver");
	json_emit_key_string(emit, "name", "kmodaudit");
	json_emit_key_string(emit, "version", KMODAUDIT_VERSION);
	json_emit_key_string(emit, "semanticVersion", KMODAUDIT_VERSION);
	json_emit_key_list(emit, "rules");
	array_each(rule, rules)
		rule_print(emit, &arena, rule);
	json_emit_close(emit);
	json_emit_close(emit);
	json_emit_close(emit);
}
