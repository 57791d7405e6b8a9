/* SPDX-License-Identifier: ISC */
/* Tests the reading of .ipk and .deb containers in all their forms, with missing, damaged and
 * oversized members, and its memory use. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "unpack/archive/package_parts.h"
#include "unpack/unpack.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "unit/containers.h"

#include <sys/resource.h>
#include <sys/wait.h>

static struct error error;

static int parts_setup(void **state)
{
	if (scratch_make(state) != 0)
		return -1;
	tree_make("tree");
	sh("mkdir ctl; printf 'Package: kmod-test\\nVersion: 1\\n' > ctl/control; echo 2.0 > "
	   "debian-binary; tar -czf control.tar.gz -C ctl ./control; tar -czf data.tar.gz -C tree "
	   ".");
	return 0;
}

/* Control and data must equal the original tree, whatever the container. */
static void assert_package(const char *path)
{
	_cleanup_seen_ struct seen control = {.part = "control"}, data = {.part = "data"};

	if (!look(&control, path, &error) || !look(&data, path, &error))
		fail_msg("%s", error.text);
	assert_string_equal(seen_all(&data), slurp_text(&data.arena, "tree.want"));
	assert_int_equal(control.lines.count, 1);
	assert_non_null(strstr(control.lines.list[0], "file control "));
	assert_string_equal(strrchr(control.witnesses.list[0], ':'), ": control");
	assert_int_equal(control.layout.count, 1);
	assert_non_null(strstr(control.layout.list[0], "0 0x0 package "));
}

static void ipk_of_tar(void **state)
{
	static const char *const orders[] = {
		"./debian-binary ./control.tar.gz ./data.tar.gz",
		"./debian-binary ./data.tar.gz ./control.tar.gz",
		"./data.tar.gz ./control.tar.gz ./debian-binary",
		"control.tar.gz debian-binary data.tar.gz",
		"--no-recursion . ./control.tar.gz ./data.tar.gz ./debian-binary",
	};

	(void)state;
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		sh("tar -czf p.ipk %s", orders[i]);
		assert_package("p.ipk");
	}
}

static void ipk_of_ar(void **state)
{
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	sh("rm -f p.ipk; ar rc p.ipk debian-binary control.tar.gz data.tar.gz");
	assert_package("p.ipk");
	assert_true(look(&seen, "p.ipk", &error));
	assert_string_equal(seen.layout.list[0], "0 0x0 package ar");
}

/* As ipkg-build wrote it: names end with a slash, modes have no type. */
static void ipk_of_old_ar(void **state)
{
	(void)state;
	sh("{ printf '!<arch>\\n'; for f in debian-binary control.tar.gz data.tar.gz; do s=$(stat "
	   "-c %%s $f); printf '%%-16s%%-12s%%-6s%%-6s%%-8s%%-10s`\\n' $f/ 0 0 0 644 $s; cat $f; [ "
	   "$((s %% 2)) = 0 ] || echo; done; } > p.ipk");
	assert_package("p.ipk");
}

static void deb(void **state)
{
	static const char *const ways[][2] = {{"cat", ""},	    {"gzip -c", ".gz"},
					      {"xz -c", ".xz"},	    {"zstd -qc", ".zst"},
					      {"bzip2 -c", ".bz2"}, {"lzma -c", ".lzma"}};

	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		sh("rm -rf deb; mkdir deb; cp debian-binary deb; tar -cf - -C ctl ./control | %s > "
		   "deb/control.tar%s; tar -cf - -C tree . | %s > deb/data.tar%s; cd deb; ar rc "
		   "../p.deb debian-binary control.tar* data.tar*; cd ..; mv p.deb q.deb",
		   ways[i][0], ways[i][1], ways[i][0], ways[i][1]);
		assert_package("q.deb");
	}
}

static void dpkg_deb(void **state)
{
	(void)state;
	sh("rm -rf built; cp -a tree built; mkdir built/DEBIAN; printf 'Package: p\\nVersion: "
	   "1\\nArchitecture: all\\nMaintainer: a <a@b.c>\\nDescription: x\\n' > "
	   "built/DEBIAN/control; dpkg-deb -Zxz --root-owner-group -b built p.deb > log");
	assert_package("p.deb");
}

static void witness_names_the_member(void **state)
{
	_cleanup_seen_ struct seen seen = {.part = "data"};

	(void)state;
	sh("tar -czf p.ipk ./debian-binary ./control.tar.gz ./data.tar.gz");
	assert_true(look(&seen, "p.ipk", &error));
	assert_true(strings_have(&seen.witnesses, "p.ipk: data.tar.gz: lib/modules/5.4/long.ko") ||
		    (array_sort(&seen.witnesses, strings_compare),
		     strings_have(&seen.witnesses, "p.ipk: data.tar.gz: lib/modules/5.4/long.ko")));
}

static void assert_refused(const char *path, const char *text)
{
	_cleanup_seen_ struct seen seen = {0};

	assert_false(look(&seen, path, &error));
	if (!strstr(error.text, text))
		fail_msg("\"%s\" lacks \"%s\"", error.text, text);
}

static void members_missing(void **state)
{
	(void)state;
	sh("tar -czf p.ipk ./debian-binary ./data.tar.gz");
	assert_refused("p.ipk", "p.ipk: not a package: it has no control.tar.gz");
	sh("tar -czf p.ipk ./debian-binary ./control.tar.gz");
	assert_refused("p.ipk", "p.ipk: not a package: it has no data.tar.gz");
	sh("tar -czf p.ipk ./data.tar.gz");
	assert_refused("p.ipk", "p.ipk: not a package: it has no control.tar.gz");
	sh("tar -czf p.ipk ./debian-binary");
	assert_refused("p.ipk", "p.ipk: not a package: it has no control.tar.gz");
	sh("tar -czf p.ipk ./debian-binary ./control.tar.gz ./data.tar.gz ./control.tar.gz "
	   "--hard-dereference");
	assert_refused("p.ipk", "control.tar.gz: a second member with this name");
}

/* The same for what vet writes again. */
static void parts_missing(void **state)
{
	static const struct {
		const char *members, *text;
	} cases[] = {
		{"./debian-binary ./data.tar.gz", "x: not a package: it has no control.tar.gz"},
		{"./debian-binary ./control.tar.gz", "x: not a package: it has no data.tar.gz"},
		{"./control.tar.gz ./control.tar.gz ./data.tar.gz",
		 "x: control.tar.gz: a second member with this name"},
		{"./control.tar.gz ./data.tar.gz ./data.tar.gz",
		 "x: data.tar.gz: a second member with this name"},
	};
	_cleanup_arena_ struct arena arena = {0};
	struct package_parts parts;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		sh("tar --hard-dereference -czf p.ipk %s", cases[i].members);
		assert_false(
			package_parts_read(&arena, "x", slurp(&arena, "p.ipk"), &parts, &error));
		assert_string_equal(error.text, cases[i].text);
	}
	sh("tar -czf p.ipk ./control.tar.gz ./data.tar.gz");
	assert_true(package_parts_read(&arena, "x", slurp(&arena, "p.ipk"), &parts, &error));
	assert_string_equal(parts.control.name, "control.tar.gz");
}

static void members_damaged(void **state)
{
	(void)state;
	sh("rm -rf bad; mkdir bad; cp debian-binary control.tar.gz bad; head -c 20000 data.tar.gz "
	   "> bad/data.tar.gz; tar -czf p.ipk -C bad ./debian-binary ./control.tar.gz "
	   "./data.tar.gz");
	assert_refused("p.ipk", "p.ipk: data.tar.gz: ");
	sh("seq 1 99 > bad/data.tar.gz; tar -czf p.ipk -C bad ./debian-binary ./control.tar.gz "
	   "./data.tar.gz");
	assert_refused("p.ipk", "p.ipk: data.tar.gz: ");
}

/* One wrong bit in stored data: only the checksum of the inner gzip shows it. */
static void member_checksum(void **state)
{
	(void)state;
	sh("mkdir -p bad; cp debian-binary control.tar.gz bad; { head -c -8 data.tar.gz; printf "
	   "zzzz; tail -c 4 data.tar.gz; } > bad/data.tar.gz; tar -czf p.ipk -C bad "
	   "./debian-binary ./control.tar.gz ./data.tar.gz");
	assert_refused("p.ipk", "p.ipk: data.tar.gz: ");
	assert_non_null(strstr(error.text, "gzip: incorrect data check"));
}

static void ordinary_tar_stays_one(void **state)
{
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	sh("echo x > readme; tar -czf p.tar.gz readme control.tar.gz data.tar.gz");
	assert_true(look(&seen, "p.tar.gz", &error));
	assert_string_equal(seen.layout.list[0], "0 0x0 tar gzip");
	assert_int_equal(seen.lines.count, 3);
}

static void truncated(void **state)
{
	static const char *const lines[] = {
		"tar -czf t.ipk ./debian-binary ./control.tar.gz ./data.tar.gz",
		"tar -cf t.ipk ./debian-binary ./control.tar.gz ./data.tar.gz",
		"rm t.ipk; ar rc t.ipk debian-binary control.tar.gz data.tar.gz"};
	_cleanup_arena_ struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		sh("%s", lines[i]);

		struct span whole = slurp(&arena, "t.ipk");

		for (size_t size = 1; size < whole.size; size *= 2) {
			_cleanup_seen_ struct seen seen = {0};

			if (look_bytes(&seen, span_head(whole, size), &error))
				assert_int_equal(seen.layout.count, 0);
		}
	}
}

static enum want only_modules(const char *path)
{
	return strncmp(path, "lib/modules/", 12) == 0 ? WANT_BYTES : WANT_NOTHING;
}

/* The most memory, in KiB, that visiting PATH for modules needs. */
static long memory_for(const char *path)
{
	struct rusage usage;
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct seen seen = {.choose = only_modules};

		_exit(look(&seen, path, &error) && seen.calls > 0 ? 0 : 1);
	}
	assert_int_equal(wait4(child, &status, 0, &usage), child);
	assert_int_equal(status, 0);
	return usage.ru_maxrss;
}

/* 120 MiB of unwanted data before and after a module must not need memory. */
static void memory_stays_small(void **state)
{
	(void)state;
	sh("tar -czf p.ipk ./debian-binary ./control.tar.gz ./data.tar.gz; mkdir -p "
	   "fat/lib/modules/5.4; echo m > fat/lib/modules/5.4/m.ko; yes \"$(seq 1000)\" | head -c "
	   "60M > fat/a; cp fat/a fat/z; mkdir -p fatpkg; tar -C fat -c a lib z | gzip -1 > "
	   "fatpkg/data.tar.gz; cp control.tar.gz debian-binary fatpkg; tar -cf fat.ipk -C fatpkg "
	   "./debian-binary ./data.tar.gz ./control.tar.gz; rm -rf fat fatpkg");
	assert_true(memory_for("fat.ipk") < memory_for("p.ipk") + 16 * 1024);
	sh("rm fat.ipk");
}

static void bomb(void **state)
{
	(void)state;
	sh("truncate -s 5G big; { tar -cf - big 2> tar.err || :; } | head -c 512 | gzip > "
	   "data.bomb; rm big; head -c 64M /dev/zero | gzip -1 > piece; for i in $(seq 80); do cat "
	   "piece; done >> data.bomb; mkdir -p b; mv data.bomb b/data.tar.gz; cp debian-binary "
	   "control.tar.gz b; tar -cf b.ipk -C b ./debian-binary ./data.tar.gz ./control.tar.gz; "
	   "rm -rf b");
	assert_refused("b.ipk",
		       "b.ipk: data.tar.gz: big: 5368709120 bytes, more than the 256 MiB allowed");

	_cleanup_seen_ struct seen seen = {.choose = only_modules};

	assert_false(look(&seen, "b.ipk", &error));
	assert_string_equal(error.text,
			    "b.ipk: data.tar.gz: after big: unpacks to more than 4096 MiB");

	/* the same zeros, compressed twice: what counts is the size of the file itself */
	sh("gzip -c b.ipk > twice.ipk");
	assert_false(look(&seen, "twice.ipk", &error));
	assert_string_equal(error.text, "twice.ipk: data.tar.gz: after big: unpacks to more than "
					"1100 times its size: possible decompression bomb");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipk_of_tar),
		cmocka_unit_test(ipk_of_ar),
		cmocka_unit_test(ipk_of_old_ar),
		cmocka_unit_test(deb),
		cmocka_unit_test(dpkg_deb),
		cmocka_unit_test(witness_names_the_member),
		cmocka_unit_test(members_missing),
		cmocka_unit_test(parts_missing),
		cmocka_unit_test(members_damaged),
		cmocka_unit_test(member_checksum),
		cmocka_unit_test(ordinary_tar_stays_one),
		cmocka_unit_test(truncated),
		cmocka_unit_test(memory_stays_small),
		cmocka_unit_test(bomb),
	};

	return cmocka_run_group_tests_name("ipk", tests, parts_setup, scratch_remove);
}
