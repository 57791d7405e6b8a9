/* SPDX-License-Identifier: ISC */
/* Reads the files of FreeBSD's boot loader as its Lua does (stand/lua/config.lua: pattern_table,
 * checkPattern, processEnvVar, loadModule).
 *
 *   [blanks] NAME [blanks] = [blanks] VALUE [blanks] [# comment]
 *
 * NAME has letters, digits, "_", "-" and "."; VALUE is "text" without a quote inside, or a word of
 * letters, digits, "_", "-" and "." that begins with a letter, a digit or "-". A line in any other
 * form is ignored. */
#include "facts/freebsd/loader_conf.h"
#include "facts/freebsd/loader_command.h"

#include <strings.h>

static bool is_alphanumeric(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

static bool is_word(uint8_t byte)
{
	return is_alphanumeric(byte) || byte == '_' || byte == '-' || byte == '.';
}

static struct span blanks_skip(struct span text)
{
	while (text.size > 0 &&
	       (text.data[0] == ' ' || (text.data[0] >= '\t' && text.data[0] <= '\r')))
		text = span_skip(text, 1);
	return text;
}

static struct span word_cut(struct span *text)
{
	size_t size = 0;

	while (size < text->size && is_word(text->data[size]))
		size++;

	struct span word = span_head(*text, size);

	*text = span_skip(*text, size);
	return word;
}

static bool line_split(struct span line, struct span *name, struct span *value)
{
	struct span rest = blanks_skip(line);

	*name = word_cut(&rest);
	rest = blanks_skip(rest);
	if (name->size == 0 || !span_starts(rest, "="))
		return false;
	rest = blanks_skip(span_skip(rest, 1));
	if (span_starts(rest, "\"")) {
		if (!span_split(span_skip(rest, 1), '"', value, &rest))
			return false;
	} else {
		*value = word_cut(&rest);
		if (value->size == 0 || value->data[0] == '_' || value->data[0] == '.')
			return false;
	}
	rest = blanks_skip(rest);
	return rest.size == 0 || rest.data[0] == '#';
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

/* ---- variables ---- */

const struct loader_setting *loader_conf_get(const struct loader_conf *conf, const char *name)
{
	uint32_t number = map_get(&conf->settings.numbers, name);

	return number != MAP_NONE && conf->settings.list[number].value
		       ? &conf->settings.list[number]
		       : NULL;
}

void loader_conf_set(struct arena *arena, struct loader_conf *conf, const char *name,
		     struct loader_setting setting)
{
	struct loader_settings *settings = &conf->settings;
	uint32_t number = map_put(&settings->numbers, arena, name, (uint32_t)settings->count);

	if (number == settings->count)
		array_add(arena, settings);
	settings->list[number] = setting;
}

/* The name of the variable after a "$" at the start of TEXT, which is skipped:
 * ${name} or $name. */
static bool variable_cut(struct span *text, struct span *name)
{
	size_t size = 0;

	*text = span_skip(*text, 1);
	if (span_starts(*text, "{"))
		return span_split(span_skip(*text, 1), '}', name, text) && name->size > 0;
	while (size < text->size && is_word(text->data[size]))
		size++;
	*name = span_head(*text, size);
	*text = span_skip(*text, size);
	return size > 0 && is_alphanumeric(name->data[0]);
}

/* A variable that has others twice doubles with each line. */
enum { VALUE_MOST = 4096, EXPANDED_MOST = 1 << 20 };

/* Replaces variables and "\x" in VALUE. False if it is not well formed: then
 * nothing is set. */
static bool value_expand(struct arena *arena, struct loader_conf *conf, struct span value,
			 struct loader_setting *ret)
{
	char text[VALUE_MOST];
	size_t size = 0;

	while (value.size > 0) {
		const struct loader_setting *other = NULL;
		struct span piece = span_head(value, 1), name;

		if (piece.data[0] == '$') {
			if (!variable_cut(&value, &name))
				return false;

			const char *asked = arena_string(arena, name);

			/* the loader keeps this one to itself */
			bool own = span_is(name, "loader_conf_files");

			other = own ? NULL : loader_conf_get(conf, asked);
			ret->unknown = !other && !own		 ? asked
				       : other && other->unknown ? other->unknown
								 : ret->unknown;
			piece = other ? span_text(other->value) : (struct span){NULL, 0};
		} else {
			if (piece.data[0] == '\\')
				value = span_skip(value, 1);
			piece = span_head(value, 1);
			if (piece.size == 0)
				return false;
			value = span_skip(value, 1);
		}
		if (piece.size >= sizeof text - size)
			return false;
		if (piece.size > 0)
			memcpy(text + size, piece.data, piece.size);
		size += piece.size;
	}
	if (conf->expanded + size > EXPANDED_MOST)
		return false;
	conf->expanded += size;
	ret->value = arena_string(arena, span_from(text, size));
	return true;
}

/* ---- lines ---- */

static void odd_note(struct arena *arena, const char *line, struct strings *ret)
{
	if (ret->count < LOADER_ODD_MOST)
		*array_add(arena, ret) = line;
}

/* exec="...": sets a variable, shows something, or is noted. */
static void command_note(struct arena *arena, const char *witness, const char *line,
			 struct span text, struct loader_conf *ret)
{
	struct loader_command command = loader_command_read(text);
	const char *name = arena_string(arena, command.name);

	if (command.effect == LOADER_EFFECT_SET)
		loader_conf_set(
			arena, ret, name,
			(struct loader_setting){
				.value = command.unset ? NULL : arena_string(arena, command.value),
				.witness = witness,
				.unknown = command.plain ? NULL : name});
	else if (command.effect == LOADER_EFFECT_UNKNOWN)
		odd_note(arena, line, &ret->commands);
}

/* NAME_before, _after, _error and _flags; false if the line is none of these. */
static bool moment_note(struct arena *arena, const char *line, struct span name, struct span value,
			struct loader_conf *ret)
{
	static const char *const suffixes[LOADER_MOMENTS] = {
		[LOADER_BEFORE] = "_before", [LOADER_AFTER] = "_after", [LOADER_ERROR] = "_error"};

	for (size_t i = 0; i < LOADER_MOMENTS; i++)
		if (suffix_cut(&name, suffixes[i])) {
			struct loader_command command = loader_command_read(value);
			bool sets_path = command.effect == LOADER_EFFECT_SET &&
					 span_is(command.name, "module_path");

			/* The command runs when the kernel is chosen already: of the
			 * variables only module_path still matters. */
			entry_of(arena, ret, name)->commands[i] =
				command.effect == LOADER_EFFECT_UNKNOWN || sets_path ? line : NULL;
			return true;
		}
	return suffix_cut(&name, "_flags");
}

/* True if loaders differ in what LINE, which sets NAME to VALUE, says: some take what is up
 * to the last quote for the value, and a name with a dot for that of a variable only. */
static bool is_disputed(struct span line, struct span name, struct span value)
{
	static const char *const chief[] = {"kernel",
					    "bootfile",
					    "module_path",
					    "module_blacklist",
					    "loader_conf_files",
					    "loader_conf_dirs",
					    "local_loader_conf_files",
					    "exec",
					    NULL};
	size_t before = (size_t)(value.data - line.data) + value.size;
	bool load = suffix_cut(&name, "_load");
	bool matters = load || suffix_cut(&name, "_name") || suffix_cut(&name, "_type");
	bool dotted = matters && span_contains(name, ".");

	/* NAME_load="NO"  # the "usual" one: loads nothing by either, as in
	 * boot/defaults/loader.conf of FreeBSD 10 */
	if (load && !span_is_nocase(value, "YES"))
		return false;
	matters |= span_among(name, chief);
	return dotted || (matters && span_contains(span_skip(line, before + 1), "\""));
}

/* False if the line says nothing that the boot loader understands. */
static bool setting_note(struct arena *arena, const char *witness, const char *line,
			 struct span name, struct span value, struct loader_conf *ret)
{
	if (suffix_cut(&name, "_load")) {
		struct loader_entry *entry = entry_of(arena, ret, name);

		entry->on = strcasecmp(arena_string(arena, value), "YES") == 0;
		entry->load.witness = witness;
	} else if (suffix_cut(&name, "_name")) {
		entry_of(arena, ret, name)->load.file = arena_string(arena, value);
	} else if (suffix_cut(&name, "_type")) {
		entry_of(arena, ret, name)->type = arena_string(arena, value);
	} else if (!moment_note(arena, line, name, value, ret)) {
		struct loader_setting setting = {.witness = witness};

		if (!is_alphanumeric(name.data[0]) || !value_expand(arena, ret, value, &setting))
			return false;
		loader_conf_set(arena, ret, arena_string(arena, name), setting);
	}
	return true;
}

void loader_conf_add(struct arena *arena, const char *witness, struct span text,
		     struct loader_conf *ret)
{
	struct span line, name, value;

	for (unsigned number = 1; span_line(&text, &line); number++) {
		struct span rest = blanks_skip(line);

		if (rest.size == 0 || rest.data[0] == '#')
			continue;

		const char *shown =
			arena_format(arena, "%s: line %u: %s", witness, number,
				     arena_string(arena, span_head(span_trim(line), 80)));

		if (!line_split(line, &name, &value))
			odd_note(arena, shown, &ret->malformed);
		else if (is_disputed(line, name, value))
			odd_note(arena, shown, &ret->disputed);
		else if (span_is(name, "exec") && value.data > line.data && value.data[-1] == '"')
			command_note(arena, witness, shown, value, ret);
		else if (!setting_note(arena, witness, shown, name, value, ret))
			odd_note(arena, shown, &ret->malformed);
	}
}
