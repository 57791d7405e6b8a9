/* SPDX-License-Identifier: ISC */
/* Tests what rc.conf of FreeBSD says: which modules kld_list certainly has, and whether
 * kern.securelevel is raised. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/rc/rc_conf.h"

#include <cmocka.h>

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct rc_conf conf_of(const char *text)
{
	struct rc_conf conf = {.list = NULL};

	rc_conf_read(&arena, "rc.conf", span_text(text), false, &conf);
	return conf;
}

static const char *klds_of(const struct rc_conf *conf)
{
	struct strings klds = {.list = NULL};

	rc_conf_klds(&arena, conf, &klds);
	return strings_join(&arena, &klds, klds.count);
}

/* Each text, and the modules of which sh certainly puts the names into kld_list. */
static void lists(void **state)
{
	static const struct {
		const char *text, *klds;
	} rows[] = {
		{"kld_list=\"a b\"", "a, b"},
		{"kld_list='a b'", "a, b"},
		{"kld_list=a # b", "a"},
		{"kld_list=a#b", "a#b"},
		{"#kld_list=a", ""},
		{"kld_list=a b", ""},
		{"kld_list = a", ""},
		{" kld_list=a;", "a"},
		{"x=1; kld_list=a; y=2", "a"},
		{"x=1 kld_list=a y=2", "a"},
		{"kld_list=\"a \\\nb\"", "a, b"},
		{"kld_list=\"a\nb\"", "a, b"},
		{"kld_list=a\\\nb", ""},
		{"kld_list=a \\\n x=b", "a"},
		{"kld_list=\\a\\ b", "a, b"},
		{"kld_list=\"a\"' b'", "a, b"},
		{"kld_list=\"/boot/modules/a.ko\"", "/boot/modules/a.ko"},
		{"kld_list=\"a\"\r", ""},
		/* the last value counts */
		{"kld_list=a\nkld_list=b", "b"},
		{"kld_list=a\nkld_list=\"\"", ""},
		{"kld_list=a\nkld_list=", ""},
		{"kld_list=a\nkld_list=\"${kld_list} b\"", "a, b"},
		{"kld_list=a\nkld_list=\"b $kld_list\"", "b, a"},
		{"kld_list=a\nkld_list='$kld_list b'", "b"},
		{"kld_list=a\nkld_list=\"\\$kld_list b\"", "b"},
		{"kld_list=a\nkld_list=\"$kld_lists b\"", "b"},
		{"kld_list=a\nkld_list=\"${kld_list}b c\"", "c"},
		{"kld_list=a\nkld_list=\"b${kld_list} c\"", "c"},
		{"kld_list=a\nkld_list+=\" b\"", "a"},
		{"kld_list=\"${kld_list:+$kld_list }a b\"", "b"},
		{"kld_list=\"a b\"\nx && kld_list=\"b a\"\nkld_list=\"${kld_list}c d\"", "d"},
		{"kld_list=\"a b\"\nkld_list=\"$kld_list$x d\"", "d"},
		{"kld_list=\"a b\"\nkld_list=\"d $kld_list$kld_list\"", "d"},
		/* what a shell only knows */
		{"kld_list=\"a $x $(echo \" b\") c`d`e ${f:-g h}i j\"", "a, j"},
		{"kld_list=a\nif x; then\n\tkld_list=\"a b\"\nfi", "a"},
		{"kld_list=a\nif x; then kld_list=b; fi", ""},
		{"kld_list=a\nx && kld_list=b", ""},
		{"kld_list=a\nx ||\nkld_list=b", ""},
		{"kld_list=a\nx && y\nkld_list=b", "b"},
		{"kld_list=a\n(kld_list=b)", ""},
		{"kld_list=a\nkld_list=b &", ""},
		{"kld_list=a\ncase $x in\ny) kld_list=b ;;\n(z) kld_list=a\nesac", ""},
		{"case $x in y) z ;; esac; kld_list=b", "b"},
		{"for i in a b; do kld_list=c; done", ""},
		{"for i in a b; do x; done\nkld_list=c", "c"},
		{"f() {\n\tkld_list=\n}\nkld_list=a\nf", ""},
		{"kld_list=a\n. /etc/x", ""},
		{". /etc/x\nkld_list=a", ""},
		{"eval x\nkld_list=a", ""},
		{"kld_list=a\neval x", ""},
		{"kld_list=a\nunset kld_list", ""},
		{"kld_list=a\nunset x", "a"},
		{"kld_list=a\n: ${kld_list:=b}", ""},
		{"kld_list=a\nx=${kld_list:=b}", ""},
		{"[ -n \"$kld_list\" ] && x\nkld_list=a\n[ -n \"$kld_list\" ]", "a"},
		{"return\nkld_list=a", ""},
		{"kld_list=a\nx=\"", ""},
		{"kld_list=a\nx <<E\nkld_list=b\nE", ""},
		{"kld_list=a\nrc_conf_files=\"/etc/x\"", ""},
		{"kld_list=a\nrc_conf_files=\"/etc/rc.conf /etc/rc.conf.local\"", "a"},
		{"kld_list=a\nif x; then\ny", ""},
		{"kld_list=a; (x", ""},
		{"kld_list=a\nx &&\n", ""},
		{"kld_list=\"a", ""},
		{"kld_list=$(", ""},
		{"kld_list=a\\", ""},
		/* the end of a quote that is looked for in the wrong place, a command in the
		 * next line, names in quotes, patterns */
		{"kld_list=a\nx=\"${y:-it's}\"\nkld_list=b\nz='", ""},
		{"kld_list=a\nx=$(y # it's\n)\nkld_list=b # '", ""},
		{"kld_list=a\nx=$(case y in y) echo ' ;; esac)\nkld_list=b # '", ""},
		{"kld_list=a\nx=$'\\''\nkld_list=b # '", ""},
		{"kld_list=a\nx &\\\n& kld_list=b", ""},
		{"kld_list=a\nif\\\n x; then kld_list=b; fi", ""},
		{"kld_list=a && true &", ""},
		{"kld_list=a\n>x . y", ""},
		{"kld_list=a\ne\\val x", ""},
		{"kld_list=a\nexport ${x}d_list", ""},
		{"kld_list=a\nexport x=\"$y\"", "a"},
		{"kld_list=a\n: $((kld_list = 1))", ""},
		{"kld_list=a\nx=$((1 << 2))", ""},
		{"kld_list=a\nfor kld_list in b; do x; done", ""},
		{"kld_list=a\nfor x do eval y; done", ""},
		{"kld_list=a\ncase x in\na) y ;;\nfi) z ;;\nesac\nkld_list=b", ""},
		{"kld_list=a\ncase x in\n\"a\") y ;;\nesac", "a"},
		{"kld_list=a\n(case x in a) y ;; esac; kld_list=b)", ""},
		{"kld_list=a\nIFS=:", ""},
		{"kld_list=a\nexport IFS=:", ""},
		{"kld_list=a\nread x IFS", ""},
		{"kld_list=a\ncase x in (b) y ;; esac\nz=1", "a"},
		{"kld_list=a\n: $((1\"))\nkld_list=b\n: $((\"1))", ""},
		{"kld_list=a\n: ${y:=\"b\"}", "a"},
		{"alias x=y\nkld_list=a", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct rc_conf conf = conf_of(rows[i].text);

		if (strcmp(klds_of(&conf), rows[i].klds) != 0)
			fail_msg("%s: '%s'", rows[i].text, klds_of(&conf));
	}
}

/* 'y': raised, 'n': not, '?': only a shell knows. */
static char raised(const struct rc_conf *conf)
{
	if (!conf->raises.on || !conf->level.on)
		return 'n';
	return conf->raises.doubt || conf->level.doubt ? '?' : 'y';
}

static void levels(void **state)
{
	static const struct {
		const char *text;
		char raised;
	} rows[] = {
		{"", 'n'},
		{"E=YES", 'n'},
		{"L=1", 'n'},
		{"E=YES\nL=1", 'y'},
		{"E=\"yes\"\nL='2' # x", 'y'},
		{"E=On; L=3", 'y'},
		{"E=1; L=\"1\"", 'y'},
		{"E=NO\nL=1", 'n'},
		{"E=YES\nL=-1", 'n'},
		{"E=YES\nL=\"\"", 'n'},
		/* init(8) raises 0 to 1 */
		{"E=YES\nL=0", 'y'},
		{"E=YES\nL=1\nE=NO", 'n'},
		{"E=NO\nL=1\nE=YES", 'y'},
		{"E=$x\nL=1", '?'},
		{"E=YES\nL=$(x)", '?'},
		{"E=NO\nL=$(x)", 'n'},
		{"L=1\nif x; then E=YES; fi", '?'},
		{"E=YES\nL=1\nif x; then E=NO; fi", '?'},
		{"E=YES\nL=1\nif x; then E=YES; fi", 'y'},
		{"E=NO\nL=1\nx && E=NO", 'n'},
		{"E=NO\nL=1 >/dev/null", 'n'},
		{"E=YES >/dev/null\nL=1", '?'},
		{". /etc/x", '?'},
		{". /etc/x\nE=NO", '?'},
		{"E=YES\nL=1\neval return\nE=NO", '?'},
		{"E=YES\nL=1\n>x return\nE=NO", '?'},
		{"E=YES\nL=1\n\\return\nE=NO", '?'},
		{"eval kld_list=YES\nL=1\nE=$kld_list", '?'},
		{"E=YES\nL=-x", '?'},
		{"E=YES\nL=0x1", '?'},
		{"_localbase=/x", '?'},
		{"if x; then y; fi 2>/dev/null\nE=NO", 'n'},
		{"E=NO\n[ -r /etc/x ] && . /etc/x", '?'},
		{"E=YES\nL=1\nif x; then\n\tunset kern_securelevel_enable\nfi", '?'},
		{"sysctl kern.securelevel=1", '?'},
		{"ifconfig em0 up\nhostname=$(hostname)", 'n'},
		{"f() { E=YES; }\nL=1", '?'},
		{"local_startup=/x", '?'},
		{"x='", '?'},
		{"E=YES\nL=-0", 'y'},
		{"E=YES\nL=-12", 'n'},
		/* sysctl(8) cuts it to an int */
		{"E=YES\nL=-9999999999", 'y'},
		{"E=NO\nreadonly x\nE=NO", 'n'},
		{"x='\nE=NO", '?'},
		{"set -e\nL=1\nE=YES\nE=NO", '?'},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct span rest = span_text(rows[i].text), before, after;
		const char *text = "";

		/* E and L are short for the names */
		while (span_split(rest, '=', &before, &after)) {
			char last = before.size ? (char)before.data[before.size - 1] : ' ';
			bool alone = before.size < 2 || strchr(" \n", before.data[before.size - 2]);
			const char *name = alone && last == 'E'	  ? "kern_securelevel_enable"
					   : alone && last == 'L' ? "kern_securelevel"
								  : NULL;

			text = arena_format(
				&arena, "%s%s%s=", text,
				arena_string(&arena, span_head(before, before.size - !!name)),
				name ? name : "");
			rest = after;
		}
		text = arena_format(&arena, "%s%s", text, arena_string(&arena, rest));

		struct rc_conf conf = conf_of(text);

		if (raised(&conf) != rows[i].raised)
			fail_msg("%s: %c", text, raised(&conf));
	}
}

static const char defaults[] =
	": ${_localbase:=\"/usr/local\"}\n"
	"local_startup=\"${_localbase}/etc/rc.d\" # startup script dirs.\n"
	"rc_conf_files=\"/etc/rc.conf /etc/rc.conf.local\"\n"
	"kern_securelevel_enable=\"NO\"\t# kernel security level\n"
	"firewall_x=\"${_localbase}/y\"\n"
	"kern_securelevel=\"-1\"\t# range: -1..3 ; `-1' is the most insecure\n"
	"kld_list=\"\"\n"
	"if [ -z \"${source_rc_confs_defined}\" ]; then\n"
	"\tsource_rc_confs() {\n"
	"\t\tfor i in ${rc_conf_files}; do\n"
	"\t\t\tcase ${sourced_files} in\n\t\t\t*:$i:*)\n\t\t\t\t;;\n\t\t\t*)\n"
	"\t\t\t\tif [ -r $i ]; then\n\t\t\t\t\t. $i\n\t\t\t\tfi\n\t\t\t\t;;\n\t\t\tesac\n"
	"\t\tdone\n\t}\nfi\n"
	"if [ -r /etc/defaults/vendor.conf ]; then\n\t. /etc/defaults/vendor.conf\nfi\n";

/* The code of etc/defaults/rc.conf is known there, and nowhere else. */
static void code_of_defaults(void **state)
{
	struct rc_conf conf = {.list = NULL};

	(void)state;
	rc_conf_read(&arena, "rc.conf", span_text(defaults), true, &conf);
	assert_int_equal(raised(&conf), 'n');
	rc_conf_read(&arena, "rc.conf", span_text("kld_list=a"), false, &conf);
	assert_string_equal(klds_of(&conf), "a");

	rc_conf_read(&arena, "rc.conf", span_text(defaults), false, &conf);
	assert_int_equal(raised(&conf), '?');
	rc_conf_read(&arena, "rc.conf", span_text("kld_list=a"), false, &conf);
	assert_string_equal(klds_of(&conf), "");
}

static void values_are_bounded(void **state)
{
	struct rc_conf conf = conf_of("kld_list=a");

	(void)state;
	for (unsigned i = 0; i < 5000; i++)
		rc_conf_read(&arena, "rc.conf", span_text("kld_list=\"$kld_list $kld_list b\""),
			     false, &conf);
	assert_true(conf.expanded < 1 << 20);
	assert_true(strlen(conf.list ? conf.list : "") < 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(lists, release),
		cmocka_unit_test_teardown(levels, release),
		cmocka_unit_test_teardown(code_of_defaults, release),
		cmocka_unit_test_teardown(values_are_bounded, release),
	};

	return cmocka_run_group_tests_name("rc.conf", tests, NULL, NULL);
}
