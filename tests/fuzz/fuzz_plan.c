/* SPDX-License-Identifier: ISC */
/* Fuzzes the parser of gate plans; every pair must exist and its report file must stay inside
 * the reports folder. */
#include "commands/gate/plan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Report files must stay in the folder, and each pair must be one of the plan. */
static void plan_hold(struct arena *arena, const struct plan *plan)
{
	if (!plan->images.count || !plan->feeds.count || !plan->pairs.count)
		abort();
	array_each(pair, &plan->pairs) {
		if (pair->image >= plan->images.count || pair->feed >= plan->feeds.count)
			abort();

		const char *file = plan_report(arena, plan, pair);

		if (strchr(file, '/') || *file == '.' || *file == '-')
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct plan plan;
	struct error error;
	int file = memfd_create("plan", 0);
	const char *path = arena_format(&arena, "/proc/self/fd/%d", file);

	if (file < 0 || write(file, data, size) != (ssize_t)size)
		abort();
	if (plan_read(&arena, path, &plan, &error))
		plan_hold(&arena, &plan);
	close(file);
	arena_free(&arena);
	return 0;
}
