/* SPDX-License-Identifier: ISC */
/* abi_operand - the sets that an operand of `kmodaudit abi` names. */
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

/* OPERAND is a hash, the version of a package "kernel", a set, a config, an image or a feed.
 * One answer, or of a feed one for each hash that its packages name. Fails when it cannot be
 * read or names no hash. */
bool abi_operand_read(struct arena *arena, const struct abi_asking *asking, const char *operand,
		      struct hash_answers *ret, struct error *error);

/* OPERAND, a hash or the version of a package "kernel", as a config of the lines behind it.
 * RET_TEXT: what OPERAND is not; then nothing is read. */
bool abi_is_hash(struct arena *arena, const char *operand, const char **ret_hash);
/* The set of HASH as a config: =y and =m lines only, and not completed by kconfig. */
bool abi_config(struct arena *arena, const char *hash, struct config *ret, struct error *error);

#endif
