/* SPDX-License-Identifier: ISC */
/* plan_parts - reads the values of keys of a plan. Private to plan*.c. */
#ifndef KMODAUDIT_PLAN_PARTS_H
#define KMODAUDIT_PLAN_PARTS_H

#include "base/yaml.h"
#include "commands/gate/plan.h"

/* The state of reading a plan. */
struct plan_reading {
	struct arena *arena;
	const char *path, *folder; /* FOLDER ends with "/", or is empty */
	struct plan *plan;
	struct error *error;
};

#define plan_wrong(reading, at, ...) yaml_wrong((reading)->error, (reading)->path, at, __VA_ARGS__)

/* PATH, as it stands in the plan, relative to the working directory. */
const char *plan_path(const struct plan_reading *reading, const char *path);

/* plan_values.c: these read the value of KEY in MAP: a text, a path, a path or a list
 * of paths, true or false; and the number of a part. Without the key *RET stays as it
 * is. */
bool plan_text_read(const struct plan_reading *reading, const struct yaml *map, const char *key,
		    const char **ret);
bool plan_path_read(const struct plan_reading *reading, const struct yaml *map, const char *key,
		    const char **ret);
bool plan_paths_read(const struct plan_reading *reading, const struct yaml *map, const char *key,
		     struct strings *ret);
bool plan_flag_read(const struct plan_reading *reading, const struct yaml *map, const char *key,
		    bool *ret);
bool plan_part_read(const struct plan_reading *reading, const struct yaml *map, unsigned *ret);

#endif
