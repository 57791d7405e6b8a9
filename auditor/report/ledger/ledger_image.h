/* SPDX-License-Identifier: ISC */
/* ledger_image - what a ledger keeps of the image of a pair and of the two
 * kernel configs, from the run or from a saved report, which give the same.
 * Private to report/. */
#ifndef KMODAUDIT_LEDGER_IMAGE_H
#define KMODAUDIT_LEDGER_IMAGE_H

#include "report/ledger/ledger.h"

enum { OPTIONS_MOST = 400 };

/* The texts are in ARENA or belong to VERDICTS. */
struct ledger_card ledger_card(struct arena *arena, const struct verdicts *verdicts);

/* ledger_options.c: at most OPTIONS_MOST options without a struct. */
struct ledger_options ledger_options(struct arena *arena, const struct verdicts *verdicts);

#endif
