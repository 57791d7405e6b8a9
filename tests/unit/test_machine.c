/* SPDX-License-Identifier: ISC */
/* Tests the names of machines, the machines that package architectures mean, and which
 * machines fit each other. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "facts/module/fact.h"

#include <elf.h>

static void check_name(uint16_t elf, uint8_t bits, enum endian endian, const char *expected)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct machine machine = {.elf = elf, .bits = bits, .endian = endian};
	const char *name = machine_name(&arena, machine);

	if (expected)
		assert_string_equal(name, expected);
	else
		assert_null(name);
}

static void names(void **state)
{
	(void)state;
	check_name(EM_MIPS, 32, ENDIAN_BIG, "mips");
	check_name(EM_MIPS, 32, ENDIAN_LITTLE, "mipsel");
	check_name(EM_MIPS, 64, ENDIAN_LITTLE, "mips64el");
	check_name(EM_ARM, 32, ENDIAN_BIG, "armeb");
	check_name(EM_AARCH64, 64, ENDIAN_LITTLE, "aarch64");
	check_name(EM_386, 32, ENDIAN_LITTLE, "i386");
	check_name(EM_PPC64, 64, ENDIAN_LITTLE, "powerpc64le");
	check_name(258, 64, ENDIAN_LITTLE, "loongarch64");
	check_name(42, 32, ENDIAN_LITTLE, "machine 42");
	check_name(EM_NONE, 32, ENDIAN_LITTLE, NULL);
}

static void check_package(const char *architecture, uint16_t elf, uint8_t bits, enum endian endian)
{
	struct machine machine;

	assert_true(machine_of_package(architecture, &machine));
	assert_int_equal(machine.elf, elf);
	assert_int_equal(machine.bits, bits);
	assert_int_equal(machine.endian, endian);
}

static void packages(void **state)
{
	(void)state;
	check_package("mips_24kc", EM_MIPS, 32, ENDIAN_BIG);
	check_package("mipsel_24kc", EM_MIPS, 32, ENDIAN_LITTLE);
	check_package("mips64_octeonplus", EM_MIPS, 64, ENDIAN_BIG);
	check_package("mips64el", EM_MIPS, 64, ENDIAN_LITTLE);
	check_package("arm_cortex-a7_neon-vfpv4", EM_ARM, 32, ENDIAN_LITTLE);
	check_package("armeb_xscale", EM_ARM, 32, ENDIAN_BIG);
	check_package("armhf", EM_ARM, 32, ENDIAN_LITTLE);
	check_package("aarch64_cortex-a53", EM_AARCH64, 64, ENDIAN_LITTLE);
	check_package("arm64", EM_AARCH64, 64, ENDIAN_LITTLE);
	check_package("x86_64", EM_X86_64, 64, ENDIAN_LITTLE);
	check_package("amd64", EM_X86_64, 64, ENDIAN_LITTLE);
	check_package("i386_pentium4", EM_386, 32, ENDIAN_LITTLE);
	check_package("powerpc64_e5500", EM_PPC64, 64, ENDIAN_BIG);
	check_package("powerpc_8540", EM_PPC, 32, ENDIAN_BIG);
	check_package("ppc64el", EM_PPC64, 64, ENDIAN_LITTLE);
	check_package("riscv64_riscv64", EM_RISCV, 64, ENDIAN_LITTLE);
	check_package("loongarch64_generic", 258, 64, ENDIAN_LITTLE);
}

static void targets_say_nothing(void **state)
{
	static const char *const unknown[] = {"all", "noarch", "ar71xx", "ramips",
					      "",    "mipsy",  "x86",	 "armadillo"};
	struct machine machine;

	(void)state;
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		assert_false(machine_of_package(unknown[i], &machine));
	assert_false(machine_of_package(NULL, &machine));
}

static void fit(void **state)
{
	struct machine big = {.elf = EM_MIPS, .bits = 32, .endian = ENDIAN_BIG};
	struct machine little = {.elf = EM_MIPS, .bits = 32, .endian = ENDIAN_LITTLE};
	struct machine wide = {.elf = EM_MIPS, .bits = 64, .endian = ENDIAN_BIG};
	struct machine arm = {.elf = EM_ARM, .bits = 32, .endian = ENDIAN_LITTLE};
	struct machine flags = big, unknown = {.elf = EM_NONE}, no_bits = {.elf = EM_MIPS};

	(void)state;
	flags.flags = 0x70001001;
	assert_true(machine_fits(big, flags));
	assert_false(machine_fits(big, little));
	assert_false(machine_fits(big, wide));
	assert_false(machine_fits(little, arm));
	assert_true(machine_fits(unknown, arm));
	assert_true(machine_fits(no_bits, little));
}

static void check_flags(uint16_t elf, uint8_t bits, enum endian endian, uint32_t kernel,
			uint32_t module, const char *refused)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct machine a = {.elf = elf, .bits = bits, .endian = endian, .flags = kernel}, b = a;

	b.flags = module;
	assert_int_equal(machine_fits(a, b), refused == NULL);
	if (refused)
		assert_string_equal(machine_words(&arena, b), refused);
	assert_null(strchr(machine_name(&arena, b), ' '));
}

/* Only flags with which a kernel refuses a module count. Those of a raw kernel are 0. */
static void conventions(void **state)
{
	(void)state;
	check_flags(EM_MIPS, 32, ENDIAN_BIG, 0, 0x50001000, NULL);
	check_flags(EM_MIPS, 32, ENDIAN_BIG, 0x70001001, 0, NULL);
	check_flags(EM_MIPS, 32, ENDIAN_BIG, 0, 0x00000020, "mips n32");
	check_flags(EM_MIPS, 32, ENDIAN_LITTLE, 0, 0x00002000, "mipsel o64");
	check_flags(EM_MIPS, 32, ENDIAN_LITTLE, 0x70001001, 0x00007000, "mipsel of another abi");
	check_flags(EM_MIPS, 64, ENDIAN_BIG, 0, 0x80000020, NULL);
	check_flags(EM_PPC64, 64, ENDIAN_BIG, 1, 2, "powerpc64 ELFv2");
	check_flags(EM_PPC64, 64, ENDIAN_BIG, 0, 2, NULL);
	check_flags(EM_PPC64, 64, ENDIAN_LITTLE, 2, 1, "powerpc64le ELFv1");
	check_flags(EM_ARM, 32, ENDIAN_LITTLE, 0x05000000, 0x05000400, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(packages),
		cmocka_unit_test(targets_say_nothing),
		cmocka_unit_test(fit),
		cmocka_unit_test(conventions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
