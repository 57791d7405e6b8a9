/* SPDX-License-Identifier: ISC */
/* sarif - what the files of the SARIF printer share. Private to report/. */
#ifndef KMODAUDIT_SARIF_H
#define KMODAUDIT_SARIF_H

#include "report/write/json.h"
#include "report/ledger/ledger.h"

/* One result: a finding and what it is about. */
struct sarif_case {
	const struct ledger_pair *pair;
	const struct ledger_cell *cell; /* NULL: it is about OWNER */
	const char *owner; /* name of the package, "image", "feed" or "waivers" */
	const char *file; /* path or URL; NULL: there is none */
	const struct finding *finding;
	enum level level;
	const struct waiver *waiver;
	size_t place; /* in the order of the report */
};

struct sarif_cases {
	struct sarif_case *list;
	size_t count, room;
};

struct sarif_run {
	struct arena *arena; /* for the whole run */
	const struct ledger *ledger;
	const char *folder; /* working directory; NULL: not known */
	bool baseline; /* some pair was given one */
	struct map fingerprints; /* -> place in TIMES */
	struct {
		size_t *list;
		size_t count, room;
	} times; /* that each fingerprint came */
};

/* Where FILE lies, as a URI reference (RFC 3986) for a run in FOLDER. Sets BELOW when it is
 * relative to FOLDER. */
const char *sarif_uri(struct arena *arena, const char *file, const char *folder, bool *below);
/* The level of SARIF for one of ours. */
const char *sarif_level(enum level level);
/* TEXT as the text of a message. */
const char *sarif_message(struct arena *arena, const char *text);
/* {text: TEXT} at KEY. */
void sarif_text(struct json_emit *emit, const char *key, const char *text);
/* The value of tool: {driver: ...}. */
void sarif_tool(struct json_emit *emit, const struct rules *rules);
void sarif_result(struct json_emit *emit, struct sarif_run *run, const struct sarif_case *item);

#endif
