/* SPDX-License-Identifier: ISC */
/* pkg_key - EdDSA keys and signatures as FreeBSD's pkg writes them, which no other
 * program does. Private to facts/. */
#ifndef KMODAUDIT_PKG_KEY_H
#define KMODAUDIT_PKG_KEY_H

#include "base/span.h"

/* True if TEXT is an EdDSA public key in pkg's own form. */
bool pkg_key_is(struct span text);
/* Verifies pkg's EdDSA SIGNATURE over MESSAGE. False if KEY is not in
 * pkg's own form. */
bool pkg_key_verify(struct span key, struct span signature, struct span message);

#endif
