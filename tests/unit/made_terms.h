/* SPDX-License-Identifier: ISC */
/* made_terms - waivers and baselines for the small world in made.h. */
#ifndef KMODAUDIT_MADE_TERMS_H
#define KMODAUDIT_MADE_TERMS_H

#include "report/report.h"
#include "unit/made.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TODAY "2026-06-30"

/* Makes a file with that text, which is removed when the test ends. RET_PATH must have room for
 * "/tmp/kmodaudit-terms-XXXXXX". */
static inline void made_file(char *ret_path, const char *text)
{
	strcpy(ret_path, "/tmp/kmodaudit-terms-XXXXXX");

	int handle = mkstemp(ret_path);

	assert_true(handle >= 0);
	assert_int_equal(write(handle, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(close(handle), 0);
}

static inline bool made_waivers(struct made *made, const char *text, struct waivers *ret,
				struct error *error)
{
	char path[32];

	*ret = (struct waivers){0};
	made_file(path, text);
	bool good = waivers_read(&made->arena, arena_format(&made->arena, "%s", path), TODAY,
				 &made->rules, ret, error);
	unlink(path);
	return good;
}

/* A waiver with these lines ("package: kmod-x, ..."), valid until EXPIRES. */
static inline struct waivers made_waiver(struct made *made, const char *rule, const char *globs,
					 const char *expires)
{
	struct waivers waivers;
	struct error error = {""};
	const char *text =
		arena_format(&made->arena,
			     "schema: kmodaudit/waivers/1\nwaivers:\n"
			     "- {rule: %s, %s, reason: known, owner: ada, expires: %s}\n",
			     rule, globs, expires);

	if (!made_waivers(made, text, &waivers, &error))
		fail_msg("%s", error.text);
	return waivers;
}

static inline struct verdicts made_judge_on(struct made *made, const struct gate_terms *terms)
{
	made_link(made);

	struct world *world = world_new(&made->arena, &made->image, &made->feeds,
					made->has_feed_symvers ? &made->feed_symvers : NULL,
					made->has_feed_config ? &made->feed_config : NULL);

	world_compare(world, &made->layout);
	return verdict_reach(&made->arena, world, &made->rules, terms,
			     &(struct strings){&made->only, made->only != NULL, 1}, made->threads);
}

static inline struct verdicts made_judge_waived(struct made *made, struct waivers *waivers)
{
	return made_judge_on(made, &(struct gate_terms){.waivers = waivers, .whole = true});
}

/* The report of VERDICTS, as `audit` writes it. Must be made before MADE is changed. */
static inline const char *made_report(struct made *made, const struct verdicts *verdicts)
{
	const struct report_style style = {0};
	struct error error = {""};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_true(report_formats[0].print(out, verdicts, &style, &error));
	assert_int_equal(fclose(out), 0);

	const char *report = arena_string(&made->arena, span_text(text));
	free(text);
	return report;
}

static inline bool made_baseline(struct made *made, const char *report, struct baseline **ret,
				 struct error *error)
{
	char path[32];

	made_file(path, report);
	bool good = baseline_read(&made->arena, arena_format(&made->arena, "%s", path), ret, error);
	unlink(path);
	return good;
}

/* Judges with REPORT as the baseline. */
static inline struct verdicts made_judge_since(struct made *made, const char *report,
					       struct waivers *waivers)
{
	struct error error = {""};
	struct baseline *baseline;

	if (!made_baseline(made, report, &baseline, &error))
		fail_msg("%s", error.text);
	return made_judge_on(
		made,
		&(struct gate_terms){.waivers = waivers, .baseline = baseline, .whole = true});
}

/* Judges, and returns the report. */
static inline const char *made_judge_report(struct made *made, struct waivers *waivers)
{
	struct verdicts verdicts = made_judge_waived(made, waivers);

	return made_report(made, &verdicts);
}

#endif
