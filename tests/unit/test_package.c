/* SPDX-License-Identifier: ISC */
/* Tests the reading of packages and bare modules into struct package, and that truncated or
 * damaged ones report a problem. */
#include "facts/package/package.h" /* before cmocka, whose fail() is a macro */
#include "facts/package/package_file.h"

#include "unit/facts_files.h"
#include "unpack/file.h"

#define PIN "4.14.275-1-" HASH_A
#define CONTROL                                                             \
	"Package: kmod-nf-nat\nVersion: 4.14.275-1\nDepends: kernel (=" PIN \
	"), kmod-nf-conntrack\nArchitecture: "                              \
	"all\n"

struct reading {
	struct arena arena, scratch;
	struct map names;
};

static struct package read_package(struct reading *reading, const char *path)
{
	struct module_reader reader = {
		.arena = &reading->arena, .names = &reading->names, .scratch = &reading->scratch};

	return package_read(&reader, path);
}

static void done(struct reading *reading)
{
	arena_free(&reading->arena);
	arena_free(&reading->scratch);
}

static void make_kmod(const char *path)
{
	make_module("data/lib/modules/4.14.275/nf-nat.ko", "nf_nat", "nf_ct_do",
		    "4.14.275 mod_unload ");
	sh("mkdir -p data/etc/modules.d data/etc/modules-boot.d; printf '# first\\nnf-nat "
	   "hashsize=8\\n\\nnf_two\\n' > data/etc/modules.d/42-nf-nat; ln -s "
	   "../modules.d/42-nf-nat data/etc/modules-boot.d/42-nf-nat");
	make_ipk(path, CONTROL);
}

static void assert_kmod(const struct package *package)
{
	assert_null(package->problem);
	assert_string_equal(package->name, "kmod-nf-nat");
	assert_string_equal(package->version, "4.14.275-1");
	assert_int_equal(package->origin, PACKAGE_FILE);
	assert_int_equal(package->depends.count, 2);
	assert_string_equal(package->abi.hash, HASH_A);
	assert_int_equal(package->modules.count, 1);
	assert_null(package->modules.list[0].problem);
	assert_string_equal(package->modules.list[0].name, "nf_nat");
	assert_string_equal(package->modules.list[0].path, "lib/modules/4.14.275/nf-nat.ko");
	assert_int_equal(package->modules.list[0].imports.count, 2);
	assert_string_equal(package->modules.list[0].exports.list[0].name, "nf_nat_do");
	assert_int_equal(package->releases.count, 1);
	assert_string_equal(package->releases.list[0], "4.14.275");
}

static void reads_an_ipk(void **state)
{
	struct reading reading = {0};

	(void)state;
	make_kmod("feed/kmod-nf-nat_1.ipk");

	struct package package = read_package(&reading, "feed/kmod-nf-nat_1.ipk");
	assert_kmod(&package);
	assert_string_equal(package.file, "feed/kmod-nf-nat_1.ipk");
	assert_int_equal(package.files.count, 3);
	assert_string_equal(package.files.list[0], "etc/modules-boot.d/42-nf-nat");
	assert_string_equal(package.files.list[2], "lib/modules/4.14.275/nf-nat.ko");
	assert_int_equal(package.autoload.count, 2);
	assert_string_equal(package.autoload.list[0].module, "nf_nat");
	assert_string_equal(package.autoload.list[0].file, "etc/modules.d/42-nf-nat");
	assert_string_equal(package.autoload.list[1].module, "nf_two");
	assert_true(package.size > 0);
	done(&reading);
}

static void reads_the_ar_flavour(void **state)
{
	struct reading reading = {0};

	(void)state;
	make_kmod("x.ipk");
	sh("rm -f ar.ipk; ar rc ar.ipk debian-binary control.tar.gz data.tar.gz");

	struct package package = read_package(&reading, "ar.ipk");
	assert_kmod(&package);
	done(&reading);
}

static void reads_compressed_modules(void **state)
{
	static const char *const tools[] = {"gzip", "xz", "zstd --rm -q"};
	static const char *const ends[] = {"gz", "xz", "zst"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct reading reading = {0};

		make_module("data/lib/modules/6.1.0/kernel/a.ko", "a", "", "6.1.0 ");
		sh("%s data/lib/modules/6.1.0/kernel/a.ko", tools[i]);
		make_ipk("a.ipk", "Package: a\nVersion: 1\n");

		struct package package = read_package(&reading, "a.ipk");
		assert_int_equal(package.modules.count, 1);
		assert_null(package.modules.list[0].problem);
		assert_string_equal(package.modules.list[0].name, "a");
		assert_string_equal(strrchr(package.modules.list[0].path, '.') + 1, ends[i]);
		assert_string_equal(package.releases.list[0], "6.1.0");
		done(&reading);
	}
}

static void a_broken_module_stays_one(void **state)
{
	struct reading reading = {0};

	(void)state;
	sh("mkdir -p data/lib/modules/1; head -c 100 /dev/zero > data/lib/modules/1/zero.ko; "
	   "printf '\\37\\213\\10 not gzip' > data/lib/modules/1/cut.ko.gz; : > "
	   "data/lib/modules/1/none.ko");
	make_ipk("b.ipk", "Package: b\nVersion: 1\n");

	struct package package = read_package(&reading, "b.ipk");
	assert_null(package.problem);
	assert_int_equal(package.modules.count, 3);
	array_each(module, &package.modules)
		assert_non_null(module->problem);
	assert_string_equal(package.modules.list[0].name, "cut");
	done(&reading);
}

static void reads_bare_modules(void **state)
{
	struct reading reading = {0};

	(void)state;
	make_module("bare/nf-bare.ko", "nf_bare", "", "6.1.0 ");
	sh("gzip -k bare/nf-bare.ko");

	struct package plain = read_package(&reading, "bare/nf-bare.ko");
	struct package packed = read_package(&reading, "bare/nf-bare.ko.gz");
	assert_int_equal(plain.origin, PACKAGE_BARE_MODULE);
	assert_string_equal(plain.name, "nf_bare");
	assert_null(plain.version);
	assert_null(plain.problem);
	assert_int_equal(plain.releases.count, 0);
	assert_null(plain.abi.version);
	assert_string_equal(packed.name, "nf_bare");
	assert_memory_equal(&packed.modules.list[0].file, &plain.modules.list[0].file, SHA256_SIZE);
	done(&reading);
}

static void assert_problem(const char *path, const char *name, const char *words)
{
	struct reading reading = {0};
	struct package package = read_package(&reading, path);

	assert_string_equal(package.name, name);
	assert_non_null(package.problem);
	if (!strstr(package.problem, words) || strncmp(package.problem, path, strlen(path)) != 0 ||
	    strchr(package.problem, '\n'))
		fail_msg("%s", package.problem);
	done(&reading);
}

static void says_what_is_wrong(void **state)
{
	(void)state;
	sh("mkdir -p data bad; : > data/a; tar -czf control.tar.gz -T /dev/null; tar -czf "
	   "data.tar.gz -C data .; echo 2.0 > debian-binary; tar -czf bad/kmod-a_1_all.ipk "
	   "./debian-binary ./data.tar.gz ./control.tar.gz; : > bad/empty_1.ipk; echo text > "
	   "bad/text_1.ipk; printf 'ADBd...' > bad/kmod-b-1.apk; rm -r data");
	assert_problem("bad/kmod-a_1_all.ipk", "kmod-a", "has no control file");
	assert_problem("bad/empty_1.ipk", "empty", "empty");
	assert_problem("bad/text_1.ipk", "text", "not a package");
	assert_problem("bad/missing_1.ipk", "missing", "No such file");
	assert_problem("bad/missing.ko", "missing", "No such file");
	make_ipk("bad/nameless_1.ipk", "Version: 1\n");
	assert_problem("bad/nameless_1.ipk", "nameless", "no field Package");
	make_ipk("bad/void_1.ipk", "");
	assert_problem("bad/void_1.ipk", "void", "control is empty");
	assert_problem("bad/kmod-b-1.apk", "kmod-b", "apk: ");
	sh("mkdir old; echo pkgname = kmod-c >old/.PKGINFO; tar -czf bad/kmod-c-4g-1.2-r3.apk -C "
	   "old "
	   ".PKGINFO; rm -r old");
	assert_problem("bad/kmod-c-4g-1.2-r3.apk", "kmod-c-4g", "a package of apk-tools 2");
	sh("mkdir two; echo 'Package: a' > two/control; tar -cf control.tar -C two ./control; echo "
	   "'Package: b' > two/control; tar -rf control.tar -C two ./control; gzip -f control.tar; "
	   "tar -czf bad/twice_1.ipk ./debian-binary ./data.tar.gz ./control.tar.gz; rm -r two");
	assert_problem("bad/twice_1.ipk", "a", "control occurs twice");
}

/* A truncated package has a problem, or is complete in all that counts. */
static void survives_truncation(void **state)
{
	struct reading reading = {0};
	struct span whole;
	struct error error;

	(void)state;
	make_kmod("whole.ipk");
	assert_true(file_read(&reading.arena, "whole.ipk", 1 << 20, &whole, &error));
	for (size_t size = 1; size < whole.size; size *= 2) {
		struct module_reader reader = {.arena = &reading.arena,
					       .names = &reading.names,
					       .scratch = &reading.scratch};

		assert_non_null(
			package_from_bytes(&reader, "cut.ipk", span_head(whole, size)).problem);
	}
	done(&reading);
}

static void survives_flips(void **state)
{
	struct reading reading = {0};
	struct span whole;
	struct error error;
	uint32_t seed = 1;

	(void)state;
	make_kmod("whole.ipk");
	assert_true(file_read(&reading.arena, "whole.ipk", 1 << 20, &whole, &error));
	for (int i = 0; i < 500; i++) {
		struct arena arena = {0};
		struct map names = {0};
		struct module_reader reader = {
			.arena = &arena, .names = &names, .scratch = &reading.scratch};
		struct span copy = arena_copy(&arena, whole);

		for (int k = 0; k < 4; k++) {
			seed = seed * 1664525 + 1013904223;
			((uint8_t *)copy.data)[(seed >> 8) % copy.size] ^=
				(uint8_t)(1u << (seed & 7));
		}
		assert_non_null(package_from_bytes(&reader, "flip.ipk", copy).name);
		arena_free(&arena);
	}
	done(&reading);
}

static void reads_a_deb(void **state)
{
	struct reading reading = {0};

	(void)state;
	make_module("data/usr/lib/modules/6.1.0-50/kernel/a.ko", "a", "", "6.1.0-50 ");
	sh("mkdir ctl; printf 'Package: linux-image-6.1.0-50\\nVersion: 6.1.176-1\\nArchitecture: "
	   "amd64\\n' > ctl/control; echo 2.0 > debian-binary; tar -cJf control.tar.xz -C ctl .; "
	   "tar -cJf data.tar.xz -C data .; rm -f x.deb; ar rc x.deb debian-binary control.tar.xz "
	   "data.tar.xz; rm -r ctl data");

	struct package package = read_package(&reading, "x.deb");
	assert_null(package.problem);
	assert_string_equal(package.version, "6.1.176-1");
	assert_string_equal(package.releases.list[0], "6.1.0-50");
	assert_int_equal(package.modules.count, 1);
	done(&reading);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_an_ipk),
		cmocka_unit_test(reads_the_ar_flavour),
		cmocka_unit_test(reads_compressed_modules),
		cmocka_unit_test(a_broken_module_stays_one),
		cmocka_unit_test(reads_bare_modules),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(survives_truncation),
		cmocka_unit_test(survives_flips),
		cmocka_unit_test(reads_a_deb),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
