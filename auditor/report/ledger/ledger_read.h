/* SPDX-License-Identifier: ISC */
/* ledger_read - reads reports of `kmodaudit gate` back into ledgers
 * and joins shards. */
#ifndef KMODAUDIT_LEDGER_READ_H
#define KMODAUDIT_LEDGER_READ_H

#include "report/ledger/ledger.h"

/* Reads a report (schema kmodaudit/gate/1) from PATH into RET. RULES have the texts of
 * rules; their levels come from the report. Errors name the line of what is missing or
 * not from this program. */
bool ledger_read(struct arena *arena, const char *path, const struct rules *rules,
		 struct ledger *ret, struct error *error);

/* ledger_policy.c */
struct yaml;
struct emit;
/* Prints the policy and the levels of all rules as a map. */
void ledger_policy_print(struct emit *emit, const struct rules *rules);
/* Prints the keys of the policy, without levels, into an open map. */
void policy_keys_print(struct emit *emit, const struct rules *rules);
/* Reads rules from POLICY, such a map in the file PATH, with the texts of WORDS. */
bool ledger_policy_read(struct arena *arena, const char *path, const struct yaml *policy,
			const struct rules *words, const struct rules **ret, struct error *error);
bool ledger_policy_same(const struct rules *a, const struct rules *b);

enum { PAIRS_MOST = 1 << 20, SHARDS_MOST = 1 << 16 }; /* limits for a plan */

/* Parses "2/4". */
bool shard_parse(const char *text, unsigned *ret_shard, unsigned *ret_shards);

/* Joins SHARDS, read from PATHS, into RET, which is finished. They may be in any order.
 * Fails if a shard is missing, occurs twice or belongs to another plan. */
bool ledger_join(struct arena *arena, const struct strings *paths, const struct ledger *shards,
		 struct ledger *ret, struct error *error);

#endif
