/* SPDX-License-Identifier: ISC */
/* ledger_read - reports of `kmodaudit gate` back into ledgers, to be joined. */
#ifndef KMODAUDIT_LEDGER_READ_H
#define KMODAUDIT_LEDGER_READ_H

#include "report/ledger/ledger.h"

/* Reads a report (schema kmodaudit/gate/1) into RET; RULES give the words, the file the levels.
 * Fails on what is no whole report of this program, naming the line. */
bool ledger_read(struct arena *arena, const char *path, const struct rules *rules,
		 struct ledger *ret, struct error *error);

/* ledger_policy.c */
struct yaml;
struct emit;
/* What the gate went by, as a map. */
void ledger_policy_print(struct emit *emit, const struct rules *rules);
/* Its keys alone, without the levels, in a map that is open. */
void policy_keys_print(struct emit *emit, const struct rules *rules);
/* The rules of POLICY, such a map in the file PATH, with the words of WORDS. */
bool ledger_policy_read(struct arena *arena, const char *path, const struct yaml *policy,
			const struct rules *words, const struct rules **ret, struct error *error);
bool ledger_policy_same(const struct rules *a, const struct rules *b);

enum { PAIRS_MOST = 1 << 20, SHARDS_MOST = 1 << 16 }; /* of a plan */

/* "2/4" */
bool shard_parse(const char *text, unsigned *ret_shard, unsigned *ret_shards);

/* Makes one of SHARDS, each named by PATHS: all those of one plan, each once, in any order.
 * Fails when one is missing, comes twice or is of another plan. RET is finished. */
bool ledger_join(struct arena *arena, const struct strings *paths, const struct ledger *shards,
		 struct ledger *ret, struct error *error);

#endif
