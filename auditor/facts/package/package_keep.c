/* SPDX-License-Identifier: ISC */
/* Takes the facts of a package from an earlier run, or reads and keeps them. */
#include "facts/package/package_file.h"

/* Facts are kept with all digests, whatever image they were needed for. */
static void twins_keep(const struct module_reader *reader, struct package *package)
{
	if (!reader->twins)
		return;
	if (package->origin == PACKAGE_BARE_MODULE) {
		package->digest = (struct sha256){{0}};
		return;
	}
	array_each(module, &package->modules) {
		if (map_get(reader->twins, module->name) != MAP_NONE)
			continue;
		module->digested = false;
		module->sections = (struct sha256){{0}};
		if (!module->problem)
			module->file = (struct sha256){{0}};
	}
}

struct package package_kept(struct module_reader *reader, const char *file, struct span bytes,
			    package_reader *read)
{
	struct module_reader whole = {
		.arena = reader->arena, .names = reader->names, .scratch = reader->scratch};
	const struct package_keeper *keeper = reader->keeper;
	struct sha256 digest;
	struct package package;

	if (!keeper)
		return read(reader, file, bytes);
	digest = sha256_of(bytes);
	if (!keeper->recall(keeper->context, reader->arena, file, &digest, &package)) {
		package = read(&whole, file, bytes);
		keeper->keep(keeper->context, &package, &digest);
	}
	twins_keep(reader, &package);
	return package;
}
