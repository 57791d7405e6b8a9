/* SPDX-License-Identifier: ISC */
/* abi_hints - what addresses and paths tell about a build. A search only starts from
 * that; the md5 of a set shows whether it is right. */
#ifndef KMODAUDIT_ABI_HINTS_H
#define KMODAUDIT_ABI_HINTS_H

#include "facts/search/abi_identify.h"

/* Sets the release and target of QUESTION, where they are not known, from the
 * first address or path in TEXT that names them as OpenWrt's download server
 * does: ".../releases/24.10.0/targets/ath79/generic/packages". The strings are
 * put into ARENA. */
void abi_hints_read(struct arena *arena, struct span text, struct abi_question *question);

#endif
