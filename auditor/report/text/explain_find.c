/* SPDX-License-Identifier: ISC */
/* Finds the results of the package, or package file, that explain was asked for;
 * when there are none, suggests similar names or the package that has a module
 * of that name. */
#include "report/text/explain.h"

#include "base/suggest.h"
#include "base/text.h"

static bool is_meant(const struct package *package, const char *name)
{
	return strcmp(package->name, name) == 0 ||
	       (package->file && strcmp(path_last(package->file), path_last(name)) == 0);
}

static bool none_found(struct arena *arena, const struct verdicts *verdicts, const char *name,
		       struct error *error)
{
	/* users often know the name of a module */
	const struct result *holder = array_find(result, &verdicts->results,
						 package_module(result->package, name) != NULL);
	struct strings names = {0};
	bool unrelated = false;

	for (size_t i = 0; i < world_count(verdicts->world); i++)
		unrelated |= is_meant(world_package(verdicts->world, i), name);
	if (unrelated)
		return fail(error,
			    "%s is in the feeds, but contains no kernel module and needs none",
			    name);
	if (holder)
		return fail(error,
			    "no package '%s' in the feeds; %s contains the module of that name",
			    name, holder->package->name);
	array_each(result, &verdicts->results)
		*array_add(arena, &names) = result->package->name;
	return fail(error, "no package '%s' in the feeds%s", name,
		    suggest_clause(arena, name, &names));
}

bool explain_find(struct arena *arena, const struct verdicts *verdicts, const char *name,
		  struct explained *ret, struct error *error)
{
	*ret = (struct explained){0};
	if (!name && verdicts->results.count != 1)
		return fail(error,
			    "no PACKAGE given: the feed has %zu packages with kernel modules",
			    verdicts->results.count);
	array_each(result, &verdicts->results)
		if (name && result->package->file && strcmp(result->package->file, name) == 0)
			*array_add(arena, ret) = result;
	if (ret->count)
		return true;
	array_each(result, &verdicts->results)
		if (!name || is_meant(result->package, name))
			*array_add(arena, ret) = result;
	return ret->count > 0 || none_found(arena, verdicts, name, error);
}

int explain_status(const struct explained *explained)
{
	int status = 0;

	for (size_t i = 0; i < explained->count; i++) {
		const struct result *result = explained->list[i];

		if (result->gate == GATE_FAIL && result->verdict == VERDICT_UNSAFE)
			return 1;
		if (result->gate == GATE_FAIL && result->verdict == VERDICT_UNPROVEN)
			status = 2;
	}
	return status;
}
