/* SPDX-License-Identifier: ISC */
/* Tests the reading of kernel configs, plain, gzip'd or as IKCONFIG, OpenWrt's md5 of them,
 * and their comparison. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/config/config.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "base/digest.h"

#include <stdio.h>
#include <zlib.h>

static const char sample[] = "#\n"
			     "# Automatically generated file; DO NOT EDIT.\n"
			     "# Linux/mips 4.14.275 Kernel Configuration\n"
			     "#\n"
			     "CONFIG_MIPS=y\n"
			     "CONFIG_NF_CONNTRACK=m\n"
			     "# CONFIG_SMP is not set\n"
			     "CONFIG_CMDLINE=\"rootfstype=yaffs2\"\n"
			     "CONFIG_HZ=100\n"
			     "CONFIG_HZ=250\n"
			     "CONFIG_A1=y\n"
			     "nonsense\n";

static struct config read_text(struct arena *arena, const char *text)
{
	struct config config;
	struct error error;

	if (!config_read(arena, "x.config", span_text(text), &config, &error))
		fail_msg("%s", error.text);
	return config;
}

static void values(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct config config = read_text(&arena, sample);

	(void)state;
	assert_int_equal(config.count, 6);
	assert_int_equal(config.core, 2);
	assert_int_equal(config.modules, 1);
	assert_string_equal(config_get(&config, "CONFIG_MIPS"), "y");
	assert_string_equal(config_get(&config, "CONFIG_SMP"), "n");
	assert_string_equal(config_get(&config, "CONFIG_HZ"), "250");
	assert_string_equal(config_get(&config, "CONFIG_CMDLINE"), "\"rootfstype=yaffs2\"");
	assert_null(config_get(&config, "CONFIG_NOWHERE"));
	assert_string_equal(config.release, "4.14.275");
	assert_true(config.resolved);
}

/* the pattern matches anywhere in a line, so the command line counts if it contains "=y" */
static void vermagic(void **state)
{
	static const char sorted[] = "CONFIG_A1=y\n"
				     "CONFIG_CMDLINE=\"rootfstype=yaffs2\"\n"
				     "CONFIG_MIPS=y\n"
				     "CONFIG_NF_CONNTRACK=m\n";
	_cleanup_arena_ struct arena arena = {.top = NULL};

	(void)state;
	assert_string_equal(read_text(&arena, sample).vermagic, md5_hex(&arena, span_text(sorted)));
	assert_string_equal(read_text(&arena, "CONFIG_B=y\nCONFIG_A=m").vermagic,
			    md5_hex(&arena, span_text("CONFIG_A=m\nCONFIG_B=y\n")));
	assert_false(read_text(&arena, "CONFIG_B=y\n").resolved);
	assert_null(read_text(&arena, "CONFIG_B=y\n").release);
	assert_string_equal(
		read_text(&arena, "# Linux kernel version: 2.6.32.59\nCONFIG_B=y\n").release,
		"2.6.32.59");
}

/* kconfig ends each line, and newer ones each menu; without its end a config is not whole. */
static void cut(void **state)
{
#define HEADER "# Linux/mips 6.6.86 Kernel Configuration\n"
	static const char *const whole[] = {HEADER "CONFIG_A=y\n",
					    HEADER "# end of General setup\nCONFIG_A=y\n"
						   "# end of Kernel hacking\nCONFIG_B=y\n",
					    HEADER "CONFIG_A=y\n# end of Kernel hacking"};
	static const char *const parts[] = {HEADER "CONFIG_A=y",
					    HEADER "# end of General setup\nCONFIG_A=y\n"};
	_cleanup_arena_ struct arena arena = {.top = NULL};

	(void)state;
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		assert_true(read_text(&arena, whole[i]).resolved &&
			    !read_text(&arena, whole[i]).cut);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		assert_true(!read_text(&arena, parts[i]).resolved &&
			    read_text(&arena, parts[i]).cut);
	assert_null(read_text(&arena, "CONFIG_A=y").cut);
}

static void no_config(void **state)
{
	static const char *const texts[] = {"", "hello\n", "CONFIG=y\n", "config_x=y\n",
					    "# CONFIG_X is set\n"};
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct config config;
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_false(config_read(&arena, "x.config", span_text(texts[i]), &config, &error));
		assert_string_equal(error.text,
				    "x.config: not a kernel config: no line sets a CONFIG_ option");
	}
}

static size_t gzip(const char *text, uint8_t *out, size_t room)
{
	z_stream stream = {.next_in = (uint8_t *)(uintptr_t)text,
			   .avail_in = (unsigned)strlen(text),
			   .next_out = out,
			   .avail_out = (unsigned)room};

	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return stream.total_out;
}

static void gzipped(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	uint8_t bytes[1024];
	size_t size = gzip(sample, bytes, sizeof bytes);
	struct config config;
	struct error error;

	(void)state;
	assert_true(config_read(&arena, "config.gz", span_from(bytes, size), &config, &error));
	assert_string_equal(config.vermagic, read_text(&arena, sample).vermagic);
	assert_false(config_read(&arena, "config.gz", span_from(bytes, size / 2), &config, &error));
}

static void ikconfig(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	uint8_t bytes[2048] = "a script that looks for IKCFG_ST in vain";
	size_t at = 100;

	(void)state;
	memcpy(bytes + at, "IKCFG_ST", 8);
	at += 8 + gzip(sample, bytes + at + 8, 1024);
	memcpy(bytes + at, "IKCFG_ED", 8);

	const struct config *config =
		ikconfig_read(&arena, "vmlinux", span_from(bytes, sizeof bytes));

	assert_non_null(config);
	assert_string_equal(config->witness, "vmlinux: IKCFG_ST at 0x64");
	assert_string_equal(config->release, "4.14.275");
	assert_null(ikconfig_read(&arena, "vmlinux", span_from(bytes, 100)));
	assert_null(ikconfig_read(&arena, "vmlinux", span_from(bytes, 120)));
}

static void check_changes(const struct option_changes *changes, const char *expected)
{
	char text[512] = "";

	array_each(change, changes) {
		size_t used = strlen(text);

		snprintf(text + used, sizeof text - used, "%s:%s>%s ", change->name + 7,
			 change->before ? change->before : "-",
			 change->after ? change->after : "-");
	}
	assert_string_equal(text, expected);
}

static void compare(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct config a = read_text(
		&arena, "CONFIG_KEEP=y\nCONFIG_GONE=y\nCONFIG_UP=m\nCONFIG_DOWN=y\nCONFIG_HZ=100\n"
			"# CONFIG_NEW is not set\nCONFIG_OLDMOD=m\n# CONFIG_OFF is not set\n");
	struct config b = read_text(
		&arena, "CONFIG_KEEP=y\nCONFIG_UP=y\nCONFIG_DOWN=m\nCONFIG_HZ=250\nCONFIG_NEW=y\n"
			"CONFIG_MOD=m\n# CONFIG_OLDMOD is not set\n");
	struct config_difference difference = config_compare(&arena, &a, &b);
	struct config_difference none = config_compare(&arena, &a, &a);

	(void)state;
	check_changes(&difference.core_added, "NEW:n>y ");
	check_changes(&difference.core_removed, "GONE:y>- ");
	check_changes(&difference.core_changed, "DOWN:y>m UP:m>y ");
	check_changes(&difference.modules_added, "MOD:->m ");
	check_changes(&difference.modules_removed, "OLDMOD:m>n ");
	check_changes(&difference.values, "HZ:100>250 ");
	assert_int_equal(none.core_added.count + none.core_changed.count + none.values.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),  cmocka_unit_test(vermagic), cmocka_unit_test(no_config),
		cmocka_unit_test(cut),	   cmocka_unit_test(gzipped),  cmocka_unit_test(ikconfig),
		cmocka_unit_test(compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
