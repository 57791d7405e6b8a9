/* SPDX-License-Identifier: ISC */
/* sarif - functions and structs that the files of the SARIF printer share.
 * Private to report/. */
#ifndef KMODAUDIT_SARIF_H
#define KMODAUDIT_SARIF_H

#include "report/write/json.h"
#include "report/ledger/ledger.h"

/* One SARIF result: a finding with what it is about. */
struct sarif_case {
	const struct ledger_pair *pair;
	const struct ledger_cell *cell; /* NULL: the finding is about OWNER */
	const char *owner; /* the package's name, "image", "feed" or "waivers" */
	const char *file; /* path or URL; NULL: none */
	const struct finding *finding;
	enum level level;
	const struct waiver *waiver;
	size_t place; /* index in the order of the report */
};

struct sarif_cases {
	struct sarif_case *list;
	size_t count, room;
};

struct sarif_run {
	struct arena *arena; /* for the whole run */
	const struct ledger *ledger;
	const char *folder; /* the working directory; NULL: unknown */
	bool baseline; /* a baseline was given for some pair */
	struct map fingerprints; /* fingerprint -> index in TIMES */
	struct {
		size_t *list;
		size_t count, room;
	} times; /* how often each fingerprint occurred so far */
};

/* A URI reference (RFC 3986) to FILE for a run in FOLDER. BELOW is set if it is
 * relative to FOLDER. */
const char *sarif_uri(struct arena *arena, const char *file, const char *folder, bool *below);
/* The SARIF level that corresponds to LEVEL. */
const char *sarif_level(enum level level);
/* TEXT, escaped for the text of a SARIF message. */
const char *sarif_message(struct arena *arena, const char *text);
/* Writes {text: TEXT} at KEY. */
void sarif_text(struct json_emit *emit, const char *key, const char *text);
/* Writes the value of tool: {driver: ...}. */
void sarif_tool(struct json_emit *emit, const struct rules *rules);
void sarif_result(struct json_emit *emit, struct sarif_run *run, const struct sarif_case *item);

#endif
