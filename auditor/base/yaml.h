/* SPDX-License-Identifier: ISC */
/* yaml - parses YAML into a tree of maps, lists and scalars. Only yaml.c uses libyaml's
 * parser. Anchors, aliases, tags, several documents in one file and duplicate keys are
 * refused: rules, policies and waivers need none of them. */
#ifndef KMODAUDIT_YAML_H
#define KMODAUDIT_YAML_H

#include "base/arena.h"
#include "base/error.h"

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml {
	enum yaml_kind kind;
	const char *key; /* the key of this value in a map; else NULL */
	/* of a scalar: its text without quotes; an empty plain scalar and ~ are "" */
	const char *text;
	bool quoted;
	bool flow; /* of a list or map: written in brackets on one line */
	struct yaml **list; /* of a list or map: the values, in the file's order */
	size_t count, room;
	size_t line; /* line number, from 1 */
};

/* Parses TEXT. Errors start with NAME and the line: "policy.yaml: line 3: ...". An
 * empty file gives an empty map. */
bool yaml_parse(struct arena *arena, const char *name, struct span text, const struct yaml **ret,
		struct error *error);

/* Like yaml_parse, with a higher limit on the number of values, for reports
 * of this program. */
bool yaml_parse_large(struct arena *arena, const char *name, struct span text,
		      const struct yaml **ret, struct error *error);

/* The lines of TEXT, a map, that belong to KEYS (NULL-terminated). Only for files of
 * this project, in which a line that begins with a letter begins with a key of the map. */
struct span yaml_blocks(struct arena *arena, struct span text, const char *const *keys);

/* The value of KEY, or NULL if it is missing or MAP is NULL or not a map. */
const struct yaml *yaml_get(const struct yaml *map, const char *key);
/* The scalar at KEY, or NULL if it is missing or not a scalar. */
const char *yaml_text(const struct yaml *map, const char *key);
/* The scalar at KEY after unquote(); NULL also for a plain null. */
const char *yaml_unquoted(struct arena *arena, const struct yaml *map, const char *key);
/* Reads the number at KEY. False if it is missing or not a number up to UINT32_MAX. */
bool yaml_number(const struct yaml *map, const char *key, size_t *ret);
/* Fails on the first key of MAP that is not in KEYS (NULL-terminated); the error names
 * the key and its line. */
bool yaml_only(const char *name, const struct yaml *map, const char *const *keys,
	       struct error *error);

/* Fails with the text of a format, which gets "PATH: line N: " in front, the
 * line of AT. */
#define yaml_wrong(error, path, at, ...) \
	(fail(error, __VA_ARGS__), within(error, "%s: line %zu", path, (at)->line))

#define yaml_each(item, parent)                                                                \
	for (struct yaml *const *item##_at = (parent) ? (parent)->list : NULL, *item;          \
	     item##_at && item##_at < (parent)->list + (parent)->count && (item = *item##_at); \
	     item##_at++)

#endif
