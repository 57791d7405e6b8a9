/* SPDX-License-Identifier: ISC */
/* fields - the members of a report of ours that is read back, with errors that name file and
 * line. */
#ifndef KMODAUDIT_FIELDS_H
#define KMODAUDIT_FIELDS_H

#include "base/array.h"
#include "base/error.h"
#include "base/yaml.h"

struct fields {
	struct arena *arena; /* of the texts that are returned */
	const char *path; /* of the report, for errors */
};

/* Fails with "PATH: line N: WHAT"; AT NULL: line 1. */
bool field_wrong(const struct fields *fields, const struct yaml *at, const char *what,
		 struct error *error);
/* The text at KEY with the escapes of base/quote.h undone; NULL where there is none. */
const char *field_text(const struct fields *fields, const struct yaml *map, const char *key);
/* KEY is there and true. */
bool field_true(const struct yaml *map, const char *key);
bool field_number(const struct fields *fields, const struct yaml *map, const char *key, size_t *ret,
		  struct error *error);
/* The place of the text at KEY among COUNT NAMES. */
bool field_word(const struct fields *fields, const struct yaml *map, const char *key,
		const char *const *names, unsigned count, unsigned *ret, struct error *error);
bool field_list(const struct fields *fields, const struct yaml *map, const char *key,
		const struct yaml **ret, struct error *error);
/* A list of texts, as field_text gives them, added to RET. */
bool field_names(const struct fields *fields, const struct yaml *map, const char *key,
		 struct strings *ret, struct error *error);

#endif
