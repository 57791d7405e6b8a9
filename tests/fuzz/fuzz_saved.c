/* SPDX-License-Identifier: ISC */
/* Fuzzes the readers of earlier reports: the baseline of audit, the ledger of a shard, which is
 * joined with itself, and what diff and convert read. */
#include "fuzz/fuzz_path.h"
#include "report/ledger/ledger_read.h"
#include "report/saved/saved.h"
#include "verdict/gate/baseline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena kept;
	static struct rules rules;
	static bool there;
	_cleanup_arena_ struct arena arena = {0};
	struct baseline *baseline = NULL;
	struct ledger ledger = {0};
	struct saved saved = {0};
	struct error error = {0};
	int fd;
	const char *path = path_make(&arena, data, size, &fd);

	if (!there && !rules_read(&kept, NULL, &rules, &error))
		abort();
	there = true;
	baseline_read(&arena, path, &baseline, &error);
	ledger_read(&arena, path, &rules, &ledger, &error);
	saved_read(&arena, path, &rules, NULL, &saved, &error);
	close(fd);
	return 0;
}
