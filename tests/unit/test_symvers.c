/* SPDX-License-Identifier: ISC */
/* Tests the parsing of Module.symvers, with old column orders and without CRCs, and of
 * System.map. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/kernel/kernel.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

static struct kernel_exports read_text(struct arena *arena, const char *text, bool vmlinux_only)
{
	struct kernel_exports exports;
	struct error error;

	if (!symvers_read(arena, "Module.symvers", span_text(text), vmlinux_only, &exports, &error))
		fail_msg("%s", error.text);
	return exports;
}

static void symvers(void **state)
{
	static const char text[] = "0x12345678\tzed\tvmlinux\tEXPORT_SYMBOL\t\n"
				   "0x00000000\tasm_export\tvmlinux\tEXPORT_SYMBOL_GPL\t\n"
				   "0xdeadbeef\tin_module\tnet/x\tEXPORT_SYMBOL_GPL\tNS\n"
				   "0x0000000a\tspaced\tvmlinux\tEXPORT_SYMBOL_GPL\tUSB_STORAGE\n";
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel_exports exports = read_text(&arena, text, true);

	(void)state;
	assert_int_equal(exports.table.count, 3);
	assert_true(exports.complete && exports.crcs && exports.crcs_known && exports.gpl_known);
	assert_string_equal(exports.table.list[0].name, "asm_export");
	assert_true(exports.table.list[0].gpl_only && exports.table.list[0].has_crc);
	assert_int_equal(exports.table.list[0].crc, 0);
	assert_int_equal(exports_find(&exports.table, "zed")->crc, 0x12345678);
	assert_false(exports_find(&exports.table, "zed")->gpl_only);
	assert_null(exports_find(&exports.table, "zed")->name_space);
	assert_string_equal(exports_find(&exports.table, "spaced")->name_space, "USB_STORAGE");
	assert_null(exports_find(&exports.table, "in_module"));
	assert_int_equal(read_text(&arena, text, false).table.count, 4);
}

/* all CRCs are zero: built without MODVERSIONS */
static void without_crcs(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel_exports exports =
		read_text(&arena, "0x00000000\ta\tvmlinux\tEXPORT_SYMBOL\n", true);

	(void)state;
	assert_false(exports.crcs || exports.table.list[0].has_crc);
	assert_true(exports.crcs_known);
}

static void other_columns(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel_exports middle =
		read_text(&arena, "0x00000001\ta\tNS\tvmlinux\tEXPORT_SYMBOL_GPL\n", true);
	struct kernel_exports three = read_text(&arena, "0x00000001\ta\tvmlinux\n", true);

	(void)state;
	assert_string_equal(middle.table.list[0].name_space, "NS");
	assert_true(middle.table.list[0].gpl_only);
	assert_false(three.gpl_known);
}

static void system_map(void **state)
{
	static const char text[] = "12345678 A __crc_kfree\n"
				   "c0100000 T kfree\n"
				   "c0200000 R __start___ksymtab\n"
				   "c0200000 r __ksymtab_kfree\n"
				   "c0200008 R __start___ksymtab_gpl\n"
				   "c0200008 R __stop___ksymtab\n"
				   "c0200008 r __ksymtab_kobject_put\n"
				   "c0200010 R __stop___ksymtab_gpl\n";
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel_exports exports = read_text(&arena, text, true);

	(void)state;
	assert_int_equal(exports.table.count, 2);
	assert_true(exports.gpl_known && exports.crcs && exports.crcs_known);
	assert_int_equal(exports_find(&exports.table, "kfree")->crc, 0x12345678);
	assert_false(exports_find(&exports.table, "kfree")->gpl_only);
	assert_true(exports_find(&exports.table, "kobject_put")->gpl_only);
	assert_false(exports_find(&exports.table, "kobject_put")->has_crc);
}

static void map_without_crcs(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel_exports open = read_text(&arena, "c0200000 r __ksymtab_kfree\n", true);
	struct kernel_exports none =
		read_text(&arena,
			  "c0200000 r __ksymtab_kfree\nc0300000 R __start___kcrctab\n"
			  "c0300000 R __stop___kcrctab\n",
			  true);

	(void)state;
	assert_false(open.crcs_known || open.crcs || open.gpl_known);
	assert_true(none.crcs_known);
	assert_false(none.crcs);
}

/* Since 5.19, and with MODULE_REL_CRCS, __crc_NAME is in __kcrctab: what nm(1) prints
 * is its place. */
static void map_with_places(void **state)
{
	static const char text[] = "c0200000 r __ksymtab_kfree\nc0300000 R __start___kcrctab\n"
				   "c0300000 r __crc_kfree\nc0300004 R __stop___kcrctab\n";
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel_exports exports = read_text(&arena, text, true);

	(void)state;
	assert_false(exports.crcs || exports.crcs_known);
	assert_false(exports_find(&exports.table, "kfree")->has_crc);
}

static void refused(void **state)
{
	static const char *const texts[] = {"", "hello\n", "ffffffff81000000 T _text\n",
					    "0x1\ta\tvmlinux\tEXPORT_SYMBOL\nbroken\n",
					    "0x12345678\ta\tnet/x\tEXPORT_SYMBOL\n"};
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel_exports exports;
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_false(
			symvers_read(&arena, "x", span_text(texts[i]), true, &exports, &error));
	assert_string_equal(error.text, "x: no row for vmlinux");
}

/* Two rows with different CRCs are of two kernels; two equal rows are none. */
static void two_kernels(void **state)
{
	static const char *const texts[] = {
		"0x12345678\ta\tvmlinux\tEXPORT_SYMBOL\n0x87654321\ta\tvmlinux\tEXPORT_SYMBOL\n",
		"1 r __ksymtab_a\n12345678 A __crc_a\n87654321 A __crc_a\n"};
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel_exports exports;
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_false(
			symvers_read(&arena, "x", span_text(texts[i]), true, &exports, &error));
		assert_non_null(strstr(error.text, "x: it is of two kernels: a has the CRCs"));
	}
	exports = read_text(&arena,
			    "0xA\ta\tvmlinux\tEXPORT_SYMBOL\r\n0xa\ta\tvmlinux\tEXPORT_SYMBOL\n"
			    "0xb\ta\tnet/x\tEXPORT_SYMBOL\n",
			    true);
	assert_int_equal(exports.table.count, 1);
	assert_int_equal(exports.table.list[0].crc, 10);
}

/* A list whose last line does not end may lack more of them. */
static void cut(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel_exports rows = read_text(&arena,
					       "0x1\ta\tvmlinux\tEXPORT_SYMBOL\n"
					       "0x2\tb\tvmlinux\tEXPORT_SYMBOL",
					       true),
			      map = read_text(&arena, "1 r __ksymtab_a\n2 r __ksymtab_lon", true);

	(void)state;
	assert_false(rows.complete || map.complete);
	assert_true(rows.table.count == 1 && map.table.count == 1);
	assert_non_null(strstr(rows.why, "it may be cut off"));
	rows = read_text(&arena, "0x1\ta\tvmlinux\tEXPORT_SYMBOL\t", true);
	assert_true(!rows.complete && rows.table.count == 1);
	rows = read_text(&arena, "0x1\ta\tvmlinux\tEXPORT_SYMBOL_GPL", true);
	assert_true(!rows.complete && rows.table.count == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symvers),
		cmocka_unit_test(without_crcs),
		cmocka_unit_test(other_columns),
		cmocka_unit_test(system_map),
		cmocka_unit_test(map_without_crcs),
		cmocka_unit_test(map_with_places),
		cmocka_unit_test(refused),
		cmocka_unit_test(two_kernels),
		cmocka_unit_test(cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
