/* SPDX-License-Identifier: ISC */
/* Tests that the export table is recovered from raw kernels of every form and machine, and
 * that other tables are not taken for one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/kernel/kernel.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "unit/made_kernel.h"

#define MIPS_BE                            \
	{                                  \
		EM_MIPS, 32, ENDIAN_BIG, 0 \
	}
#define MIPS_LE                               \
	{                                     \
		EM_MIPS, 32, ENDIAN_LITTLE, 0 \
	}
#define MIPS64_BE                          \
	{                                  \
		EM_MIPS, 64, ENDIAN_BIG, 0 \
	}
#define X86_64                                  \
	{                                       \
		EM_X86_64, 64, ENDIAN_LITTLE, 0 \
	}
#define ARM64                                    \
	{                                        \
		EM_AARCH64, 64, ENDIAN_LITTLE, 0 \
	}
#define PPC                               \
	{                                 \
		EM_PPC, 32, ENDIAN_BIG, 0 \
	}

static const struct kernel_form forms[] = {
	{.machine = MIPS_BE, .base = 0x80060000, .fields = 2},
	{.machine = MIPS_LE, .base = 0x80001000, .fields = 2, .crcs = CRCS_U32},
	{.machine = MIPS_BE, .base = 0x80060000, .fields = 3, .crcs = CRCS_U32},
	{.machine = MIPS_LE, .base = 0xc0008000, .fields = 3},
	{.machine = X86_64, .relative = true, .fields = 3, .crcs = CRCS_U32},
	{.machine = X86_64, .relative = true, .fields = 3},
	{.machine = X86_64, .relative = true, .fields = 2},
	{.machine = ARM64, .relative = true, .fields = 2, .crcs = CRCS_U32},
	{.machine = X86_64, .base = 0xffffffff81000000, .fields = 2, .crcs = CRCS_LONG},
	{.machine = X86_64, .base = 0xffffffff81000000, .fields = 2, .crcs = CRCS_U32},
	{.machine = MIPS64_BE, .base = 0xffffffff80100000, .fields = 3, .crcs = CRCS_U32},
	{.machine = MIPS_BE, .base = 0x80060000, .fields = 2, .unsorted = true},
	{.machine = MIPS_LE, .base = 0x80060000, .fields = 2, .unsorted = true, .strays = 3},
	{.machine = MIPS_LE,
	 .base = 0x80060000,
	 .fields = 2,
	 .unsorted = true,
	 .strays = 3,
	 .crcs = CRCS_U32},
	{.machine = PPC, .base = 0xc0000000, .fields = 2, .crcs = CRCS_RELATIVE},
	{.machine = MIPS_BE, .base = 0x80060000, .fields = 3, .flags = true},
	{.machine = X86_64, .relative = true, .fields = 3, .flags = true, .crcs = CRCS_U32},
	{.machine = MIPS_LE, .base = 0x80001000, .fields = 2, .gplonly = true},
	{.machine = ARM64, .base = 0xffff000008080000, .fields = 2, .zeroed = true},
};

static struct kernel_exports recover(struct arena *arena, struct span image)
{
	struct machine machine;

	return ksymtab_recover(arena, image, "vmlinux", (struct machine){.elf = 0}, &machine);
}

static void check_export(const struct kernel_form *form, const struct kernel_exports *exports,
			 unsigned index)
{
	char name[64];
	const struct export *export;

	made_name(form, index, name, sizeof name);
	export = exports_find(&exports->table, name + (strncmp(name, "GPLONLY_", 8) == 0 ? 8 : 0));
	assert_non_null(export);
	assert_int_equal(export->gpl_only, index >= PLAIN);
	assert_int_equal(export->has_crc, form->crcs != CRCS_NONE);
	if (form->crcs)
		assert_int_equal(export->crc, made_crc(index));
	if (form->fields == 3 && index == 8)
		assert_string_equal(export->name_space, "MY_NS");
	else
		assert_null(export->name_space);
}

static void all_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		struct made_kernel made = made_kernel(&arena, &forms[i]);
		struct kernel_exports exports = recover(&arena, bytes_span(made.image));

		if (exports.table.count != EXPORTS || !exports.complete)
			fail_msg("form %zu: %zu exports, %s", i, exports.table.count, exports.why);
		if (!exports.crcs_known || !exports.gpl_known || !exports.source || exports.why)
			fail_msg("form %zu: incomplete", i);
		assert_int_equal(exports.crcs, forms[i].crcs != CRCS_NONE);
		assert_int_equal(exports.entry_size, made.entry);
		for (unsigned index = 0; index < EXPORTS; index++)
			check_export(&forms[i], &exports, index);
	}
}

static void machines(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct machine machine;

	(void)state;
	ksymtab_recover(&arena, bytes_span(made_kernel(&arena, &forms[0]).image), "x",
			(struct machine){.elf = 0}, &machine);
	assert_int_equal(machine.bits, 32);
	assert_int_equal(machine.endian, ENDIAN_BIG);
	ksymtab_recover(&arena, bytes_span(made_kernel(&arena, &forms[8]).image), "x",
			(struct machine){.elf = 0}, &machine);
	assert_int_equal(machine.bits, 64);
	assert_int_equal(machine.endian, ENDIAN_LITTLE);
}

/* data other than CRCs or strings after the last entry: the names are right, but their number is
 * not certain */
static void end_unknown(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel_form form = forms[1];
	struct made_kernel made = made_kernel(&arena, &form);
	struct bytes *image = bytes_new(&arena, form.machine);

	(void)state;
	form.crcs = CRCS_NONE;
	*image = *made.image;
	/* one entry less before the same CRCs, so there is one CRC too many */
	set_number(image, made.table + (EXPORTS - 1) * made.entry + 4, 1, 4);

	struct kernel_exports exports = recover(&arena, bytes_span(image));

	assert_int_equal(exports.table.count, EXPORTS - 1);
	assert_false(exports.complete || exports.crcs_known || exports.crcs);
	assert_non_null(strstr(exports.why, "the end of the table is uncertain"));
}

static void none(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct bytes *image = bytes_new(&arena, forms[0].machine);

	(void)state;
	assert_null(recover(&arena, bytes_span(image)).source);
	/* strings to which nothing points */
	for (unsigned i = 0; i < 2000; i++)
		put_text(image, "some_symbol");

	struct kernel_exports exports = recover(&arena, bytes_span(image));

	assert_null(exports.source);
	assert_false(exports.complete);
	assert_string_equal(exports.why, "no __ksymtab in vmlinux: 24000 bytes searched");
}

/* too many names elsewhere: another table */
static void many_strays(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel_form form = {
		.machine = MIPS_LE, .base = 0x80060000, .fields = 2, .unsorted = true, .strays = 4};

	(void)state;
	assert_null(recover(&arena, bytes_span(made_kernel(&arena, &form).image)).source);
}

/* pointers to names in no order are another table */
static void no_order(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct made_kernel made = made_kernel(&arena, &forms[0]);
	struct bytes *image = made.image;

	(void)state;
	for (unsigned i = 0; i < EXPORTS; i++) {
		uint8_t *a = image->data + made.table + i * made.entry;
		uint8_t *b = image->data + made.table + i * 53 % EXPORTS * made.entry, keep[8];

		memcpy(keep, a, 8);
		memcpy(a, b, 8);
		memcpy(b, keep, 8);
	}
	assert_null(recover(&arena, bytes_span(image)).source);
}

/* { name, name } pairs, which kernels have often, with their strings right after them */
static void pairs_of_names(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct made_kernel made = made_kernel(&arena, &forms[0]);

	(void)state;
	for (unsigned i = 0; i < EXPORTS; i++)
		memcpy(made.image->data + made.table + i * made.entry,
		       made.image->data + made.table + (i * 7 + 1) % EXPORTS * made.entry + 4, 4);
	assert_null(recover(&arena, bytes_span(made.image)).source);
}

static void one_value(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct made_kernel made = made_kernel(&arena, &forms[0]);

	(void)state;
	for (unsigned i = 0; i < EXPORTS; i++)
		set_number(made.image, made.table + i * made.entry, forms[0].base + 0x1200, 4);
	assert_null(recover(&arena, bytes_span(made.image)).source);
}

static void cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		struct made_kernel made = made_kernel(&arena, &forms[i]);
		struct span image = bytes_span(made.image);

		for (size_t size = made.table; size < made.strings; size += 331)
			assert_false(recover(&arena, span_head(image, size)).complete);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_forms),	  cmocka_unit_test(machines),
		cmocka_unit_test(end_unknown),	  cmocka_unit_test(none),
		cmocka_unit_test(no_order),	  cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(pairs_of_names), cmocka_unit_test(one_value),
		cmocka_unit_test(many_strays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
