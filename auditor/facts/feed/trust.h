/* SPDX-License-Identifier: ISC */
/* trust - verifies the signatures of feed indexes with the keys of the image or
 * of the user: OpenWrt's usign for Packages, apk's own inside packages.adb, pkg's
 * own inside data.pkg. */
#ifndef KMODAUDIT_TRUST_H
#define KMODAUDIT_TRUST_H

#include "base/error.h"
#include "base/verify.h"
#include "facts/feed/feed.h"

struct public_key {
	const char *witness;
	struct span text;
	uint8_t id[PEM_ID_SIZE]; /* zero for an EdDSA key of pkg */
};

struct public_keys {
	struct public_key *list;
	size_t count, room;
};

/* The sha256 of a public key that FreeBSD's pkg trusts, or that it has revoked. */
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
	struct public_keys pem;
	struct public_keys
		der; /* in the forms that FreeBSD's pkg writes; for its catalogues only */
	struct fingerprints fingerprints, revoked;
};

/* True if there is a key or fingerprint with which a signature can be valid. */
bool keys_any(const struct keys *keys);
/* Adds the usign, PEM or DER public key, or the fingerprint, in TEXT, which is copied.
 * In a folder named "revoked", as WITNESS tells, only fingerprints are read, and they
 * are revoked. False if it contains none. */
bool key_add(struct arena *arena, const char *witness, struct span text, struct keys *keys);
/* Adds the key in the file PATH, or the keys in all files of the directory PATH and of
 * its folders "trusted" and "revoked". Fails if there is none. */
bool keys_read(struct arena *arena, const char *path, struct keys *keys, struct error *error);

/* Verifies an index, Packages or packages.adb, in BYTES. SIGNATURE is the text of
 * Packages.sig, or empty. WHY is one clause with the reason. */
enum signature index_verify(struct arena *arena, const struct keys *keys, const char *path,
			    struct span bytes, struct span signature, const char **why);
/* Adds FOUND, one of several signatures of the same bytes, to RESULT and WHY: a valid
 * one counts most, then an invalid one, else the first. Returns true if it is valid:
 * the rest need not be read. */
bool signature_counts(enum signature found, enum signature *result, const char *found_why,
		      const char **why);
/* Verifies each feed and sets its signature and signature_why. For a feed with several
 * indexes the least trusted result counts. */
void feeds_verify(struct arena *arena, const struct keys *keys, struct feeds *feeds);

#endif
