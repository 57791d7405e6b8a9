/* SPDX-License-Identifier: ISC */
/* Tests that all dialects and filters of tar, cpio and zip give the same tree, and that cut,
 * damaged, hostile or oversized archives are refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "unpack/unpack.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "unit/containers.h"

static struct error error;

static void assert_seen(const char *path, const char *tree)
{
	_cleanup_seen_ struct seen seen = {0};
	char want[64];

	snprintf(want, sizeof want, "%s.want", tree);
	if (!look(&seen, path, &error))
		fail_msg("%s", error.text);
	assert_string_equal(seen_all(&seen), slurp_text(&seen.arena, want));
}

static int tree_setup(void **state)
{
	if (scratch_make(state) != 0)
		return -1;
	tree_make("tree");
	return 0;
}

static void tar_dialects(void **state)
{
	static const char *const dialects[] = {"ustar", "pax", "gnu", "v7", "oldgnu"};

	(void)state;
	for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++) {
		sh("tar -cf t.tar --format=%s -C tree .", dialects[i]);
		assert_seen("t.tar", "tree");
	}
}

static void tar_filters(void **state)
{
	static const char *const filters[] = {"gzip -c",  "xz -c",   "lzma -c",
					      "zstd -qc", "lz4 -qc", "bzip2 -c"};

	(void)state;
	sh("tar -cf t.tar -C tree .");
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		sh("%s < t.tar > t.filtered", filters[i]);
		assert_seen("t.filtered", "tree");
	}
}

static enum want only_modules(const char *path)
{
	return strncmp(path, "lib/modules/", 12) == 0 ? WANT_BYTES : WANT_NOTHING;
}

/* The checksums of most lie behind the end of the tar, and its content is too long to be
 * decoded in one piece. The tar is always the same: a damaged stream may also decode to what is
 * no tar, before its checksum is reached. */
static void tar_filters_damaged(void **state)
{
	static const char *const filters[][2] = {
		{"gzip -c", "gzip"},  {"xz -c", "xz"},	  {"lzma -c", "lzma"},
		{"zstd -qc", "zstd"}, {"lz4 -qc", "lz4"}, {"bzip2 -c", "bzip2"},
	};
	static const char *const damages[] = {
		"head -c -3 t.filtered > t.damaged",
		"cp t.filtered t.damaged; at=$(($(wc -c < t.damaged) / 2)); "
		"byte=$(od -An -tu1 -j $at -N 1 t.damaged); "
		"printf \\\\$(printf %o $((byte ^ 255))) | "
		"dd of=t.damaged bs=1 conv=notrunc status=none seek=$at",
	};

	(void)state;
	sh("rm -rf long; mkdir -p long/lib/modules/5.4; seq 200000 | gzip -nc > "
	   "long/lib/modules/5.4/x.ko; tar --sort=name --mtime=@0 --owner=0 --group=0 "
	   "--numeric-owner -cf t.tar -C long .");
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		_cleanup_seen_ struct seen whole = {.choose = only_modules};

		sh("%s < t.tar > t.filtered", filters[i][0]);
		assert_true(look(&whole, "t.filtered", &error));
		assert_non_null(strstr(whole.layout.list[0], filters[i][1]));
		for (size_t j = 0; j < sizeof damages / sizeof *damages; j++) {
			_cleanup_seen_ struct seen seen = {.choose = only_modules};

			sh("%s", damages[j]);
			if (look(&seen, "t.damaged", &error))
				fail_msg("%s: accepted after %s", filters[i][1], damages[j]);
			if (!strstr(error.text, filters[i][1]))
				fail_msg("%s: says \"%s\"", filters[i][1], error.text);
		}
	}
}

/* Frames and members in a row are one file; other bytes behind the last are ignored. */
static void tar_filters_in_a_row(void **state)
{
	static const char *const filters[] = {"gzip -c", "xz -c", "zstd -qc", "lz4 -qc",
					      "bzip2 -c"};

	(void)state;
	sh("tar -cf t.tar -C tree .");
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		sh("(head -c 3000 t.tar | %s; tail -c +3001 t.tar | %s; echo rest) > t.filtered",
		   filters[i], filters[i]);
		assert_seen("t.filtered", "tree");
	}
}

/* pzstd begins a file with a frame that is skipped. */
static void tar_filters_skipped(void **state)
{
	static const char *const filters[] = {"zstd -qc", "lz4 -qc"};

	(void)state;
	sh("tar -cf t.tar -C tree .; printf 'P*M\\030\\004\\000\\000\\000abcd' > skipped");
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		sh("(cat skipped skipped; %s < t.tar; cat skipped) > t.filtered", filters[i]);
		assert_seen("t.filtered", "tree");
	}
}

static void cpio_dialects(void **state)
{
	static const char *const dialects[] = {"newc", "crc", "odc", "bin"};

	(void)state;
	for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++) {
		sh("cd tree; find . | sort | cpio -o --quiet -H %s > ../t.cpio", dialects[i]);
		assert_seen("t.cpio", "tree");
	}
	sh("gzip -c t.cpio > t.cpio.gz");
	assert_seen("t.cpio.gz", "tree");
}

/* Inode numbers have 18 bits here: those of two directories may be equal. */
static void cpio_directories(void **state)
{
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	sh("e() { printf '070707000001000007%%06o000000000000000002000000%%011o%%06o%%011o%%s\\0' "
	   "$1 0 "
	   "$((${#2} + 1)) 0 $2; }; { e 16877 a; e 16877 a/b; e 0 'TRAILER!!!'; } > dirs.cpio");
	assert_true(look(&seen, "dirs.cpio", &error));
	assert_string_equal(seen_all(&seen), "dir a\ndir a/b\n");
}

static void cpio_in_a_row(void **state)
{
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	sh("cd tree; find etc | sort | cpio -o --quiet -H newc > ../one.cpio; find lib | sort | "
	   "cpio -o --quiet -H newc | gzip > ../two.cpio.gz; cat ../one.cpio ../two.cpio.gz > "
	   "../row.cpio");
	assert_true(look(&seen, "row.cpio", &error));
	seen_all(&seen);
	assert_true(strings_have(&seen.lines, "dir etc/modules.d"));
	assert_true(strings_have(&seen.lines, "dir lib/modules/5.4/kernel"));
	assert_int_equal(seen.layout.count, 2);
	assert_string_equal(seen.layout.list[0], "0 0x0 cpio");
}

static void zip_files(void **state)
{
	(void)state;
	sh("cd tree; rm -f ../t.zip; zip -qry ../t.zip .");
	assert_seen("t.zip", "tree");
}

static void hard_links(void **state)
{
	_cleanup_seen_ struct seen seen = {0}, lost = {0};

	(void)state;
	sh("rm -rf hard; mkdir -p hard/d; echo data > hard/a.ko; ln hard/a.ko hard/b.ko; ln "
	   "hard/a.ko "
	   "hard/d/c.ko; ln -s a.ko hard/soft.ko; tar -cf hard.tar -C hard ./a.ko ./b.ko d/c.ko "
	   "soft.ko; tar -cf lost.tar -C hard a.ko b.ko; tar -f lost.tar --delete a.ko");
	assert_true(look(&seen, "hard.tar", &error));
	seen_all(&seen);
	assert_int_equal(seen.lines.count, 4);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(strrchr(seen.lines.list[i], ' '),
				    strrchr(seen.lines.list[0], ' '));
	assert_true(strings_have(&seen.lines, "link soft.ko -> a.ko"));
	/* of a link to nothing the name stays */
	assert_true(look(&lost, "lost.tar", &error));
	assert_int_equal(lost.lines.count, 1);
	assert_string_equal(lost.lines.list[0], "link b.ko -> /a.ko");
}

/* The last name has the bytes (newc, crc), or each has them (odc, bin); or none: it is
 * empty. */
static void cpio_links(void **state)
{
	static const char *const dialects[] = {"newc", "crc", "odc", "bin"};

	(void)state;
	sh("rm -rf many; mkdir -p many/d; cd many; echo data > a.ko; ln a.ko b.ko; ln a.ko d/c.ko; "
	   ": > e.ko; ln e.ko f.ko; echo other > g.ko");
	tree_want("many");
	for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++) {
		sh("cd many; find . | sort | cpio -o --quiet -H %s > ../t.cpio", dialects[i]);
		assert_seen("t.cpio", "many");
	}
}

static enum want only_long(const char *path)
{
	return strcmp(path, "lib/modules/5.4/long.ko") == 0 ? WANT_BYTES
	       : strcmp(path, "zeros") == 0		    ? WANT_NAME
							    : WANT_NOTHING;
}

static void names_without_bytes(void **state)
{
	_cleanup_seen_ struct seen seen = {.choose = only_long};

	(void)state;
	sh("tar -czf t.tar.gz -C tree .");
	assert_true(look(&seen, "t.tar.gz", &error));
	seen_all(&seen);
	assert_int_equal(seen.lines.count, 2);
	assert_string_equal(seen.lines.list[1], "name zeros 262144");
	assert_string_equal(seen.layout.list[0], "0 0x0 tar gzip");
}

static void sparse_files(void **state)
{
	(void)state;
	sh("rm -rf sparse; mkdir sparse; cd sparse; truncate -s 300000 holes; printf end | dd "
	   "of=holes bs=1 seek=150000 conv=notrunc status=none; echo \"file holes $(sha256sum < "
	   "holes | cut -d' ' -f1)\" > ../sparse.want");
	sh("tar -cSf sparse.tar -C sparse holes");
	assert_seen("sparse.tar", "sparse");
}

static bool look_at_name(struct seen *seen, const char *name)
{
	seen->choose = only_modules;
	sh("rm -f bad.tar; echo x > x; tar -cPf bad.tar --transform='s|^x$|%s|' x", name);
	return look(seen, "bad.tar", &error);
}

static void names_that_leave(void **state)
{
	static const char *const bad[] = {"../lib/modules/x.ko",
					  "lib/modules/../../lib/modules/x.ko",
					  "/../lib/modules/x.ko"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		_cleanup_seen_ struct seen seen = {0};

		assert_false(look_at_name(&seen, bad[i]));
		assert_non_null(strstr(error.text, "bad.tar: "));
		assert_non_null(strstr(error.text, "path leaves the archive"));
		assert_int_equal(seen.calls, 0);
	}
}

static void names_that_do_not_matter(void **state)
{
	_cleanup_seen_ struct seen seen = {0}, absolute = {0};

	(void)state;
	assert_true(look_at_name(&seen, "../../etc/passwd"));
	assert_int_equal(seen.calls, 0);
	assert_true(look_at_name(&absolute, "/lib/modules/x.ko"));
	assert_int_equal(absolute.calls, 1);
}

static void names_in_another_form(void **state)
{
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	assert_false(look_at_name(&seen, "lib/./modules//x.ko"));
	assert_non_null(strstr(error.text, "path is not normalized"));
}

/* A truncated archive is never read as a complete one. */
static void truncated(void **state)
{
	static const char *const made[] = {"t.tar",	"t.tar.gz", "t.tar.xz",
					   "t.tar.zst", "t.cpio",   "t.zip"};
	_cleanup_arena_ struct arena arena = {0};

	(void)state;
	sh("tar -cf t.tar -C tree .; gzip -kf t.tar; xz -kf t.tar; zstd -qkf t.tar; cd tree; find "
	   ". | sort | cpio -o --quiet -H newc > ../t.cpio; rm -f ../t.zip; zip -qry ../t.zip .");
	for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
		struct span whole = slurp(&arena, made[i]);
		struct seen all = {0};

		assert_true(look_bytes(&all, whole, &error));
		for (size_t size = 1024; size < whole.size; size *= 2) {
			_cleanup_seen_ struct seen seen = {0};

			if (look_bytes(&seen, span_head(whole, size), &error))
				assert_true(seen.calls <= 1 && seen.layout.count == 0);
		}
		seen_free(&all);
	}
}

/* A tar that is cut between two members looks complete to tar(1). */
static void truncated_between_members(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	sh("printf a > a; printf b > b; tar --format=ustar -cf two.tar a b");
	assert_false(look_bytes(&seen, span_head(slurp(&arena, "two.tar"), 1024), &error));
	assert_string_equal(error.text,
			    "input: after a: truncated: the end-of-archive mark of tar is missing");
}

static void garbage_behind(void **state)
{
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	sh("tar -cf g.tar a b; printf 'something else' >> g.tar");
	assert_false(look(&seen, "g.tar", &error));
	assert_string_equal(error.text, "g.tar: 14 other bytes after the end of the archive");
}

/* libarchive alone would not notice a wrong checksum at the end of a gzip. */
static void damaged_gzip(void **state)
{
	static const char *const lines[] = {
		"head -c -8 ok.gz > d.gz; printf zzzz >> d.gz; tail -c 4 ok.gz >> d.gz",
		"head -c -4 ok.gz > d.gz; printf zzzz >> d.gz",
		"head -c -1 ok.gz > d.gz",
	};
	_cleanup_seen_ struct seen whole = {0}, padded = {0};

	(void)state;
	sh("tar -czf ok.gz -C tree .");
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		_cleanup_seen_ struct seen seen = {0};

		sh("%s", lines[i]);
		if (look(&seen, "d.gz", &error))
			fail_msg("not noticed: %s", lines[i]);
		assert_non_null(strstr(error.text, "d.gz: after "));
		assert_non_null(strstr(error.text, "gzip"));
	}
	assert_true(look(&whole, "ok.gz", &error));
	sh("cp ok.gz padded.gz; printf 'no gzip' >> padded.gz");
	assert_true(look(&padded, "padded.gz", &error));
	assert_int_equal(padded.calls, whole.calls);
}

static void damaged_header(void **state)
{
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	sh("printf a > a; printf b > b; tar --format=ustar -cf d.tar a b; printf zzzz | dd "
	   "of=d.tar bs=1 seek=1030 conv=notrunc status=none");
	assert_false(look(&seen, "d.tar", &error));
	assert_non_null(strstr(error.text, "d.tar: after a: "));
}

static void bombs(void **state)
{
	_cleanup_seen_ struct seen seen = {0}, wanted = {.choose = want_bytes}, ratio = {0};

	(void)state;
	seen.choose = only_modules;
	sh("truncate -s 5G big; { tar -cf - big 2> tar.err || :; } | head -c 512 | gzip > "
	   "bomb.tar.gz; head -c 64M /dev/zero | gzip -1 > piece; for i in $(seq 80); do cat "
	   "piece; done >> bomb.tar.gz");
	assert_false(look(&seen, "bomb.tar.gz", &error));
	assert_non_null(strstr(error.text, "bomb.tar.gz: "));
	assert_non_null(strstr(error.text, "unpacks to more than 4096 MiB"));
	assert_false(look(&wanted, "bomb.tar.gz", &error));
	assert_non_null(strstr(error.text, "more than the 256 MiB allowed"));
	sh("truncate -s 100M big; tar -cf - big | xz -T1 -0 > bomb.tar.xz; rm big");
	assert_false(look(&ratio, "bomb.tar.xz", &error));
	assert_non_null(strstr(error.text, "possible decompression bomb"));
}

/* Zeros and text are not archives. */
static void no_archive(void **state)
{
	_cleanup_seen_ struct seen zeros = {0}, text = {0};

	(void)state;
	sh("head -c 20480 /dev/zero > plain0; seq 1 5000 > plain1");
	look(&zeros, "plain0", &error); /* flash that was erased to zeros, if anything */
	assert_true(look(&text, "plain1", &error));
	assert_int_equal(text.calls, 1);
	array_each(line, &zeros.layout)
		assert_null(strstr(*line, "tar"));
	assert_int_equal(text.layout.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tar_dialects),
		cmocka_unit_test(tar_filters),
		cmocka_unit_test(tar_filters_damaged),
		cmocka_unit_test(tar_filters_in_a_row),
		cmocka_unit_test(tar_filters_skipped),
		cmocka_unit_test(cpio_dialects),
		cmocka_unit_test(cpio_directories),
		cmocka_unit_test(cpio_in_a_row),
		cmocka_unit_test(zip_files),
		cmocka_unit_test(hard_links),
		cmocka_unit_test(cpio_links),
		cmocka_unit_test(names_without_bytes),
		cmocka_unit_test(sparse_files),
		cmocka_unit_test(names_that_leave),
		cmocka_unit_test(names_that_do_not_matter),
		cmocka_unit_test(names_in_another_form),
		cmocka_unit_test(truncated),
		cmocka_unit_test(truncated_between_members),
		cmocka_unit_test(garbage_behind),
		cmocka_unit_test(damaged_gzip),
		cmocka_unit_test(damaged_header),
		cmocka_unit_test(bombs),
		cmocka_unit_test(no_archive),
	};

	return cmocka_run_group_tests_name("archive", tests, tree_setup, scratch_remove);
}
