/* SPDX-License-Identifier: ISC */
/* symbol_set - a set of symbol names in the compact form of the layout
 * rules: a common prefix with a list of endings. An ending with a final '*'
 * matches every continuation. */
#ifndef KMODAUDIT_SYMBOL_SET_H
#define KMODAUDIT_SYMBOL_SET_H

#include "base/array.h"
#include "base/map.h"
#include "base/yaml.h"

struct symbol_set {
	struct map names;
	struct strings beginnings; /* the names that ended with '*', without it, sorted */
};

/* Reads FOLDED: skb_: "put copy_*", or the list [put, "copy_*"], means skb_put and
 * every name that begins with skb_copy_. FOLDED may be NULL. */
void symbol_set_read(struct arena *arena, const struct yaml *folded, struct symbol_set *set);
bool symbol_set_has(const struct symbol_set *set, const char *symbol);

#endif
