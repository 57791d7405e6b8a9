/* SPDX-License-Identifier: ISC */
/* Says where the members of changed structs are in the image's own structs, which the
 * BTF of its kernel describes. */
#include "facts/compare/comparison.h"

#include <inttypes.h>
#include <string.h>

static const char *member_words(struct arena *arena, const struct kernel *kernel,
				const struct btf_type *type, const char *member)
{
	struct btf_place place;

	if (!btf_member_find(kernel->btf, type, member, kernel->machine.bits / 8, &place))
		return arena_format(arena, "without %s", member);
	if (place.field || place.bit % 8)
		return arena_format(arena, "%s at bit %" PRIu64 " (%" PRIu64 " bit%s)", member,
				    place.bit, place.bits, place.bits == 1 ? "" : "s");
	if (place.bits == 0)
		return arena_format(arena, "%s at %" PRIu64, member, place.bit / 8);
	return arena_format(arena, "%s at %" PRIu64 " (%" PRIu64 " byte%s)", member, place.bit / 8,
			    place.bits / 8, place.bits == 8 ? "" : "s");
}

void comparison_place(struct arena *arena, struct comparison *comparison,
		      const struct kernel *kernel)
{
	const char *name = NULL; /* the structs are sorted by name: each is searched once */
	struct btf_type type;
	bool found = false;

	if (!kernel || !kernel->btf)
		return;
	comparison->places = kernel->btf_witness;
	array_each(change, &comparison->structs) {
		if (change->holder)
			continue;
		if (!name || strcmp(name, change->name) != 0)
			found = btf_struct_find(kernel->btf, change->name, &type);
		name = change->name;
		if (!found)
			continue;
		/* "232 bytes, _nfct at 104 (8 bytes)" */
		change->place = arena_format(arena, "%" PRIu32 " bytes", type.value);
		for (size_t i = 0; i < change->members.count && i < MEMBERS_TOLD; i++)
			change->place = arena_format(
				arena, "%s, %s", change->place,
				member_words(arena, kernel, &type, change->members.list[i]));
	}
}
