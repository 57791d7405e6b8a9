/* SPDX-License-Identifier: ISC */
/* abi_source - reads the text form of sets and of their parts: rules/abi/RELEASE.sets and
 * RELEASE.parts (docs/abi-database.md). Private to facts/abi. */
#ifndef KMODAUDIT_ABI_SOURCE_H
#define KMODAUDIT_ABI_SOURCE_H

#include "facts/abi/abi_database.h"

enum abi_kind { ABI_SET, ABI_OWN, ABI_OPTIONS, ABI_SELECTED };

struct abi_file;

/* A list of lines, written as changes of another one. */
struct abi_record {
	enum abi_kind kind;
	const char *key; /* "ath79/generic"; "ath79/tiny.nodebug"; "all" */
	const char *like; /* the key of the record in this file that it changes, or NULL */
	struct abi_build build; /* of an ABI_SET; hash "" where the file says none */
	/* lines, each ended by a NUL, that begin with '-' or '+' */
	struct span changes;
	const struct abi_file *file;
	/* what it changes; NULL: nothing, or the file's own changes alone */
	struct abi_record *parent;
	bool common; /* the file's own changes come between the two */
	size_t line; /* its place in the file */
	bool resolved; /* LINES is filled, by abi_record_lines */
	struct strings lines;
};

struct abi_file {
	const char *name; /* for errors */
	const char *release, *after; /* AFTER: NULL or the release that it changes */
	const char *origin; /* of its builds: the maker, else the folder; NULL: official */
	bool parts;
	struct span changes; /* those that most of its targets share */
	struct {
		struct abi_record *list;
		size_t count, room;
	} records;
	struct strings kmods, options; /* rows, as they are written */
	const struct abi_file *before;
};

struct abi_source {
	const char *origin; /* the folder; NULL: built in */
	struct {
		struct abi_file *list;
		size_t count, room;
	} files;
};

/* Adds what TEXT holds, one file or several one behind the other. */
bool abi_source_add(struct arena *arena, const char *name, struct span text,
		    struct abi_source *source, struct error *error);
/* To be called once, when all files were added: finds what each record changes. Fails for a
 * name that is not there, stands twice or depends on itself. */
bool abi_source_settle(struct arena *arena, struct abi_source *source, struct error *error);
/* The lines of RECORD, sorted. They and those of the records that it changes are kept in ARENA,
 * which must live as long as the source. */
const struct strings *abi_record_lines(struct arena *arena, struct abi_record *record);
/* The kmods and options of the rows of FILE. */
void abi_file_tables(struct arena *arena, const struct abi_file *file, struct abi_parts *ret);

#endif
