/* SPDX-License-Identifier: ISC */
/* squashfs_lies - tests that a super block of squashfs is believed as a whole or not at all. */
#ifndef KMODAUDIT_TEST_SQUASHFS_LIES_H
#define KMODAUDIT_TEST_SQUASHFS_LIES_H

#include "unit/containers.h"

/* A member of the super block, and a value that makes it wrong. */
struct lie {
	size_t offset, width;
	uint64_t value;
};

/* IMAGE, whose super block has HEAD bytes, is recognised; with one of the LIES or cut inside the
 * super block it is not. */
static void assert_no_lie(const char *image, size_t head, const struct lie *lies, size_t count)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span whole = slurp(&arena, image);
	uint8_t *bytes = (uint8_t *)(uintptr_t)arena_copy(&arena, whole).data;
	uint64_t size = 0;

	assert_true(squashfs_here(whole, &size));
	assert_true(size <= whole.size && size > whole.size - 4096);
	for (size_t i = 0; i < count; i++) {
		memcpy(bytes, whole.data, whole.size);
		for (size_t k = 0; k < lies[i].width; k++)
			bytes[lies[i].offset + k] = (uint8_t)(lies[i].value >> (8 * k));
		assert_false(squashfs_here(span_from(bytes, whole.size), &size));
	}
	for (size_t cut = 0; cut < head; cut++)
		assert_false(squashfs_here(span_head(whole, cut), &size));
}

#endif
