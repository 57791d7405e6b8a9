/* SPDX-License-Identifier: ISC */
/* Tests that the readers of texts and catalogues stop at their limits, and refuse archives with a
 * member twice or not at all: each with the whole sentence. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/abi/config_set.h"
#include "facts/catalogue/pkg_digests.h"
#include "facts/catalogue/pkg_filesite.h"
#include "facts/catalogue/pkg_repo.h"
#include "facts/config/config.h"
#include "facts/feed/index.h"
#include "facts/freebsd/pkg_conf.h"
#include "facts/kernel/kernel.h"
#include "facts/module/elf.h"
#include "facts/module/kld_elf.h"
#include "facts/package/pkg.h"
#include "facts/ucl/ucl.h"
#include "unpack/limits.h"

#include <cmocka.h>

#include "unit/made_bytes.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct error error;

static int free_all(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void refused(bool ok, const char *text)
{
	assert_false(ok);
	assert_string_equal(error.text, text);
}

static struct span repeated(const char *text, size_t count)
{
	size_t size = strlen(text);
	char *bytes = arena_raw(&arena, size * count + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(bytes + i * size, text, size);
	return span_from(bytes, size * count);
}

/* COUNT lines, each a piece of FORMAT with the number of the line. */
static struct span numbered(const char *before, const char *after, size_t count)
{
	size_t most = strlen(before) + strlen(after) + 8, used = 0;
	char *bytes = arena_raw(&arena, most * count);

	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(bytes + used, most, "%s%06zu%s", before, i, after);
	return span_from(bytes, used);
}

static struct span joined(const char *before, struct span middle, const char *after)
{
	return span_text(arena_format(&arena, "%s%.*s%s", before, (int)middle.size,
				      (const char *)middle.data, after));
}

/* ---- configs ---- */

static void configs(void **state)
{
	struct span large = repeated("# not set\n", LIMIT_CONFIG / 10 + 1);
	struct config_set set;
	struct config config;
	struct span lines = numbered("CONFIG_", "=y\n", (1 << 16) + 1), most = lines;

	(void)state;
	most.size -= strlen("CONFIG_000000=y\n");
	assert_true(config_set_parse(&arena, "x", most, &set, &error));
	assert_true(config_set_select(&arena, "x", most, &set, &error));
	refused(config_set_parse(&arena, "x", lines, &set, &error), "x: more than 65536 lines");
	refused(config_set_select(&arena, "x", lines, &set, &error), "x: more than 65536 lines");
	refused(config_set_parse(&arena, "x", large, &set, &error),
		"x: too large for a kernel config: 16777220 bytes");
	refused(config_set_select(&arena, "x", large, &set, &error),
		"x: too large for a kernel config: 16777220 bytes");
	refused(config_read(&arena, "x", large, &config, &error),
		"x: too large for a kernel config: 16777220 bytes");
}

/* ---- UCL ---- */

static const struct ucl *object_of(struct span text)
{
	const struct ucl *top = NULL;

	if (!ucl_read(&arena, text, &top, &error))
		fail_msg("%s", error.text);
	return top;
}

static void ucl(void **state)
{
	const struct ucl *top;
	struct package package = {0};
	struct pkg_configuration conf = {0};
	struct span list = joined("[", repeated("1,", 1 << 20), "]");
	struct span deps = joined("name: a, version: 1, deps {",
				  numbered("d", " {origin: x, version: 1}\n", 4097), "}");
	struct span known = numbered("r", ": {url: \"http://x/\"}\n", 1024);

	(void)state;
	refused(ucl_read(&arena, list, &top, &error), "more than 1048576 values");
	refused(pkg_from_manifest(&arena, object_of(deps), "w", &package, &error),
		"more than 4096 dependencies");
	assert_true(pkg_conf_add(&arena, known, &conf, &error));
	assert_int_equal(conf.count, 1024);
	assert_true(pkg_conf_add(&arena, known, &conf, &error));
	refused(pkg_conf_add(&arena, span_text("one-more: {url: \"http://x/\"}\n"), &conf, &error),
		"more than 1024 repositories");
}

/* ---- catalogues ---- */

static void rows(void **state)
{
	const size_t most = 1 << 18;
	struct pkg_digests digests = {0};
	struct pkg_filesite files = {0};
	struct packages list = {0};
	struct pkg_catalogue catalogue = {.member = "packagesite.yaml"};
	size_t bad = 0;
	struct span categories = repeated("\"kld\",", 1000);

	(void)state;
	refused(pkg_digests_read(&arena, repeated("\n", most + 1), &digests, &bad, &error),
		"more than 262144 lines");
	refused(pkg_filesite_read(&arena, repeated("{}\n", most + 1), &files, &bad, &error),
		"more than 262144 packages");
	catalogue.text = repeated("{}\n", most + 1);
	refused(pkg_catalogue_rows(&arena, "x", &catalogue, &list, &bad, &error),
		"x: packagesite.yaml: more than 262144 packages");
	catalogue.text = joined("{\"name\":\"a\",\"version\":\"1\",\"categories\":[", categories,
				"\"kld\"]}\n");
	catalogue.text = repeated((const char *)catalogue.text.data, 1100);
	refused(pkg_catalogue_rows(&arena, "x", &catalogue, &list, &bad, &error),
		"x: packagesite.yaml: more than 1048576 dependencies, categories and files");
}

static void opkg_rows(void **state)
{
	struct span text = repeated("Package: a\nVersion: 1\n\n", (1 << 18) + 1);
	struct index index = {0};

	(void)state;
	refused(index_parse(&arena, "Packages", text, NULL, &index, &error),
		"Packages: more than 262144 packages");
}

/* ---- archives of FreeBSD's repositories ---- */

static void member_put(char *header, const char *name, size_t size)
{
	unsigned sum = 0;

	memset(header, 0, 512);
	strcpy(header, name);
	strcpy(header + 100, "0000644");
	snprintf(header + 124, 12, "%011zo", size);
	memset(header + 148, ' ', 8);
	header[156] = '0';
	memcpy(header + 257, "ustar\00000", 8);
	for (size_t i = 0; i < 512; i++)
		sum += (uint8_t)header[i];
	snprintf(header + 148, 8, "%06o", sum);
}

/* A tar of members with these NAMES and SIZE bytes "x" in each. */
static struct span tar_of(const char *const *names, size_t count, size_t size)
{
	size_t whole = 512 + (size + 511) / 512 * 512;
	char *bytes = arena_get(&arena, count * whole + 1024);

	for (size_t i = 0; i < count; i++) {
		member_put(bytes + i * whole, names[i], size);
		memset(bytes + i * whole + 512, 'x', size);
	}
	return span_from(bytes, count * whole + 1024);
}

static void catalogue_members(void **state)
{
	static const char *const twice[] = {"data", "data"}, *const other[] = {"readme"},
				 *const signatures[] = {"data", "signature", "signature"},
				 *const one[] = {"data", "a.sig"}, *const side[] = {"digests"};
	struct pkg_meta meta = pkg_meta_default();
	struct pkg_catalogue catalogue;
	const char *many[66];

	(void)state;
	for (size_t i = 0; i < 66; i++)
		many[i] = arena_format(&arena, "%zu.sig", i);
	refused(pkg_catalogue_open(&arena, "x", tar_of(other, 1, 1), &meta, &catalogue, &error),
		"x: no catalogue of packages: it has no member data or packagesite.yaml");
	refused(pkg_catalogue_open(&arena, "x", tar_of(twice, 2, 1), &meta, &catalogue, &error),
		"x: data: it occurs twice");
	refused(pkg_catalogue_open(&arena, "x", tar_of(signatures, 3, 1), &meta, &catalogue,
				   &error),
		"x: signature: it occurs twice");
	refused(pkg_catalogue_open(&arena, "x", tar_of(many, 66, 1), &meta, &catalogue, &error),
		"x: 64.sig: more than 64 signatures, or one of more than 65536 bytes");
	refused(pkg_catalogue_open(&arena, "x", tar_of(one, 2, (64 << 10) + 1), &meta, &catalogue,
				   &error),
		"x: a.sig: more than 64 signatures, or one of more than 65536 bytes");
	refused(pkg_side_open(&arena, "x", tar_of(side, 1, (64 << 20) + 1), &meta, "digests",
			      &catalogue, &error),
		"x: digests: larger than 67108864 bytes");
}

static void meta_members(void **state)
{
	static const char *const twice[] = {"meta", "meta"}, *const other[] = {"readme"};
	struct pkg_meta meta;

	(void)state;
	refused(pkg_meta_read(&arena, "meta.txz", tar_of(other, 1, 1), &meta, &error),
		"meta.txz: it has no member meta");
	refused(pkg_meta_read(&arena, "meta.txz", tar_of(twice, 2, 1), &meta, &error),
		"meta.txz: meta: it has two members meta");
	refused(pkg_meta_read(&arena, "meta.conf", repeated(" ", (1 << 20) + 1), &meta, &error),
		"meta.conf: larger than 1048576 bytes");
}

/* ---- kernels and modules ---- */

static void elf_files(void **state)
{
	const size_t count = (1 << 16) + 1;
	uint8_t *bytes = arena_get(&arena, sizeof(Elf64_Ehdr) + count * sizeof(Elf64_Shdr));
	Elf64_Ehdr header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
					 ELFDATA2LSB, EV_CURRENT},
			     .e_type = ET_REL,
			     .e_machine = EM_X86_64,
			     .e_version = EV_CURRENT,
			     .e_shoff = sizeof header,
			     .e_ehsize = sizeof header,
			     .e_shentsize = sizeof(Elf64_Shdr)};
	/* more than a u16 can say: section 0 has the number */
	Elf64_Shdr first = {.sh_size = count};
	struct kernel kernel;
	struct elf elf;

	(void)state;
	memcpy(bytes, &header, sizeof header);
	memcpy(bytes + sizeof header, &first, sizeof first);
	refused(elf_read(&arena, span_from(bytes, sizeof header + count * sizeof first), &elf,
			 &error),
		"too many sections: 65537");
	/* refused by its size alone */
	refused(kernel_read(&arena, span_from(bytes, LIMIT_KERNEL + 1), "x", NULL, NULL, &kernel,
			    &error),
		"x: too large for a kernel: 268435457 bytes");
}

static void relocations(void **state)
{
	const struct machine machine = {.elf = EM_X86_64, .bits = 64, .endian = ENDIAN_LITTLE};
	const struct made_section sections[] = {
		{".data", SHT_PROGBITS, SHF_ALLOC, repeated("x", 64), 0, 0},
		{".rela.one", SHT_RELA, 0, span_from(arena_get(&arena, 48), 48), 4, 1},
		{".rela.two", SHT_RELA, 0, span_from(arena_get(&arena, 48), 48), 4, 1},
		{".symtab", SHT_SYMTAB, 0, span_from(arena_get(&arena, 24), 24), 5, 1},
		{".strtab", SHT_STRTAB, 0, span_from(arena_get(&arena, 1), 1), 0, 0},
	};
	struct span file = made_elf(&arena, machine, ET_REL, sections, 5);
	struct kld_memory memory;
	struct elf elf;

	(void)state;
	assert_true(elf_read(&arena, file, &elf, &error));
	assert_true(kld_memory_open(&arena, &elf, file.size, &memory, &error));
	/* 96 bytes of them in a file of 95 can only be one over the other */
	assert_true(kld_memory_open(&arena, &elf, 96, &memory, &error));
	refused(kld_memory_open(&arena, &elf, 95, &memory, &error),
		"the relocation sections overlap");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configs),
		cmocka_unit_test(ucl),
		cmocka_unit_test(rows),
		cmocka_unit_test(opkg_rows),
		cmocka_unit_test(catalogue_members),
		cmocka_unit_test(meta_members),
		cmocka_unit_test(elf_files),
		cmocka_unit_test(relocations),
	};

	return cmocka_run_group_tests_name("limits of facts", tests, NULL, free_all);
}
