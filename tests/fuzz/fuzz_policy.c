/* SPDX-License-Identifier: ISC */
/* Fuzzes policy files and files of waivers, which share the form of a list of rule ids. */
#include "fuzz/fuzz_path.h"
#include "verdict/gate/waivers.h"
#include "verdict/rules.h"

#include <string.h>

/* The rules that are compiled in, which are read once for all inputs. A policy changes its own
 * copy. */
static struct rules rules_copy(struct arena *arena)
{
	static struct arena kept;
	static struct rules once;
	struct rules rules;
	struct error error;

	if (!once.list && !rules_read(&kept, NULL, &once, &error))
		abort();
	rules = once;
	rules.list = arena_raw(arena, once.room * sizeof *once.list);
	memcpy(rules.list, once.list, once.count * sizeof *once.list);
	return rules;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {0};
	struct rules rules = rules_copy(&arena);
	struct findings findings = {0};
	struct waivers waivers = {0};
	struct error error = {0};
	int fd;
	const char *path = path_make(&arena, data, size, &fd);

	if (waivers_read(&arena, path, "2026-01-01", &rules, &waivers, &error))
		waivers_findings(&arena, &waivers, &findings);
	policy_read(&arena, path, &rules, &error);
	close(fd);
	return 0;
}
