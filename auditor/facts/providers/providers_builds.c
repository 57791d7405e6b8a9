/* SPDX-License-Identifier: ISC */
/* Parses the parts of a provider declaration that name builds: supported ranges,
 * abis and revocations. */
#include "facts/providers/providers_parts.h"

#include "base/text.h"

#include <string.h>

enum { TEXT_MOST = 400, BUILDS_MOST = 256, ABI_DIGITS = 32 };

bool is_plain(const struct yaml *value, size_t most)
{
	return value->kind == YAML_TEXT && value->text[0] && strlen(value->text) <= most;
}

/* Reads the text at KEY of MAP, which must not be empty. */
bool text_key_read(const struct reading *reading, const struct yaml *map, const char *key,
		   const char **ret)
{
	const struct yaml *value = yaml_get(map, key);

	if (!value)
		return refuse(reading, map, "%s is missing", key);
	if (!is_plain(value, TEXT_MOST))
		return refuse(reading, value, "%s must be a text of 1 to %d bytes", key, TEXT_MOST);
	*ret = value->text;
	return true;
}

static bool range_key_read(const struct reading *reading, const struct yaml *map, const char *key,
			   struct range *ret)
{
	const struct yaml *value = yaml_get(map, key);
	const char *why;

	if (!value)
		return true;
	if (value->kind != YAML_TEXT)
		return refuse(reading, value, "%s must be a range such as 1..3", key);
	return range_read(reading->arena, value->text, ret, &why) ||
	       refuse(reading, value, "%s: '%.80s' %s", key, value->text, why);
}

static bool abi_value_read(const struct reading *reading, const struct yaml *value,
			   struct strings *ret)
{
	const char *text = value->kind == YAML_TEXT ? value->text : "";

	if (!text_is_hex(text, ABI_DIGITS))
		return refuse(reading, value,
			      "abi must be %d lower-case hex digits, or a list of such hashes",
			      ABI_DIGITS);
	*array_add(reading->arena, ret) = text;
	return true;
}

static bool abis_key_read(const struct reading *reading, const struct yaml *map,
			  struct strings *ret)
{
	const struct yaml *value = yaml_get(map, "abi");

	if (!value)
		return true;
	if (value->kind != YAML_LIST)
		return abi_value_read(reading, value, ret);
	if (value->count == 0 || value->count > BUILDS_MOST)
		return refuse(reading, value, "abi must list 1 to %d hashes", BUILDS_MOST);
	yaml_each(abi, value)
		if (!abi_value_read(reading, abi, ret))
			return false;
	return true;
}

static bool builds_read(const struct reading *reading, const struct yaml *map, struct builds *ret)
{
	if (!range_key_read(reading, map, "release", &ret->release) ||
	    !range_key_read(reading, map, "revision", &ret->revision) ||
	    !range_key_read(reading, map, "version", &ret->version) ||
	    !abis_key_read(reading, map, &ret->abis))
		return false;

	const struct {
		const char *what, *text;
	} parts[] = {
		{"release", ret->release.text},
		{"revision", ret->revision.text},
		{"version", ret->version.text},
		{"abi", ret->abis.count ? strings_join(reading->arena, &ret->abis, 2) : NULL},
	};

	ret->text = "";
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i].text)
			ret->text =
				arena_format(reading->arena, "%s%s%s %s", ret->text,
					     *ret->text ? ", " : "", parts[i].what, parts[i].text);
	return *ret->text || refuse(reading, map, "it names no release, revision, version or abi");
}

bool builds_only(const struct reading *reading, const struct yaml *map, struct builds *ret)
{
	static const char *const keys[] = {"release", "revision", "version", "abi", NULL};

	if (map->kind != YAML_MAP)
		return refuse(reading, map, "it must be a map of release, revision, version, abi");
	return yaml_only(reading->name, map, keys, reading->error) &&
	       builds_read(reading, map, ret);
}

bool is_list(const struct reading *reading, const struct yaml *value, const char *what, size_t most)
{
	if (value->kind != YAML_LIST || value->count == 0 || value->count > most)
		return refuse(reading, value, "%s must be a list of 1 to %zu entries", what, most);
	return true;
}

bool supports_key_read(const struct reading *reading, const struct yaml *map, struct supports *ret)
{
	const struct yaml *list = yaml_get(map, "supports");

	if (!list)
		return true;
	if (!is_list(reading, list, "supports", BUILDS_MOST))
		return false;
	yaml_each(entry, list)
		if (!builds_only(reading, entry, array_add(reading->arena, ret)))
			return false;
	return true;
}

static bool revocation_read(const struct reading *reading, const struct yaml *map,
			    struct revocation *ret)
{
	static const char *const keys[] = {"release", "revision", "version", "abi",
					   "since",   "why",	  NULL};

	if (map->kind != YAML_MAP)
		return refuse(reading, map, "an entry of revoked must be a map");
	if (!yaml_only(reading->name, map, keys, reading->error) ||
	    !builds_read(reading, map, &ret->builds) ||
	    !text_key_read(reading, map, "since", &ret->since) ||
	    !text_key_read(reading, map, "why", &ret->why))
		return false;
	return date_real(ret->since) ||
	       refuse(reading, yaml_get(map, "since"), "since must be a date, YYYY-MM-DD");
}

bool revoked_key_read(const struct reading *reading, const struct yaml *map,
		      struct revocations *ret)
{
	const struct yaml *list = yaml_get(map, "revoked");

	if (!list)
		return true;
	if (!is_list(reading, list, "revoked", BUILDS_MOST))
		return false;
	yaml_each(entry, list)
		if (!revocation_read(reading, entry, array_add(reading->arena, ret)))
			return false;
	return true;
}
