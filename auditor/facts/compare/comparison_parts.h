/* SPDX-License-Identifier: ISC */
/* comparison_parts - a comparison while it is made. Private to facts/compare/. */
#ifndef KMODAUDIT_COMPARISON_PARTS_H
#define KMODAUDIT_COMPARISON_PARTS_H

#include "facts/compare/comparison.h"

/* Adds what CHANGE means by the rules. CORE: it is =y on a side, or a value. */
void comparison_add(struct arena *arena, struct comparison *comparison,
		    const struct option_change *change, bool core);
/* Sorts what was added. */
void comparison_settle(struct comparison *comparison);

#endif
