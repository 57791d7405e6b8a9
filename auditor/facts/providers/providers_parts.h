/* SPDX-License-Identifier: ISC */
/* providers_parts - the state of parsing a provider file. Private to providers*.c. */
#ifndef KMODAUDIT_PROVIDERS_PARTS_H
#define KMODAUDIT_PROVIDERS_PARTS_H

#include "base/yaml.h"
#include "facts/providers/providers.h"

struct reading {
	struct arena *arena;
	const char *name;
	struct providers told;
	const char *provider;
	struct error *error;
};

/* All errors name the line of AT, MAP or VALUE. */
#define refuse(reading, at, ...) yaml_wrong((reading)->error, (reading)->name, at, __VA_ARGS__)
/* providers_builds.c */
/* True if VALUE is a text of 1 to MOST bytes. */
bool is_plain(const struct yaml *value, size_t most);
/* Checks that VALUE is a list of 1 to MOST entries; errors call it WHAT. */
bool is_list(const struct reading *reading, const struct yaml *value, const char *what,
	     size_t most);
/* Reads the text at KEY of MAP, which must not be empty. */
bool text_key_read(const struct reading *reading, const struct yaml *map, const char *key,
		   const char **ret);
/* Reads a map that describes builds and has no other key. */
bool builds_only(const struct reading *reading, const struct yaml *map, struct builds *ret);
/* Read MAP's lists "supports" and "revoked", if it has them. */
bool supports_key_read(const struct reading *reading, const struct yaml *map, struct supports *ret);
bool revoked_key_read(const struct reading *reading, const struct yaml *map,
		      struct revocations *ret);

#endif
