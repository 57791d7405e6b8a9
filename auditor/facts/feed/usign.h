/* SPDX-License-Identifier: ISC */
/* usign - OpenWrt's signatures, compatible with OpenBSD's signify: keys in
 * etc/opkg/keys, and Packages.sig. */
#ifndef KMODAUDIT_USIGN_H
#define KMODAUDIT_USIGN_H

#include "base/array.h"

enum signature { SIGNATURE_NONE, SIGNATURE_VALID, SIGNATURE_INVALID, SIGNATURE_UNKNOWN_KEY };

enum { USIGN_FINGERPRINT = 8 };

struct usign_key {
	const char *witness; /* "fw.bin: squashfs at 0x150000: etc/opkg/keys/9a2b..." */
	struct span fingerprint; /* 8 bytes that identify the key */
	struct span key; /* Ed25519 public key */
};

struct usign_keys {
	struct usign_key *list;
	size_t count, room;
};

/* Adds the public key in TEXT. False if it contains none. */
bool usign_key_add(struct arena *arena, const char *witness, struct span text,
		   struct usign_keys *keys);

/* Verifies MESSAGE, the bytes of Packages, with SIGNATURE, the text of Packages.sig.
 * WHY is one clause with the reason. */
enum signature usign_verify(struct arena *arena, const struct usign_keys *keys,
			    struct span signature, struct span message, const char **why);
/* Why a signature by the key NAME proves nothing, where COUNT other keys are known. */
const char *usign_unknown(struct arena *arena, const char *name, size_t count);

#endif
