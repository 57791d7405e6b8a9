/* SPDX-License-Identifier: ISC */
/* Computes digests only of modules whose name is in the feeds more than once. */
#include "facts/feed/feed_parts.h"

#include <string.h>

/* Adds the names of a job's modules to NAMES, and those that are there
 * already to DOUBLED. */
static void names_note(struct arena *arena, const struct job *job, struct map *names,
		       struct map *doubled)
{
	array_each(package, &job->packages)
		array_each(module, &package->modules) {
			size_t before = names->count;

			map_put(names, arena, module->name, 1);
			if (names->count == before)
				map_put(doubled, arena, module->name, 1);
		}
}

/* Takes the packages of AGAIN, the second reading of JOB. */
static void job_replace(struct job *job, const struct job *again)
{
	bool same = job->packages.count == again->packages.count;

	for (size_t i = 0; same && i < job->packages.count; i++) {
		const struct modules *before = &job->packages.list[i].modules;
		const struct modules *now = &again->packages.list[i].modules;

		same = before->count == now->count;
		for (size_t j = 0; same && j < before->count; j++)
			same = strcmp(before->list[j].name, now->list[j].name) == 0;
	}
	if (same)
		job->packages = again->packages;
	else
		array_each(package, &job->packages)
			package->problem = "it was changed while being read";
}

/* Reads the packages again that have a module whose name is there twice, now with
 * digests. A module without namesake needs none. */
void doubles_digest(struct feed_reading *reading)
{
	struct jobs all = reading->jobs, again = {0};
	struct map names = {0}, doubled = {0};
	const struct map *twins = reading->twins;
	size_t next = 0;

	array_each(job, &all)
		names_note(reading->arena, job, &names, &doubled);
	array_each(job, &all)
		if (array_any(package, &job->packages,
			      array_any(module, &package->modules,
					map_get(&doubled, module->name) != MAP_NONE)))
			*array_add(reading->arena, &again) = *job;
	reading->undigested = false;
	reading->twins = &doubled;
	reading->jobs = again;
	jobs_run(reading);
	reading->twins = twins;
	reading->jobs = all;
	array_each(job, &all) {
		if (next < again.count && job->path == again.list[next].path)
			job_replace(job, &again.list[next++]);
		array_each(package, &job->packages)
			array_each(module, &package->modules)
				module->digested = !module->problem;
	}
}
