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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(packages),
		cmocka_unit_test(targets_say_nothing),
		cmocka_unit_test(fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
