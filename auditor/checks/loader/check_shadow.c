/* SPDX-License-Identifier: ISC */
/* Reports packages of a feed that an earlier feed has too, in the same or
 * in another version. */
#include "checks/checks.h"

#include <string.h>

enum { NAMED_MOST = 5 };

/* Packages of one feed that an earlier feed contains as well. */
struct shadowed {
	struct strings names;
	const char *by; /* the first such feed */
	bool later; /* opkg takes those of the later feed */
};

static void shadow_report(struct arena *arena, const struct feed *feed, struct shadowed *shadowed,
			  const char *format, const char *subject, struct findings *findings)
{
	strings_unique(&shadowed->names);
	if (shadowed->names.count == 0)
		return;

	struct finding *finding =
		finding_add(arena, findings, "feed-shadow", OUTCOME_REMARK, NULL, subject);

	finding_show(finding, NULL, shadowed->by, NULL, feed->source);
	finding->text = arena_format(arena, "%zu of its packages are %s: %s", shadowed->names.count,
				     format, strings_join(arena, &shadowed->names, NAMED_MOST));
}

/* Compares two feeds, which are sorted by name. */
static void shadows_collect(struct arena *arena, const struct feed *first, const struct feed *feed,
			    struct shadowed *same, struct shadowed *other)
{
	const struct packages *before = &first->packages, *packages = &feed->packages;
	size_t at = 0;

	for (size_t i = 0; i < packages->count; i++) {
		const struct package *package = &packages->list[i];
		bool named = false, equal = false;

		while (at < before->count && strcmp(before->list[at].name, package->name) < 0)
			at++;
		for (size_t j = at;
		     j < before->count && strcmp(before->list[j].name, package->name) == 0; j++) {
			const char *version = before->list[j].version;

			named = true;
			equal |= version && package->version &&
				 strcmp(version, package->version) == 0;
		}
		if (named) {
			struct shadowed *shadowed = equal ? same : other;

			if (!shadowed->by)
				shadowed->by = first->source;
			shadowed->later |= first->has_index && feed->has_index && !package->apk &&
					   !package->pkg;
			*array_add(arena, &shadowed->names) = package->name;
		}
	}
}

void check_shadow(struct arena *arena, const struct world *world, const struct feed *feed,
		  struct findings *findings)
{
	const struct feeds *feeds = world_feeds(world);
	struct shadowed same = {.by = NULL}, other = {.by = NULL};

	for (const struct feed *first = feeds->list; first < feed; first++)
		shadows_collect(arena, first, feed, &same, &other);
	shadow_report(arena, feed, &same,
		      same.later
			      ? "in an earlier feed in the same version; opkg takes these, of the "
				"later feed"
			      : "in an earlier feed in the same version; the package manager "
				"takes those",
		      "same version", findings);
	shadow_report(arena, feed, &other,
		      "in an earlier feed in another version; the package manager takes the newest",
		      "other version", findings);
}
