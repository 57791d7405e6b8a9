/* SPDX-License-Identifier: ISC */
/* abi_source - reads the text form of sets and of their parts: rules/abi/RELEASE.sets
 * and RELEASE.parts (docs/abi-database.md). Private to facts/abi/. */
#ifndef KMODAUDIT_ABI_SOURCE_H
#define KMODAUDIT_ABI_SOURCE_H

#include "facts/abi/abi_database.h"

enum abi_kind { ABI_SET, ABI_OWN, ABI_OPTIONS, ABI_SELECTED };

struct abi_file;

/* A list of lines, stored as changes of another list. */
struct abi_record {
	enum abi_kind kind;
	const char *key; /* "ath79/generic"; "ath79/tiny.nodebug"; "all" */
	const char *like; /* the key of the record in this file that it changes, or NULL */
	struct abi_build build; /* of an ABI_SET; its hash is "" if the file has none */
	/* lines that begin with '-' or '+', each ended by a NUL */
	struct span changes;
	const struct abi_file *file;
	/* the record that it changes; NULL: none, or only the file's own changes */
	struct abi_record *parent;
	bool common; /* the file's own changes are applied between PARENT and CHANGES */
	size_t line; /* its line number in the file */
	bool resolved; /* abi_record_lines has set LINES */
	struct strings lines;
};

struct abi_file {
	const char *name; /* for errors */
	const char *release, *after; /* AFTER: the release that it changes, or NULL */
	const char *origin; /* the maker of its builds, else the folder; NULL: official */
	bool parts;
	struct span changes; /* the changes that most of its targets share */
	struct {
		struct abi_record *list;
		size_t count, room;
	} records;
	struct strings kmods, options; /* rows as they are in the file */
	const struct abi_file *before;
	/* its kmods and options, parsed when they are first asked for; NULL: not yet */
	struct abi_parts *tables;
};

struct abi_source {
	const char *origin; /* the folder; NULL: built in */
	struct {
		struct abi_file *list;
		size_t count, room;
	} files;
};

/* Adds the contents of TEXT, one file or several files after each other. */
bool abi_source_add(struct arena *arena, const char *name, struct span text,
		    struct abi_source *source, struct error *error);
/* Must be called once after all files were added: finds what each record changes. Fails
 * if a name does not exist, occurs twice or depends on itself. */
bool abi_source_settle(struct arena *arena, struct abi_source *source, struct error *error);
/* Returns the lines of RECORD, sorted. They and those of the records that it changes
 * are stored in ARENA, which must live as long as the source. */
const struct strings *abi_record_lines(struct arena *arena, struct abi_record *record);
/* Sets the kmods and options of RET from the rows of FILE. */
void abi_file_tables(struct arena *arena, const struct abi_file *file, struct abi_parts *ret);

#endif
