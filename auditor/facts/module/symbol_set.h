/* SPDX-License-Identifier: ISC */
/* symbol_set - names as layout rules fold them: beginning -> endings, a '*' at the end of one
 * for all that begin so. */
#ifndef KMODAUDIT_SYMBOL_SET_H
#define KMODAUDIT_SYMBOL_SET_H

#include "base/array.h"
#include "base/map.h"
#include "base/yaml.h"

struct symbol_set {
	struct map names;
	struct strings beginnings; /* sorted, without the star */
};

/* skb_: [put, "copy_*"] is skb_put and all that begins with skb_copy_. FOLDED may be NULL. */
void symbol_set_read(struct arena *arena, const struct yaml *folded, struct symbol_set *set);
bool symbol_set_has(const struct symbol_set *set, const char *symbol);

#endif
