/* SPDX-License-Identifier: ISC */
/* providers_parts - a file of statements while it is read. Private to providers*.c. */
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

/* providers_builds.c. All fail with the line of AT, MAP or VALUE. */
bool refuse(const struct reading *reading, const struct yaml *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A text that is neither empty nor longer than MOST bytes. */
bool is_plain(const struct yaml *value, size_t most);
/* A list of 1 to MOST entries; WHAT it is called. */
bool is_list(const struct reading *reading, const struct yaml *value, const char *what,
	     size_t most);
/* The text at KEY of MAP, which may not be empty. */
bool text_take(const struct reading *reading, const struct yaml *map, const char *key,
	       const char **ret);
/* A map of builds and of nothing else. */
bool builds_only(const struct reading *reading, const struct yaml *map, struct builds *ret);
/* MAP's lists "supports" and "revoked", where it has them. */
bool supports_take(const struct reading *reading, const struct yaml *map, struct supports *ret);
bool revoked_take(const struct reading *reading, const struct yaml *map, struct revocations *ret);

#endif
