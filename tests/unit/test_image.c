/* SPDX-License-Identifier: ISC */
/* Tests the reading of an image from directory, squashfs and tar: databases, manifest, config,
 * symvers, releases, and what is refused. */
#include "facts/image/image.h" /* before cmocka, whose fail() is a macro */

#include "unit/facts_files.h"

#include <sys/stat.h>

#define PIN_A "4.14.275-1-" HASH_A
#define PIN_B "4.14.275-1-" HASH_B
#define VERMAGIC "4.14.275 mod_unload "

static struct arena arena;
static struct image image;
static struct error error;
static struct image_options options;

static int reset(void **state)
{
	(void)state;
	options = (struct image_options){.threads = 2};
	sh("rm -rf r; mkdir -p r/usr/lib/opkg/info r/etc r/lib/modules/4.14.275 r/boot");
	return 0;
}

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void look(const char *path)
{
	if (!image_read(&arena, path, &options, &image, &error))
		fail_msg("%s", error.text);
}

static void fails(const char *path, const char *words)
{
	assert_false(image_read(&arena, path, &options, &image, &error));
	if (!strstr(error.text, words))
		fail_msg("%s", error.text);
}

static bool remarked(const char *words)
{
	array_each(remark, &image.remarks)
		if (strstr(*remark, words))
			return true;
	return false;
}

static void add_module(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "r/lib/modules/4.14.275/%s.ko", name);
	make_module(path, name, "", VERMAGIC);
}

#define STATUS                                                                                     \
	"Package: libc\nVersion: 1.1\nStatus: install hold,user installed\n\n"                     \
	"Package: kernel\nVersion: " PIN_A "\nStatus: install ok installed\nArchitecture: all\n\n" \
	"Package: gone\nVersion: 1\nStatus: deinstall ok not-installed\n\n"                        \
	"Package: kmod-a\nVersion: 4.14.275-1\nStatus: install user installed\n"

static void full_image(void)
{
	add_module("a");
	add_module("b");
	write_text("r/usr/lib/opkg/status", STATUS);
	write_text("r/usr/lib/opkg/info/kmod-a.list", "/lib/modules/4.14.275/a.ko\n./etc/a\n");
	write_text("r/usr/lib/opkg/info/kmod-a.control",
		   "Package: kmod-a\nVersion: 4.14.275-1\nDepends: kernel (=" PIN_A ")\n");
	write_text("r/etc/openwrt_release",
		   "DISTRIB_ID='OpenWrt'\nDISTRIB_RELEASE='19.07.10'\nDISTRIB_REVISION='r11427'\n"
		   "DISTRIB_TARGET=\"ramips/mt76x8\"\nDISTRIB_DESCRIPTION='OpenWrt 19.07.10'\n");
	write_text("r/etc/os-release", "PRETTY_NAME=\"Other 1\"\nBUILD_ID=\"r1\"\n");
	write_text("r/lib/modules/4.14.275/modules.builtin",
		   "kernel/fs/squashfs/squashfs.ko\nkernel/lib/crc-ccitt.ko\n");
	sh("mkdir -p r/etc/opkg/keys; : > r/etc/opkg/keys/b5043e70f9a75cde");
}

static void assert_full(void)
{
	assert_int_equal(image.modules.count, 2);
	assert_string_equal(image.modules.list[0].name, "a");
	assert_string_equal(image.modules.list[0].path, "lib/modules/4.14.275/a.ko");
	assert_int_equal(image.releases.count, 1);
	assert_string_equal(image.release.value, "4.14.275");
	assert_non_null(image.release.witness);
	assert_true(image.database_known);
	assert_int_equal(image.packages.count, 3);
	assert_non_null(strstr(image.database_witness, "usr/lib/opkg/status"));
	assert_string_equal(image.abi.version, "4.14.275-1");
	assert_string_equal(image.abi.hash, HASH_A);
	assert_non_null(strstr(image.abi.witness, "usr/lib/opkg/status: line 5"));
	assert_string_equal(image.vermagic.value, VERMAGIC);
	assert_true(image.this_module.known && image.this_module.has_init &&
		    image.this_module.has_exit);
	assert_int_equal(image.this_module.size, 0x200);
	assert_int_equal(image.this_module.init, 0x100);
	assert_int_equal(image.this_module.exit, 0x180);
	assert_string_equal(image.distribution.value, "OpenWrt 19.07.10");
	assert_string_equal(image.revision.value, "r11427");
	assert_string_equal(image.target.value, "ramips/mt76x8");
	assert_string_equal(image.distribution_release.value, "19.07.10");
	assert_int_equal(image.builtin.count, 2);
	assert_string_equal(image.builtin.list[0], "crc_ccitt");
	assert_int_equal(image.opkg_keys.count, 1);
	assert_string_equal(image.opkg_keys.list[0], "b5043e70f9a75cde");
	assert_null(image.kernel);
	assert_non_null(image.kernel_witness);
	assert_null(image.config);
	assert_non_null(image.config_witness);
	assert_int_equal(image.remarks.count, 0);
}

static void reads_a_directory(void **state)
{
	(void)state;
	full_image();
	look("r");
	assert_full();
	assert_null(image.sha256);

	const struct package *kmod = image_package(&image, "kmod-a");
	assert_non_null(kmod);
	assert_int_equal(kmod->files.count, 2);
	assert_string_equal(kmod->files.list[0], "etc/a");
	assert_string_equal(kmod->releases.list[0], "4.14.275");
	assert_string_equal(kmod->abi.hash, HASH_A); /* from info/kmod-a.control */
	assert_null(image_package(&image, "gone"));
	assert_null(image_package(&image, "nobody"));
}

static void reads_squashfs_and_tar(void **state)
{
	(void)state;
	full_image();
	sh("rm -f r.sqfs; mksquashfs r r.sqfs -comp xz -quiet -no-progress >/dev/null");
	look("r.sqfs");
	assert_full();
	assert_int_equal(strlen(image.sha256), 64);
	assert_string_equal(image.layout.list[0].kind, "squashfs");
	sh("tar -czf r.tar.gz -C r .");
	look("r.tar.gz");
	assert_full();
}

static void finds_roots_below_directories(void **state)
{
	(void)state;
	full_image();
	sh("rm -rf up; mkdir -p up/build/z/usr/lib/modules/9.9; cp -r r up/build/root; cp "
	   "r/lib/modules/4.14.275/a.ko up/build/z/usr/lib/modules/9.9/");
	look("up");
	assert_int_equal(image.modules.count, 2);
	assert_true(image.database_known);
	assert_string_equal(image.release.value, "4.14.275");
	assert_true(remarked("second root file system"));
	assert_int_equal(image.remarks.count, 1);
}

static void a_database_that_says_nothing(void **state)
{
	(void)state;
	add_module("a");
	write_text("r/usr/lib/opkg/status", "Conffiles:\n /etc/group 35b6\n /etc/hosts 081e\n");
	look("r");
	assert_false(image.database_known);
	assert_int_equal(image.packages.count, 0);
	assert_non_null(
		strstr(image.database_witness, "usr/lib/opkg/status: lists no package: 1 stanzas"));
	assert_null(image.abi.version);
	assert_string_equal(image.abi.witness, image.database_witness);
}

static void no_database(void **state)
{
	(void)state;
	add_module("a");
	look("r");
	assert_false(image.database_known);
	assert_non_null(strstr(image.database_witness, "no usr/lib/opkg/status"));
	sh("mkdir -p r/lib/apk/db; echo C:Q1 > r/lib/apk/db/installed");
	look("r");
	assert_false(image.database_known);
	assert_non_null(strstr(image.database_witness, "lib/apk/db/installed: lists no package"));
}

static void other_databases(void **state)
{
	(void)state;
	write_text("r/usr/lib/opkg/info/a.control", "Package: a\nVersion: 1\n");
	write_text("r/usr/lib/opkg/info/b.control", "Package: b\nVersion: 1\n");
	look("r");
	assert_true(image.database_known);
	assert_int_equal(image.packages.count, 2);
	sh("rm -r r/usr/lib/opkg; mkdir -p r/var/lib/dpkg/status.d");
	write_text("r/var/lib/dpkg/status.d/libc6", "Package: libc6\nVersion: 2.36\n");
	look("r");
	assert_true(image.database_known);
	assert_string_equal(image.packages.list[0].name, "libc6");
	/* dpkg's states: the files of the first three are there */
	write_text("r/var/lib/dpkg/status",
		   "Package: a\nVersion: 1\nStatus: install ok triggers-pending\n\n"
		   "Package: b\nVersion: 1\nStatus: install ok triggers-awaited\n\n"
		   "Package: c\nVersion: 1\nStatus: hold ok installed\n\n"
		   "Package: d\nVersion: 1\nStatus: deinstall ok config-files\n\n"
		   "Package: e\nVersion: 1\nStatus: install reinstreq half-installed\n");
	look("r");
	assert_int_equal(image.packages.count, 4);
	assert_int_equal(image.wanted.count, 1);
	assert_string_equal(image.wanted.list[0].name, "e");
	/* opkg does not know those of triggers */
	sh("mkdir -p r/usr/lib/opkg && cp r/var/lib/dpkg/status r/usr/lib/opkg/status");
	look("r");
	assert_int_equal(image.packages.count, 1);
	assert_string_equal(image.packages.list[0].name, "c");
	assert_int_equal(image.wanted.count, 3);
	sh("rm -r r/usr/lib/opkg; mkdir -p r/usr/lib/ipkg");
	write_text("r/usr/lib/ipkg/status",
		   "Package: old\nVersion: 1\nStatus: install ok installed\n\nrubbish\n");
	look("r");
	assert_string_equal(image.packages.list[0].name, "old");
	assert_int_equal(image.packages.count, 1);
	assert_true(remarked("1 lines that are not fields"));
	/* of the database that is used, not of another */
	assert_int_equal(image.wanted.count, 0);
}

/* opkg asks only whether the row wants the package; dpkg also whether files of it are left. */
static void rows_that_are_only_wanted(void **state)
{
	static const char rows[] = "Package: a\nVersion: 1\nStatus: install ok installed\n\n"
				   "Package: b\nVersion: 1\nStatus: install ok half-installed\n\n"
				   "Package: c\nVersion: 1\nStatus: install ok not-installed\n\n"
				   "Package: d\nVersion: 1\nStatus: deinstall ok half-installed\n\n"
				   "Package: e\nVersion: 1\nStatus: install ok\n";

	(void)state;
	sh("mkdir -p r/var/lib/dpkg");
	write_text("r/var/lib/dpkg/status", rows);
	look("r");
	assert_int_equal(image.packages.count, 1);
	assert_int_equal(image.wanted.count, 1);
	write_text("r/usr/lib/opkg/status", rows);
	look("r");
	assert_int_equal(image.packages.count, 1);
	assert_int_equal(image.wanted.count, 2);
	assert_string_equal(image.wanted.list[0].name, "b");
	assert_string_equal(image.wanted.list[1].name, "c");
}

static void reads_the_database_of_apk(void **state)
{
	(void)state;
	add_module("a");
	sh("mkdir -p r/lib/apk/db");
	write_text("r/lib/apk/db/installed",
		   "C:Q1\nP:kernel\nV:6.12.74~" HASH_A "-r1\n\n"
		   "P:kmod-a\nV:6.12.74-r1\nD:kernel=6.12.74~" HASH_A "-r1 libc>=1\n"
		   "F:lib/modules/6.12.74\nR:a.ko\n\n");
	look("r");
	assert_true(image.database_known);
	assert_int_equal(image.packages.count, 2);
	assert_string_equal(image.abi.version, "6.12.74-r1");
	assert_string_equal(image.abi.hash, HASH_A);
	assert_string_equal(image.packages.list[1].files.list[0], "lib/modules/6.12.74/a.ko");
	assert_string_equal(image.packages.list[1].releases.list[0], "6.12.74");
	assert_string_equal(image.packages.list[1].abi.hash, HASH_A);
	assert_non_null(strstr(image.packages.list[1].witness, "lib/apk/db/installed: line 5"));
}

static void takes_the_manifest(void **state)
{
	(void)state;
	add_module("a");
	write_text("m.manifest",
		   "base-files - 204.4-r11427\nkernel - " PIN_B "\nkmod-a - 4.14.275-1\n\n");
	options.manifest = "m.manifest";
	look("r");
	assert_false(image.database_known);
	assert_int_equal(image.manifest.count, 3);
	assert_string_equal(image.manifest.list[0].version, "204.4-r11427");
	assert_string_equal(image.abi.hash, HASH_B);
	assert_string_equal(image.abi.witness, "m.manifest: line 2");
	write_text("r/usr/lib/opkg/status", STATUS);
	look("r");
	assert_string_equal(image.abi.hash, HASH_A);
	assert_string_equal(image.manifest_abi.hash, HASH_B);
	assert_true(remarked("manifest is from another build"));
	write_text("m.manifest", "base-files - 1\n");
	sh("rm r/usr/lib/opkg/status");
	look("r");
	assert_null(image.abi.version);
	assert_non_null(strstr(image.abi.witness, "m.manifest: no row \"kernel\""));
}

static void refuses_what_is_no_manifest(void **state)
{
	(void)state;
	add_module("a");
	options.manifest = "m.manifest";
	write_text("m.manifest", "a - 1\nkernel: 5\n");
	fails("r", "m.manifest: not a manifest: line 2");
	write_text("m.manifest", "\n");
	fails("r", "the file is empty");
	options.manifest = "nowhere";
	fails("r", "nowhere");
}

static void foreign_modules_are_named(void **state)
{
	(void)state;
	add_module("a");
	make_module("r/lib/modules/4.14.275/f.ko", "f", "", "4.14.167 ");
	sh("sed 's/0x180/0x1a0/' module.S > other.S; cc -c -o r/lib/modules/4.14.275/f.ko other.S");
	look("r");
	assert_true(remarked("modules of two kernels: vermagic of a is"));
	assert_null(image.vermagic.value);
	assert_non_null(strstr(image.vermagic.witness, "do not agree"));
	assert_false(image.this_module.known);
	assert_non_null(strstr(image.this_module_witness, "do not agree"));
	add_module("b");
	look("r");
	assert_string_equal(image.vermagic.value, VERMAGIC);
	assert_non_null(strstr(image.vermagic.witness, "most of those with one, agree"));
	assert_true(image.this_module.known);
	assert_non_null(strstr(image.this_module_witness, "most of them, agree"));
	assert_true(remarked("foreign modules: vermagic of f is \"4.14.167 \", of 2 others"));
	assert_true(remarked("foreign modules: struct module of f"));
}

static void two_releases(void **state)
{
	(void)state;
	add_module("a");
	make_module("r/lib/modules/4.14.167/b.ko", "b", "", VERMAGIC);
	look("r");
	assert_int_equal(image.releases.count, 2);
	assert_null(image.release.value);
	assert_non_null(strstr(image.release.witness, "2 directories"));
	assert_true(remarked("modules of 2 releases: 4.14.167, 4.14.275"));
}

static void a_directory_with_another_name_is_no_release(void **state)
{
	(void)state;
	sh("mkdir -p r/lib/modules/kmdir && rmdir r/lib/modules/4.14.275");
	make_module("r/lib/modules/kmdir/b.ko", "b", "", VERMAGIC);
	look("r");
	assert_int_equal(image.modules.count, 1);
	assert_null(image.release.value);
	assert_string_equal(image.release.witness,
			    "r: lib/modules/kmdir has the name of no release");
	assert_string_equal(image.vermagic.value, VERMAGIC);
}

static void broken_modules_do_not_vote(void **state)
{
	(void)state;
	add_module("a");
	sh("head -c 500 r/lib/modules/4.14.275/a.ko > r/lib/modules/4.14.275/cut.ko; : > "
	   "r/lib/modules/4.14.275/none.ko");
	look("r");
	assert_int_equal(image.modules.count, 3);
	assert_non_null(image.modules.list[1].problem);
	assert_string_equal(image.vermagic.value, VERMAGIC);
	assert_true(image.this_module.known);
}

static void config_is_found_and_held_against_the_release(void **state)
{
	(void)state;
	add_module("a");
	write_text("r/boot/config-4.14.275", "#\n# Automatically generated file; DO NOT EDIT.\n# "
					     "Linux/mips 4.14.275 Kernel Configuration\n#\n"
					     "CONFIG_NF_NAT=m\n");
	look("r");
	assert_non_null(image.config);
	assert_string_equal(config_get(image.config, "CONFIG_NF_NAT"), "m");
	write_text("c", "CONFIG_NF_NAT=y\n");
	options.config = "c";
	look("r");
	assert_string_equal(config_get(image.config, "CONFIG_NF_NAT"), "y");
	assert_string_equal(image.config_witness, "c");
	options.config = NULL;
	sh("sed -i s/4.14.275/4.14.167/ r/boot/config-4.14.275");
	look("r");
	assert_null(image.config);
	assert_true(remarked("is for 4.14.167"));
	options.config = "nowhere";
	fails("r", "nowhere");
}

static void symvers_stand_in(void **state)
{
	(void)state;
	add_module("a");
	write_text(
		"s",
		"0x00000000\tprintk\tvmlinux\tEXPORT_SYMBOL\n0x0\tother\tnet/x\tEXPORT_SYMBOL\n");
	options.symvers = "s";
	look("r");
	assert_non_null(image.kernel);
	assert_int_equal(image.kernel->exports.table.count, 1);
	assert_string_equal(image.kernel->exports.table.list[0].name, "printk");
	assert_null(image.kernel->release.value);
	assert_string_equal(image.release.value, "4.14.275");
	options.symvers = "nowhere";
	fails("r", "nowhere");
}

static void what_is_no_image_fails(void **state)
{
	(void)state;
	sh("rm -rf e; mkdir e; echo text > e/text; : > e/empty; mkdir e/dir; cp /bin/true "
	   "e/dir/vmlinuz");
	fails("e/text", "e/text: is a text file, but an image is expected here");
	fails("e/empty", "e/empty: is an empty file, but an image is expected here");
	fails("e/nowhere", "e/nowhere: No such file or directory");
	fails("e/dir", "contains no kernel, no modules and no package database");
}

static void cut_images_end_in_one_line(void **state)
{
	struct stat status;

	(void)state;
	full_image();
	sh("mksquashfs r c.sqfs -comp xz -quiet -no-progress -noappend -nopad >/dev/null");
	assert_int_equal(stat("c.sqfs", &status), 0);
	for (unsigned size = 1; size < status.st_size; size *= 2) {
		sh("head -c %u c.sqfs > cut.sqfs", size);
		assert_false(image_read(&arena, "cut.sqfs", &options, &image, &error));
		assert_int_equal(strncmp(error.text, "cut.sqfs: ", 10), 0);
		assert_null(strchr(error.text, '\n'));
	}
}

#define IMAGE_TEST(name) cmocka_unit_test_setup_teardown(name, reset, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IMAGE_TEST(reads_a_directory),
		IMAGE_TEST(reads_squashfs_and_tar),
		IMAGE_TEST(finds_roots_below_directories),
		IMAGE_TEST(a_database_that_says_nothing),
		IMAGE_TEST(no_database),
		IMAGE_TEST(other_databases),
		IMAGE_TEST(rows_that_are_only_wanted),
		IMAGE_TEST(reads_the_database_of_apk),
		IMAGE_TEST(takes_the_manifest),
		IMAGE_TEST(refuses_what_is_no_manifest),
		IMAGE_TEST(foreign_modules_are_named),
		IMAGE_TEST(two_releases),
		IMAGE_TEST(a_directory_with_another_name_is_no_release),
		IMAGE_TEST(broken_modules_do_not_vote),
		IMAGE_TEST(config_is_found_and_held_against_the_release),
		IMAGE_TEST(symvers_stand_in),
		IMAGE_TEST(what_is_no_image_fails),
		IMAGE_TEST(cut_images_end_in_one_line),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
