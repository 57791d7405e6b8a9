#include "facts/world_parts.h"

static void word_add(struct world *world, const struct package *package)
{
	struct words *words = &world->words;
	uint32_t at = map_put(&words->numbers, world->arena, package->architecture, (uint32_t)words->count);

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

void world_words(struct world *world)
{
	array_each(member, &world->members)
		if (member->package->architecture)
			word_add(world, member->package);
	array_each(package, &world->installed)
		if (package->architecture)
			map_put(&world->installed_words, world->arena, package->architecture, 1);
}

bool world_word_machine(const struct world *world, const char *word, struct machine *ret, const char **ret_witness)
{
	uint32_t at = map_get(&world->words.numbers, word);

	if (at == MAP_NONE || !world->words.list[at].module || world->words.list[at].contradicted)
		return false;
	*ret = world->words.list[at].module->machine;
	*ret_witness = world->words.list[at].module->witness;
	return true;
}

bool world_word_installed(const struct world *world, const char *word)
{
	return map_get(&world->installed_words, word) != MAP_NONE;
}
