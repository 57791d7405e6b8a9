/* SPDX-License-Identifier: ISC */
/* Tests what the files of FreeBSD's boot loader say, line by line, and in which order the files of an
 * image are read. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/freebsd/loader_conf.h"

#include <cmocka.h>

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* The loads as "name" or "name=file", joined with blanks. */
static const char *loads_of(const struct loader_conf *conf)
{
	struct kld_loads loads = {.list = NULL};
	const char *text = "";

	loader_conf_loads(&arena, conf, &loads);
	array_each(load, &loads)
		text = arena_format(&arena, "%s%s%s%s%s", text, *text ? " " : "", load->name,
				    load->file ? "=" : "", load->file ? load->file : "");
	return text;
}

static struct loader_conf conf_of(const char *text)
{
	struct loader_conf conf = {.list = NULL};

	loader_conf_add(&arena, "loader.conf", span_text(text), &conf);
	return conf;
}

/* Each text, the modules that it loads, and the number of lines that the boot loader ignores. */
static void lines_of_loads(void **state)
{
	static const struct {
		const char *text, *loads;
		size_t malformed;
	} rows[] = {
		{"a_load=\"YES\"", "a", 0},
		{"a_load=YES", "a", 0},
		{"a_load=\"YES\" # the \"new\" one\nb_load=\"YES\"", "b", 0},
		{"a.ko_load=\"YES\"\nb_load=\"YES\"", "b", 0},
		{"a_load=yes", "a", 0},
		{"a_load=\"NO\"", "", 0},
		{"a_load=\"YES \"", "", 0},
		{"a_load=1", "", 0},
		{"  a_load = \"YES\" # why", "a", 0},
		{"\ta_load\t=\t\"YES\"\t#", "a", 0},
		{"a_load=\"YES\"#", "a", 0},
		{"a_load=\"YES\"\r\nb_load=\"YES\"\r\n", "a b", 0},
		{"# a_load=\"YES\"\n\n   \n", "", 0},
		{"a_load=\"YES\" b_load=\"YES\"", "", 1},
		{"a_load=\"YES\";", "", 1},
		{"a_load='YES'", "", 1},
		{"a_load=\"YES", "", 1},
		{"a_load=", "", 1},
		{"a_load \"YES\"", "", 1},
		{"=\"YES\"", "", 1},
		{"_load=\"YES\"", "", 1},
		{"set a_load=\"YES\"", "", 1},
		{"if-x_1_load=\"YES\"", "if-x_1", 0},
		{"a+b_load=\"YES\"", "", 1},
		{"a_load=\"YES\"\na_load=\"NO\"", "", 0},
		{"a_load=\"NO\"\na_load=\"YES\"", "a", 0},
		{"a_load=\"YES\"\na_name=\"/boot/modules/a.ko\"", "a=/boot/modules/a.ko", 0},
		{"a_name=\"b\"\na_load=\"YES\"", "a=b", 0},
		{"a_load=\"YES\"\na_name=/boot/modules/a.ko", "a", 1},
		{"a_load=\"YES\"\na_name=\"\"", "", 0},
		{"a_load=\"YES\"\na_type=\"md_image\"", "", 0},
		{"a_type=cpu_microcode\na_load=\"YES\"", "", 0},
		{"a_load=\"YES\"\na_flags=\"-v\"\na_before=\"echo\"\na_after=\"x\"\na_error=\"y\"",
		 "a", 0},
		{"a_load_load=\"YES\"", "a_load", 0},
		{"module_blacklist=\"drm a,b;c\"\na_load=\"YES\"\nd_load=\"YES\"", "d", 0},
		{"module_blacklist=\"b\"\na_load=\"YES\"\na_name=\"b\"", "", 0},
		{"module_blacklist=\"a\"\nmodule_blacklist=\"\"\na_load=\"YES\"", "a", 0},
		{"module_blacklist=\"a.ko\"\na_load=\"YES\"\nab_load=\"YES\"", "ab", 0},
		{"exec=\"load a\"", "", 0},
		{"exec=\"set module_blacklist=a\"\na_load=\"YES\"", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct loader_conf conf = conf_of(rows[i].text);

		if (strcmp(loads_of(&conf), rows[i].loads) != 0 ||
		    conf.malformed.count != rows[i].malformed)
			fail_msg("%s: loads '%s', %zu lines ignored", rows[i].text, loads_of(&conf),
				 conf.malformed.count);
	}
}

/* Each text and the value of module_path; NULL: it is not set. */
static void lines_of_variables(void **state)
{
	static const struct {
		const char *text, *value, *unknown;
	} rows[] = {
		{"module_path=\"/boot/modules;/boot/x\"", "/boot/modules;/boot/x", NULL},
		{"module_path=/boot/modules", NULL, NULL},
		{"module_path=word", "word", NULL},
		{"module_path=\"a\"\nmodule_path=\"${module_path};b\"", "a;b", NULL},
		{"module_path=\"a\"\nmodule_path=\"$module_path;b\"", "a;b", NULL},
		{"module_path=\"a;${currdev}b\"", "a;b", "currdev"},
		{"module_path=\"a\\$b\\\\c\"", "a$b\\c", NULL},
		{"module_path=\"a\"\nmodule_path=\"b$\"", "a", NULL},
		{"module_path=\"a\"\nmodule_path=\"${b\"", "a", NULL},
		{"module_path=\"a\"\nmodule_path=\"b\\\"", "a", NULL},
		{"module_path=\"a\"\nModule_path=\"b\"", "a", NULL},
		{"_module_path=\"a\"", NULL, NULL},
		{"module_path=\"\"", "", NULL},
		{"a=\"${currdev}\"\nmodule_path=\"${a}/x\"", "/x", "currdev"},
		{"a=\"${currdev}\"\na=\"b\"\nmodule_path=\"${a}/x\"", "b/x", NULL},
		{"exec=\"set module_path=/a;/b\"", "/a;/b", NULL},
		{"exec=\"set a=$b\"\nmodule_path=\"${a}/x\"", "$b/x", "a"},
		{"module_path=\"a\"\nexec=\"unset module_path\"", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct loader_conf conf = conf_of(rows[i].text);
		const struct loader_setting *setting = loader_conf_get(&conf, "module_path");

		if (!rows[i].value) {
			assert_null(setting);
			continue;
		}
		assert_non_null(setting);
		assert_string_equal(setting->value, rows[i].value);
		assert_true(rows[i].unknown ? setting->unknown &&
						      strcmp(setting->unknown, rows[i].unknown) == 0
					    : !setting->unknown);
	}
}

static void commands_are_noted(void **state)
{
	struct loader_conf conf =
		conf_of("exec=\"echo hello\"\nexec=\"load /boot/x.ko\"\nexec=word\n"
			"exec=\".( hello ) cr\"\n");

	(void)state;
	assert_int_equal(conf.commands.count, 1);
	assert_string_equal(conf.commands.list[0], "loader.conf: line 2: exec=\"load /boot/x.ko\"");
	assert_string_equal(loader_conf_get(&conf, "exec")->value, "word");
}

/* Each text, and how often it is not certain what is loaded. */
static void doubts_are_told(void **state)
{
	static const struct {
		const char *text;
		size_t doubts;
	} rows[] = {
		{"a_load=\"YES\"\na_before=\"echo a\"\na_after=\"show\"\na_error=\"ls\"", 0},
		{"a_load=\"YES\"\na_before=\"unload\"", 1},
		{"a_load=\"YES\"\na_after=\"load b\"", 1},
		{"a_load=\"YES\"\na_after=\"load b\"\na_after=\"echo\"", 0},
		{"a_load=\"YES\"\na_error=\"include /x\"", 1},
		{"a_load=\"NO\"\na_before=\"unload\"", 0},
		{"a_load=\"YES\"\na_type=\"cpu_microcode\"\na_before=\"unload\"", 1},
		{"a_load=\"YES\"\na_type=\"md_image\"", 1},
		{"a_load=\"YES\"\na_type=\"mfs_root\"", 1},
		{"a_load=\"NO\"\na_type=\"mfs_root\"", 0},
		{"a_load=\"YES\"\na_before=\"set kernel=b\"", 0},
		{"a_load=\"YES\"\na_before=\"set module_path=/b\"", 1},
		{"a_load=\"YES\"\na_name=\"${b}\"", 1},
		{"a_load=\"YES\"\na_name=\"b\"", 0},
		{"a_load=\"NO\"\na_name=\"${b}\"", 0},
		{"exec=\"load a\"", 1},
		{"exec=\"set kernel=a b\"", 0},
		{"exec=\"set kernel=a\"\nexec=\"echo\"\nexec=\"\"", 0},
		{"a_load=\"YES\"\nmodule_blacklist=\"${b} c\"", 1},
		{"a_load=\"YES\"\nmodule_blacklist=\"${module_blacklist} c\"", 0},
		{"module_blacklist=\"${b} c\"", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct loader_conf conf = conf_of(rows[i].text);
		struct strings doubts = {0};

		loader_conf_doubts(&arena, &conf, &doubts);
		if (doubts.count != rows[i].doubts)
			fail_msg("%s: %zu doubts", rows[i].text, doubts.count);
	}
}

/* A value that doubles with each line stays below the limits. */
static void values_are_bounded(void **state)
{
	struct loader_conf conf = conf_of("a=\"0123456789abcdef\"\n");

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		loader_conf_add(&arena, "loader.conf", span_text("a=\"${a}${a}\"\n"), &conf);
	assert_true(strlen(loader_conf_get(&conf, "a")->value) <= 4096);
	assert_true(conf.malformed.count <= LOADER_ODD_MOST);
	for (unsigned i = 0; i < 100000; i++)
		loader_conf_add(&arena, "loader.conf", span_text("b=\"${a}\"\n"), &conf);
	assert_true(conf.expanded < 4 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(lines_of_loads, release),
		cmocka_unit_test_teardown(lines_of_variables, release),
		cmocka_unit_test_teardown(commands_are_noted, release),
		cmocka_unit_test_teardown(doubts_are_told, release),
		cmocka_unit_test_teardown(values_are_bounded, release),
	};

	return cmocka_run_group_tests_name("loader.conf", tests, NULL, NULL);
}
