/* SPDX-License-Identifier: ISC */
/* vet - a feed for one image: the packages that an audit found safe, with all they need, in a
 * form that the image's own opkg installs. */
#ifndef KMODAUDIT_VET_H
#define KMODAUDIT_VET_H

#include "verdict/verdict.h"
#include "vet/feed_folder.h"
#include "vet/secret_key.h"

/* Behind a version: older than the same version without it, newer than any older one (opkg
 * libopkg/pkg.c, verrevcmp: "~" sorts before the end of the text). */
#define VET_MARK "~vetted"

struct vetted_package {
	const struct package *package; /* as it was read */
	const struct result *result; /* NULL: it has nothing to do with modules */
	bool unproven; /* only the policy lets it in */
	const char *version; /* with the mark */
	const char *file; /* its name in the feed */
	const char *stanza; /* of the index */
};

struct vetted_packages {
	struct vetted_package *list;
	size_t count, room;
};

/* A package that is safe, or that the policy names, and is not in the feed. */
struct left_out {
	const char *name, *why; /* why: one clause */
};

struct lefts_out {
	struct left_out *list;
	size_t count, room;
};

struct vetting {
	struct arena *arena;
	const struct verdicts *verdicts;
	const char *kernel; /* the version of the image's package kernel, in its own spelling */
	struct vetted_packages packages;
	struct lefts_out left;
	struct span report; /* the audit */
	const char *digest; /* sha256 of it */
	bool carried; /* it is that of the vetted feed that was given */
};

/* vet_choose.c: which packages of VERDICTS, which are all: those whose name one of ONLY matches
 * (globs; empty: all) and what they need. Fails where no feed can be written for the image at
 * all. */
bool vet_choose(struct arena *arena, const struct verdicts *verdicts, const struct strings *only,
		struct vetting *ret, struct error *error);
/* Takes out package NAME for that reason, and what needs it. */
void vet_leave(struct vetting *vetting, const char *name, const char *why);

/* vet_report.c: sets report and digest: REPORT, the audit that was just made, or that of the
 * vetted feed that all packages come from, when it says the same of them. */
void vet_report(struct vetting *vetting, struct span report);

/* vet_write.c: each package rewritten, in FOLDER; fills version, file and stanza. */
bool vet_packages_write(struct vetting *vetting, const struct feed_folder *folder,
			struct error *error);
/* Packages and what belongs to it. KEY NULL: not signed; KEY_OUT: the public key too. */
bool vet_index_write(const struct vetting *vetting, const struct feed_folder *folder,
		     const struct secret_key *key, bool key_out, struct error *error);

/* vet_words.c: what to know about the feed, as lines: for its README and the terminal. URL: where
 * the device will find it. COLOR: what is unproven is red. */
struct vet_words {
	const struct secret_key *key;
	const char *url, *path;
	bool key_out, color;
};
const char *vet_words(struct arena *arena, const struct vetting *vetting,
		      const struct vet_words *how);

#endif
