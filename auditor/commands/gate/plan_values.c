/* SPDX-License-Identifier: ISC */
/* Reads the values of keys of a plan; paths in it are relative to its folder. */
#include "commands/gate/plan_parts.h"

#include <string.h>

enum { PART_MOST = 1000 };

/* The path has no empty and no "." components: "./kmods/" and "kmods" are the same
 * folder and must be read only once. */
const char *plan_path(const struct plan_reading *reading, const char *path)
{
	if (strstr(path, "://"))
		return path;
	if (*path != '/')
		path = arena_format(reading->arena, "%s%s", reading->folder, path);

	char *tidy = arena_get(reading->arena, strlen(path) + 2), *to = tidy;

	if (*path == '/')
		*to++ = '/';
	for (size_t size; *path; path += size) {
		path += strspn(path, "/");
		size = strcspn(path, "/");
		if (!size || (size == 1 && *path == '.'))
			continue;
		if (to > tidy && to[-1] != '/')
			*to++ = '/';
		memcpy(to, path, size);
		to += size;
	}
	return to > tidy ? tidy : ".";
}

bool plan_text_read(const struct plan_reading *reading, const struct yaml *map, const char *key,
		    const char **ret)
{
	const struct yaml *value = yaml_get(map, key);

	if (!value)
		return true;
	if (value->kind != YAML_TEXT || !*value->text)
		return plan_wrong(reading, value, "%s must be a text", key);
	*ret = value->text;
	return true;
}

bool plan_path_read(const struct plan_reading *reading, const struct yaml *map, const char *key,
		    const char **ret)
{
	if (!plan_text_read(reading, map, key, ret))
		return false;
	if (yaml_get(map, key))
		*ret = plan_path(reading, *ret);
	return true;
}

bool plan_paths_read(const struct plan_reading *reading, const struct yaml *map, const char *key,
		     struct strings *ret)
{
	const struct yaml *value = yaml_get(map, key);
	const char *one = NULL;

	if (!value)
		return true;
	if (value->kind == YAML_TEXT) {
		if (!plan_path_read(reading, map, key, &one))
			return false;
		*array_add(reading->arena, ret) = one;
		return true;
	}
	if (value->kind != YAML_LIST || !value->count)
		return plan_wrong(reading, value, "%s must be a path or a list of paths", key);
	yaml_each(item, value) {
		if (item->kind != YAML_TEXT || !*item->text)
			return plan_wrong(reading, item, "%s must hold paths", key);
		*array_add(reading->arena, ret) = plan_path(reading, item->text);
	}
	return true;
}

bool plan_part_read(const struct plan_reading *reading, const struct yaml *entry, unsigned *ret)
{
	const struct yaml *part = yaml_get(entry, "part");
	uint64_t number = 0;

	if (!part)
		return true;
	if (part->kind != YAML_TEXT || !span_number(span_text(part->text), 10, &number) ||
	    !number || number > PART_MOST)
		return plan_wrong(reading, part, "part must be a number from 1");
	*ret = (unsigned)number;
	return true;
}

bool plan_flag_read(const struct plan_reading *reading, const struct yaml *entry, const char *key,
		    bool *ret)
{
	const struct yaml *value = yaml_get(entry, key);

	if (!value)
		return true;
	*ret = value->kind == YAML_TEXT && strcmp(value->text, "true") == 0;
	return *ret || (value->kind == YAML_TEXT && strcmp(value->text, "false") == 0) ||
	       plan_wrong(reading, value, "%s must be true or false", key);
}
