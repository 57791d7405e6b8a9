/* SPDX-License-Identifier: ISC */
/* yaml - a YAML file as a tree of maps, lists and scalars. The only file that knows libyaml's
 * parser. Anchors, aliases, tags, several documents and doubled keys are refused: rules,
 * policies and waivers need none of them. */
#ifndef KMODAUDIT_YAML_H
#define KMODAUDIT_YAML_H

#include "base/arena.h"
#include "base/error.h"

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml {
	enum yaml_kind kind;
	const char *key; /* in a map: this value's key; else NULL */
	/* of a scalar, as written between its quotes; an empty plain scalar and ~ are "" */
	const char *text;
	bool quoted;
	bool flow; /* of a list or map: in brackets, on one line */
	struct yaml **list; /* of a list or map, in the file's order */
	size_t count, room;
	size_t line; /* from 1 */
};

/* NAME starts the error, with the line: "policy.yaml: line 3: ...". An empty file gives an
 * empty map. */
bool yaml_parse(struct arena *arena, const char *name, struct span text, const struct yaml **ret,
		struct error *error);

/* The same for reports of our own, which may have many more values. */
bool yaml_parse_large(struct arena *arena, const char *name, struct span text,
		      const struct yaml **ret, struct error *error);

/* The value of KEY, or NULL; also when MAP is NULL or no map. */
const struct yaml *yaml_get(const struct yaml *map, const char *key);
/* The scalar at KEY, or NULL when it is not there or not a scalar. */
const char *yaml_text(const struct yaml *map, const char *key);
/* The same of a text that quote() wrote, as it was before; NULL for a plain null, too. */
const char *yaml_unquoted(struct arena *arena, const struct yaml *map, const char *key);
/* The number at KEY; false when it is not there or is none up to UINT32_MAX. */
bool yaml_number(const struct yaml *map, const char *key, size_t *ret);
/* Fails on the first key of MAP that is not among KEYS (NULL-ended), naming it and its line. */
bool yaml_only(const char *name, const struct yaml *map, const char *const *keys,
	       struct error *error);

#define yaml_each(item, parent)                                                                \
	for (struct yaml *const *item##_at = (parent) ? (parent)->list : NULL, *item;          \
	     item##_at && item##_at < (parent)->list + (parent)->count && (item = *item##_at); \
	     item##_at++)

#endif
