/* SPDX-License-Identifier: ISC */
/* fields - reads the members of saved reports of this program; errors name the file
 * and the line. */
#ifndef KMODAUDIT_FIELDS_H
#define KMODAUDIT_FIELDS_H

#include "base/array.h"
#include "base/error.h"
#include "base/yaml.h"
#include "verdict/gate/waivers.h"

struct fields {
	struct arena *arena; /* for the returned texts */
	const char *path; /* of the report, for errors */
	struct error *error; /* the first error */
	bool failed;
};

/* Fails with "PATH: line N: ...", if nothing failed before; line 1 if AT is
 * NULL. Returns false. */
bool field_wrong(struct fields *fields, const struct yaml *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The text at KEY after unquote(); NULL if there is none. */
const char *field_text(const struct fields *fields, const struct yaml *map, const char *key);
/* True if KEY exists and is true. */
bool field_true(const struct yaml *map, const char *key);
/* These fail, and return 0, NULL or an empty list, where KEY is missing
 * or another thing. */
size_t field_number(struct fields *fields, const struct yaml *map, const char *key);
/* The index in the COUNT NAMES of the text at KEY. */
unsigned field_word(struct fields *fields, const struct yaml *map, const char *key,
		    const char *const *names, unsigned count);
const struct yaml *field_list(struct fields *fields, const struct yaml *map, const char *key);
/* The list of texts at KEY, each after unquote(). */
struct strings field_names(struct fields *fields, const struct yaml *map, const char *key);
/* The keys of a waiver that reports of audit and of gate share (yaml_waiver_keys). */
struct waiver field_waiver(struct fields *fields, const struct yaml *map);

#endif
