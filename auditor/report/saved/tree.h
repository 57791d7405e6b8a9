/* SPDX-License-Identifier: ISC */
/* tree - a document of ours that was read back, written down again: out of YAML or JSON, as
 * either. Private to report/. */
#ifndef KMODAUDIT_TREE_H
#define KMODAUDIT_TREE_H

#include "base/yaml.h"
#include "report/write/emit.h"

/* NODE and all below it. JSON: it was read from JSON, where every text is in quotes. The bytes
 * are those of the first writing. */
void tree_emit(struct emit *emit, const struct yaml *node, bool json);

#endif
