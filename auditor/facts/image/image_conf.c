/* SPDX-License-Identifier: ISC */
/* Reads the files of FreeBSD's boot loader in its order (stand/lua/config.lua:
 * readConf; the defaults: stand/defaults/loader.conf). */
#include "base/text.h"
#include "facts/image/image_boot.h"

#include <string.h>

/* boot/defaults/loader.conf comes first. Each file may name others in
 * loader_conf_files, which are read after it. Then come the files of loader_conf_dirs,
 * and those of local_loader_conf_files. No file is read twice. */

#define DEFAULTS "boot/defaults/loader.conf"

/* What DEFAULTS says, for an image that lacks it. */
static const struct default_of {
	const char *name, *value;
} defaults[] = {
	{"loader_conf_files", "/boot/device.hints /boot/loader.conf"},
	{"loader_conf_dirs", "/boot/loader.conf.d"},
	{"local_loader_conf_files", "/boot/loader.conf.local"},
};

/* Two files of one directory that say different things. */
struct conf_dispute {
	const char *key; /* "if_x_load", "module_path" */
	const char *name; /* of the module, or NULL: KEY is a variable */
	const char *first, *second; /* the witnesses of the files */
};

struct conf_disputes {
	struct conf_dispute *list;
	size_t count, room;
};

/* What one file of a directory says about a key. */
struct conf_saying {
	const char *value, *witness;
};

struct conf_sayings {
	struct conf_saying *list;
	size_t count, room;
	struct map numbers; /* by key */
};

struct conf_reading {
	struct image_reading *reading;
	struct conf_disputes disputes;
	struct map files; /* by path, without a "/" at the start: the number in reading->files */
	struct map read; /* the same: those that were read */
};

/* The file PATH; NULL: the image does not have it. */
static const struct found_file *file_of(const struct conf_reading *conf, const char *path)
{
	uint32_t number = map_get(&conf->files, path);

	return number == MAP_NONE ? NULL : &conf->reading->files.list[number];
}

static const char *value_of(const struct conf_reading *conf, const char *name)
{
	const struct loader_setting *setting = loader_conf_get(&conf->reading->loader_conf, name);

	return setting ? setting->value : "";
}

/* A usual file that does not exist says nothing, and device.hints says nothing about
 * modules. */
static bool is_usual(const char *path)
{
	return strcmp(path, "boot/device.hints") == 0 || strcmp(path, "boot/loader.conf") == 0 ||
	       strcmp(path, "boot/loader.conf.local") == 0;
}

/* True if PATH would be among the files if the image had it. */
static bool is_looked_for(const char *path)
{
	size_t root;

	return is_usual(path) || boot_kept(path, &root) == KEPT_LOADER_CONF;
}

static void file_add(struct conf_reading *conf, const char *path, unsigned depth);

static void files_add(struct conf_reading *conf, const char *name, unsigned depth)
{
	struct arena *arena = conf->reading->arena;
	struct span list = span_text(arena_string(arena, span_text(value_of(conf, name)))), path;

	while (span_token(&list, &path)) {
		while (span_starts(path, "/"))
			path = span_skip(path, 1);
		file_add(conf, arena_string(arena, path), depth);
	}
}

enum { CONF_DEPTH = 16 };

/* Adds the file PATH, unless it was read, and those that it names. */
static void file_add(struct conf_reading *conf, const char *path, unsigned depth)
{
	struct image_reading *reading = conf->reading;
	const struct found_file *file = file_of(conf, path);

	if (map_get(&conf->read, path) != MAP_NONE)
		return;
	map_put(&conf->read, reading->arena, path, 0);
	if (!file && is_looked_for(path)) {
		if (!is_usual(path))
			image_remark(reading,
				     "the boot loader is told to read /%s, which the image does "
				     "not have",
				     path);
		return;
	}
	if (!file || depth == CONF_DEPTH) {
		image_unread(reading, "the boot loader is told to read /%s, which is not read here",
			     path);
		return;
	}
	if (file->link) {
		/* what a link leads to is read, if it is one of these files */
		const char *target = image_link_names(reading, file);

		if (target && file_of(conf, target))
			file_add(conf, target, depth + 1);
		else
			image_unread(reading, "%s: a link to %s, which is not followed",
				     file->witness, file->target);
		return;
	}
	loader_conf_set(reading->arena, &reading->loader_conf, "loader_conf_files",
			(struct loader_setting){.value = NULL});
	loader_conf_add(reading->arena, file->witness, file->bytes, &reading->loader_conf);
	files_add(conf, "loader_conf_files", depth + 1);
}

static void saying_add(struct conf_reading *conf, struct conf_sayings *sayings, const char *key,
		       const char *name, struct conf_saying saying)
{
	struct arena *arena = conf->reading->arena;
	uint32_t next = (uint32_t)sayings->count,
		 number = map_put(&sayings->numbers, arena, key, next);

	if (number == next)
		*array_add(arena, sayings) = saying;
	else if (strcmp(sayings->list[number].value, saying.value) != 0)
		*array_add(arena, &conf->disputes) = (struct conf_dispute){
			key, name, sayings->list[number].witness, saying.witness};
}

/* The keys that decide which modules are loaded, and from where. */
static void file_sayings(struct conf_reading *conf, const struct found_file *file,
			 struct conf_sayings *sayings)
{
	static const char *const names[] = {"kernel", "module_path", "module_blacklist",
					    "loader_conf_files", "local_loader_conf_files"};
	struct arena *arena = conf->reading->arena;
	struct loader_conf own = {.list = NULL};

	loader_conf_add(arena, file->witness, file->bytes, &own);
	array_each(entry, &own) {
		const char *name = entry->load.name;

		if (entry->load.witness)
			saying_add(conf, sayings, arena_format(arena, "%s_load", name), name,
				   (struct conf_saying){entry->on ? "YES" : "NO", file->witness});
		if (entry->load.file)
			saying_add(conf, sayings, arena_format(arena, "%s_name", name), name,
				   (struct conf_saying){entry->load.file, file->witness});
	}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct loader_setting *setting = loader_conf_get(&own, names[i]);

		if (setting)
			saying_add(conf, sayings, names[i], NULL,
				   (struct conf_saying){setting->value, file->witness});
	}
}

/* The line that decides about the key of DISPUTE in the end; NULL: none does. Which
 * line names the file of a module is not recorded. */
static const char *dispute_winner(const struct loader_conf *conf,
				  const struct conf_dispute *dispute)
{
	const struct loader_setting *setting = loader_conf_get(conf, dispute->key);

	if (!dispute->name)
		return setting ? setting->witness : NULL;
	array_each(entry, conf)
		if (strcmp(entry->load.name, dispute->name) == 0)
			return text_ends(dispute->key, "_load") ? entry->load.witness
			       : entry->on			? dispute->first
								: NULL;
	return NULL;
}

/* A dispute does not matter where a file in another directory, which is read later, decides. */
static void disputes_note(struct conf_reading *conf)
{
	struct arena *arena = conf->reading->arena;

	array_each(dispute, &conf->disputes) {
		const char *winner = dispute_winner(&conf->reading->loader_conf, dispute);

		if (winner &&
		    strcmp(path_folder(arena, winner), path_folder(arena, dispute->first)) == 0)
			image_unread(conf->reading,
				     "%s and %s set %s differently, and the boot loader reads them "
				     "in the order of their directory: which one counts is not "
				     "known",
				     dispute->first, dispute->second, dispute->key);
	}
}

/* Adds the files NAME.conf of directories. The boot loader takes them in the order of
 * the directory, which an archive does not have (stand/lua/config.lua: lfs.dir): here
 * they are sorted, and what two of them say differently is noted. */
static void folders_add(struct conf_reading *conf)
{
	struct image_reading *reading = conf->reading;
	struct arena *arena = reading->arena;
	struct span list = span_text(
			    arena_string(arena, span_text(value_of(conf, "loader_conf_dirs")))),
		    folder;

	while (span_token(&list, &folder)) {
		struct conf_sayings sayings = {.list = NULL};

		while (span_starts(folder, "/"))
			folder = span_skip(folder, 1);
		while (folder.size > 0 && folder.data[folder.size - 1] == '/')
			folder.size--;
		array_each(file, &reading->files) {
			const char *path = image_inner_path(reading, file);
			const char *slash = strrchr(path, '/');

			if (file->kept != KEPT_LOADER_CONF || !slash || !text_ends(path, ".conf") ||
			    !span_equal(span_from(path, (size_t)(slash - path)), folder))
				continue;
			file_add(conf, path, 0);
			file_sayings(conf, file, &sayings);
		}

		const char *name = arena_string(arena, folder);

		if (!is_looked_for(arena_format(arena, "%s/x.conf", name)))
			image_unread(reading,
				     "the boot loader is told to read the files in /%s, which are "
				     "not read here",
				     name);
	}
}

/* Notes the files that are read or not as variables of the boot loader have it. */
static void variables_note(struct conf_reading *conf)
{
	static const char *const lists[] = {"loader_conf_dirs", "local_loader_conf_files"};
	struct image_reading *reading = conf->reading;
	/* product_vars names variables, whose values are names of folders in
	 * boot/loader.conf.d: what the hardware calls itself */
	const char *products = value_of(conf, "product_vars");

	array_each(file, &reading->files) {
		const char *name =
			file->kept == KEPT_LOADER_CONF
				? text_after(image_inner_path(reading, file), "boot/loader.conf.d/")
				: NULL;

		if (!*products || !name || !strchr(name, '/'))
			continue;
		image_unread(reading,
			     "%s: whether the boot loader reads it depends on the hardware "
			     "(product_vars: %s)",
			     file->witness, products);
		break;
	}
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const struct loader_setting *setting =
			loader_conf_get(&reading->loader_conf, lists[i]);

		if (setting && setting->unknown)
			image_unread(reading, "%s: %s has ${%s}, whose value is not known",
				     setting->witness, lists[i], setting->unknown);
	}
}

/* The Lua that the site adds runs before the files are read (stand/lua/loader.lua,
 * try_include), and may load, set or replace anything. Comments do nothing. */
static void script_note(struct conf_reading *conf)
{
	const struct found_file *file = file_of(conf, "boot/lua/local.lua");
	struct span rest = file ? file->bytes : (struct span){NULL, 0}, line, word;
	bool runs = file && (file->link || file->bytes.size < file->size);

	while (span_line(&rest, &line))
		runs |= span_token(&line, &word) &&
			(!span_starts(word, "--") || span_starts(word, "--["));
	if (runs)
		image_unread(conf->reading,
			     "%s: the boot loader runs this file, which may change what is loaded",
			     file->witness);
}

/* What nextboot(8) writes counts for one boot only. */
static void nextboot_remark(struct conf_reading *conf)
{
	const char *path = value_of(conf, "nextboot_conf");
	const struct found_file *file =
		file_of(conf, *path ? path + strspn(path, "/") : "boot/nextboot.conf");

	if (file && span_starts(file->bytes, "nextboot_enable=\"YES\""))
		image_remark(conf->reading,
			     "%s: it counts for the next boot only, and is not used here",
			     file->witness);
}

void image_loader_conf(struct image_reading *reading)
{
	struct conf_reading conf = {.reading = reading};
	struct loader_conf *ret = &reading->loader_conf;
	struct strings doubts = {0};

	array_each(file, &reading->files)
		if (file->kept == KEPT_LOADER_CONF)
			map_put(&conf.files, reading->arena, image_inner_path(reading, file),
				(uint32_t)(file - reading->files.list));
	if (conf.files.count == 0)
		return;
	if (file_of(&conf, DEFAULTS)) {
		file_add(&conf, DEFAULTS, 0);
	} else {
		for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
			loader_conf_set(reading->arena, ret, defaults[i].name,
					(struct loader_setting){.value = defaults[i].value});
		files_add(&conf, "loader_conf_files", 0);
	}
	folders_add(&conf);
	files_add(&conf, "local_loader_conf_files", 0);
	disputes_note(&conf);
	nextboot_remark(&conf);
	variables_note(&conf);
	script_note(&conf);
	array_each(line, &ret->malformed)
		image_remark(reading, "%s: the boot loader ignores this line", *line);
	loader_conf_doubts(reading->arena, ret, &doubts);
	array_each(doubt, &doubts)
		image_unread(reading, "%s", *doubt);
}
