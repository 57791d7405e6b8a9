/* SPDX-License-Identifier: ISC */
/* ledger_members - members of the ledger's structs with their keys in the gate report:
 * reading, writing and adding use the same tables. Private to report/. */
#ifndef KMODAUDIT_LEDGER_MEMBERS_H
#define KMODAUDIT_LEDGER_MEMBERS_H

#include "report/ledger/ledger.h"

struct ledger_member {
	const char *key; /* NULL: the end of the table */
	size_t offset;
	bool baseline; /* only in reports with a baseline */
};

/* The numbers of struct ledger_sums, each a size_t. */
extern const struct ledger_member ledger_sum_members[];
/* The texts of struct finding, each a const char *, without its id. */
extern const struct ledger_member ledger_finding_members[];

/* The texts of struct ledger_card. */
extern const struct ledger_member ledger_card_members[];

static inline const char **ledger_card_text(struct ledger_card *card,
					    const struct ledger_member *member)
{
	return (const char **)((char *)card + member->offset);
}

static inline size_t *ledger_sum(struct ledger_sums *sums, const struct ledger_member *member)
{
	return (size_t *)((char *)sums + member->offset);
}

static inline const char **ledger_finding_text(struct finding *finding,
					       const struct ledger_member *member)
{
	return (const char **)((char *)finding + member->offset);
}

#endif
