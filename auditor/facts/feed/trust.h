/* SPDX-License-Identifier: ISC */
/* trust - verifies the signatures of feed indexes with the keys of the image or of the user:
 * OpenWrt's usign for Packages, apk's own inside packages.adb, pkg's own inside data.pkg. */
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

/* The sha256 of a public key that FreeBSD's pkg trusts. */
struct fingerprint {
	const char *witness;
	const char *hex;
};

struct fingerprints {
	struct fingerprint *list;
	size_t count, room;
};

struct keys {
	struct usign_keys usign;
	struct pem_keys pem;
	struct fingerprints fingerprints;
};

/* Adds the usign or PEM public key, or the fingerprint, in TEXT, which is copied. False if it
 * contains none. */
bool key_add(struct arena *arena, const char *witness, struct span text, struct keys *keys);
/* Adds the key in the file PATH, or the keys in all files of the directory PATH. Fails if there
 * is none. */
bool keys_read(struct arena *arena, const char *path, struct keys *keys, struct error *error);

/* Verifies an index, Packages or packages.adb, in BYTES. SIGNATURE is the text of Packages.sig,
 * or empty. WHY is one clause with the reason. */
enum signature index_verify(struct arena *arena, const struct keys *keys, const char *path,
			    struct span bytes, struct span signature, const char **why);
/* Adds FOUND, one of several signatures of the same bytes, to RESULT and WHY: a valid one counts
 * most, then an invalid one, else the first. Returns true if it is valid: the rest need not be
 * read. */
bool signature_counts(enum signature found, enum signature *result, const char *found_why,
		      const char **why);
/* Verifies each feed and sets its signature and signature_why. For a feed with several indexes
 * the least trusted result counts. */
void feeds_verify(struct arena *arena, const struct keys *keys, struct feeds *feeds);

#endif
