/* SPDX-License-Identifier: ISC */
/* ledger_option - the difference between two kernel configs in a ledger. */
#ifndef KMODAUDIT_LEDGER_OPTION_H
#define KMODAUDIT_LEDGER_OPTION_H

#include "base/text.h"

#define LEDGER_PLACE "; in the image " /* where the members of a struct are follows it */

/* A kernel option that differs between the image and the feed's build. */
struct ledger_option {
	const char *option; /* with CONFIG_ */
	const char *before, *after; /* of the image, of the feed: "y", "m"; NULL: not set */
	bool core; /* it is =y on a side, or has a value */
	const char *by; /* the tristate that turned it on, or NULL */
	/* "struct sk_buff in include/linux/skbuff.h: _nfct", if known with LEDGER_PLACE
	 * and "232 bytes, _nfct at 104 (8 bytes)" */
	struct strings structs;
};

struct ledger_options {
	struct ledger_option *list;
	size_t count, room;
	const char *series; /* of the layout rules that told the structs; NULL: none did */
	const char *places; /* where sizes and offsets were read; NULL: the kernel has no BTF */
	bool compared; /* both configs are known */
	size_t more; /* options without a struct that are not in the list */
};

#endif
