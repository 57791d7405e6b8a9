/* SPDX-License-Identifier: ISC */
/* Parses the key=value strings of .modinfo: vermagic, depends, softdep, license and
 * others (Linux kernel/module/main.c, module_next_tag_pair). */
#include "facts/module/module_elf.h"
#include "base/text.h"

static const char *dash_to_underscore(struct module_reader *reader, struct span name)
{
	char *copy = arena_chars(reader->scratch, name);

	for (size_t i = 0; i < name.size; i++)
		if (copy[i] == '-')
			copy[i] = '_';
	return map_intern(reader->names, reader->arena, span_from(copy, name.size));
}

/* the value of depends=, such as "a,b-c" */
static void depends_read(struct module_reader *reader, struct span value, struct strings *ret)
{
	struct span name;

	while (span_item(&value, ',', &name)) {
		name = span_trim(name);
		if (name.size > 0)
			*array_add(reader->arena, ret) = dash_to_underscore(reader, name);
	}
}

/* the value of softdep=, such as "pre: a b post: c" */
static void softdep_read(struct module_reader *reader, struct span value, struct modinfo *ret)
{
	struct strings *list = NULL;
	struct span word;

	while (span_token(&value, &word)) {
		if (span_is(word, "pre:"))
			list = &ret->softdep_pre;
		else if (span_is(word, "post:"))
			list = &ret->softdep_post;
		else if (list)
			*array_add(reader->arena, list) = dash_to_underscore(reader, word);
	}
}

/* If a key is repeated, the first value counts, as in the kernel's get_modinfo. False
 * if KEY is not one of these. */
static bool single_read(struct module_reader *reader, struct span key, struct span value,
			struct modinfo *ret)
{
	const struct {
		const char *key;
		const char **place;
	} singles[] = {
		{"name", &ret->name},		{"vermagic", &ret->vermagic},
		{"license", &ret->license},	{"srcversion", &ret->srcversion},
		{"intree", &ret->intree},	{"retpoline", &ret->retpoline},
		{"livepatch", &ret->livepatch}, {"staging", &ret->staging},
		{"version", &ret->version},
	};

	for (size_t i = 0; i < sizeof singles / sizeof *singles; i++) {
		if (!span_is(key, singles[i].key))
			continue;
		if (!*singles[i].place)
			*singles[i].place = map_intern(reader->names, reader->arena, value);
		return true;
	}
	return false;
}

static void entry_read(struct module_reader *reader, struct span entry, struct modinfo *ret)
{
	struct span key, value;

	if (!span_split(entry, '=', &key, &value) || single_read(reader, key, value, ret))
		return;
	if (span_is(key, "depends"))
		depends_read(reader, value, &ret->depends);
	else if (span_is(key, "softdep"))
		softdep_read(reader, value, ret);
	else if (span_is(key, "import_ns"))
		*array_add(reader->arena, &ret->import_ns) =
			map_intern(reader->names, reader->arena, value);
	else if (span_is(key, "alias"))
		*array_add(reader->arena, &ret->alias) =
			map_intern(reader->names, reader->arena, value);
}

/* .modinfo is a sequence of key=value strings, separated by one or more NULs (Linux
 * kernel/module/main.c, module_next_tag_pair). */
void modinfo_read(struct module_reader *reader, struct span section, struct modinfo *ret)
{
	while (section.size > 0) {
		const uint8_t *nul = memchr(section.data, 0, section.size);
		struct span entry =
			span_head(section, nul ? (size_t)(nul - section.data) : section.size);

		section = span_skip(section, entry.size + 1);
		if (entry.size > 0)
			entry_read(reader, entry, ret);
	}
	if (ret->name)
		ret->name = dash_to_underscore(reader, span_text(ret->name));
}

bool license_is_gpl(const char *license)
{
	static const char *const compatible[] = {"GPL",
						 "GPL v2",
						 "GPL and additional rights",
						 "Dual BSD/GPL",
						 "Dual MIT/GPL",
						 "Dual MPL/GPL",
						 NULL};

	return license && text_among(license, compatible);
}
