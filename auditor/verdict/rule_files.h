/* SPDX-License-Identifier: ISC */
/* rule_files - how the files of rules/ are found and read. Private to verdict/. */
#ifndef KMODAUDIT_RULE_FILES_H
#define KMODAUDIT_RULE_FILES_H

#include "base/yaml.h"
#include "verdict/rules.h"

enum { RULES_SIZE_MOST = 4 << 20 };

/* DIR/NAME when DIR has it, else the one compiled in. */
bool rules_text(struct arena *arena, const char *dir, const char *name, const char **ret_path,
		struct span *ret, struct error *error);
/* The level that stands at KEY of ENTRY. */
bool level_read(const char *path, const struct yaml *entry, const char *key, enum level *ret,
		struct error *error);
/* Takes over what a policy file says; WHOLE: it must say which proofs are accepted. */
bool policy_take(struct arena *arena, const char *path, const struct yaml *root, bool whole,
		 struct rules *rules, struct error *error);

#endif
