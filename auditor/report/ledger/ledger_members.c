/* SPDX-License-Identifier: ISC */
/* Lists members of the ledger's structs with their keys, in the order of the report. */
#include "report/ledger/ledger_members.h"

#define SUM(key, member)                                         \
	{                                                        \
		key, offsetof(struct ledger_sums, member), false \
	}
#define SINCE(key, member)                                      \
	{                                                       \
		key, offsetof(struct ledger_sums, member), true \
	}
#define TEXT(key, member)                                    \
	{                                                    \
		key, offsetof(struct finding, member), false \
	}

#define FACT(member)                                                 \
	{                                                            \
#member, offsetof(struct ledger_card, member), false \
	}

const struct ledger_member ledger_sum_members[] = {
	SUM("packages", packages),
	SUM("unrelated", unrelated),
	SUM("installed", verdict[VERDICT_INSTALLED]),
	SUM("safe", verdict[VERDICT_SAFE]),
	SUM("unsafe", verdict[VERDICT_UNSAFE]),
	SUM("unproven", verdict[VERDICT_UNPROVEN]),
	SUM("failing_unsafe", failing[VERDICT_UNSAFE]),
	SUM("failing_unproven", failing[VERDICT_UNPROVEN]),
	SUM("waived", waived),
	SUM("known", known),
	SINCE("new_findings", baseline_new),
	SINCE("unchanged_findings", baseline_unchanged),
	SINCE("fixed_findings", baseline_fixed),
	{NULL, 0, false},
};

const struct ledger_member ledger_finding_members[] = {
	TEXT("module", module),
	TEXT("subject", subject),
	TEXT("expected", expected),
	TEXT("found", found),
	TEXT("image_witness", witness[0]),
	TEXT("package_witness", witness[1]),
	TEXT("text", text),
	TEXT("settle", settle),
	{NULL, 0, false},
};

const struct ledger_member ledger_card_members[] = {
	FACT(distribution), FACT(target),     FACT(revision),	  FACT(system),	  FACT(release),
	FACT(osreldate),    FACT(ident),      FACT(architecture), FACT(vermagic), FACT(abi),
	FACT(build),	    FACT(interfaces), FACT(exports),	  FACT(config),	  FACT(modules),
	FACT(packages),	    FACT(sha256),     {NULL, 0, false},
};
