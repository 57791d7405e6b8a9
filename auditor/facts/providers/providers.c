/* SPDX-License-Identifier: ISC */
/* Parses the YAML files in which providers declare which builds they support, and
 * packages what they were built against (format: docs/providers.md). */
#include "facts/module/module.h"
#include "facts/providers/providers_parts.h"
#include "unpack/file.h"

#include <string.h>

enum { NAME_MOST = 128, NAMES_MOST = 512, STATEMENTS_MOST = 256, ALL_NAMES_MOST = 1024 };

static const char *witness_of(const struct reading *reading, const struct yaml *at)
{
	return arena_format(reading->arena, "%s: line %zu", reading->name, at->line);
}

static const struct {
	const char *key;
	enum interface_kind kind;
	const char *letters; /* allowed besides letters, digits and _ */
} interfaces[] = {
	{"kernel", INTERFACE_KERNEL, ""},
	{"namespace", INTERFACE_NAMESPACE, "*-."},
	{"symbols", INTERFACE_SYMBOLS, "*.$"},
	{"module", INTERFACE_MODULE, "*-"},
};

enum { KINDS = sizeof interfaces / sizeof *interfaces };

static bool is_name(const char *text, const char *letters)
{
	const char *star = strchr(text, '*');

	if (star && strchr(star + 1, '*'))
		return false;
	for (; *text; text++)
		if (!((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
		      (*text >= '0' && *text <= '9') || *text == '_' || strchr(letters, *text)))
			return false;
	return true;
}

static bool name_read(const struct reading *reading, const struct yaml *value, size_t kind,
		      const char **ret)
{
	if (!is_plain(value, NAME_MOST) || !is_name(value->text, interfaces[kind].letters))
		return refuse(reading, value, "%s must be a name%s", interfaces[kind].key,
			      kind == INTERFACE_SYMBOLS ? " or a list of names" : "");
	if (kind == INTERFACE_KERNEL && strcmp(value->text, "modules") != 0)
		return refuse(reading, value, "the kernel has only the interface modules");
	*ret = kind == INTERFACE_MODULE
		       ? module_name_spelled(reading->arena, span_text(value->text))
		       : value->text;
	return true;
}

/* The index in `interfaces` of the one key of MAP that names an interface. */
static bool kind_read(const struct reading *reading, const struct yaml *map, size_t *ret)
{
	size_t found = KINDS;

	for (size_t i = 0; map->kind == YAML_MAP && i < KINDS; i++) {
		if (!yaml_get(map, interfaces[i].key))
			continue;
		if (found < KINDS)
			return refuse(reading, map, "it names both %s and %s",
				      interfaces[found].key, interfaces[i].key);
		found = i;
	}
	*ret = found;
	return found < KINDS ||
	       refuse(reading, map, "it names no interface: kernel, namespace, symbols or module");
}

static bool interface_read(const struct reading *reading, const struct yaml *map,
			   struct interface *ret)
{
	const struct yaml *names;
	size_t at;

	if (!kind_read(reading, map, &at))
		return false;
	names = yaml_get(map, interfaces[at].key);
	if (interfaces[at].kind == INTERFACE_SYMBOLS && names->kind == YAML_LIST) {
		if (!is_list(reading, names, "symbols", NAMES_MOST))
			return false;
		yaml_each(name, names)
			if (!name_read(reading, name, at, array_add(reading->arena, &ret->names)))
				return false;
	} else if (!name_read(reading, names, at, array_add(reading->arena, &ret->names))) {
		return false;
	}
	ret->kind = interfaces[at].kind;
	ret->text = ret->kind == INTERFACE_KERNEL
			    ? "kernel"
			    : arena_format(reading->arena, "%s %s", interfaces[at].key,
					   strings_join(reading->arena, &ret->names, 3));
	return true;
}

static bool statement_read(struct reading *reading, const struct yaml *map)
{
	static const char *const keys[] = {"kernel", "namespace", "symbols", "module", "current",
					   "own",    "supports",  "revoked", NULL};
	struct statement statement = {.provider = reading->provider,
				      .witness = witness_of(reading, map)};
	const struct yaml *own = yaml_get(map, "own");

	if (!interface_read(reading, map, &statement.interface) ||
	    !yaml_only(reading->name, map, keys, reading->error))
		return false;
	if (yaml_get(map, "current") && !text_key_read(reading, map, "current", &statement.current))
		return false;
	statement.has_own = own;
	if (own && !builds_only(reading, own, &statement.own))
		return false;
	if (!supports_key_read(reading, map, &statement.supports) ||
	    !revoked_key_read(reading, map, &statement.revoked))
		return false;
	if (statement.supports.count + statement.revoked.count == 0)
		return refuse(reading, map, "it has neither supports nor revoked");
	*array_add(reading->arena, &reading->told.statements) = statement;
	return true;
}

static bool version_entry_read(struct reading *reading, const struct yaml *map)
{
	static const char *const keys[] = {"kernel", "namespace", "symbols",
					   "module", "version",	  NULL};
	struct declared_version declared = {.witness = witness_of(reading, map)};
	size_t at;

	if (!kind_read(reading, map, &at) || !yaml_only(reading->name, map, keys, reading->error) ||
	    !name_read(reading, yaml_get(map, interfaces[at].key), at, &declared.name) ||
	    !text_key_read(reading, map, "version", &declared.version))
		return false;
	declared.kind = interfaces[at].kind;
	*array_add(reading->arena, &reading->told.built_against) = declared;
	return true;
}

static bool entries_read(struct reading *reading, const struct yaml *root, const char *key,
			 bool (*take)(struct reading *reading, const struct yaml *map))
{
	const struct yaml *list = yaml_get(root, key);

	if (!list)
		return true;
	if (!is_list(reading, list, key, STATEMENTS_MOST))
		return false;
	yaml_each(entry, list)
		if (!take(reading, entry))
			return false;
	return true;
}

static bool root_read(struct reading *reading, const struct yaml *root)
{
	static const char *const keys[] = {"schema", "provider", "interfaces", "built_against",
					   NULL};
	const char *schema = yaml_text(root, "schema");

	if (root->kind != YAML_MAP || !schema || strcmp(schema, "kmodaudit/providers/1") != 0)
		return fail(reading->error, "%s: schema is not kmodaudit/providers/1",
			    reading->name);
	if (!yaml_only(reading->name, root, keys, reading->error))
		return false;
	if (yaml_get(root, "interfaces") &&
	    !text_key_read(reading, root, "provider", &reading->provider))
		return false;
	if (!yaml_get(root, "interfaces") && !yaml_get(root, "built_against"))
		return fail(reading->error, "%s: it has neither interfaces nor built_against",
			    reading->name);
	return entries_read(reading, root, "interfaces", statement_read) &&
	       entries_read(reading, root, "built_against", version_entry_read);
}

bool providers_parse(struct arena *arena, const char *name, struct span text, struct providers *ret,
		     struct error *error)
{
	struct reading reading = {
		.arena = arena, .name = arena_string(arena, span_text(name)), .error = error};
	const struct yaml *root;

	if (text.size > PROVIDER_FILE_MOST)
		return fail(error, "%s: more than %d bytes", name, PROVIDER_FILE_MOST);
	if (!yaml_parse(arena, name, text, &root, error) || !root_read(&reading, root))
		return false;
	array_each(statement, &reading.told.statements)
		reading.told.names += statement->interface.names.count;
	/* the limit exists because each name is compared with each import
	 * of each module */
	if (ret->names + reading.told.names > ALL_NAMES_MOST)
		return fail(error, "%s: more than %d interface names in all providers files", name,
			    ALL_NAMES_MOST);
	ret->names += reading.told.names;
	array_each(statement, &reading.told.statements)
		*array_add(arena, &ret->statements) = *statement;
	array_each(declared, &reading.told.built_against)
		*array_add(arena, &ret->built_against) = *declared;
	return true;
}

bool providers_read(struct arena *arena, const char *path, struct providers *ret,
		    struct error *error)
{
	size_t built = ret->built_against.count;
	struct span text;

	if (!file_read(arena, path, PROVIDER_FILE_MOST, &text, error) ||
	    !providers_parse(arena, path, text, ret, error))
		return false;
	if (ret->built_against.count > built)
		return fail(error, "%s: built_against is allowed only in a package",
			    ret->built_against.list[built].witness);
	return true;
}

bool providers_is_path(const char *path)
{
	static const char *const folders[] = {"usr/share/kmodaudit/providers/",
					      "etc/kmodaudit/providers/"};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		size_t size = strlen(folders[i]);

		if (strncmp(path, folders[i], size) == 0)
			return !strchr(path + size, '/') && text_ends(path + size, ".yaml");
	}
	return false;
}

void providers_add(struct arena *arena, const char *witness, struct span text, uint64_t size,
		   struct providers *ret)
{
	struct error error = {""};

	if (ret->files++ == PROVIDER_FILES_MOST)
		fail(&error, "%s: more than %d providers files", witness, PROVIDER_FILES_MOST);
	else if (ret->files > PROVIDER_FILES_MOST)
		return;
	else if (size > PROVIDER_FILE_MOST)
		fail(&error, "%s: more than %d bytes", witness, PROVIDER_FILE_MOST);
	else if (providers_parse(arena, witness, text, ret, &error))
		return;
	*array_add(arena, &ret->problems) = arena_string(arena, span_text(error.text));
}

void providers_linked(struct arena *arena, const char *witness, struct providers *ret)
{
	if (ret->files++ < PROVIDER_FILES_MOST)
		*array_add(arena, &ret->problems) =
			arena_format(arena, "%s: is a link, and links are not followed", witness);
}

bool interface_names(const struct interface *interface, const char *name)
{
	return array_any(glob, &interface->names, glob_fits(*glob, name));
}
