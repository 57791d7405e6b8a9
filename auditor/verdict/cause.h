/* SPDX-License-Identifier: ISC */
/* cause - which of a package's findings is the reason, and which only
 * follow from it. */
#ifndef KMODAUDIT_CAUSE_H
#define KMODAUDIT_CAUSE_H

#include "checks/finding.h"

/* FINDING goes away when another one of FINDINGS does: a symbol that is missing because
 * the package that exports it is. */
bool finding_follows(const struct findings *findings, const struct finding *finding);
/* The finding of FINDINGS that FINDING follows from, else FINDING itself. */
const struct finding *finding_cause(const struct findings *findings, const struct finding *finding);

#endif
