/* SPDX-License-Identifier: ISC */
/* Interprets the extended attributes that overlayfs writes (opaque, redirect, metacopy)
 * and keeps the latest of each (Linux Documentation/filesystems/overlayfs.rst). */
#include "unpack/attributes.h"

/* The attributes of overlayfs that hide files
 * (Documentation/filesystems/overlayfs.rst). Others, which it writes for itself
 * (origin, impure, nlink, uuid), hide nothing. */
static const char *const names[] = {"", "overlay.opaque", "overlay.redirect", "overlay.metacopy"};

enum { OPAQUE = 1 };

unsigned attribute_number(struct span name)
{
	for (unsigned i = OPAQUE; i < sizeof names / sizeof *names; i++)
		if (span_is(name, names[i]))
			return i;
	return 0;
}

enum logfs_mark attribute_mark(unsigned number, struct span value)
{
	if (number == OPAQUE)
		return span_starts(value, "y") ? LOGFS_OPAQUE : LOGFS_PLAIN;
	return number == 0 ? LOGFS_PLAIN : LOGFS_MOVED;
}

/* sorts by holder and number, the highest version first */
static int attribute_compare(const void *a, const void *b)
{
	const struct attribute *x = a, *y = b;

	if (x->holder != y->holder)
		return x->holder < y->holder ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->version > y->version ? -1 : x->version < y->version;
}

void attributes_settle(struct attributes *attributes)
{
	const struct attribute *last = NULL;
	struct attribute before;
	size_t kept = 0;

	array_sort(attributes, attribute_compare);
	for (size_t i = 0; i < attributes->count; i++) {
		struct attribute one = attributes->list[i];
		bool older = last && last->holder == one.holder && last->number == one.number;

		before = one;
		last = &before;
		if (!older && !one.gone)
			attributes->list[kept++] = one;
	}
	attributes->count = kept;
}

size_t attributes_from(const struct attributes *attributes, uint64_t holder, uint64_t number)
{
	return array_lower(one, attributes,
			   one->holder < holder || (one->holder == holder && one->number < number));
}
