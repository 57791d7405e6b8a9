/* SPDX-License-Identifier: ISC */
/* Tests which relocation types and sections of a module are accepted for each machine, and what
 * its code and symbols show of compiler flags. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/module/module.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "unit/made_module.h"

static const struct shape shapes[] = {
	{{EM_386, 32, ENDIAN_LITTLE, 0}, false, 4, 2},
	{{EM_X86_64, 64, ENDIAN_LITTLE, 0}, true, 8, 2},
	{{EM_ARM, 32, ENDIAN_LITTLE, 0}, false, 4, 2},
	{{EM_ARM, 32, ENDIAN_BIG, 0}, false, 4, 2},
	{{EM_AARCH64, 64, ENDIAN_LITTLE, 0}, true, 8, 2},
	{{EM_MIPS, 32, ENDIAN_BIG, 0}, false, 4, 2},
	{{EM_PPC, 32, ENDIAN_BIG, 0}, true, 4, 2},
	{{EM_PPC64, 64, ENDIAN_LITTLE, 0}, true, 8, 2},
	{{EM_RISCV, 64, ENDIAN_LITTLE, 0}, true, 8, 2},
	{{EM_LOONGARCH, 64, ENDIAN_LITTLE, 0}, true, 8, 2},
	{{EM_S390, 64, ENDIAN_BIG, 0}, true, 8, 2},
	{{EM_ARCV2, 32, ENDIAN_LITTLE, 0}, true, 4, 2},
	{{EM_SPARCV9, 64, ENDIAN_BIG, 0}, true, 8, 2},
};

static const struct shape *shape_of(uint16_t elf)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (shapes[i].machine.elf == elf)
			return &shapes[i];
	return NULL;
}

/* A module with one relocation of that type, in .text or in another section. */
static struct relocations read_one(struct arena *arena, const struct shape *shape, unsigned type,
				   unsigned target, bool rela)
{
	struct module_reader reader = {
		.arena = arena, .names = arena_new(arena, struct map), .scratch = arena};
	struct making *making = make(arena, shape);
	struct bytes *out = bytes_new(arena, shape->machine);

	put_word(out, 0);
	put_word(out, shape->machine.bits == 32 ? 1 << 8 | type : (uint64_t)1 << 32 | type);
	if (rela)
		put_word(out, 0);
	making->sections[KSYMTAB_REL - 1].type = making->sections[THIS_REL - 1].type = SHT_PROGBITS;
	making->sections[making->count++] = (struct made_section){
		".rel.text", rela ? SHT_RELA : SHT_REL, 0, bytes_span(out), SYMTAB, target};
	return module_read(&reader, "x.ko", "x.ko", made(making)).relocations;
}

static void types(void **state)
{
	static const struct {
		uint16_t elf;
		unsigned type;
		bool refused;
		unsigned major, minor; /* 0: of all series */
	} rows[] = {
		{EM_386, 2, false, 0, 0},	 {EM_386, 4, false, 5, 12},
		{EM_386, 3, true, 0, 0},	 {EM_X86_64, 11, false, 0, 0},
		{EM_X86_64, 4, false, 4, 16},	 {EM_X86_64, 9, true, 0, 0},
		{EM_ARM, 43, false, 0, 0},	 {EM_ARM, 45, false, 5, 11},
		{EM_ARM, 96, true, 0, 0},	 {EM_AARCH64, 293, false, 0, 0},
		{EM_AARCH64, 311, true, 0, 0},	 {EM_AARCH64, 281, true, 0, 0},
		{EM_MIPS, 61, false, 0, 0},	 {EM_MIPS, 248, true, 0, 0},
		{EM_MIPS, 9, true, 0, 0},	 {EM_PPC, 26, false, 0, 0},
		{EM_PPC, 18, true, 0, 0},	 {EM_PPC64, 252, false, 0, 0},
		{EM_PPC64, 116, false, 6, 4},	 {EM_PPC64, 67, true, 0, 0},
		{EM_RISCV, 19, false, 0, 0},	 {EM_RISCV, 55, false, 6, 7},
		{EM_RISCV, 43, true, 0, 0},	 {EM_RISCV, 29, true, 0, 0},
		{EM_LOONGARCH, 66, false, 0, 0}, {EM_LOONGARCH, 99, false, 6, 5},
		{EM_LOONGARCH, 100, true, 0, 0}, {EM_S390, 20, false, 0, 0},
		{EM_S390, 12, true, 0, 0},	 {EM_S390, 59, false, 0, 0},
		{EM_ARCV2, 27, false, 0, 0},	 {EM_ARCV2, 2, true, 0, 0},
		{EM_SPARCV9, 200, false, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		const struct shape *shape = shape_of(rows[i].elf);
		struct relocations found = read_one(&arena, shape, rows[i].type, TEXT, shape->rela);

		assert_int_equal(found.refused != NULL, rows[i].refused);
		assert_int_equal(found.late != NULL, rows[i].major != 0);
		if (!found.late)
			continue;
		assert_int_equal(found.since.major, rows[i].major);
		assert_int_equal(found.since.minor, rows[i].minor);
	}
}

/* i386 applies no RELA, x86-64 no REL, MIPS both; sections that are not loaded are ignored */
static void sections(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};

	(void)state;
	assert_string_equal(read_one(&arena, shape_of(EM_386), 1, TEXT, true).refused,
			    "RELA relocation unsupported: section .rel.text");
	assert_non_null(read_one(&arena, shape_of(EM_X86_64), 1, TEXT, false).refused);
	assert_null(read_one(&arena, shape_of(EM_MIPS), 2, TEXT, true).refused);
	assert_null(read_one(&arena, shape_of(EM_X86_64), 9, MODINFO, true).refused);
	assert_null(read_one(&arena, shape_of(EM_X86_64), 9, STRTAB, true).refused);
	assert_string_equal(read_one(&arena, shape_of(EM_X86_64), 9, TEXT, true).refused,
			    "Unknown relocation type 9 in section .rel.text");
	assert_true(read_one(&arena, shape_of(EM_LOONGARCH), 100, TEXT, true).grows);
	assert_false(read_one(&arena, shape_of(EM_X86_64), 9, TEXT, true).grows);
}

/* The marks of a module with CODE, four words, and a symbol of that name behind the second one; and
 * one, of a function or not, behind the last one. */
static unsigned marks_beside(const struct shape *shape, const uint32_t code[4], const char *name,
			     unsigned type)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct module_reader reader = {
		.arena = &arena, .names = arena_new(&arena, struct map), .scratch = &arena};
	struct making *making = make(&arena, shape);
	struct bytes *out = bytes_new(&arena, shape->machine);

	for (size_t i = 0; i < 4; i++)
		put_number(out, code[i], 4);
	making->sections[TEXT - 1].bytes = bytes_span(out);
	making->sections[TEXT - 1].flags |= SHF_EXECINSTR;
	add_symbol(making, name, STB_GLOBAL, TEXT, 8);
	add_symbol(making, "beside", STB_LOCAL, TEXT, 16);
	making->symbols->data[making->symbols->size - 20] |= (uint8_t)type;
	return module_read(&reader, "x.ko", "x.ko", made(making)).marks;
}

static unsigned marks_of(const struct shape *shape, const uint32_t code[4], const char *name)
{
	return marks_beside(shape, code, name, STT_NOTYPE);
}

/* ret, nop; add x18, x0, #1; ldp x0, x18, [x1]; b to 18 words on; str x30, [x18], #8 */
enum { RET = (int)0xd65f03c0, ADD = (int)0x91000412, LDP = (int)0xa9404820, B = 0x14000012 };
enum { SPARES = MARK_STACK | MARK_SPARES };

static void marks(void **state)
{
	const uint32_t ret = (uint32_t)RET, push = 0xf800865e, type = 0x36b1c5a6,
		       normal = 0x6fbb3035, leave = 0xa540670c, normal_leave = 0xe5c47d60,
		       pop = 0xf85f8e5e;
	const struct {
		uint32_t code[4];
		const char *name;
		unsigned marks;
	} rows[] = {
		{{ret, ret, ret, ret}, "init_module", SPARES},
		{{ret, B, ret, ret}, "init_module", SPARES},
		{{ret, (uint32_t)ADD, ret, ret}, "init_module", 0},
		{{ret, (uint32_t)LDP, ret, ret}, "init_module", 0},
		{{push, ret, pop, ret}, "init_module", MARK_STACK},
		{{push, (uint32_t)ADD, ret, ret}, "init_module", 0},
		{{ret, type, ret, ret}, "init_module", MARK_CFI | SPARES},
		{{normal, ret, ret, ret}, "init_module", MARK_CFI | MARK_NORMAL | SPARES},
		{{ret, ret, ret, type}, "init_module", SPARES},
		{{ret, leave, ret, ret}, "init_module", SPARES},
		{{ret, leave, ret, ret}, "cleanup_module", MARK_CFI | SPARES},
		{{ret, normal_leave, ret, ret}, "cleanup_module", MARK_CFI | MARK_NORMAL | SPARES},
		{{ret, type, ret, ret}, "other", SPARES},
		{{ret, ret, ret, ret}, "__cfi_check", MARK_CFI | SPARES},
		{{ret, ret, ret, ret}, "__kcfi_typeid_foo", MARK_CFI | SPARES},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(marks_of(&arm64, rows[i].code, rows[i].name), rows[i].marks);
	/* types are looked for in front of functions of arm64, symbols everywhere */
	assert_int_equal(marks_of(&x86, rows[6].code, "init_module"), 0);
	assert_int_equal(marks_of(&mips, rows[0].code, "__cfi_check"), MARK_CFI);
}

/* Types of functions, in front of them and of instructions for ftrace, are no instructions. */
static void types_of_functions(void **state)
{
	const uint32_t ret = (uint32_t)RET, type = 0x36b1c5a6, nop = 0xd503201f,
		       like = (uint32_t)ADD;
	const struct {
		uint32_t code[4];
		const char *name;
		unsigned beside, marks;
	} rows[] = {
		{{ret, type, ret, like}, "init_module", STT_FUNC, MARK_CFI | SPARES},
		{{like, nop, ret, ret}, "__cfi_check", STT_FUNC, MARK_CFI},
		{{ret, like, nop, nop}, "__cfi_check", STT_FUNC, MARK_CFI | SPARES},
		{{ret, ret, like, nop}, "__cfi_check", STT_FUNC, MARK_CFI | SPARES},
		{{like, nop, nop, nop}, "__cfi_check", STT_FUNC, MARK_CFI},
		{{ret, like, ret, nop}, "__cfi_check", STT_FUNC, MARK_CFI},
		/* without symbols of functions, or without CFI, they are instructions */
		{{ret, type, ret, like}, "init_module", STT_OBJECT, MARK_CFI},
		{{ret, ret, ret, like}, "init_module", STT_FUNC, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(marks_beside(&arm64, rows[i].code, rows[i].name, rows[i].beside),
				 rows[i].marks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(types), cmocka_unit_test(sections),
					   cmocka_unit_test(marks),
					   cmocka_unit_test(types_of_functions)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
