/* SPDX-License-Identifier: ISC */
/* trust - the keys that an image knows, or that were given, against the signatures of feeds:
 * OpenWrt's usign for Packages, apk's own inside packages.adb. */
#ifndef KMODAUDIT_TRUST_H
#define KMODAUDIT_TRUST_H

#include "base/error.h"
#include "base/verify.h"
#include "facts/feed/feed.h"

struct pem_key {
	const char *witness;
	struct span pem;
	uint8_t id[PEM_ID_SIZE];
};

struct pem_keys {
	struct pem_key *list;
	size_t count, room;
};

struct keys {
	struct usign_keys usign;
	struct pem_keys pem;
};

/* Adds the public key in TEXT, usign's or PEM; false when it holds none. TEXT is copied. */
bool key_add(struct arena *arena, const char *witness, struct span text, struct keys *keys);
/* Adds the key in the file PATH, or those of all files in the directory PATH; fails when there
 * is none. */
bool keys_read(struct arena *arena, const char *path, struct keys *keys, struct error *error);

/* What BYTES, a Packages or a packages.adb, are worth; SIGNATURE is the text of Packages.sig,
 * empty when there is none. WHY tells, in one clause. */
enum signature index_verify(struct arena *arena, const struct keys *keys, const char *path,
			    struct span bytes, struct span signature, const char **why);
/* Sets signature and its why of each feed: of several indexes those of the one that can be
 * trusted least. */
void feeds_verify(struct arena *arena, const struct keys *keys, struct feeds *feeds);

#endif
