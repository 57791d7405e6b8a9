/* SPDX-License-Identifier: ISC */
/* Tests the readers of UFS, BSD labels and CD images: what makefs packs is what they hand on. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "unpack/reader.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "unit/containers.h"

static struct error error;

/* Files of the sizes at which their layout changes in 512 to 65536 byte fragments and blocks,
 * holes, links that do and do not fit into an inode, a hard link, a directory of many blocks. */
static int sizes_setup(void **state)
{
	if (scratch_make(state) != 0)
		return -1;
	sh("mkdir -p t/boot/kernel t/many t/empty; seq 1 2000000 | head -c 9000000 > all; cd "
	   "t/boot/kernel;"
	   "for n in 0 1 511 512 513 1024 4095 4096 4097 8192 49151 49152 49153 98304 98305 300000 "
	   "  786433 2146304 2146311 9000000; do head -c $n ../../../all > f$n; done;"
	   "truncate -s 3M holes; echo end >> holes; ln f4097 hard; truncate -s 5M hole;"
	   "for n in 1 59 60 61 119 120 121 255; do ln -s $(printf %%0${n}d 7) l$n; done;"
	   "cd ../../many; seq 1 400 | sed 's/^/a-long-name-of-a-file-in-a-directory-/' | xargs "
	   "touch");
	return 0;
}

static bool tools_here(const char *names)
{
	char line[256];

	snprintf(line, sizeof line, "command -v %s >/dev/null", names);
	if (system(line) == 0)
		return true;
	print_message("SKIPPED: %s is not installed: scripts/setup test\n", names);
	return false;
}

static void ufs_of_makefs(void **state)
{
	static const char *const options[] = {
		"le -o version=1",
		"be -o version=1",
		"le -o version=2",
		"be -o version=2",
		"le -o version=2,bsize=4096,fsize=512",
		"be -o version=1,bsize=4096,fsize=4096,density=2048",
		"be -o version=2,bsize=32768,fsize=4096",
		"le -o version=1,bsize=65536,fsize=8192",
	};

	(void)state;
	if (!tools_here("makefs"))
		skip();
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		sh("rm -f image; makefs -t ffs -M 64m -B %s image t >/dev/null 2>&1", options[i]);
		assert_same_as("t", "image", options[i]);
	}
}

/* makefs cuts off long components of links. A hard link in a CD image is a file. */
static void iso_of_makefs(void **state)
{
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	if (!tools_here("makefs"))
		skip();
	sh("rm -f image t/boot/kernel/hard t/boot/kernel/l255; makefs -t cd9660 -o rockridge image "
	   "t >/dev/null 2>&1");
	assert_same_as("t", "image", "iso");
	sh("ln t/boot/kernel/f4097 t/boot/kernel/hard; rm -f image;"
	   "makefs -t cd9660 -o rockridge image t >/dev/null 2>&1");
	assert_true(look(&seen, "image", &error));
	assert_string_equal(seen.layout.list[0], "0 0x0 iso9660");
	assert_same_as("t", "image", "iso with a hard link");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ufs_of_makefs),
		cmocka_unit_test(iso_of_makefs),
	};

	return cmocka_run_group_tests_name("ufs", tests, sizes_setup, scratch_remove);
}
