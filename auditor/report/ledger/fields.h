/* SPDX-License-Identifier: ISC */
/* fields - reads the members of saved reports of this program; errors name the file and the
 * line. */
#ifndef KMODAUDIT_FIELDS_H
#define KMODAUDIT_FIELDS_H

#include "base/array.h"
#include "base/error.h"
#include "base/yaml.h"

struct fields {
	struct arena *arena; /* for the returned texts */
	const char *path; /* of the report, for errors */
};

/* Fails with "PATH: line N: WHAT"; line 1 if AT is NULL. */
bool field_wrong(const struct fields *fields, const struct yaml *at, const char *what,
		 struct error *error);
/* The text at KEY after unquote(); NULL if there is none. */
const char *field_text(const struct fields *fields, const struct yaml *map, const char *key);
/* True if KEY exists and is true. */
bool field_true(const struct yaml *map, const char *key);
bool field_number(const struct fields *fields, const struct yaml *map, const char *key, size_t *ret,
		  struct error *error);
/* Reads the index in the COUNT NAMES of the text at KEY. */
bool field_word(const struct fields *fields, const struct yaml *map, const char *key,
		const char *const *names, unsigned count, unsigned *ret, struct error *error);
bool field_list(const struct fields *fields, const struct yaml *map, const char *key,
		const struct yaml **ret, struct error *error);
/* Adds the list of texts at KEY, each after unquote(), to RET. */
bool field_names(const struct fields *fields, const struct yaml *map, const char *key,
		 struct strings *ret, struct error *error);

#endif
