/* SPDX-License-Identifier: ISC */
/* abi_operand - reads the operands of `kmodaudit abi` and finds their sets. */
#ifndef KMODAUDIT_ABI_OPERAND_H
#define KMODAUDIT_ABI_OPERAND_H

#include "commands/command.h"
#include "facts/search/abi_identify.h"
#include "report/hash_answer.h"

/* How operands are read. */
struct abi_asking {
	const struct abi_database *database;
	struct abi_identifier *identifier;
	const char *manifest; /* of the image, or NULL */
};

/* Reads OPERAND: a hash, the version of a package "kernel", a set, a config, an image
 * or a feed. The result has one answer, or for a feed one answer for each hash that its
 * packages name. Fails if OPERAND cannot be read or names no hash. */
bool abi_operand_read(struct arena *arena, const struct abi_asking *asking, const char *operand,
		      struct hash_answers *ret, struct error *error);

/* True if OPERAND is an abi hash, or the version of a package "kernel" that contains
 * one; sets RET_HASH. */
bool abi_is_hash(struct arena *arena, const char *operand, const char **ret_hash);
/* Returns the set of HASH as a config, which has only =y and =m lines and was not
 * completed by kconfig. */
bool abi_config(struct arena *arena, const char *hash, struct config *ret, struct error *error);

#endif
