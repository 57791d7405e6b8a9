/* SPDX-License-Identifier: ISC */
/* Tests the reading of feeds from directories, indexes, archives and files, and each way an
 * index can disagree with its files. */
#include "facts/feed/feed.h" /* before cmocka, whose fail() is a macro */
#include "facts/feed/trust.h"
#include "unpack/unpack.h"

#include "unit/facts_files.h"
#include "unpack/file.h"

#include <sys/stat.h>

static struct arena arena;
static struct feeds feeds;
static struct error error;

static bool read_feeds(const char *const *paths, size_t count)
{
	return feeds_read(&arena, paths, count, 2, &feeds, &error);
}

static void read_feed(const char *path)
{
	if (!read_feeds(&path, 1))
		fail_msg("%s", error.text);
}

static int reset(void **state)
{
	(void)state;
	sh("rm -rf f; mkdir f");
	return 0;
}

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void make_plain(const char *path, const char *name, const char *version)
{
	char control[256];

	snprintf(control, sizeof control, "Package: %s\nVersion: %s\n", name, version);
	make_ipk(path, control);
}

/* A row that is right about the file f/FILE, except for what the caller appends. */
static void add_row(const char *file, const char *name, const char *version)
{
	struct arena scratch = {0};
	struct span bytes;
	FILE *index = fopen("f/Packages", "a");

	assert_non_null(index);
	assert_true(
		file_read(&scratch, arena_format(&scratch, "f/%s", file), 1 << 20, &bytes, &error));
	fprintf(index,
		"Package: %s\nVersion: %s\nFilename: %s\nSize: %zu\nSHA256sum: %s\nDescription:  "
		"x\n y\n\n",
		name, version, file, bytes.size, sha256_hex(&scratch, bytes));
	assert_int_equal(fclose(index), 0);
	arena_free(&scratch);
}

static void assert_finding(size_t at, enum index_trouble trouble, const char *package,
			   const char *file)
{
	assert_in_range(at, 0, feeds.list[0].index.count - 1);

	const struct index_finding *finding = &feeds.list[0].index.list[at];
	assert_int_equal(finding->trouble, trouble);
	if (package)
		assert_string_equal(finding->package, package);
	else
		assert_null(finding->package);
	assert_string_equal(finding->file, file);
	assert_non_null(finding->witness);
}

static void reads_a_directory(void **state)
{
	(void)state;
	make_plain("f/b_2.ipk", "b", "2");
	make_plain("f/deep/er/a_1.ipk", "a", "1");
	make_plain("f/b_10.ipk", "b", "10");
	make_module("f/z.ko", "z", "", "6.1.0 ");
	sh("echo x > f/notes.txt");
	read_feed("f/");
	assert_int_equal(feeds.count, 1);
	assert_string_equal(feeds.list[0].source, "f/");
	assert_int_equal(feeds.list[0].packages.count, 4);
	assert_string_equal(feeds.list[0].packages.list[0].file, "f/deep/er/a_1.ipk");
	assert_string_equal(feeds.list[0].packages.list[1].file, "f/b_2.ipk");
	assert_string_equal(feeds.list[0].packages.list[2].file, "f/b_10.ipk");
	assert_string_equal(feeds.list[0].packages.list[3].name, "z");
	assert_int_equal(feeds.list[0].modules, 1);
	assert_false(feeds.list[0].has_index);
	assert_int_equal(feeds.list[0].index.count, 0);
}

/* As file systems without case may make of it. */
static void upper_case_is_a_package(void **state)
{
	(void)state;
	make_plain("f/kmod-a.IPK", "kmod-a", "1");
	make_plain("f/kmod-b.ipk.txt", "kmod-b", "1");
	read_feed("f/");
	assert_int_equal(feeds.list[0].packages.count, 1);
	assert_string_equal(feeds.list[0].packages.list[0].name, "kmod-a");
}

static void links_lead_to_packages(void **state)
{
	(void)state;
	make_plain("f/in/a_1.ipk", "a", "1");
	make_plain("outside_1.ipk", "outside", "1");
	sh("cp outside_1.ipk secret; ln -s in/a_1.ipk f/link_1.ipk; ln -s ../outside_1.ipk "
	   "f/out_1.ipk; ln -s . f/loop; ln -s nowhere f/dead.ipk; ln -s ../secret f/secret_1.ipk");
	read_feed("f");
	assert_int_equal(feeds.list[0].packages.count, 5);
	assert_string_equal(feeds.list[0].packages.list[0].file, "f/in/a_1.ipk");
	assert_string_equal(feeds.list[0].packages.list[1].file, "f/link_1.ipk");
	assert_string_equal(feeds.list[0].packages.list[2].file, "f/dead.ipk");
	assert_non_null(feeds.list[0].packages.list[2].problem);
	assert_string_equal(feeds.list[0].packages.list[3].file, "f/out_1.ipk");
	assert_null(feeds.list[0].packages.list[3].problem);
	assert_string_equal(feeds.list[0].packages.list[4].file, "f/secret_1.ipk");
	assert_null(feeds.list[0].packages.list[4].problem);
	/* f/loop leads to the feed itself */
	assert_int_equal(feeds.list[0].left.count, 0);
}

static void links_are_not_followed(void **state)
{
	const char *path = "f";
	const struct feed_options options = {.threads = 1, .no_follow = true};

	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	make_plain("elsewhere/b_1.ipk", "b", "1");
	sh("ln -s ../elsewhere/b_1.ipk f/b_1.ipk; ln -s ../elsewhere f/more; ln -s a_1.ipk "
	   "f/x.txt");
	read_feed("f");
	assert_int_equal(feeds.list[0].packages.count, 2);
	assert_int_equal(feeds.list[0].left.count, 1);
	assert_string_equal(feeds.list[0].left.list[0].path, "f/more");
	assert_true(feeds_open(&arena, &path, 1, &options, &feeds, &error));
	assert_int_equal(feeds.list[0].packages.count, 1);
	assert_int_equal(feeds.list[0].left.count, 2);
	assert_string_equal(feeds.list[0].left.list[0].path, "f/b_1.ipk");
}

static void what_is_no_file_is_a_package_with_a_problem(void **state)
{
	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	sh("mkfifo f/pipe_1.ipk f/Packages; ln -s /dev/zero f/zero_1.apk; ln -s pipe_1.ipk f/m.ko");
	read_feed("f");
	assert_int_equal(feeds.list[0].packages.count, 4);
	for (size_t i = 0; i < 4; i++)
		if (strcmp(feeds.list[0].packages.list[i].name, "a") == 0)
			assert_null(feeds.list[0].packages.list[i].problem);
		else
			assert_non_null(feeds.list[0].packages.list[i].problem);
	assert_finding(0, INDEX_UNREADABLE, NULL, "f/Packages");
}

static void an_honest_index_says_nothing(void **state)
{
	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	make_plain("f/kernel_5.ipk", "kernel", "5"); /* OpenWrt never lists it */
	add_row("a_1.ipk", "a", "1");
	sh("gzip -k f/Packages");
	read_feed("f");
	assert_true(feeds.list[0].has_index);
	assert_int_equal(feeds.list[0].index.count, 0);
	assert_int_equal(feeds.list[0].packages.count, 2);
}

static void an_index_against_files(void **state)
{
	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	make_plain("f/b_1.ipk", "b", "1");
	make_plain("f/c_1.ipk", "c", "1");
	add_row("a_1.ipk", "a", "2");
	add_row("b_1.ipk", "b", "1");
	sh("printf 'Package: gone\\nVersion: 3\\nFilename: gone_3.ipk\\n' >> f/Packages; echo >> "
	   "f/b_1.ipk");
	read_feed("f");
	assert_int_equal(feeds.list[0].index.count, 5);
	assert_finding(0, INDEX_VERSION_DIFFERS, "a", "f/a_1.ipk");
	assert_string_equal(feeds.list[0].index.list[0].expected, "2");
	assert_string_equal(feeds.list[0].index.list[0].found, "1");
	assert_string_equal(feeds.list[0].index.list[0].witness, "f/Packages: line 1");
	assert_finding(1, INDEX_SIZE_DIFFERS, "b", "f/b_1.ipk");
	assert_finding(2, INDEX_SHA256_DIFFERS, "b", "f/b_1.ipk");
	assert_string_equal(feeds.list[0].index.list[2].witness, "f/Packages: line 9");
	assert_finding(3, INDEX_ROW_WITHOUT_FILE, "gone", "f/gone_3.ipk");
	assert_finding(4, INDEX_FILE_WITHOUT_ROW, "c", "f/c_1.ipk");
}

/* As Latest/pkg.pkg of a FreeBSD repository is. */
static void a_copy_of_a_listed_file_needs_no_row(void **state)
{
	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	add_row("a_1.ipk", "a", "1");
	sh("cp f/a_1.ipk f/latest.ipk");
	read_feed("f");
	assert_int_equal(feeds.list[0].index.count, 0);
	assert_int_equal(feeds.list[0].packages.count, 2);

	make_plain("f/latest.ipk", "a", "2");
	read_feed("f");
	assert_int_equal(feeds.list[0].index.count, 1);
	assert_finding(0, INDEX_FILE_WITHOUT_ROW, "a", "f/latest.ipk");
}

static void an_unread_file_is_no_copy_of_another_one(void **state)
{
	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	sh("truncate -s 257M f/b_1.ipk f/c_1.ipk");
	add_row("a_1.ipk", "a", "1");
	sh("printf 'Package: b\\nVersion: 1\\nFilename: b_1.ipk\\n' >> f/Packages");
	read_feed("f");
	assert_int_equal(feeds.list[0].packages.count, 3);
	assert_finding(feeds.list[0].index.count - 1, INDEX_FILE_WITHOUT_ROW, "c", "f/c_1.ipk");
}

static void two_texts_of_one_index(void **state)
{
	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	add_row("a_1.ipk", "a", "1");
	sh("gzip -k f/Packages; zcat f/Packages.gz >> f/Packages");
	read_feed("f");
	assert_int_equal(feeds.list[0].index.count, 1);
	assert_finding(0, INDEX_TEXTS_DIFFER, NULL, "f/Packages.gz");

	sh("head -c 30 f/Packages.gz > f/cut; mv f/cut f/Packages.gz");
	read_feed("f");
	assert_int_equal(feeds.list[0].index.count, 1);
	assert_finding(0, INDEX_UNREADABLE, NULL, "f/Packages.gz");
}

/* Package managers take Packages.gz: what it says of a file counts as well. */
static void both_texts_are_compared(void **state)
{
	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	make_plain("f/b_1.ipk", "b", "1");
	add_row("a_1.ipk", "a", "1");
	add_row("b_1.ipk", "b", "1");
	sh("sed s/Version:.1/Version:\\ 2/ f/Packages | gzip >f/Packages.gz");
	read_feed("f");
	assert_int_equal(feeds.list[0].index.count, 3);
	assert_finding(0, INDEX_TEXTS_DIFFER, NULL, "f/Packages.gz");
	assert_finding(1, INDEX_VERSION_DIFFERS, "a", "f/a_1.ipk");
	assert_finding(2, INDEX_VERSION_DIFFERS, "b", "f/b_1.ipk");
	assert_int_equal(feeds.list[0].texts.count, 2);
}

/* An index that is exchanged after it was read is not the one that is verified. */
static void what_was_read_is_verified(void **state)
{
	struct keys keys = {0};

	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	add_row("a_1.ipk", "a", "1");
	write_text("f/Packages.sig", "rubbish\n");
	read_feed("f");
	sh("rm f/Packages.sig; echo >>f/Packages");
	feeds_verify(&arena, &keys, &feeds);
	assert_int_equal(feeds.list[0].signature, SIGNATURE_INVALID);
	assert_string_equal(feeds.list[0].signature_witness, "f/Packages.sig");

	read_feed("f");
	write_text("f/Packages.sig", "rubbish\n");
	feeds_verify(&arena, &keys, &feeds);
	assert_int_equal(feeds.list[0].signature, SIGNATURE_NONE);
}

static void a_row_may_not_lead_out(void **state)
{
	(void)state;
	make_plain("f/sub/a_1.ipk", "a", "1");
	make_plain("outside_1.ipk", "outside", "1");
	sh("(printf 'Package: a\\nVersion: 1\\nFilename: ./a_1.ipk\\nSize: '; stat -c %%s "
	   "f/sub/a_1.ipk; "
	   "printf '\\nPackage: b\\nFilename: ../../outside_1.ipk\\n\\nPackage: c\\n"
	   "Filename: /etc/passwd\\n\\nPackage: d\\n\\nrubbish\\n') > f/sub/Packages");
	read_feed("f/sub/Packages");
	assert_string_equal(feeds.list[0].source, "f/sub/Packages");
	assert_int_equal(feeds.list[0].packages.count, 1);
	assert_int_equal(feeds.list[0].index.count, 4);
	assert_finding(0, INDEX_UNREADABLE, NULL, "f/sub/Packages");
	assert_finding(1, INDEX_UNREADABLE, "b", "../../outside_1.ipk");
	assert_finding(2, INDEX_UNREADABLE, "c", "/etc/passwd");
	assert_int_equal(feeds.list[0].index.list[3].trouble, INDEX_UNREADABLE);
	assert_string_equal(feeds.list[0].index.list[3].package, "d");
}

static void an_index_names_the_feed(void **state)
{
	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	make_plain("f/b_1.ipk", "b", "1");
	add_row("a_1.ipk", "a", "1");
	sh("gzip f/Packages");
	read_feed("f/Packages.gz");
	assert_int_equal(feeds.list[0].packages.count, 1);
	assert_string_equal(feeds.list[0].packages.list[0].name, "a");
	assert_int_equal(feeds.list[0].index.count, 0);
}

static void single_files_are_one_feed(void **state)
{
	const char *paths[] = {"f/b_1.ipk", "f/m.ko", "f/d", "f/a_1.ipk", "f/odd"};

	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	make_plain("f/b_1.ipk", "b", "1");
	make_plain("f/d/c_1.ipk", "c", "1");
	make_plain("f/odd", "odd", "1"); /* without a suffix the content decides */
	make_module("f/m.ko", "m", "", "6.1.0 ");
	assert_true(read_feeds(paths, 5));
	assert_int_equal(feeds.count, 3);
	assert_int_equal(feeds.list[0].packages.count, 2);
	assert_string_equal(feeds.list[0].source, "f/b_1.ipk, f/m.ko");
	assert_int_equal(feeds.list[1].packages.list[0].feed, 1);
	assert_int_equal(feeds.list[2].packages.count, 2);
	assert_string_equal(feeds.list[2].packages.list[1].name, "odd");
}

static void reads_archives_of_packages(void **state)
{
	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	make_module("f/m/deep/nf-m.ko", "nf_m", "", "6.1.0 ");
	sh("tar -cJf all.tar.xz -C f .; tar -cf f/empty.tar -T /dev/null");
	read_feed("all.tar.xz");
	assert_int_equal(feeds.list[0].packages.count, 2);
	assert_string_equal(feeds.list[0].packages.list[0].name, "a");
	assert_null(feeds.list[0].packages.list[0].problem);
	assert_string_equal(feeds.list[0].packages.list[0].file, "all.tar.xz: a_1.ipk");
	assert_string_equal(feeds.list[0].packages.list[1].name, "nf_m");
	assert_int_equal(feeds.list[0].packages.list[1].origin, PACKAGE_BARE_MODULE);
}

static void a_broken_package_is_one(void **state)
{
	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	sh("head -c 40 f/a_1.ipk > f/b_1.ipk");
	read_feed("f");
	assert_int_equal(feeds.list[0].packages.count, 2);
	assert_null(feeds.list[0].packages.list[0].problem);
	assert_non_null(feeds.list[0].packages.list[1].problem);
}

static void fails(const char *path, const char *words)
{
	assert_false(read_feeds(&path, 1));
	if (!strstr(error.text, words))
		fail_msg("%s", error.text);
}

static void what_is_no_feed_fails(void **state)
{
	const char *mixed[] = {"f/a_1.ipk", "f/x.txt"};

	(void)state;
	make_plain("f/a_1.ipk", "a", "1");
	sh("mkdir f/void; echo text > f/x.txt; echo text > f/void/y.txt; printf 'Package: "
	   "a\\nFilename: b.ipk\\n' > f/void/Packages");
	fails("f/void", "f/void: contains no package (.ipk, .apk, .deb, .pkg) and no module (.ko)");
	fails("f/void/Packages", "none of the 1 files");
	fails("f/x.txt", "f/x.txt: is a text file, but a feed is expected here");
	fails("f/nowhere", "f/nowhere: No such file or directory");
	fails("https://example.org/feed", "this command fetches nothing");
	fails("ftp://example.org/feed", "this kind of URL cannot be read");
	assert_false(read_feeds(mixed, 2)); /* a path without packages must not go unnoticed */
}

static void order_does_not_depend_on_threads(void **state)
{
	const char *path = "f";
	struct feeds again;

	(void)state;
	for (int i = 0; i < 12; i++)
		make_plain(i % 2 ? "f/x_1.ipk" : "f/y_1.ipk", "same", "1");
	make_plain("f/a/z_1.ipk", "same", "1.0");
	read_feed(path);
	assert_true(feeds_read(&arena, &path, 1, 1, &again, &error));
	assert_int_equal(again.list[0].packages.count, feeds.list[0].packages.count);
	for (size_t i = 0; i < again.list[0].packages.count; i++)
		assert_string_equal(again.list[0].packages.list[i].file,
				    feeds.list[0].packages.list[i].file);
}

static const struct module *module_of(const char *file)
{
	array_each(package, &feeds.list[0].packages)
		if (strcmp(package->file, file) == 0)
			return &package->modules.list[0];
	fail_msg("no %s", file);
	return NULL;
}

/* Without modules of an image, only namesakes are digested; a module is told from no other by sums
 * that are zero. */
static void namesakes_are_digested(void **state)
{
	const struct sha256 none = {{0}};
	const struct feed_options options = {.threads = 2};
	const char *path = "f";

	(void)state;
	make_module("data/lib/modules/6.1/same.ko", "same", "", "6.1 mod_unload");
	make_ipk("f/a_1.ipk", "Package: a\nVersion: 1\n");
	make_module("f/other.ko", "same", "", "6.1 mod_unload");
	make_module("f/third.ko", "same", "kfree", "6.1 mod_unload");
	make_module("f/alone.ko", "alone", "", "6.1 mod_unload");
	feeds = (struct feeds){.doubles = true};
	assert_true(feeds_open(&arena, &path, 1, &options, &feeds, &error));

	const struct module *packed = module_of("f/a_1.ipk"), *alone = module_of("f/alone.ko");

	assert_true(packed->digested && alone->digested);
	assert_true(sha256_equal(&alone->sections, &none) && sha256_equal(&alone->file, &none));
	assert_false(sha256_equal(&packed->sections, &none));
	assert_true(sha256_equal(&packed->sections, &module_of("f/other.ko")->sections));
	assert_true(sha256_equal(&packed->file, &module_of("f/other.ko")->file));
	assert_false(sha256_equal(&packed->sections, &module_of("f/third.ko")->sections));
}

#define FEED_TEST(name) cmocka_unit_test_setup_teardown(name, reset, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FEED_TEST(reads_a_directory),
		FEED_TEST(upper_case_is_a_package),
		FEED_TEST(links_lead_to_packages),
		FEED_TEST(links_are_not_followed),
		FEED_TEST(what_is_no_file_is_a_package_with_a_problem),
		FEED_TEST(both_texts_are_compared),
		FEED_TEST(what_was_read_is_verified),
		FEED_TEST(an_honest_index_says_nothing),
		FEED_TEST(an_index_against_files),
		FEED_TEST(a_copy_of_a_listed_file_needs_no_row),
		FEED_TEST(an_unread_file_is_no_copy_of_another_one),
		FEED_TEST(two_texts_of_one_index),
		FEED_TEST(a_row_may_not_lead_out),
		FEED_TEST(an_index_names_the_feed),
		FEED_TEST(single_files_are_one_feed),
		FEED_TEST(reads_archives_of_packages),
		FEED_TEST(a_broken_package_is_one),
		FEED_TEST(what_is_no_feed_fails),
		FEED_TEST(order_does_not_depend_on_threads),
		FEED_TEST(namesakes_are_digested),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
