/* SPDX-License-Identifier: ISC */
/* Checks whether a kernel config can belong to given binaries, by hash, release,
 * vermagic, machine, module names and exports (tokens: include/linux/vermagic.h). */
#include "facts/compare/config_side.h"
#include "base/text.h"
#include "facts/compare/tie.h"

#include <elf.h>
#include <string.h>

static bool is_set(const struct config *config, const char *option)
{
	const char *value = config_get(config, option);

	return value && strcmp(value, "y") == 0;
}

/* Nothing tells the option's value. */
static bool is_open(const struct config *config, const char *option)
{
	return config->partial && !config_get(config, option);
}

enum hash_agreement config_hash(const struct config *config, const struct abi *abi)
{
	if (!abi || !abi->hash || !config->vermagic)
		return HASH_UNKNOWN;
	if (strcmp(config->vermagic, abi->hash) == 0)
		return HASH_AGREES;
	if (config->set_vermagic)
		return strcmp(config->set_vermagic, abi->hash) == 0 ? HASH_AGREES : HASH_DIFFERS;
	return config->resolved ? HASH_RESOLVED : HASH_DIFFERS;
}

static void against_add(struct arena *arena, struct strings *against, const char *text)
{
	*array_add(arena, against) = text;
}

/* Debian's kernel 6.1.192 has the release "6.1.0-56-amd64". Its banner contains both
 * ("#1 SMP Debian 6.1.192-1 (2026-01-01)"), and so does the name of boot/config-*. */
static bool release_in_banner(const struct config *config, const struct config_side *side)
{
	const char *at = side->banner;
	size_t size = strlen(config->release);

	if (config_named(config->witness, config->release, side->release))
		return true;
	for (; at && (at = strstr(at, config->release)); at++)
		if (at > side->banner && at[-1] == ' ' && at[size] == '-')
			return true;
	return false;
}

/* UTS_RELEASE contains CONFIG_LOCALVERSION (Linux scripts/setlocalversion), before or behind
 * which other suffixes may stand, unless make was called with KERNELRELEASE: then only the
 * config in the kernel itself is known to be its own. A release that is not from a banner may
 * lack it. */
static void suffix_compare(struct arena *arena, const struct config *config,
			   const struct config_side *side, struct strings *against)
{
	const char *value = config_get(config, "CONFIG_LOCALVERSION");
	struct span suffix = value ? span_text(value) : (struct span){NULL, 0};

	if (suffix.size <= 2 || value[0] != '"' || config->inside || !side->release ||
	    !side->banner || !strstr(side->banner, side->release) ||
	    (config->release && config_named(config->witness, config->release, side->release)))
		return;
	suffix = span_skip(span_head(suffix, suffix.size - 1), 1);
	if (span_find(span_text(side->release), 0, suffix) == SIZE_MAX)
		against_add(arena, against,
			    arena_format(arena, "CONFIG_LOCALVERSION is %s, the kernel is %s",
					 value, side->release));
}

struct token_rule {
	const char *token;
	const char *options[3]; /* any of them =y adds the token to vermagic; ends with NULL */
};

/* since 5.12 PREEMPT_BUILD adds "preempt" to vermagic, before that PREEMPT does */
static const struct token_rule tokens[] = {
	{"SMP", {"CONFIG_SMP", NULL}},
	{"preempt", {"CONFIG_PREEMPT_BUILD", "CONFIG_PREEMPT", NULL}},
	{"preempt_rt", {"CONFIG_PREEMPT_RT", NULL}},
	{"mod_unload", {"CONFIG_MODULE_UNLOAD", NULL}},
	{"modversions", {"CONFIG_MODVERSIONS", NULL}},
};

static void tokens_compare(struct arena *arena, const struct config *config, const char *vermagic,
			   struct strings *against)
{
	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
		bool there = text_has_word(vermagic, tokens[i].token), said = false, open = false;

		for (const char *const *option = tokens[i].options; *option; option++) {
			said |= is_set(config, *option);
			open |= is_open(config, *option);
		}
		if (open && !said)
			continue;
		/* a kernel with PREEMPT_RT has preempt_rt instead of preempt */
		if (strcmp(tokens[i].token, "preempt") == 0 && is_set(config, "CONFIG_PREEMPT_RT"))
			continue;
		if (there != said)
			against_add(arena, against,
				    arena_format(arena, "%s is %s, vermagic has %s'%s'",
						 tokens[i].options[0], said ? "y" : "not y",
						 there ? "" : "no ", tokens[i].token));
	}
}

struct machine_rule {
	uint16_t elf;
	const char *option;
};

static const struct machine_rule machines[] = {
	{EM_MIPS, "CONFIG_MIPS"},   {EM_ARM, "CONFIG_ARM"},	  {EM_AARCH64, "CONFIG_ARM64"},
	{EM_386, "CONFIG_X86"},	    {EM_X86_64, "CONFIG_X86_64"}, {EM_PPC, "CONFIG_PPC"},
	{EM_PPC64, "CONFIG_PPC64"}, {EM_RISCV, "CONFIG_RISCV"},
};

static void machine_compare(struct arena *arena, const struct config *config,
			    struct machine machine, struct strings *against)
{
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
		if (machine.elf == machines[i].elf && !is_set(config, machines[i].option) &&
		    !is_open(config, machines[i].option))
			against_add(
				arena, against,
				arena_format(arena,
					     "%s is not y, but the kernel is of that architecture",
					     machines[i].option));
	if (machine.bits && !is_open(config, "CONFIG_64BIT") &&
	    machine.bits != (is_set(config, "CONFIG_64BIT") ? 64 : 32))
		against_add(arena, against,
			    arena_format(arena, "CONFIG_64BIT is %s, the kernel has %d bits",
					 is_set(config, "CONFIG_64BIT") ? "y" : "not y",
					 machine.bits));
	if (machine.elf == EM_MIPS && !is_open(config, "CONFIG_CPU_BIG_ENDIAN") &&
	    is_set(config, "CONFIG_CPU_BIG_ENDIAN") != (machine.endian == ENDIAN_BIG))
		against_add(arena, against,
			    arena_format(arena,
					 "CONFIG_CPU_BIG_ENDIAN is %s, the kernel is %s-endian",
					 machine.endian == ENDIAN_BIG ? "not y" : "y",
					 machine.endian == ENDIAN_BIG ? "big" : "little"));
}

/* Among this many modules one may share its name with an unrelated option: isdn.ko is
 * not built by CONFIG_ISDN. */
enum { NAMESAKES_PER = 20 };

/* The options that build the modules NAMES and have the value WRONG in CONFIG.
 * RET_RIGHT gets the number of options whose value is y or m and not WRONG. */
static struct strings names_with(struct arena *arena, const struct config *config,
				 const struct config_side *side, const struct strings *names,
				 const char *wrong, size_t *ret_right)
{
	struct strings found = {0};

	*ret_right = 0;
	for (size_t i = 0; names && i < names->count; i++) {
		struct module_option found_option =
			module_option_get(arena, side->options, config, names->list[i]);
		const char *value = found_option.value;

		if (found_option.several && *wrong != 'y' && !side->rules)
			continue;
		if (value && strcmp(value, wrong) == 0)
			*array_add(arena, &found) = found_option.option;
		else if (value && (*value == 'y' || *value == 'm'))
			++*ret_right;
	}
	return found;
}

/* Options that a complete config leaves off although their modules exist. kconfig
 * writes every option that can be set, so an option that is not mentioned counts only
 * if it changes structs: the module may be an unrelated one with the same name. Only
 * options of the series' own sources count, except those with modules that often come
 * from other sources. */
static struct strings names_unset(struct arena *arena, const struct config *config,
				  const struct config_side *side)
{
	struct strings found = {0};

	if (!side->rules || (!config->resolved && !config->partial))
		return found;
	for (size_t i = 0; side->modules && i < side->modules->count; i++) {
		struct module_option option =
			module_option_get(arena, side->options, config, side->modules->list[i]);
		struct struct_changes changes = {0};

		if (option.value ? strcmp(option.value, "n") != 0 : config->partial)
			continue;
		/* two builds that differ in an option that changes structs do not fit */
		if (!option.value)
			layout_changes(arena, side->rules, option.option, "n", "m", &changes);
		if (!option.value && changes.count == 0)
			continue;
		if (layout_option(side->rules, option.option) == OPTION_KNOWN &&
		    !option_outside(side->options, option.option))
			*array_add(arena, &found) = option.option;
	}
	return found;
}

static void names_compare(struct arena *arena, const struct config *config,
			  const struct config_side *side, struct strings *against)
{
	size_t right, off_right;
	struct strings files = names_with(arena, config, side, side->modules, "y", &right);

	for (size_t i = 0; i < files.count && files.count * NAMESAKES_PER > right; i++)
		against_add(arena, against,
			    arena_format(arena, "%s=y, but the module exists as a file",
					 files.list[i]));

	/* a module of the kernel's own tree exists only if its option is set */
	struct strings off = names_with(arena, config, side, side->intree, "n", &off_right);
	if (off.count == 0 || config->partial)
		off = names_unset(arena, config, side);
	/* of many packages one may have brought its own version of a module: that
	 * speaks against the package (world_set_lacks), not against all of them */
	if (config->partial && off.count * NAMESAKES_PER <= right)
		off.count = 0;
	for (size_t i = 0; i < off.count; i++)
		against_add(arena, against,
			    arena_format(arena, "%s is not set, but the module exists as a file",
					 off.list[i]));

	/* an option that is =m builds a module, not a built-in */
	struct strings builtin = names_with(arena, config, side, side->builtin, "m", &right);
	for (size_t i = 0; i < builtin.count; i++)
		against_add(arena, against,
			    arena_format(arena, "%s=m, but modules.builtin lists it as built in",
					 builtin.list[i]));
	if (!config->partial)
		return;
	builtin = names_with(arena, config, side, side->builtin, "n", &right);
	for (size_t i = 0; i < builtin.count; i++)
		against_add(arena, against,
			    arena_format(arena,
					 "%s is not set, but modules.builtin lists it as built in",
					 builtin.list[i]));
}

/* Among this many options that agree with the exports one may disagree, because the
 * rules do not know every condition of an export. */
enum { EXPORTS_PER = 20 };

/* One sentence is enough: the kernel exports a symbol that only an option adds which
 * CONFIG does not set. */
static void exports_compare(struct arena *arena, const struct config *config,
			    const struct config_side *side, struct strings *against)
{
	struct effects effects = layout_effects(arena, side->rules);
	const struct effect *first = NULL; /* that disagrees */
	const char *last = "";
	size_t right = 0, wrong = 0;

	array_each(effect, &effects) {
		bool on = is_set(config, effect->option);

		if (is_open(config, effect->option) ||
		    !exports_find(&side->exports->table, effect->symbol) ||
		    strcmp(last, effect->option) == 0)
			continue;
		last = effect->option;
		right += on;
		wrong += !on;
		if (!on && !first)
			first = effect;
	}
	if (wrong == 0 || (config->partial && wrong * EXPORTS_PER <= right))
		return;
	against_add(arena, against,
		    arena_format(arena,
				 "%s is not y, but the kernel exports %s, which only that option "
				 "adds",
				 first->option, first->symbol));
}

void config_contradictions(struct arena *arena, const struct config *config,
			   const struct config_side *side, struct strings *against)
{
	if (side->release && config->release && !release_extends(side->release, config->release) &&
	    !release_in_banner(config, side))
		against_add(arena, against,
			    arena_format(arena, "it is for %s, the kernel is %s", config->release,
					 side->release));
	suffix_compare(arena, config, side, against);
	if (compiler_compare(config, side->banner) == COMPILER_DIFFERS)
		against_add(
			arena, against,
			arena_format(
				arena,
				"it names the compiler %s, the kernel was built with another: %s",
				config_get(config, "CONFIG_CC_VERSION_TEXT"), side->banner));
	if (side->vermagic)
		tokens_compare(arena, config, side->vermagic, against);
	machine_compare(arena, config, side->machine, against);
	if (side->exports && side->exports->source && side->exports->crcs_known &&
	    !is_open(config, "CONFIG_MODVERSIONS") &&
	    side->exports->crcs != is_set(config, "CONFIG_MODVERSIONS"))
		against_add(arena, against,
			    arena_format(arena, "CONFIG_MODVERSIONS is %s, the export table has %s",
					 side->exports->crcs ? "not y" : "y",
					 side->exports->crcs ? "CRCs" : "no CRCs"));
	names_compare(arena, config, side, against);
	if (config->cut)
		against_add(arena, against,
			    arena_format(arena, "its end is missing: %s", config->cut));
	if (config->resolved && config->edited)
		against_add(arena, against,
			    arena_format(arena, "it was edited, kconfig did not write this: %s",
					 config->edited));
	/* a config that kconfig has not completed lacks options that others select */
	if (side->rules && side->exports && (config->resolved || config->partial) &&
	    (!config->release || layout_rules_of(side->rules, config->release)))
		exports_compare(arena, config, side, against);
	if (config_hash(config, side->abi) == HASH_DIFFERS)
		against_add(
			arena, against,
			arena_format(arena, "it hashes to %s, the packages say %s",
				     config->set_vermagic ? config->set_vermagic : config->vermagic,
				     side->abi->hash));
}
