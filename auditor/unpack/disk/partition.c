/* SPDX-License-Identifier: ISC */
/* Opens the partitions that the tables of disks and BSD slices name. */
#include "unpack/disk/partition.h"

bool partition_open(const struct place *place, struct span bytes, const struct partition *partition,
		    const struct format *format, struct error *error)
{
	const char *what = arena_format(place->scratch, "partition %s at 0x%llx", partition->name,
					(unsigned long long)(place->offset + partition->offset));
	struct place inner;
	struct span inside;
	bool opened;

	/* the last partition of a published image may be truncated; its file system
	 * states its real size */
	if (partition->offset >= bytes.size)
		return fail(error, "%s: it starts beyond the end of the image", what);
	inside = span_head(span_skip(bytes, partition->offset), partition->size);
	place_layout(place, partition->offset, partition->size, "partition",
		     arena_format(place->scratch, "number %s%s%s", partition->name,
				  partition->type ? ", " : "",
				  partition->type ? partition->type : ""));
	if (!place_enter(place, partition->offset, what, &inner, error))
		return false;
	inner.optional = true;
	inner.partition = true;
	if (format)
		return !format->probe(inside) || format->read(&inner, inside, error) ||
		       within(error, "%s", what);
	return place_open(&inner, inside, &opened, error) || within(error, "%s", what);
}

static int offset_compare(const void *a, const void *b)
{
	const struct partition *one = a, *two = b;

	return (one->offset > two->offset) - (one->offset < two->offset);
}

bool partitions_apart(struct arena *scratch, const struct partitions *partitions,
		      struct error *error)
{
	struct partitions sorted = {0};

	array_each(partition, partitions)
		*array_add(scratch, &sorted) = *partition;
	array_sort(&sorted, offset_compare);
	for (size_t i = 1; i < sorted.count; i++) {
		const struct partition *one = &sorted.list[i - 1], *two = &sorted.list[i];

		if (two->offset - one->offset < one->size)
			return fail(error, "partitions %s and %s overlap", one->name, two->name);
	}
	return true;
}
