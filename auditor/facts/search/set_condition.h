/* SPDX-License-Identifier: ISC */
/* set_condition - Kconfig's expressions as far as they decide which lines a build asks for:
 * "KERNEL_IPV6 && !SMALL_FLASH", "y if (x86_64 || aarch64)". */
#ifndef KMODAUDIT_SET_CONDITION_H
#define KMODAUDIT_SET_CONDITION_H

#include "base/span.h"

/* MAYBE: it depends on a symbol that nobody here knows. */
enum truth { TRUTH_NO, TRUTH_MAYBE, TRUTH_YES };

typedef enum truth condition_symbol(const void *context, struct span name);

/* EXPRESSION with && || ! ( ) and comparisons, whose symbols SYMBOL tells; empty: yes. What is
 * no expression, or is nested more than 32 deep, is MAYBE. */
enum truth condition_truth(struct span expression, condition_symbol *symbol, const void *context);
/* What the defaults of an option come to: "y if A; n", the first that applies; none: no. */
enum truth condition_default(struct span defaults, condition_symbol *symbol, const void *context);
/* NAME stands in EXPRESSION as a whole word. */
bool condition_mentions(const char *expression, struct span name);

#endif
