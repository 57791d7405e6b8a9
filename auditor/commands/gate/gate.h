/* SPDX-License-Identifier: ISC */
/* gate - runs a plan pair by pair; each image and each package is read once. */
#ifndef KMODAUDIT_GATE_H
#define KMODAUDIT_GATE_H

#include "commands/gate/plan.h"
#include "commands/progress.h"
#include "commands/gate/feed_store.h"
#include "report/ledger/ledger.h"

struct gate_run {
	struct arena *arena;
	struct plan plan;
	struct rules rules;
	struct waivers waivers;
	unsigned shard, shards; /* from 1; 0 of 0: the whole plan */
	unsigned threads;
	struct abi_identifier *identifier; /* the lines behind abi hashes */
	struct store store;
	struct ledger ledger;
	struct progress progress;
	struct map told; /* errors that were already reported */
	size_t images_read, verdicts;
	bool unwritten; /* a pair's report could not be written, which was reported */
};

/* Makes the folder for reports, before the process is confined. */
bool gate_folders(const struct plan *plan, struct error *error);
/* The report of PAIR in that folder. */
const char *gate_report_path(struct arena *arena, const struct plan *plan,
			     const struct plan_pair *pair);
/* Judges the pairs of this shard, writes their reports if the plan asks for them, and
 * fills the ledger. Fails only if something concerns all pairs; an image or feed that
 * cannot be read is a finding. */
bool gate_judge(struct gate_run *run, struct error *error);

#endif
