/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of cached facts. What it accepts is written and read again, and must be the
 * same. */
#include "facts/stored/coded.h"
#include "facts/stored/fact_cache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct span package_again(struct arena *arena, struct span facts, bool *accepted)
{
	struct coder reader = {.arena = arena, .reads = true, .rest = facts};
	struct coder writer = {.arena = arena};
	struct package package = {.file = "input"};

	code_package(&reader, &package);
	*accepted = code_ended(&reader);
	code_package(&writer, &package);
	return span_from(writer.written.list, writer.written.count);
}

static struct span found_again(struct arena *arena, struct span facts, bool *accepted)
{
	struct coder reader = {.arena = arena, .reads = true, .rest = facts};
	struct coder writer = {.arena = arena};
	struct found found = {.layout = {0}};

	code_found(&reader, &found);
	*accepted = code_ended(&reader);
	code_found(&writer, &found);
	return span_from(writer.written.list, writer.written.count);
}

static void twice(struct span facts,
		  struct span (*again)(struct arena *arena, struct span facts, bool *accepted))
{
	_cleanup_arena_ struct arena arena = {0};
	bool accepted, equal;
	struct span once = again(&arena, facts, &accepted);

	if (!accepted)
		return;

	struct span second = again(&arena, once, &equal);

	if (!equal || !span_equal(once, second))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span facts = span_skip(span_from(data, size), ENTRY_FACTS_AT);

	twice(facts, package_again);
	twice(facts, found_again);
	return 0;
}
