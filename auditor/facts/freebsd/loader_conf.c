/* SPDX-License-Identifier: ISC */
/* Reads the files of FreeBSD's boot loader (loader.conf(5); stand/lua/config.lua): lines
 * NAME="VALUE" or NAME=VALUE; "#" begins a comment. */
#include "facts/freebsd/loader_conf.h"

#include <strings.h>

/* NAME, an operator "=" and the value, which ends with its quote or, without one, with a blank. */
static bool line_split(struct span line, struct span *name, struct span *value)
{
	struct span rest;

	line = span_trim(line);
	if (line.size == 0 || line.data[0] == '#' || !span_split(line, '=', name, value))
		return false;
	*name = span_trim(*name);
	*value = span_trim(*value);
	if (span_starts(*value, "\""))
		return span_split(span_skip(*value, 1), '"', value, &rest);
	rest = *value;
	return span_token(&rest, value);
}

static bool suffix_cut(struct span *name, const char *suffix)
{
	size_t size = strlen(suffix);

	if (name->size <= size || !span_is(span_skip(*name, name->size - size), suffix))
		return false;
	name->size -= size;
	return true;
}

static struct loader_entry *entry_of(struct arena *arena, struct loader_conf *conf,
				     struct span name)
{
	const char *text = arena_string(arena, name);
	uint32_t number = map_put(&conf->numbers, arena, text, (uint32_t)conf->count);

	if (number == conf->count)
		array_add(arena, conf)->load.name = text;
	return &conf->list[number];
}

static void setting_note(struct arena *arena, const char *witness, struct span name,
			 struct span value, struct loader_conf *ret)
{
	const char *text = arena_string(arena, value);

	if (span_is(name, "kernel")) {
		ret->kernel = text;
	} else if (span_is(name, "module_path")) {
		ret->module_path = text;
		ret->module_path_witness = witness;
	} else if (suffix_cut(&name, "_load")) {
		struct loader_entry *entry = entry_of(arena, ret, name);

		entry->on = strcasecmp(text, "YES") == 0;
		entry->load.witness = witness;
	} else if (suffix_cut(&name, "_name")) {
		entry_of(arena, ret, name)->load.file = text;
	} else if (suffix_cut(&name, "_type")) {
		entry_of(arena, ret, name)->data = *text != '\0';
	}
}

void loader_conf_add(struct arena *arena, const char *witness, struct span text,
		     struct loader_conf *ret)
{
	struct span line, name, value;

	while (span_line(&text, &line))
		if (line_split(line, &name, &value))
			setting_note(arena, witness, name, value, ret);
}

static int load_compare(const void *a, const void *b)
{
	return strcmp(((const struct kld_load *)a)->name, ((const struct kld_load *)b)->name);
}

void loader_conf_loads(struct arena *arena, const struct loader_conf *conf, struct kld_loads *ret)
{
	array_each(entry, conf)
		if (entry->on && !entry->data)
			*array_add(arena, ret) = entry->load;
	array_sort(ret, load_compare);
}
