/* SPDX-License-Identifier: ISC */
/* Decides which Architecture words the image accepts, and which machine a word means by
 * the modules of the packages that carry it. */
#include "facts/world/world_parts.h"

#include <string.h>

void world_words(struct world *world)
{
	struct words *words = &world->words;

	array_each(member, &world->members) {
		const struct package *package = member->package;

		if (!package->architecture)
			continue;

		uint32_t at = map_put(&words->numbers, world->arena, package->architecture,
				      (uint32_t)words->count);

		if (at == words->count)
			array_add(world->arena, words);

		struct word *word = &words->list[at];
		array_each(module, &package->modules) {
			if (!module->machine.elf)
				continue;
			if (!word->module)
				word->module = module;
			word->contradicted |= !machine_fits(word->module->machine, module->machine);
		}
	}
	array_each(package, &world->installed)
		if (package->architecture)
			*array_add(world->arena, &world->installed_words) = package->architecture;
	strings_unique(&world->installed_words);
}

bool world_word_machine(const struct world *world, const char *word, struct machine *ret,
			const char **ret_witness)
{
	uint32_t at = map_get(&world->words.numbers, word);

	if (at == MAP_NONE || !world->words.list[at].module || world->words.list[at].contradicted)
		return false;
	*ret = world->words.list[at].module->machine;
	*ret_witness = world->words.list[at].module->witness;
	return true;
}

const struct strings *world_words_accepted(const struct world *world, const char **witness)
{
	const struct image *image = world->image;

	*witness = image->arches.count > 0 ? image->arches_witness : image->database_witness;
	return image->arches.count > 0 ? &image->arches : &world->installed_words;
}

enum accepted world_accepts(const struct world *world, const struct package *package)
{
	const char *witness, *word = package->architecture;
	const struct strings *words = world_words_accepted(world, &witness);

	if (!word || strcmp(word, "noarch") == 0 || strings_have(words, word))
		return ACCEPTED;
	/* if all packages of the image are for any machine, its own
	 * architecture is unknown */
	bool tells = false;
	for (size_t i = 0; i < words->count; i++)
		tells |=
			strcmp(words->list[i], "all") != 0 && strcmp(words->list[i], "noarch") != 0;
	if (strcmp(word, "all") == 0 && !package->apk)
		return ACCEPTED;
	return tells ? ACCEPTED_NOT : ACCEPTED_UNKNOWN;
}

bool world_ignored(const struct world *world, const struct package *package)
{
	uint16_t own = world->image->machine.elf;
	struct machine said;

	switch (world_accepts(world, package)) {
	case ACCEPTED:
		return false;
	case ACCEPTED_NOT:
		return true;
	case ACCEPTED_UNKNOWN:
		break;
	}
	/* whichever words it accepts, none is that of another machine */
	return own != 0 && machine_of_package(package->architecture, &said) && said.elf != own;
}
