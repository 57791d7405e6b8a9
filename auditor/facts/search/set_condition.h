/* SPDX-License-Identifier: ISC */
/* set_condition - evaluates those expressions of Kconfig that decide which lines a
 * build asks for: "KERNEL_IPV6 && !SMALL_FLASH", "y if (x86_64 || aarch64)". */
#ifndef KMODAUDIT_SET_CONDITION_H
#define KMODAUDIT_SET_CONDITION_H

#include "base/span.h"

/* MAYBE: it depends on a symbol whose value is not known. */
enum truth { TRUTH_NO, TRUTH_MAYBE, TRUTH_YES };

typedef enum truth condition_symbol(const void *context, struct span name);

/* Evaluates EXPRESSION with && || ! ( ) and comparisons; SYMBOL returns the value
 * of a symbol. An empty one is YES; one that is not valid or nested more than 32
 * deep is MAYBE. */
enum truth condition_truth(struct span expression, condition_symbol *symbol, const void *context);
/* Evaluates the defaults of an option, "y if A; n": the first that applies; NO if
 * there is none. */
enum truth condition_default(struct span defaults, condition_symbol *symbol, const void *context);
/* True if EXPRESSION contains NAME as a whole word. */
bool condition_mentions(const char *expression, struct span name);

#endif
