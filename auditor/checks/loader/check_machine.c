/* SPDX-License-Identifier: ISC */
/* Checks that modules are for the image's machine (check_machine) and that the
 * package's Architecture is one the package manager accepts (check_architecture). */
#include "base/text.h"
#include "checks/checks.h"
#include "facts/linker/linker_file.h"

static void flags_report(const struct module *module, enum since fits, const char *option,
			 const char *text, struct examination *examination)
{
	struct finding *finding;

	if (fits == SINCE_YES)
		return;
	finding = examine(examination, "machine",
			  fits == SINCE_NO ? OUTCOME_FAILS : OUTCOME_UNKNOWN, module->name, option);
	finding->witness[1] = module->witness;
	finding->text = text;
	if (fits == SINCE_UNKNOWN)
		finding->settle = "--image-config, with the config of this kernel";
}

/* The loader of ARM takes modules of both conventions (arch/arm/kernel/elf.c, elf_check_arch),
 * which align members of structs differently: neither vermagic nor CRCs show that. */
static void oabi_check(const struct world *world, const struct module *module,
		       struct examination *examination)
{
	const struct image *image = world_image(world);
	/* a module of the image that its kernel runs, and whose machine is the same */
	const struct module *own = array_find(other, &image->modules,
					      !other->problem && image_module_runs(image, other) &&
						      other->machine.elf == module->machine.elf);
	bool old = machine_is_oabi(module->machine);
	enum since alike = !own					  ? SINCE_UNKNOWN
			   : machine_is_oabi(own->machine) == old ? SINCE_YES
								  : SINCE_NO;
	const char *value = image_option(world, "CONFIG_AEABI");

	if (alike == SINCE_UNKNOWN && value)
		alike = (strcmp(value, "y") == 0) != old ? SINCE_YES : SINCE_NO;
	/* all kernels of today are built with it */
	if (alike == SINCE_UNKNOWN && !old)
		return;
	flags_report(
		module, alike, "AEABI",
		old ? "the module was built for ARM without EABI (CONFIG_AEABI), where structs "
		      "are laid out differently; the kernel must be, too"
		    : "the module was built for EABI, where structs are laid out differently, "
		      "and the kernel without it (CONFIG_AEABI)",
		examination);
}

/* arch/mips/include/asm/elf.h, elfo32_check_arch, since 3.14 */
static void fp64_check(const struct world *world, const struct module *module,
		       struct examination *examination)
{
	const char *value = image_option(world, "CONFIG_MIPS_O32_FP64_SUPPORT");
	enum since fits = !value ? SINCE_UNKNOWN : strcmp(value, "y") == 0 ? SINCE_YES : SINCE_NO;

	if (series_since(image_series(world_image(world)), 3, 14) == SINCE_NO)
		return;
	flags_report(
		module, fits, "MIPS_O32_FP64_SUPPORT",
		"Invalid architecture in ELF header (Exec format error): its code is for 64-bit "
		"floating point registers, which only a kernel with MIPS_O32_FP64_SUPPORT takes",
		examination);
}

void check_machine(const struct world *world, const struct package *package,
		   struct examination *examination)
{
	const struct image *image = world_image(world);
	struct arena *arena = examination->arena;

	array_each(module, &package->modules) {
		if (module->machine.elf == 0 ||
		    (!module->problem && module->loader != image->loader))
			continue;
		if (image->machine.elf == 0) {
			struct finding *finding = examine(examination, "machine", OUTCOME_UNKNOWN,
							  module->name, "machine");

			finding_show(finding, NULL, image->machine_witness,
				     machine_name(arena, module->machine), module->witness);
			finding->text = "the image's machine is not known, so the module's cannot "
					"be compared with it";
			finding->settle = "an image whose kernel or modules can be read";
		} else if (!machine_fits(image->machine, module->machine)) {
			const char *want = machine_words(arena, image->machine);
			const char *have = machine_words(arena, module->machine);
			struct finding *finding = examine(examination, "machine", OUTCOME_FAILS,
							  module->name, "machine");

			finding_show(finding, want, image->machine_witness, have, module->witness);
			/* the kernel's message, with the reason behind it */
			finding->text =
				image->loader == LOADER_FREEBSD
					? linker_machine_refusal(arena, image, module)
					: arena_format(arena,
						       "Invalid architecture in ELF header (Exec "
						       "format error): built for %s, the kernel is "
						       "%s",
						       have, want);
		} else if (!module->problem && image->loader == LOADER_LINUX) {
			/* what the e_flags of a module for the right machine say */
			if (machine_is_fp64(module->machine))
				fp64_check(world, module, examination);
			if (machine_is_arm(module->machine))
				oabi_check(world, module, examination);
		}
	}
}

/* Decides about an architecture such as "ar71xx", which does not name a machine, by the
 * modules of all packages that have it. */
static void word_check(const struct world *world, const struct package *package,
		       struct examination *examination)
{
	const struct image *image = world_image(world);
	const char *witness, *word = package->architecture;
	struct machine machine;

	if (image->machine.elf == 0 || !world_word_machine(world, word, &machine, &witness) ||
	    machine_fits(image->machine, machine))
		return;

	struct finding *finding =
		examine(examination, "package-architecture", OUTCOME_FAILS, NULL, "Architecture");
	finding_show(finding, machine_name(examination->arena, image->machine),
		     image->machine_witness, word, witness);
	finding->text = arena_format(
		examination->arena,
		"the package's Architecture is %s, which stands for %s according to the modules of "
		"other such packages; %s refuses it on an image for %s",
		word, machine_name(examination->arena, machine), package_manager(package),
		finding->expected);
}

/* Reports an architecture that is not among those the image accepts. */
static void word_refused(const struct world *world, const struct package *package,
			 struct examination *examination)
{
	const char *witness;
	const struct strings *words = world_words_accepted(world, &witness);
	struct finding *finding =
		examine(examination, "package-architecture", OUTCOME_FAILS, NULL, "Architecture");

	finding_show(finding, strings_join(examination->arena, words, 8), witness,
		     package->architecture, package->witness);
	finding->text = arena_format(
		examination->arena,
		"the package's Architecture is %s, which %s refuses: the image accepts %s",
		package->architecture, package_manager(package), finding->expected);
}

/* Reports that the package's word names another machine than HAVE, with TEXT. What differs
 * in byte order or size only may be a word of the vendor's own: mips_siflower is mipsel. */
static void word_differs(struct examination *examination, const struct package *package,
			 struct machine said, const struct module *module, struct machine have,
			 const char *witness)
{
	enum outcome outcome = said.elf == have.elf ? OUTCOME_UNKNOWN : OUTCOME_FAILS;
	struct finding *finding = examine(examination, "package-architecture", outcome,
					  module ? module->name : NULL, "Architecture");
	const char *manager = package_manager(package);
	struct arena *arena = examination->arena;

	finding_show(finding, machine_name(arena, have), witness, package->architecture,
		     package->witness);
	finding->text = arena_format(
		arena,
		module ? "the package's Architecture is %s, but this module in it is for %s"
		       : "the package's Architecture is %s, and the image is for %s",
		package->architecture, finding->expected);
	if (outcome == OUTCOME_UNKNOWN) {
		finding->text = arena_format(arena,
					     "%s; it is not known which words %s accepts on "
					     "the image",
					     finding->text, manager);
		finding->settle =
			"an image that states its architectures (opkg.conf, etc/apk/arch) "
			"or has installed packages";
	} else if (!module) {
		finding->text = arena_format(arena, "%s: %s refuses it", finding->text, manager);
	}
}

/* Decides by the machine, if it is unknown which architectures the image accepts. */
static void word_weigh(const struct world *world, const struct package *package,
		       struct examination *examination)
{
	const struct image *image = world_image(world);
	struct machine said;

	if (!machine_of_package(package->architecture, &said)) {
		word_check(world, package, examination);
		return;
	}

	const struct module *module = array_find(
		one, &package->modules, one->machine.elf != 0 && !machine_fits(said, one->machine));
	if (module)
		word_differs(examination, package, said, module, module->machine, module->witness);
	else if (image->machine.elf != 0 && !machine_fits(image->machine, said))
		word_differs(examination, package, said, NULL, image->machine,
			     image->machine_witness);
}

void check_architecture(const struct world *world, const struct package *package,
			struct examination *examination)
{
	if (!package->architecture)
		return;
	switch (world_accepts(world, package)) {
	case ACCEPTED:
		return;
	case ACCEPTED_NOT:
		word_refused(world, package, examination);
		return;
	case ACCEPTED_UNKNOWN:
		word_weigh(world, package, examination);
	}
}
