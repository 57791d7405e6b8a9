/* SPDX-License-Identifier: ISC */
/* Tests that squashfs of versions 2 and 3, in both byte orders and with the lzma of vendors, give
 * the tree that went in, and that damaged ones are refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "unpack/reader.h" /* before cmocka, whose fail() is a macro */
#include "unpack/squashfs/squashfs_super.h"

#include <cmocka.h>

#include "unit/squashfs_lies.h"

static struct error error;
static char home[1024]; /* the top of the repository */

static int tree_setup(void **state)
{
	if (!getcwd(home, sizeof home) || scratch_make(state) != 0)
		return -1;
	tree_make("tree");
	sh("for i in $(seq 700); do echo $i > tree/etc/a-rather-long-name-$i; done");
	sh("cd tree; for i in $(seq 700); do f=etc/a-rather-long-name-$i; echo \"file $f "
	   "$(sha256sum "
	   "< $f | cut -d' ' -f1)\"; done | cat - ../tree.want | sort > ../w; mv ../w "
	   "../tree.want");
	return 0;
}

static void make(const char *tree, const char *image, const char *options)
{
	sh("/usr/bin/python3 '%s/tests/squashfs_old.py' %s %s %s", home, tree, image, options);
}

static void assert_same(const char *path, const char *options)
{
	for (unsigned threads = 1; threads <= 3; threads += 2) {
		_cleanup_seen_ struct seen seen = {.choose = want_bytes};
		struct visitor visitor = seen_visitor(&seen, threads);

		if (!unpack_path(path, &visitor, &error))
			fail_msg("%s: %s", options, error.text);
		if (strcmp(seen_all(&seen), slurp_text(&seen.arena, "tree.want")) != 0)
			fail_msg("%s: not the tree that went in", options);
	}
}

/* The maker is right if unsquashfs reads what it makes. */
static void kinds(void **state)
{
	static const char *const ways[] = {
		"",	      "long=1",	   "fragments=0",      "check=1",
		"stored=1",   "log=12",	   "lzma=bare log=17", "lzma=first",
		"lzma=alone", "lzma=none", "lzma=split"};

	(void)state;
	for (unsigned kind = 0; kind < 4; kind++)
		for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
			char options[64];

			snprintf(options, sizeof options, "major=%u big=%u %s", 2 + kind / 2,
				 kind % 2, ways[i]);
			make("tree", "o.img", options);
			if (!strstr(options, "lzma"))
				sh("rm -rf u; unsquashfs -n -d u o.img > log 2>&1; diff -r "
				   "--no-dereference tree u");
			assert_same("o.img", options);
		}
}

static void assert_described(const char *options, const char *layout)
{
	_cleanup_seen_ struct seen seen = {0};

	make("tree", "v.img", options);
	assert_true(look(&seen, "v.img", &error));
	assert_string_equal(seen.layout.list[0], layout);
	assert_same("v.img", options);
}

/* Some vendors use the magic of one byte order and numbers in the other. */
static void magics_of_vendors(void **state)
{
	(void)state;
	assert_described("magic=shsq lzma=bare", "0 0x0 squashfs shsq version 3.1, little endian, "
						 "lzma, 65536 byte blocks");
	assert_described("magic=qshs big=1 lzma=bare", "0 0x0 squashfs qshs version 3.1, big "
						       "endian, lzma, 65536 byte blocks");
	assert_described("magic=hsqt lzma=split", "0 0x0 squashfs hsqt version 3.1, little endian, "
						  "lzma, 65536 byte blocks");
	assert_described("magic=tqsh big=0",
			 "0 0x0 squashfs tqsh version 3.1, little endian, gzip, "
			 "65536 byte blocks");
	assert_described("magic=sqlz major=2 big=1 lzma=first",
			 "0 0x0 squashfs sqlz version 2.1, big endian, lzma, 65536 byte blocks");
	assert_described("stored=1", "0 0x0 squashfs hsqs version 3.1, little endian, compression "
				     "not known, 65536 byte blocks");
}

/* A file system of version 4 with another magic or another version in its super block. */
static void version_4_of_vendors(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	static const struct {
		size_t at;
		const char *bytes;
	} changes[] = {{0, "shsq"}, {0, "sqlz"}, {28, "\3"}};

	(void)state;
	sh("mksquashfs tree m.img -noappend -quiet -no-progress -all-root -comp lzma");

	struct span whole = slurp(&arena, "m.img");
	uint8_t *bytes = (uint8_t *)(uintptr_t)arena_copy(&arena, whole).data;

	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		memcpy(bytes, whole.data, whole.size);
		memcpy(bytes + changes[i].at, changes[i].bytes, strlen(changes[i].bytes));
		spill("c.img", span_from(bytes, whole.size));
		assert_same("c.img", changes[i].bytes);
	}
}

/* Wrong in one member: the whole super block is not believed. */
static void super_block_is_believed_as_a_whole(void **state)
{
	static const struct lie lies[] = {
		{0, 4, 0},   {4, 4, 0},		  {28, 2, 1}, {34, 2, 11},
		{34, 2, 21}, {43, 8, 1ull << 48}, {51, 4, 1}, {55, 4, 1 << 30},
		{63, 8, 99}, {87, 8, 1},	  {95, 8, 1}, {103, 8, 1ull << 50},
	};

	(void)state;
	make("tree", "s.img", "");
	assert_no_lie("s.img", 119, lies, sizeof lies / sizeof *lies);
}

/* Every image that lacks its end is refused before anything is passed on. Any byte may be wrong,
 * without a crash. */
static void truncated_and_flipped(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	unsigned seed = 7, good = 0, bad = 0;

	(void)state;
	sh("rm -rf f; mkdir -p f/d; seq 999 > f/d/a; seq 99 > f/b; ln -s b f/l");
	for (unsigned kind = 0; kind < 4; kind++) {
		char options[64];

		snprintf(options, sizeof options, "major=%u big=%u %s", 2 + kind / 2, kind % 2,
			 kind == 3 ? "lzma=bare" : "stored=1 long=1");
		make("f", "f.img", options);

		struct span whole = slurp(&arena, "f.img");
		uint8_t *bytes = (uint8_t *)(uintptr_t)arena_copy(&arena, whole).data;
		uint64_t used = 0;

		assert_true(squashfs_here(whole, &used));
		for (uint64_t size = 120; size < used; size += 101) {
			_cleanup_seen_ struct seen seen = {0};

			assert_false(look_bytes(&seen, span_head(whole, size), &error));
			assert_int_equal(seen.calls, 0);
		}
		for (unsigned round = 0; round < 1000; round++) {
			_cleanup_seen_ struct seen seen = {.choose = want_open};

			memcpy(bytes, whole.data, whole.size);
			for (unsigned k = 0; k <= round % 4; k++)
				bytes[(unsigned)rand_r(&seed) % used] = (uint8_t)rand_r(&seed);
			if (look_bytes(&seen, span_from(bytes, whole.size), &error))
				good++;
			else
				bad++;
		}
	}
	assert_true(good > 0 && bad > 0);
}

/* In this tree the listing of "sub" is empty; its size and place become those of the root. */
static void directory_in_itself(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_seen_ struct seen seen = {0};
	uint64_t inodes;

	(void)state;
	sh("rm -rf r; mkdir -p r/sub");
	make("r", "r.img", "stored=1");

	struct span whole = slurp(&arena, "r.img");
	uint8_t *bytes = (uint8_t *)(uintptr_t)arena_copy(&arena, whole).data;

	assert_true(span_u64(whole, 87, ENDIAN_LITTLE, &inodes));
	/* behind the size of the metadata block: the inodes of sub and of the root, 28 bytes each,
	 * with size, offset and block at 16 */
	memcpy(bytes + inodes + 2 + 16, whole.data + inodes + 2 + 28 + 16, 8);
	assert_false(look_bytes(&seen, span_from(bytes, whole.size), &error));
	assert_string_equal(error.text, "input: squashfs at 0x0: sub: contains itself");
}

/* Twenty directories, each with the listing of the next one as every subdirectory: a walk of all
 * paths would have no end. */
static void listings_that_are_shared(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_seen_ struct seen seen = {0};
	enum { DIRECTORIES = 20, BELOW = 8, INODE = 28, PLACE = 16 };
	uint64_t inodes;

	(void)state;
	sh("rm -rf s; mkdir s; for i in $(seq 10 29); do mkdir s/$i; for k in 1 2 3 4 5 6 7 8; do "
	   "mkdir s/$i/$k; done; done");
	make("s", "s.img", "stored=1");

	struct span whole = slurp(&arena, "s.img");
	uint8_t *bytes = (uint8_t *)(uintptr_t)arena_copy(&arena, whole).data;

	assert_true(span_u64(whole, 87, ENDIAN_LITTLE, &inodes));
	/* each directory's inode follows those of its eight subdirectories */
	for (unsigned i = 0; i + 1 < DIRECTORIES; i++) {
		uint8_t *own = bytes + inodes + 2 + (size_t)(i * (BELOW + 1)) * INODE;
		const uint8_t *next = own + (size_t)(2 * BELOW + 1) * INODE;

		for (unsigned k = 0; k < BELOW; k++)
			memcpy(own + (size_t)k * INODE + PLACE, next + PLACE, 8);
	}
	assert_false(look_bytes(&seen, span_from(bytes, whole.size), &error));
	assert_non_null(
		strstr(error.text, "another directory has the same listing: data corrupted"));
}

static void damaged_metadata(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_seen_ struct seen seen = {0};
	uint64_t inodes, listings;

	(void)state;
	make("tree", "d.img", "log=20");

	struct span whole = slurp(&arena, "d.img");
	uint8_t *bytes = (uint8_t *)(uintptr_t)arena_copy(&arena, whole).data;

	assert_true(span_u64(whole, 87, ENDIAN_LITTLE, &inodes) &&
		    span_u64(whole, 95, ENDIAN_LITTLE, &listings));
	memset(bytes + listings + 2, 0xee, 16);
	assert_false(look_bytes(&seen, span_from(bytes, whole.size), &error));
	assert_non_null(
		strstr(error.text, arena_format(&arena,
						"metadata block at 0x%llx: compressed with neither "
						"gzip nor a known form of lzma",
						(unsigned long long)listings)));
	memset(bytes + inodes + 2, 0xee, 16);
	assert_false(look_bytes(&seen, span_from(bytes, whole.size), &error));
	assert_string_equal(error.text, "input: squashfs at 0x0: squashfs, version 3 (compression "
					"not known): it cannot be read");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test(magics_of_vendors),
		cmocka_unit_test(version_4_of_vendors),
		cmocka_unit_test(super_block_is_believed_as_a_whole),
		cmocka_unit_test(truncated_and_flipped),
		cmocka_unit_test(directory_in_itself),
		cmocka_unit_test(listings_that_are_shared),
		cmocka_unit_test(damaged_metadata),
	};

	return cmocka_run_group_tests_name("squashfs of versions 2 and 3", tests, tree_setup,
					   scratch_remove);
}
