/* SPDX-License-Identifier: ISC */
/* tree - writes a parsed report again, as YAML or JSON. Private to report/. */
#ifndef KMODAUDIT_TREE_H
#define KMODAUDIT_TREE_H

#include "base/yaml.h"
#include "report/write/emit.h"

/* Writes NODE with everything below it, with the same bytes as it was first written.
 * JSON: it was read from JSON, where all texts have quotes. */
void tree_emit(struct emit *emit, const struct yaml *node, bool json);

#endif
