/* SPDX-License-Identifier: ISC */
/* Tests banner, release, vermagic and machine of a kernel, read from raw bytes, ELF segments,
 * or symbols alone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/module/load.h"
#include "facts/kernel/kernel.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "unit/made_kernel.h"

static const struct kernel_form mips = {
	.machine = {EM_MIPS, 32, ENDIAN_BIG, 0}, .base = 0x80060000, .fields = 2};
static const struct kernel_form x86 = {.machine = {EM_X86_64, 64, ENDIAN_LITTLE, 0},
				       .relative = true,
				       .fields = 3,
				       .crcs = CRCS_U32};

static struct kernel read_bytes(struct arena *arena, struct span bytes, const char *architecture)
{
	struct kernel kernel;
	struct error error;

	if (!kernel_read(arena, bytes, "fw.bin: lzma", "MIPS OpenWrt Linux-6.1.192", architecture,
			 &kernel, &error))
		fail_msg("%s", error.text);
	return kernel;
}

/* the banner is the one with user, host and compiler, not the format or a text about a version */
static void banner(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel kernel =
		read_bytes(&arena, bytes_span(made_kernel(&arena, &mips).image), NULL);

	(void)state;
	assert_string_equal(kernel.release.value, "6.1.192-lab");
	assert_string_equal(
		kernel.banner.value,
		"Linux version 6.1.192-lab (lab@host) (gcc 12.2.0, GNU ld 2.40) #1 SMP Thu Jan 1");
	assert_non_null(strstr(kernel.release.witness, "fw.bin: lzma: banner at 0x"));
	assert_string_equal(kernel.label, "MIPS OpenWrt Linux-6.1.192");
	assert_int_equal(kernel.exports.table.count, EXPORTS);
	assert_null(kernel.config);
	assert_non_null(strstr(kernel.config_witness, "no IKCFG_ST"));
}

static void no_kernel(void **state)
{
	static const char *const texts[] = {
		"", "Linux version ", "Linux version %s (%s@%s) (%s) %s",
		"Linux version 2.4 or later (a@b) is needed", "\177ELF"};
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel kernel;
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_false(
			kernel_read(&arena, span_text(texts[i]), "x", NULL, NULL, &kernel, &error));
		assert_non_null(strstr(error.text, "x: no \"Linux version\" banner in"));
	}
}

/* A banner without a release, as some vendors write it: init_uts_ns has the release. */
static void release_of_uts(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	uint8_t bytes[4096] = "Linux version (vendor@host) (gcc 4.3.3) #1 Mon Aug 1";
	uint8_t *uts = bytes + 1000;

	(void)state;
	memcpy(uts, "Linux", 5);
	memcpy(uts + 65, "(none)", 6);
	memcpy(uts + 2 * 65, "2.6.36-vendor", 13);
	memcpy(uts + 3 * 65, "#1 Mon Aug 1", 12);

	struct kernel kernel = read_bytes(&arena, span_from(bytes, sizeof bytes), "mips");
	assert_string_equal(kernel.release.value, "2.6.36-vendor");
	assert_string_equal(kernel.release.witness, "fw.bin: lzma: init_uts_ns at 0x3e8");
	assert_null(kernel.banner.value);
	assert_non_null(kernel.banner.witness);

	/* fields without a valid release, or not padded with zeros: a kernel of unknown release */
	struct error error;
	memcpy(uts + 2 * 65, "unknown\0\0\0\0\0\0", 13);
	assert_true(kernel_read(&arena, span_from(bytes, sizeof bytes), "x", NULL, NULL, &kernel,
				&error));
	assert_null(kernel.release.value);
	memcpy(uts + 2 * 65, "2.6.36\0vendor", 13);
	assert_true(kernel_read(&arena, span_from(bytes, sizeof bytes), "x", NULL, NULL, &kernel,
				&error));
	assert_null(kernel.release.value);
	assert_non_null(strstr(kernel.release.witness, "names no release"));
	assert_string_equal(kernel.banner.value,
			    "Linux version (vendor@host) (gcc 4.3.3) #1 Mon Aug 1");
	assert_null(kernel.vermagic.value);

	/* vermagic begins with the release */
	memcpy(bytes + 2000, "2.6.36-vendor mod_unload MIPS32_R2 32BIT ", 41);
	assert_true(kernel_read(&arena, span_from(bytes, sizeof bytes), "x", NULL, NULL, &kernel,
				&error));
	assert_string_equal(kernel.release.value, "2.6.36-vendor");
	assert_string_equal(kernel.vermagic.value, "2.6.36-vendor mod_unload MIPS32_R2 32BIT ");
	assert_non_null(strstr(kernel.release.witness, "vermagic at 0x7d0"));

	/* a text or a format is not a banner */
	memcpy(bytes, "Linux version %s (vendor@host) (gcc) #1 SMP\0\0\0\0\0\0\0\0", 52);
	assert_false(kernel_read(&arena, span_from(bytes, sizeof bytes), "x", NULL, NULL, &kernel,
				 &error));
}

static const char *vermagic_with(struct arena *arena, const char *text)
{
	struct bytes *image = made_kernel(arena, &mips).image;

	put_number(image, 0, 1);
	put_text(image, text);
	return read_bytes(arena, bytes_span(image), NULL).vermagic.value;
}

static void vermagic(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel without =
		read_bytes(&arena, bytes_span(made_kernel(&arena, &mips).image), NULL);

	(void)state;
	assert_string_equal(vermagic_with(&arena, "6.1.192-lab SMP mod_unload MIPS32_R2 32BIT "),
			    "6.1.192-lab SMP mod_unload MIPS32_R2 32BIT ");
	assert_string_equal(vermagic_with(&arena, "6.1.192-lab preempt aarch64"),
			    "6.1.192-lab preempt aarch64");
	assert_string_equal(vermagic_with(&arena, "6.1.192-lab gcc-3.3"), "6.1.192-lab gcc-3.3");
	/* behind the last byte of an address */
	assert_string_equal(vermagic_with(&arena, "\xff"
						  "6.1.192-lab SMP "),
			    "6.1.192-lab SMP ");
	assert_null(vermagic_with(&arena, "6.1.192-lab gcc"));
	assert_null(vermagic_with(&arena, "6.1.192 SMP mod_unload "));
	assert_null(vermagic_with(&arena, "6.1.192-lab SMP: mod_unload failed"));
	assert_null(vermagic_with(&arena, "6.1.192-lab is what you run"));
	assert_null(vermagic_with(&arena, "vermagic=6.1.192-lab SMP mod_unload "));
	assert_null(without.vermagic.value);
	assert_string_equal(without.vermagic.witness,
			    "fw.bin: lzma: no string \"6.1.192-lab ...\" of a vermagic's form");
}

static void machines(void **state)
{
	static const struct kernel_form forms[] = {
		{.machine = {EM_MIPS, 32, ENDIAN_BIG, 0}, .base = 0x80060000, .fields = 2},
		{.machine = {EM_MIPS, 32, ENDIAN_LITTLE, 0}, .base = 0x80001000, .fields = 3},
		{.machine = {EM_MIPS, 64, ENDIAN_BIG, 0}, .base = 0xffffffff80100000, .fields = 2},
		{.machine = {EM_ARM, 32, ENDIAN_LITTLE, 0}, .base = 0xc0008000, .fields = 2},
		{.machine = {EM_ARM, 32, ENDIAN_BIG, 0}, .base = 0xc0008000, .fields = 3},
		{.machine = {EM_PPC, 32, ENDIAN_BIG, 0}, .base = 0xc0000000, .fields = 2},
		{.machine = {EM_AARCH64, 64, ENDIAN_LITTLE, 0}, .relative = true, .fields = 3},
		{.machine = {EM_X86_64, 64, ENDIAN_LITTLE, 0}, .relative = true, .fields = 3},
		{.machine = {EM_S390, 64, ENDIAN_BIG, 0}, .base = 0x100000, .fields = 3},
	};
	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		struct kernel kernel = read_bytes(
			&arena, bytes_span(made_kernel(&arena, &forms[i]).image), "powerpc");

		assert_int_equal(kernel.machine.elf, forms[i].machine.elf);
		assert_int_equal(kernel.machine.bits, forms[i].machine.bits);
		assert_int_equal(kernel.machine.endian, forms[i].machine.endian);
		assert_string_equal(kernel.machine_witness, "fw.bin: lzma: instructions");
	}
}

/* in the code of a machine that is not known, some words are instructions of others by chance */
static void machine_by_chance(void **state)
{
	enum { WORDS = 50000, HITS = 80 };

	(void)state;
	for (unsigned most = HITS; most <= 10 * HITS; most *= 10) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		struct bytes *image = bytes_new(&arena, mips.machine);

		for (unsigned i = 0; i < WORDS; i++)
			put_number(image, i < most ? 0xffbf0010 : 0x03020100, 4);
		put_text(image, "Linux version 4.9.1 (a@b) (gcc) #1\n");

		struct kernel kernel = read_bytes(&arena, bytes_span(image), NULL);

		assert_int_equal(kernel.machine.elf, most == HITS ? EM_NONE : EM_MIPS);
	}
}

/* with only a banner, the name in the container decides, and without it the machine is unknown */
static void machine_of_container(void **state)
{
	static const char text[] = "Linux version 4.9.1 (a@b) (gcc) #1\n";
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel told = read_bytes(&arena, span_text(text), "mips"),
		      untold = read_bytes(&arena, span_text(text), NULL);

	(void)state;
	assert_int_equal(told.machine.elf, EM_MIPS);
	assert_int_equal(told.machine.bits, 0);
	assert_string_equal(told.machine_witness, "fw.bin: lzma: container says \"mips\"");
	assert_int_equal(untold.machine.elf, EM_NONE);
	assert_string_equal(
		untold.machine_witness,
		"fw.bin: lzma: neither the header nor the instructions show the machine");
	assert_null(untold.exports.source);
	assert_non_null(untold.exports.why);
}

static void image_header(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct bytes *image = bytes_new(&arena, x86.machine);

	(void)state;
	put_zeros(image, 0x38);
	put_text(image, "ARM\x64");
	put_text(image, "Linux version 4.9.1 (a@b) (gcc) #1\n");

	struct kernel kernel = read_bytes(&arena, bytes_span(image), "arm");

	assert_int_equal(kernel.machine.elf, EM_AARCH64);
	assert_string_equal(kernel.machine_witness, "fw.bin: lzma: Image header");
}

/* the image as one PT_LOAD of an ELF file without sections */
static struct span as_segment(struct arena *arena, const struct kernel_form *form,
			      struct span image)
{
	struct bytes *out = bytes_new(arena, form->machine);
	bool wide = form->machine.bits == 64;
	unsigned header = wide ? 64 : 52;

	memcpy(out->data, "\177ELF", 4);
	out->data[4] = wide ? ELFCLASS64 : ELFCLASS32;
	out->data[5] = form->machine.endian == ENDIAN_BIG ? ELFDATA2MSB : ELFDATA2LSB;
	out->data[6] = EV_CURRENT;
	out->size = 16;
	put_number(out, ET_EXEC, 2);
	put_number(out, form->machine.elf, 2);
	put_number(out, EV_CURRENT, 4);
	put_word(out, 0);
	put_word(out, header);
	put_word(out, 0);
	put_number(out, 0, 4);
	put_number(out, header, 2);
	put_number(out, wide ? 56 : 32, 2);
	put_number(out, 1, 2);
	put_zeros(out, 6);
	put_number(out, PT_LOAD, 4);
	if (wide)
		put_number(out, 5, 4);
	put_word(out, 0x1000);
	put_word(out, form->base);
	put_word(out, form->base);
	put_word(out, image.size);
	put_word(out, image.size);
	out->size = 0x1000;
	memcpy(out->data + out->size, image.data, image.size);
	out->size += image.size;
	return bytes_span(out);
}

static void elf_segments(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct span image = bytes_span(made_kernel(&arena, &mips).image);
	struct kernel kernel = read_bytes(&arena, as_segment(&arena, &mips, image), NULL);

	(void)state;
	assert_string_equal(kernel.machine_witness, "fw.bin: lzma: ELF header");
	assert_int_equal(kernel.exports.table.count, EXPORTS);
	assert_true(kernel.exports.complete);
	assert_non_null(strstr(kernel.exports.source, "__ksymtab at 0x2000"));
}

/* What strip --only-keep-debug leaves of a kernel: symbols __ksymtab_NAME and __crc_NAME, but no
 * section contents. The CRC is the value of an absolute symbol, else in SECTION. */
static struct kernel symbols_read(struct arena *arena, uint16_t section)
{
	struct bytes *symbols = bytes_new(arena, mips.machine),
		     *strings = bytes_new(arena, mips.machine);
	const struct {
		const char *name;
		uint32_t value;
		uint16_t section;
	} list[] = {{"", 0, 0},
		    {"__ksymtab_a", 0, 1},
		    {"__ksymtab_b", 0, 2},
		    {"__crc_b", 0x1234, section}};
	struct made_section sections[] = {
		{"__ksymtab", SHT_NOBITS, SHF_ALLOC, {NULL, 0}, 0, 0},
		{"__ksymtab_gpl", SHT_NOBITS, SHF_ALLOC, {NULL, 0}, 0, 0},
		{".symtab", SHT_SYMTAB, 0, {NULL, 0}, 4, 1},
		{".strtab", SHT_STRTAB, 0, {NULL, 0}, 0, 0},
		{".rodata", SHT_PROGBITS, SHF_ALLOC,
		 SPAN_OF("Linux version 4.9.1 (a@b) (gcc) #1\n"), 0, 0},
		{"__kcrctab", SHT_NOBITS, SHF_ALLOC, SPAN_OF("12345678"), 0, 0},
	};

	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		put_number(symbols, put_text(strings, list[i].name), 4);
		put_number(symbols, list[i].value, 4);
		put_number(symbols, 0, 4);
		put_number(symbols, 0, 2);
		put_number(symbols, list[i].section, 2);
	}
	sections[2].bytes = bytes_span(symbols);
	sections[3].bytes = bytes_span(strings);
	return read_bytes(arena, made_elf(arena, mips.machine, ET_EXEC, sections, 6), NULL);
}

static void elf_symbols(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel kernel = symbols_read(&arena, SHN_ABS), later = symbols_read(&arena, 6);

	(void)state;
	assert_string_equal(kernel.exports.source, "fw.bin: lzma: symbols __ksymtab_*");
	assert_int_equal(kernel.exports.table.count, 2);
	assert_false(exports_find(&kernel.exports.table, "a")->gpl_only);
	assert_true(exports_find(&kernel.exports.table, "b")->gpl_only);
	assert_int_equal(exports_find(&kernel.exports.table, "b")->crc, 0x1234);
	assert_true(kernel.exports.crcs && kernel.exports.crcs_known);
	/* the table of CRCs is there, and its bytes are gone */
	assert_int_equal(later.exports.table.count, 2);
	assert_false(later.exports.crcs || later.exports.crcs_known);
}

/* A kernel of powerpc whose words in __kcrctab are FIRST and SECOND; the constants at
 * 0x2000 are 0x11223344 and 0x55667788. */
static struct kernel_exports crcs_read(struct arena *arena, uint32_t first, uint32_t second)
{
	static const struct machine ppc = {.elf = EM_PPC, .endian = ENDIAN_BIG, .bits = 32};
	static const uint32_t addresses[] = {0x1000, 0x2000, 0x3000, 0x4000, 0x5000};
	struct bytes *table = bytes_new(arena, ppc), *crcs = bytes_new(arena, ppc);
	struct made_section sections[] = {
		{".rodata", SHT_PROGBITS, SHF_ALLOC,
		 SPAN_OF("Linux version 5.10.9 (a@b) (gcc) #1\n"), 0, 0},
		{".data", SHT_PROGBITS, SHF_ALLOC, SPAN_OF("\x11\x22\x33\x44\x55\x66\x77\x88"), 0,
		 0},
		{"__ksymtab", SHT_PROGBITS, SHF_ALLOC, {NULL, 0}, 0, 0},
		{"__kcrctab", SHT_PROGBITS, SHF_ALLOC, {NULL, 0}, 0, 0},
		{"__ksymtab_strings", SHT_PROGBITS, SHF_ALLOC, SPAN_OF("alpha\0beta\0"), 0, 0},
	};

	put_number(table, 0x1000, 4);
	put_number(table, 0x5000, 4);
	put_number(table, 0x1004, 4);
	put_number(table, 0x5006, 4);
	put_number(crcs, first, 4);
	put_number(crcs, second, 4);
	sections[2].bytes = bytes_span(table);
	sections[3].bytes = bytes_span(crcs);

	struct span elf = made_elf(arena, ppc, ET_EXEC, sections, 5);
	struct bytes *out = bytes_new(arena, ppc);
	size_t headers = load32(elf.data + 32, ENDIAN_BIG);

	memcpy(out->data, elf.data, elf.size);
	for (size_t i = 0; i < 5; i++) {
		out->size = headers + (i + 1) * 40 + 12;
		put_number(out, addresses[i], 4);
	}
	return read_bytes(arena, span_from(out->data, elf.size), NULL).exports;
}

/* With MODULE_REL_CRCS (4.11 to 5.18) a word is the distance to the CRC. */
static void elf_crcs(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct kernel_exports plain = crcs_read(&arena, 0xc0de0001, 0xffffe000),
			      pointed = crcs_read(&arena, 0xffffe000, 0xffffe000),
			      none = crcs_read(&arena, 0xffffe000, 0xffffbffc);

	(void)state;
	assert_string_equal(pointed.source, "fw.bin: lzma: sections __ksymtab*");
	assert_int_equal(exports_find(&pointed.table, "alpha")->crc, 0x11223344);
	assert_int_equal(exports_find(&pointed.table, "beta")->crc, 0x55667788);
	assert_int_equal(exports_find(&plain.table, "alpha")->crc, 0xc0de0001);
	assert_int_equal(exports_find(&plain.table, "beta")->crc, 0xffffe000);
	/* genksyms made no CRC of beta */
	assert_int_equal(exports_find(&none.table, "alpha")->crc, 0x11223344);
	assert_int_equal(exports_find(&none.table, "beta")->crc, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(banner),
		cmocka_unit_test(release_of_uts),
		cmocka_unit_test(no_kernel),
		cmocka_unit_test(vermagic),
		cmocka_unit_test(machines),
		cmocka_unit_test(image_header),
		cmocka_unit_test(machine_by_chance),
		cmocka_unit_test(machine_of_container),
		cmocka_unit_test(elf_segments),
		cmocka_unit_test(elf_symbols),
		cmocka_unit_test(elf_crcs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
