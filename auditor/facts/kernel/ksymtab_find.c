/* SPDX-License-Identifier: ISC */
/* Searches a raw kernel for the largest __ksymtab of any form: finds PREL32 entries
 * itself and calls ksymtab_base.c for absolute ones. */
#include "facts/kernel/ksymtab.h"

enum {
	RUN_LEAST = 8,
	SURE = 256, /* with this many relative entries the table cannot be an absolute one */
};

/* Searches for PREL32 entries: runs of words W at offset P for which P + W is the start
 * of a name, one word in each FIELDS words. The FIELDS possible phases are searched at
 * the same time. */
static void find_relative(const struct scan *scan, enum endian endian, unsigned fields,
			  struct table *best)
{
	const struct form form = {.relative = true, .word = 4, .fields = fields, .endian = endian};
	size_t lengths[3] = {0}, words = scan->image.size / 4, phase = 0;

	for (size_t i = 1; i < words; i++) {
		uint64_t target = i * 4 + (uint64_t)(int64_t)(int32_t)load32(
						  scan->image.data + i * 4, endian);
		struct table found;

		phase = phase + 1 < fields ? phase + 1 : 0; /* i % fields, without a division */

		size_t *length = &lengths[phase];

		if (scan_is_name(scan, target)) {
			++*length;
			continue;
		}
		if (*length >= RUN_LEAST && *length > best->count &&
		    table_grow(scan, &form, (i - fields - 1) * 4, &found) &&
		    found.count > best->count)
			*best = found;
		*length = 0;
	}
}

static void find_in(const struct scan *scan, enum endian endian, struct table *best)
{
	for (unsigned fields = 3; fields >= 2; fields--)
		find_relative(scan, endian, fields, best);
	if (best->count >= SURE)
		return;
	for (unsigned word = 4; word <= 8; word += 4)
		for (unsigned fields = 3; fields >= 2; fields--)
			table_find_absolute(scan, endian, word, fields, best);
}

bool table_find(const struct scan *scan, unsigned endians, struct table *ret)
{
	struct table best = {.count = 0};

	if (endians & 1)
		find_in(scan, ENDIAN_LITTLE, &best);
	if (endians & 2)
		find_in(scan, ENDIAN_BIG, &best);
	if (best.count == 0)
		return false;
	*ret = best;
	return true;
}
