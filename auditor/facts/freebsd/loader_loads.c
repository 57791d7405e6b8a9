/* SPDX-License-Identifier: ISC */
/* Decides which modules FreeBSD's boot loader loads, by what its files say
 * (stand/lua/config.lua: loadModule, getBlacklist). */
#include "facts/freebsd/loader_conf.h"

#include <ctype.h>

/* config.lua takes each run of these for a name */
static bool is_name(char byte)
{
	return isalnum((unsigned char)byte) || byte == '-' || byte == '_';
}

static bool list_has(const char *list, const char *name)
{
	for (const char *at = list; *at;) {
		size_t size = 0;

		while (is_name(at[size]))
			size++;
		if (size == strlen(name) && strncmp(at, name, size) == 0)
			return true;
		at += size;
		while (*at && !is_name(*at))
			at++;
	}
	return false;
}

static const char *asked_of(const struct loader_entry *entry)
{
	return entry->load.file ? entry->load.file : entry->load.name;
}

static bool is_loaded(const struct loader_conf *conf, const struct loader_entry *entry)
{
	const struct loader_setting *blacklist = loader_conf_get(conf, "module_blacklist");
	const char *asked = asked_of(entry);

	return entry->on && *asked && !(blacklist && list_has(blacklist->value, asked));
}

static int load_compare(const void *a, const void *b)
{
	return strcmp(((const struct kld_load *)a)->name, ((const struct kld_load *)b)->name);
}

void loader_conf_loads(struct arena *arena, const struct loader_conf *conf, struct kld_loads *ret)
{
	array_each(entry, conf)
		if (is_loaded(conf, entry) && !entry->type)
			*array_add(arena, ret) = entry->load;
	array_sort(ret, load_compare);
}

static void doubt_add(struct arena *arena, struct strings *ret, const char *text)
{
	if (ret->count < LOADER_ODD_MOST)
		*array_add(arena, ret) = text;
}

/* The loader evaluates "load NAME" as a command: variables, quotes, words. */
static void entry_doubts(struct arena *arena, const struct loader_entry *entry, struct strings *ret)
{
	/* The kernel makes a memory disk of a file with one of these types, and its root file
	 * system is on the first disk (sys/dev/md/md.c, md_preloaded). Only the boot
	 * loader sees the modules beside it. */
	bool disk = entry->type &&
		    (strcmp(entry->type, "mfs_root") == 0 || strcmp(entry->type, "md_image") == 0);

	for (size_t i = 0; i < LOADER_MOMENTS; i++)
		if (entry->commands[i])
			doubt_add(arena, ret,
				  arena_format(arena,
					       "%s: a command of the boot loader, which may change "
					       "what is loaded",
					       entry->commands[i]));
	if (disk)
		doubt_add(arena, ret,
			  arena_format(arena,
				       "%s: the root file system may be the memory disk %s, which "
				       "is not read",
				       entry->load.witness, asked_of(entry)));
	if (!entry->type && strpbrk(asked_of(entry), "$\\'\" \t"))
		doubt_add(arena, ret,
			  arena_format(arena, "%s: which file %s_name stands for is not known: %s",
				       entry->load.witness, entry->load.name, asked_of(entry)));
}

void loader_conf_doubts(struct arena *arena, const struct loader_conf *conf, struct strings *ret)
{
	const struct loader_setting *blacklist = loader_conf_get(conf, "module_blacklist");
	bool any = false;

	array_each(line, &conf->commands)
		doubt_add(arena, ret,
			  arena_format(arena,
				       "%s: a command of the boot loader, which may change what is "
				       "loaded",
				       *line));
	array_each(line, &conf->disputed)
		doubt_add(arena, ret,
			  arena_format(arena, "%s: boot loaders differ in what this line means",
				       *line));
	array_each(entry, conf) {
		any |= entry->on && !entry->type;
		if (is_loaded(conf, entry))
			entry_doubts(arena, entry, ret);
	}
	/* one that only adds to itself is empty: the loader has no list of its own */
	if (any && blacklist && blacklist->unknown &&
	    strcmp(blacklist->unknown, "module_blacklist") != 0)
		doubt_add(arena, ret,
			  arena_format(arena,
				       "%s: module_blacklist has ${%s}, whose value is not known",
				       blacklist->witness, blacklist->unknown));
}
