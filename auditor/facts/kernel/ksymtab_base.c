/* SPDX-License-Identifier: ISC */
/* Finds a __ksymtab of absolute pointers in a raw kernel by guessing the load address
 * that makes the pointers hit names. */
#include "facts/kernel/ksymtab.h"

enum {
	RUN_LEAST = 8,
	RUNS_KEPT = 32,
	WINDOW = 64, /* entries that are compared to find the base */
	NEAR = 1 << 20, /* the largest distance in bytes between consecutive names */
	PAGE = 4096,
	/* the alignment of base addresses that are tried if none fits at PAGE: the
	 * image may have a header before it */
	FINE = 64,
};

/* Entries whose second field can be a pointer to a name. */
struct run {
	size_t start, count; /* offset of the first entry */
};

struct runs {
	struct run list[RUNS_KEPT];
	size_t count;
};

static void run_keep(struct runs *runs, struct run run)
{
	size_t at = runs->count;

	if (run.count < RUN_LEAST || (at == RUNS_KEPT && runs->list[at - 1].count >= run.count))
		return;
	if (runs->count < RUNS_KEPT)
		runs->count++;
	else
		at--;
	for (; at > 0 && runs->list[at - 1].count < run.count; at--)
		runs->list[at] = runs->list[at - 1];
	runs->list[at] = run;
}

/* Collects runs of pointers that are near each other and in which neighbours differ, as
 * pointers to names do. */
static void runs_collect(const struct scan *scan, const struct form *form, struct runs *runs)
{
	struct run current[3] = {{0}};
	uint64_t before[3] = {0};
	size_t words = scan->image.size / form->word, phase = 0;

	for (size_t i = 1; i < words; i++) {
		uint64_t value =
			load_word(scan->image.data + i * form->word, form->word, form->endian);

		/* i % fields, without a division */
		phase = phase + 1 < form->fields ? phase + 1 : 0;

		struct run *run = &current[phase];
		/* the upper half of the address space; with 32 bits everything from
		 * 0x40000000 (VMSPLIT_1G) */
		bool in_kernel = form->word == 8 ? value >> 63 : value >= 0x40000000;

		if (in_kernel && value != before[phase] &&
		    (run->count == 0 || value - before[phase] + NEAR < 2 * (uint64_t)NEAR)) {
			if (run->count++ == 0)
				run->start = (i - 1) * form->word;
		} else if (run->count > 0) {
			run_keep(runs, *run);
			run->count = 0;
		}
		before[phase] = value;
	}
	for (phase = 0; phase < form->fields; phase++)
		run_keep(runs, current[phase]);
}

/* The number of pointers in WINDOW that point to the start of a string if the first
 * points to OFFSET; 0 as soon as too many do not. Some pointers are to the end of a
 * longer name with which the linker merged theirs. */
static unsigned window_hits(const struct scan *scan, const uint64_t *window, unsigned size,
			    uint64_t offset)
{
	unsigned hits = 0, misses = 0;

	for (unsigned i = 0; i < size; i++) {
		uint64_t at = offset + (window[i] - window[0]);

		if (scan_is_start(scan, at))
			hits++;
		else if (++misses > size / 4 || !scan_is_name(scan, at))
			return 0;
	}
	return hits;
}

/* The run may extend past the ends of the table, so the base is searched at its middle
 * and its quarters. */
static void run_try(const struct scan *scan, const struct form *form, const struct run *run,
		    unsigned alignment, struct table *best)
{
	uint64_t window[WINDOW] = {0};
	unsigned size = run->count < WINDOW ? (unsigned)run->count : WINDOW;

	for (unsigned quarter = 1; quarter <= 3; quarter++) {
		size_t first = (run->count - size) * quarter / 4;
		size_t anchor = run->start + first * form_size(form);
		struct form based = *form;
		struct table found;
		unsigned most = 0;

		for (unsigned i = 0; i < size; i++)
			window[i] = load_word(scan->image.data + anchor + i * form_size(form) +
						      form->word,
					      form->word, form->endian);
		for (uint64_t at = window[0] % alignment; at < scan->image.size; at += alignment) {
			unsigned hits = window_hits(scan, window, size, at);

			if (hits > most) {
				most = hits;
				based.base = window[0] - at;
			}
		}
		if (most > 0 && table_grow(scan, &based, anchor, &found)) {
			if (found.count > best->count)
				*best = found;
			return;
		}
	}
}

void table_find_absolute(const struct scan *scan, enum endian endian, unsigned word,
			 unsigned fields, struct table *best)
{
	const struct form form = {.word = word, .fields = fields, .endian = endian};
	struct runs runs = {.count = 0};
	size_t before = best->count;

	runs_collect(scan, &form, &runs);
	for (size_t i = 0; i < runs.count && runs.list[i].count > best->count; i++)
		run_try(scan, &form, &runs.list[i], PAGE, best);
	for (size_t i = 0; i < runs.count && i < 4 && best->count == before && best->count == 0;
	     i++)
		run_try(scan, &form, &runs.list[i], FINE, best);
}
