/* SPDX-License-Identifier: ISC */
/* Fuzzes policy files and files of waivers, which share the form of a list of rule ids. */
#include "fuzz/fuzz_path.h"
#include "verdict/gate/waivers.h"
#include "verdict/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {0};
	struct findings findings = {0};
	struct waivers waivers = {0};
	struct rules rules = {0};
	struct error error = {0};
	int fd;
	const char *path = path_make(&arena, data, size, &fd);

	if (!rules_read(&arena, NULL, &rules, &error))
		abort();
	if (waivers_read(&arena, path, "2026-01-01", &rules, &waivers, &error))
		waivers_findings(&arena, &waivers, &findings);
	policy_read(&arena, path, &rules, &error);
	close(fd);
	return 0;
}
