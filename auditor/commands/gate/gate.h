/* SPDX-License-Identifier: ISC */
/* gate - the run of a plan: pair by pair, each image and each package read once. */
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
	struct store store;
	struct ledger ledger;
	struct progress progress;
	struct map told; /* errors that the user was told */
	size_t images_read, verdicts;
	bool unwritten; /* a pair's report could not be written, and the user was told */
};

/* Judges the pairs of this shard, writes their reports where the plan wants them, fills the
 * ledger. Fails on what concerns all pairs; an image or a feed that cannot be read is a
 * finding. */
bool gate_judge(struct gate_run *run, struct error *error);

#endif
