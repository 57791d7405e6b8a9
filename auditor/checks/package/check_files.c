/* SPDX-License-Identifier: ISC */
/* Checks that no file of a package belongs to another package (check_files), and that
 * modules it loads at boot exist (check_autoload). */
#include "checks/checks.h"
#include "checks/state/state.h"

#include <string.h>

enum { OWNERS_MOST = 16 };

/* The package managers compare owners, never contents: opkg refuses the package
 * (check_data_file_clashes); apk records it, omits the file and ends with an error
 * (apk_db_install_file). */
static void conflict_add(const struct package *package, const struct package *owner,
			 const char *path, struct examination *examination)
{
	bool hard = owner->origin == PACKAGE_INSTALLED;
	const char *id = hard ? "file-conflict" : "file-shared";
	/* each owner has one finding, which counts the further files */
	struct finding *finding =
		array_find(one, &examination->findings,
			   strcmp(one->id, id) == 0 && one->witness[0] == owner->witness &&
				   strcmp(one->expected, owner->name) == 0);

	if (finding) {
		finding->more++;
		return;
	}
	finding = examine(examination, id, OUTCOME_FAILS, NULL, path);
	finding_show(finding, owner->name, owner->witness, package->name, package->witness);
	finding->text = arena_format(examination->arena,
				     hard ? "%s is already installed by %s" : "%s is also in %s",
				     path, owner->name);
}

void check_files(const struct world *world, const struct package *package,
		 struct examination *examination)
{
	const struct package *owners[OWNERS_MOST];

	for (size_t i = 0; i < package->files.count; i++) {
		const char *path = package->files.list[i];
		size_t count = world_owners(world, package, path, owners, OWNERS_MOST);

		for (size_t j = 0; j < count && j < OWNERS_MOST; j++)
			if (strcmp(owners[j]->name, package->name) != 0 &&
			    !files_permitted(package, owners[j]))
				conflict_add(package, owners[j], path, examination);
	}
}

void check_autoload(const struct world *world, const struct package *package,
		    struct examination *examination)
{
	const char *builtin = world_image(world)->builtin_witness;
	struct provider provider;
	struct fold fold = {0};

	array_each(autoload, &package->autoload) {
		if (world_module(world, package, autoload->module, &provider) ||
		    world_builtin(world, autoload->module))
			continue;

		struct finding *finding = examine_folded(examination, &fold, "autoload",
							 builtin ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
							 NULL, autoload->module);
		if (!finding)
			continue;
		finding_show(finding, NULL, builtin, autoload->file, package->witness);
		finding->text = arena_format(examination->arena,
					     "%s loads module %s at boot, which is neither in the "
					     "image nor in the feeds%s",
					     autoload->file, autoload->module,
					     builtin ? "" : ", unless it is built into the kernel");
	}
}
