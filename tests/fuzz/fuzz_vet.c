/* SPDX-License-Identifier: ISC */
/* Fuzzes what vet writes: values of an apk database are copied, an .apk and an .ipk are rewritten.
 * What was written is read again and must say the same, and written a second time it must have the
 * same bytes. */
#include "facts/package/apk.h"
#include "unpack/archive/apk_container.h"
#include "vet/adb_write.h"
#include "vet/apk_index_make.h"
#include "vet/apk_rewrite.h"
#include "vet/ipk_rewrite.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEPTH = 20, VALUES = 20000 };

static void must(bool good)
{
	if (!good)
		abort();
}

/* Compares two values with everything that they refer to; LEFT counts down, because shared values
 * are compared each time. */
static void same_values(const struct adb *a, uint32_t x, const struct adb *b, uint32_t y, int depth,
			size_t *left)
{
	struct adb_object first = adb_object(a, x), second = adb_object(b, y);
	struct span one = {NULL, 0}, two = {NULL, 0};
	uint64_t number = 0, other = 0;

	if (depth == DEPTH || *left == 0)
		return;
	--*left;
	must(adb_blob(a, x, &one) == adb_blob(b, y, &two) || one.size + two.size == 0);
	must(span_equal(one, two));
	must(adb_number(a, x, &number) == adb_number(b, y, &other) && number == other);
	/* null fields at the end are not written */
	for (uint32_t i = 1; i <= adb_count(first) || i <= adb_count(second); i++)
		same_values(a, adb_field(first, i), b, adb_field(second, i), depth + 1, left);
}

static bool copy_of(struct arena *arena, const struct adb *from, struct span *ret)
{
	struct adb_source source = {.adb = from};
	struct adb_writer writer = adb_writer_begin(arena);
	uint32_t root = adb_copy(&writer, &source, from->root);

	return adb_writer_end(&writer, root, ret);
}

static void database_copy(struct arena *arena, struct span payload)
{
	bool damaged = false, damaged_copy = false;
	struct adb first, second;
	struct span copy, again;
	size_t left = VALUES;

	if (!adb_open(payload, &damaged, &first) || !copy_of(arena, &first, &copy))
		return;
	must(adb_open(copy, &damaged_copy, &second));
	same_values(&first, first.root, &second, second.root, 0, &left);
	must(copy_of(arena, &second, &again) && span_equal(copy, again));
}

/* A dependency on the kernel asks for the image's, every other one stays. */
static const char *version(void *context, const struct dependency *dependency, bool alone)
{
	(void)context;
	return alone && dependency_is_kernel(dependency) ? "6.6.86-r1" : NULL;
}

static const struct control_wish wish = {.mark = "~vetted",
					 .source = "a.apk sha256 00",
					 .proof = "symbol-crcs",
					 .report = "00",
					 .version = version};

static void apk_again(struct arena *arena, struct span bytes)
{
	const char *mark = "0_alpha";
	struct span packed, database, second, second_database, index;
	struct apk_rows rows = {0};
	struct error error;

	if (!apk_rewrite(arena, "a.apk", bytes, mark, &wish, &packed, &database, &error))
		return;
	must(apk_rewrite(arena, "a.apk", packed, mark, &wish, &second, &second_database, &error));
	must(span_equal(packed, second) && span_equal(database, second_database));
	*array_add(arena, &rows) = (struct apk_row){"a", database, packed.size};
	if (apk_index_make(arena, &rows, NULL, &index, &error))
		must(apk_index_files(arena, index).count <= 1);
}

static void ipk_again(struct arena *arena, struct span bytes)
{
	struct span packed, control, second, second_control;
	struct error error;

	if (!ipk_rewrite(arena, "a.ipk", bytes, &wish, &packed, &control, &error))
		return;
	must(ipk_rewrite(arena, "a.ipk", packed, &wish, &second, &second_control, &error));
	must(span_equal(packed, second) && span_equal(control, second_control));
}

static void text_again(struct arena *arena, struct span text)
{
	struct span first, second;
	struct error error;

	if (!control_rewrite(arena, text, &wish, &first, &error))
		return;
	must(control_rewrite(arena, first, &wish, &second, &error) && span_equal(first, second));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span bytes = span_from(data, size);

	database_copy(&arena, bytes);
	if (span_starts(bytes, "ADB"))
		apk_again(&arena, bytes);
	ipk_again(&arena, bytes);
	text_again(&arena, bytes);
	return 0;
}
