/* SPDX-License-Identifier: ISC */
/* Tests the reading of a .ko: imports, exports, modinfo, struct module, versions, signature,
 * digest, and the errors of broken files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/module/module.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "unit/made_module.h"

static struct module_reader reader_of(struct arena *arena)
{
	return (struct module_reader){
		.arena = arena, .names = arena_new(arena, struct map), .scratch = arena};
}

static struct module read_bytes(struct arena *arena, struct span bytes)
{
	struct module_reader reader = reader_of(arena);

	return module_read(&reader, "lib/modules/6.1.1/file-name.ko", "x.ipk: file-name.ko", bytes);
}

static struct module read_made(struct making *making)
{
	return read_bytes(making->arena, made(making));
}

static void check_imports(const struct module *module)
{
	bool is_mips = module->machine.elf == EM_MIPS;

	assert_int_equal(module->imports.count, is_mips ? 3 : 4);

	const struct import *import = module->imports.list + (is_mips ? 0 : 1);

	assert_string_equal(import[0].name, "kfree");
	assert_true(import[0].has_crc && !import[0].weak);
	assert_int_equal(import[0].crc, 0x11223344);
	assert_string_equal(import[1].name, "weak_one");
	assert_true(import[1].weak && !import[1].has_crc);
	assert_string_equal(import[2].name, "zero_crc");
	assert_true(import[2].has_crc);
	assert_int_equal(import[2].crc, 0);
	assert_true(module->versioned && module->has_layout);
	assert_int_equal(module->layout_crc, 0xaabbccdd);
}

static void check_exports(const struct module *module, unsigned fields)
{
	assert_int_equal(module->exports.count, 2);

	const struct export *alpha = exports_find(&module->exports, "alpha_export");
	const struct export *beta = exports_find(&module->exports, "beta_export");

	assert_non_null(alpha);
	assert_non_null(beta);
	assert_true(alpha->gpl_only && alpha->has_crc);
	assert_int_equal(alpha->crc, 0x1001);
	assert_int_equal(beta->crc, 0x1000);
	assert_null(alpha->name_space);
	if (fields == 3)
		assert_string_equal(beta->name_space, "MY_NS");
	else
		assert_null(beta->name_space);
}

static void check_modinfo(const struct modinfo *modinfo)
{
	assert_string_equal(modinfo->license, "GPL");
	assert_string_equal(modinfo->vermagic, "6.1.1 SMP mod_unload ");
	assert_int_equal(modinfo->depends.count, 2);
	assert_string_equal(modinfo->depends.list[0], "nf_nat");
	assert_string_equal(modinfo->depends.list[1], "x_tables");
	assert_int_equal(modinfo->softdep_pre.count, 2);
	assert_string_equal(modinfo->softdep_pre.list[0], "a_b");
	assert_int_equal(modinfo->softdep_post.count, 1);
	assert_int_equal(modinfo->import_ns.count, 2);
	assert_null(modinfo->srcversion);
}

static void everything(void **state)
{
	const struct shape *const shapes[] = {&mips, &x86, &arm64, &mips64};

	(void)state;
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		struct module module = read_made(make(&arena, shapes[i]));

		assert_null(module.problem);
		assert_string_equal(module.name, "file_name");
		assert_int_equal(module.machine.elf, shapes[i]->machine.elf);
		assert_int_equal(module.machine.bits, shapes[i]->machine.bits);
		assert_int_equal(module.machine.endian, shapes[i]->machine.endian);
		assert_int_equal(module.this_module.size, 384);
		assert_true(module.this_module.has_init && module.this_module.has_exit);
		assert_int_equal(module.this_module.init, 212);
		assert_int_equal(module.this_module.exit, 348);
		assert_false(module.is_signed);
		check_imports(&module);
		check_exports(&module, shapes[i]->fields);
		check_modinfo(&module.modinfo);
	}
}

/* a single relocation is init unless its symbol has another name; a library has none */
static void init_and_exit(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct making *making = make(&arena, &x86);
	struct bytes *relocations = bytes_new(&arena, x86.machine);

	(void)state;
	making->sections[THIS_REL - 1].bytes = (struct span){NULL, 0};

	struct module library = read_made(making);

	add_relocation(making, relocations, NULL, 200, 3, 0);
	making->sections[THIS_REL - 1].bytes = bytes_span(relocations);

	struct module only_init = read_made(making);
	struct making *named = make(&arena, &x86);
	struct bytes *other = bytes_new(&arena, x86.machine);

	add_relocation(named, other, NULL, 300,
		       add_symbol(named, "cleanup_module", STB_GLOBAL, TEXT, 0), 0);
	named->sections[THIS_REL - 1].bytes = bytes_span(other);

	struct module only_exit = read_made(named);

	assert_true(library.this_module.known && !library.this_module.has_init &&
		    !library.this_module.has_exit);
	assert_true(only_init.this_module.has_init && !only_init.this_module.has_exit);
	assert_int_equal(only_init.this_module.init, 200);
	assert_true(only_exit.this_module.has_exit && !only_exit.this_module.has_init);
	assert_int_equal(only_exit.this_module.exit, 300);
}

static void names(void **state)
{
	static const char nothing[] = "license=GPL";
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct making *making = make(&arena, &mips);

	(void)state;
	making->sections[MODINFO - 1].bytes = span_from(nothing, sizeof nothing);
	assert_string_equal(read_made(making).name, "own_name");
	assert_string_equal(read_bytes(&arena, SPAN_OF("")).name, "file_name");
	assert_string_equal(module_name_of_path(&arena, "a/nf-nat.ko.xz"), "nf_nat");
	assert_string_equal(module_name_of_path(&arena, "nf-nat"), "nf_nat");
	assert_true(module_is_path("a.ko") && module_is_path("x/a.ko.gz") &&
		    module_is_path("a.ko.zst"));
	assert_false(module_is_path("a.kon") || module_is_path(".ko") || module_is_path("x/.ko") ||
		     module_is_path("a.ko.bz2"));
}

static void licenses(void **state)
{
	(void)state;
	assert_true(license_is_gpl("GPL") && license_is_gpl("GPL v2") &&
		    license_is_gpl("Dual MPL/GPL"));
	assert_false(license_is_gpl("gpl") || license_is_gpl("GPLv2") ||
		     license_is_gpl("Proprietary") || license_is_gpl(NULL));
}

static void check_problem(struct making *making, const char *expected)
{
	struct module module = read_made(making);

	assert_non_null(module.problem);
	assert_string_equal(module.problem, expected);
}

static void problems(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct making *making = make(&arena, &x86);

	(void)state;
	making->sections[THIS - 1].name = ".other";
	check_problem(making, "no module found in object: no .gnu.linkonce.this_module section");
	making = make(&arena, &x86);
	making->sections[TEXT - 1].name = ".modinfo";
	check_problem(making, "only one .modinfo section must exist");
	making = make(&arena, &x86);
	making->sections[SYMTAB - 1].type = SHT_PROGBITS;
	check_problem(making, "module has no symbols (stripped?)");
	making = make(&arena, &x86);
	making->sections[THIS - 1].flags = 0;
	check_problem(making,
		      ".gnu.linkonce.this_module must occupy memory during process execution");
	making = make(&arena, &x86);
	add_symbol(making, "shared", STB_GLOBAL, SHN_COMMON, 4);
	check_problem(making, "symbol shared is common: please compile with -fno-common");
	making = make(&arena, &x86);
	making->sections[KSYMTAB_REL - 1].info = THIS;
	check_problem(making, "section __ksymtab_gpl has entries whose names cannot be read");
	making = make(&arena, &x86);
	making->sections[KSYMTAB - 1].name = "__ksymtab";
	making->sections[TEXT - 1].name = "__kflagstab";
	check_problem(making,
		      arena_format(&arena, "section __kflagstab has %zu bytes for 2 exports",
				   making->sections[TEXT - 1].bytes.size));
	making = make(&arena, &x86);
	put_number(making->strings, 'x', 1);
	check_problem(making, "the ELF symbol string table is not terminated");
}

/* A field of the ELF header, or of the header of a section, in a 64-bit file. */
enum { NO_SECTION = -1, E_TYPE = 16, E_SHOFF = 40, E_SHNUM = 60, E_SHSTRNDX = 62 };
enum { SH_NAME = 0, SH_TYPE = 4, SH_OFFSET = 24, SH_SIZE = 32, SH_LINK = 40 };

static const char *problem_with(struct arena *arena, int section, size_t field, size_t size,
				uint64_t value)
{
	struct making *making = make(arena, &x86);
	struct span whole = made(making);
	uint8_t *bytes = arena_raw(arena, whole.size);
	size_t at = field;

	memcpy(bytes, whole.data, whole.size);
	if (section != NO_SECTION)
		at += head_u64(whole, E_SHOFF, ENDIAN_LITTLE) + (size_t)section * 64;
	for (size_t i = 0; i < size; i++)
		bytes[at + i] = (uint8_t)(value >> 8 * i);
	return read_bytes(arena, span_from(bytes, whole.size)).problem;
}

/* The first CRC of __versions with bits that no CRC of a kernel has, and one with all others. */
static void wide_crcs(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	uint8_t crcs[64] = {[4] = 1}, widest[64] = {0xff, 0xff, 0xff, 0xff};
	struct making *making = make(&arena, &x86);

	(void)state;
	making->sections[VERSIONS - 1].bytes = span_from(crcs, sizeof crcs);
	check_problem(making, "section __versions has a CRC of more than 32 bits at 0x0, which no "
			      "kernel's symbol has");
	making->sections[VERSIONS - 1].bytes = span_from(widest, sizeof widest);
	assert_null(read_made(making).problem);
}

/* Sections that are writable and executable, without those whose flags a loader sets itself. */
static void writable_code(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct making *making = make(&arena, &x86);

	(void)state;
	assert_null(read_made(making).writable_code);
	making->sections[TEXT - 1].flags |= SHF_WRITE | SHF_EXECINSTR;
	assert_string_equal(read_made(making).writable_code, ".text");
	making->sections[TEXT - 1].name = ".text.ftrace_trampoline";
	assert_null(read_made(making).writable_code);
}

static void damaged_headers(void **state)
{
	static const struct {
		int section;
		size_t field, size;
		uint64_t value;
		const char *problem;
	} cases[] = {
		{NO_SECTION, E_TYPE, 2, ET_EXEC, "not a relocatable ELF file (e_type 2)"},
		{NO_SECTION, E_SHOFF, 8, 0, "no section headers"},
		{NO_SECTION, E_SHNUM, 2, 0xfeff,
		 "the section headers reach beyond the file: truncated"},
		{NO_SECTION, E_SHSTRNDX, 2, 0, "invalid ELF section name index"},
		{NO_SECTION, E_SHSTRNDX, 2, TEXT, "the ELF section names are not a string table"},
		{SECTIONS, SH_OFFSET, 8, UINT32_MAX,
		 "section .shstrtab reaches beyond the file: truncated"},
		{SECTIONS, SH_SIZE, 8, 20, "the ELF section name string table is not terminated"},
		{TEXT, SH_NAME, 4, UINT32_MAX,
		 "the name of section 1 is outside the section names"},
		{TEXT, SH_SIZE, 8, UINT32_MAX, "section .text reaches beyond the file: truncated"},
		{SYMTAB, SH_LINK, 4, 9999, "the symbol table has no string table"},
		{STRTAB, SH_TYPE, 4, SHT_SYMTAB, "only one symbol table must exist"},
		{THIS, SH_TYPE, 4, SHT_NOBITS,
		 ".gnu.linkonce.this_module section must have a size set"},
		{VERSIONS, SH_SIZE, 8, 65, "section __versions is not a whole number of entries"},
	};
	_cleanup_arena_ struct arena arena = {.top = NULL};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *problem = problem_with(&arena, cases[i].section, cases[i].field,
						   cases[i].size, cases[i].value);

		assert_non_null(problem);
		assert_string_equal(problem, cases[i].problem);
	}
}

/* Two sections may be the same bytes. Many are those of a file that takes long to read. */
static void overlapping(void **state)
{
	enum { FEW = 2, MANY = 4 };
	_cleanup_arena_ struct arena arena = {.top = NULL};
	const struct span whole = made(make(&arena, &x86));
	const size_t headers = head_u64(whole, E_SHOFF, ENDIAN_LITTLE);
	uint8_t *bytes = arena_get(&arena, whole.size);

	(void)state;
	memcpy(bytes, whole.data, whole.size);
	for (size_t i = 0; i < MANY; i++) {
		uint8_t *header =
			bytes + headers + (size_t[]){STRINGS, KSYMTAB, KCRCTAB, TEXT}[i] * 64;
		const char *problem;

		memset(header + SH_OFFSET, 0, 8);
		for (size_t byte = 0; byte < 4; byte++)
			header[SH_SIZE + byte] = (uint8_t)(whole.size / 2 >> 8 * byte);
		problem = read_bytes(&arena, span_from(bytes, whole.size)).problem;
		if (i >= MANY - 1)
			assert_string_equal(problem, "the sections overlap");
		else if (i < FEW)
			assert_true(!problem || strcmp(problem, "the sections overlap") != 0);
	}
}

/* A relocation outside of .text, one without a symbol, and one that changes nothing. */
static void damaged_relocations(void **state)
{
	static const struct {
		uint64_t offset, info;
		unsigned target;
		bool sound;
	} rows[] = {
		{8, (uint64_t)1 << 32 | 2, TEXT, true},
		{9, (uint64_t)1 << 32 | 2, TEXT, false},
		{UINT64_MAX - 7, (uint64_t)1 << 32 | 2, TEXT, false},
		{0, (uint64_t)9999 << 32 | 2, TEXT, false},
		{9, 0, TEXT, true},
		{9, (uint64_t)1 << 32 | 2, STRTAB, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		struct making *making = make(&arena, &x86);
		struct bytes *out = bytes_new(&arena, x86.machine);
		const char *problem;

		put_word(out, rows[i].offset);
		put_word(out, rows[i].info);
		put_word(out, 0);
		making->sections[making->count++] = (struct made_section){
			".rela.text", SHT_RELA, 0, bytes_span(out), SYMTAB, rows[i].target};
		problem = read_made(making).problem;
		assert_int_equal(!problem, rows[i].sound);
		assert_true(!problem ||
			    strstr(problem, "relocation 0 of section .text is outside"));
	}
}

static void damaged_symbols(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct making *making = make(&arena, &x86);

	(void)state;
	add_symbol(making, "", STB_GLOBAL, SHN_UNDEF, 0);
	assert_non_null(
		strstr(read_made(making).problem, "is undefined and has no name: data corrupted"));
	making = make(&arena, &x86);
	add_symbol(making, "lost", STB_GLOBAL, 200, 0);
	assert_non_null(
		strstr(read_made(making).problem, "is in section 200, which does not exist"));
	making = make(&arena, &x86);
	making->sections[TEXT - 1].name = ".gnu.linkonce.this_module";
	check_problem(making, "only one .gnu.linkonce.this_module section must exist");
}

static void truncated(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct span bytes = made(make(&arena, &mips));

	(void)state;
	assert_string_equal(read_bytes(&arena, SPAN_OF("")).problem, "not an ELF file");
	assert_string_equal(read_bytes(&arena, span_head(bytes, bytes.size - 1)).problem,
			    "the section headers reach beyond the file: truncated");
	for (size_t size = 0; size < bytes.size; size++)
		assert_non_null(read_bytes(&arena, span_head(bytes, size)).problem);
	/* the ELF header is enough to find the machine */
	assert_int_equal(read_bytes(&arena, span_head(bytes, 100)).machine.elf, EM_MIPS);
}

static struct module with_extended(struct arena *arena, size_t count, const char *text, size_t size)
{
	struct making *making = make(arena, &x86);
	struct bytes *crcs = bytes_new(arena, x86.machine);

	for (size_t i = 0; i < count; i++)
		put_number(crcs, 0x500 + i, 4);
	making->sections[making->count++] = (struct made_section){
		"__version_ext_crcs", SHT_PROGBITS, SHF_ALLOC, bytes_span(crcs), 0, 0};
	if (text)
		making->sections[making->count++] = (struct made_section){"__version_ext_names",
									  SHT_PROGBITS,
									  SHF_ALLOC,
									  span_from(text, size),
									  0,
									  0};
	return read_made(making);
}

/* Both tables exist: the series of the kernel decides which one is read. A CRC without a name is
 * refused by kernels that read it. */
static void extended_versions(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	static const char two[] = "kfree\0module_layout";
	struct module module = with_extended(&arena, 2, two, sizeof two);
	struct import key = {.name = NULL};

	(void)state;
	assert_null(module.problem);
	array_each(import, &module.imports)
		if (strcmp(import->name, "kfree") == 0)
			key = *import;
	assert_int_equal(key.crc, 0x11223344);
	assert_int_equal(module.layout_crc, 0xaabbccdd);
	assert_true(key.extended.known && module.extended_layout.known);
	assert_int_equal(key.extended.value, 0x500);
	assert_int_equal(module.extended_layout.value, 0x501);
	assert_int_equal(module_versions(&module, series_read("6.13.9")), VERSIONS_BASIC);
	assert_int_equal(module_versions(&module, series_read("6.14.0")), VERSIONS_EXTENDED);
	assert_int_equal(import_crc(&key, VERSIONS_BASIC).value, 0x11223344);
	assert_string_equal(with_extended(&arena, 3, two, sizeof two).extended_problem,
			    "section __version_ext_names has fewer names than __version_ext_crcs");
	assert_null(with_extended(&arena, 1, two, sizeof two).extended_problem);
	assert_string_equal(with_extended(&arena, 1, NULL, 0).extended_problem,
			    "only one of __version_ext_crcs and __version_ext_names exists");
	assert_null(with_extended(&arena, 1, NULL, 0).problem);
}

static void signature(void **state)
{
	static const char mark[] = "~Module signature appended~\n";
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct span bytes = made(make(&arena, &x86));
	struct bytes *file = bytes_new(&arena, mips.machine);

	(void)state;
	memcpy(file->data, bytes.data, bytes.size);
	file->size = bytes.size;
	put_zeros(file, 20);
	put_number(file, 0x00000200, 4);
	put_number(file, 0, 4);

	size_t size_at = put_number(file, 20, 4);

	put_text(file, mark);
	file->size--;

	struct module module = read_bytes(&arena, bytes_span(file));

	assert_null(module.problem);
	assert_true(module.is_signed);
	assert_int_equal(module.size, file->size);
	set_number(file, size_at, file->size, 4);
	assert_false(read_bytes(&arena, bytes_span(file)).is_signed);
}

/* strip-kmod, another order of symbols and other identity strings do not change it; code and
 * imports do */
static void digests(void **state)
{
	static const char other_info[] = "license=GPL\0vermagic=9.9.9 ";
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct making *making = make(&arena, &x86), *twin = make(&arena, &x86),
		      *other = make(&arena, &x86);
	struct module module = read_made(making), changed;

	(void)state;
	twin->sections[MODINFO - 1].bytes = span_from(other_info, sizeof other_info);
	add_symbol(twin, "left_over", STB_LOCAL, TEXT, 3);
	memcpy(twin->strings->data + 2, "9", 1);
	changed = read_made(twin);
	assert_true(sha256_equal(&changed.sections, &module.sections));
	assert_false(sha256_equal(&changed.file, &module.file));
	other->sections[TEXT - 1].bytes = SPAN_OF("the c0de");
	changed = read_made(other);
	assert_false(sha256_equal(&changed.sections, &module.sections));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything),
		cmocka_unit_test(init_and_exit),
		cmocka_unit_test(names),
		cmocka_unit_test(licenses),
		cmocka_unit_test(problems),
		cmocka_unit_test(wide_crcs),
		cmocka_unit_test(writable_code),
		cmocka_unit_test(damaged_headers),
		cmocka_unit_test(overlapping),
		cmocka_unit_test(damaged_relocations),
		cmocka_unit_test(damaged_symbols),
		cmocka_unit_test(truncated),
		cmocka_unit_test(extended_versions),
		cmocka_unit_test(signature),
		cmocka_unit_test(digests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
