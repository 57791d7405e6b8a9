/* SPDX-License-Identifier: ISC */
/* Reports that nobody can load a module once kern.securelevel is above 0
 * (sys/kern/kern_linker.c, kern_kldload; securelevel(7)). */
#include "checks/kld/kld_checks.h"
#include "base/text.h"

#include <string.h>

/* True if ASKED, of kld_list or loader.conf, is MODULE: "x" and "x.ko" are searched, and a
 * path is a file of its own. */
static bool is_asked(const char *asked, const struct module *module)
{
	const char *file = kld_file_name(module);
	size_t size = strlen(asked);

	if (strchr(asked, '/'))
		return text_same(asked + strspn(asked, "/"), module->path);
	return strncmp(file, asked, size) == 0 &&
	       (file[size] == '\0' || strcmp(file + size, ".ko") == 0);
}

/* True if MODULE is loaded before the level is raised: loader.conf names it, or kld_list
 * does and the level is not sysctl.conf's: rc runs sysctl, then kld, then securelevel. */
static bool is_named(const struct kld_boot *boot, const struct module *module)
{
	return (!boot->secured_early && array_any(kld, &boot->klds, is_asked(*kld, module))) ||
	       array_any(load, &boot->loads,
			 is_asked(load->file ? load->file : load->name, module));
}

/* True if MODULE, or one of the package that depends on it, is named. */
static bool is_early(const struct kld_boot *boot, const struct package *package,
		     const struct module *module, const struct examination *examination)
{
	if (is_named(boot, module))
		return true;
	for (size_t i = 0; i < package->modules.count; i++) {
		const struct linker_trial *trial = trial_of(examination, i);

		if (trial && is_named(boot, &package->modules.list[i]) &&
		    array_any(answer, &trial->answers,
			      answer->file && answer->file->module == module))
			return true;
	}
	return false;
}

void check_kld_secure(const struct world *world, const struct package *package,
		      struct examination *examination)
{
	const struct kld_boot *boot = world_image(world)->boot;
	struct arena *arena = examination->arena;
	struct fold fold = {0};
	const char *before = ""; /* what could load a module before */

	if (boot && boot->secured)
		before = boot->secured_early ? "loader.conf" : "loader.conf or kld_list";
	for (size_t i = 0; boot && boot->secured && i < package->modules.count; i++) {
		const struct module *module = &package->modules.list[i];
		struct finding *finding;

		if (!trial_of(examination, i) || is_early(boot, package, module, examination))
			continue;
		finding = examine_folded(examination, &fold, "kld-securelevel", OUTCOME_UNKNOWN,
					 module->name, "kern.securelevel");
		if (!finding)
			continue;
		finding->witness[0] = boot->secured;
		finding->witness[1] = module->witness;
		if (boot->secured_doubt)
			finding->text = arena_format(
				arena,
				"cannot know whether kldload may load %s: only a run tells what "
				"this does (%s), and it may raise kern.securelevel while the "
				"system starts, and no %s loads this module before",
				kld_file_name(module), boot->secured_doubt, before);
		else
			finding->text = arena_format(
				arena,
				"kldload: can't load %s: Operation not permitted: %s raises "
				"kern.securelevel while the system starts, and no %s loads this "
				"module before",
				kld_file_name(module), boot->secured, before);
		finding->settle = arena_format(arena,
					       "an image whose %s loads the module, or that does "
					       "not raise kern.securelevel",
					       before);
	}
}
