/* SPDX-License-Identifier: ISC */
/* kconfig_parts - options and expressions in memory. Private to kconfig*.c. */
#ifndef KMODAUDIT_KCONFIG_PARTS_H
#define KMODAUDIT_KCONFIG_PARTS_H

#include "base/array.h"
#include "base/map.h"
#include "facts/kconfig/kconfig.h"

/* An expression is a row of words in postfix order, ended by a word of kind OP_END. A
 * word has an operation in its upper bits and a number below. */
enum operation {
	OP_END,
	OP_VALUE, /* 0, 1, 2 */
	OP_OPTION, /* the value of an option */
	OP_UNKNOWN, /* any value */
	OP_MENTION, /* any value, which depends on an option that was mentioned */
	OP_IS, /* y if the option has the value of the OP_VALUE before, else n */
	OP_NOT,
	OP_AND,
	OP_OR,
};

enum { OP_SHIFT = 24, EXPRESSION_MOST = 4096, STACK_MOST = 512 };
#define NO_EXPRESSION 0 /* words 0 is OP_END: true */

struct words_code {
	uint32_t *list;
	size_t count, room;
};

struct kitem {
	char kind; /* 's'elect, 'i'mply: of option VALUE; 'd'efault: expression VALUE */
	uint32_t value, condition;
};

/* One entry "config X" of the Kconfig files. */
struct kentry {
	uint32_t option;
	uint32_t depends, prompt;
	bool prompted, probe; /* its only default is asked of the compiler */
	uint32_t machines; /* bit of the letter; 0: all */
	uint32_t choice; /* 0: it is not in a choice */
	size_t item, item_count;
};

/* An entry that selects or implies an option. */
struct kselect {
	uint32_t entry, condition;
	bool implies;
};

struct kselects {
	struct kselect *list;
	size_t count, room;
};

struct knumbers {
	uint32_t *list;
	size_t count, room;
};

struct koption {
	const char *name; /* without CONFIG_ */
	char type; /* 'b', 't'; another letter: no bool or tristate; 0: it has no entry */
	struct knumbers entries;
	struct kselects selects; /* the entries that select or imply it */
	struct knumbers follows; /* options whose value may change with it */
};

struct kconfig {
	struct {
		struct koption *list;
		size_t count, room;
	} options;
	struct {
		struct kentry *list;
		size_t count, room;
	} entries;
	struct {
		struct kitem *list;
		size_t count, room;
	} items;
	struct words_code code;
	struct map numbers;
};

struct kconfig_side {
	const struct kconfig *kconfig;
	uint32_t machine; /* a bit; 0: not known */
	uint8_t *asked; /* by option: 0, or 1 + the value of its line */
	struct kconfig_range *ranges;
	uint8_t *state; /* by option: 0: not computed, 1: being computed, 2: computed */
	/* names that have lines and that the series does not have, sorted */
	struct strings foreign;
	struct strings lines; /* sorted */
	struct strings
		odd; /* lines with another value than y or m, which the hash covers too; sorted */
};

/* The bit of an architecture's letter; arm64's letter is a capital. */
static inline uint32_t kconfig_machine(char letter)
{
	return letter == 'A' ? 1U << 31 : 1U << ((letter - 'a') & 31);
}

static inline bool entry_applies(const struct kconfig_side *side, const struct kentry *entry)
{
	return entry->machines == 0 || (entry->machines & side->machine) != 0;
}

#endif
