/* SPDX-License-Identifier: ISC */
/* vet - writes a feed for one image. It contains the packages that an audit found safe,
 * with everything they need, in a form that the image's own opkg or apk installs. */
#ifndef KMODAUDIT_VET_H
#define KMODAUDIT_VET_H

#include "verdict/verdict.h"
#include "vet/apk_index_make.h"
#include "vet/feed_folder.h"
#include "vet/keys/secret_key.h"

/* Appended to a version of opkg (apk: apk_version_marked()). The result is older than
 * the version without it, and newer than every older version (opkg libopkg/pkg.c,
 * verrevcmp: "~" sorts before the end of the text). */
#define VET_MARK "~vetted"

struct vetted_package {
	const struct package *package; /* as it was read */
	const struct result *result; /* NULL: the package is unrelated to modules */
	bool unproven; /* not proven safe; included because the policy names it */
	const char *version; /* with the mark */
	const char *file; /* its name in the feed */
	const char *stanza; /* its text in the index of opkg */
	struct apk_row row; /* its row in the index of apk */
};

/* What the index is signed with: USIGN for opkg, PEM for apk; both NULL: unsigned. */
struct vet_key {
	const struct secret_key *usign;
	const struct pem_key *pem;
	bool out; /* the feed has the public key */
};

struct vetted_packages {
	struct vetted_package *list;
	size_t count, room;
};

/* A package that is safe, named by the policy or by --only, but not in the feed. */
struct left_out {
	const char *name, *why; /* why: one clause */
};

struct lefts_out {
	struct left_out *list;
	size_t count, room;
};

struct vetting {
	struct arena *arena;
	const struct verdicts *verdicts; /* on all packages */
	const struct verdicts *asked; /* on those that are asked for, as reported */
	const struct strings *only; /* globs of --only; empty: all packages are asked for */
	bool apk; /* the feed is for apk; else for opkg */
	const char *kernel; /* the version of the image's package kernel, in its own spelling */
	struct vetted_packages packages;
	struct lefts_out left;
	struct span report; /* of the audit, in YAML */
	const char *digest; /* sha256 of the report */
};

/* vet_choose.c: chooses packages from ALL, the verdicts on all packages: those with a
 * name that matches a glob of ONLY (empty: all), and what they need. ASKED are the
 * verdicts on those that match. Fails if no feed can be written for the image. */
bool vet_choose(struct arena *arena, const struct verdicts *all, const struct verdicts *asked,
		const struct strings *only, struct vetting *ret, struct error *error);
/* Removes the package NAME, the packages that need it, and what only these needed; WHY
 * is recorded. */
void vet_leave_out(struct vetting *vetting, const char *name, const char *why);
/* True if the feed lacks a package that --only names and the image does not have. */
bool vet_lacks_asked(const struct vetting *vetting);

/* vet_report.c: sets report and digest. Uses REPORT, the audit of this run, or
 * the report of the vetted feed that all packages come from if both say the
 * same about them. */
void vet_report(struct vetting *vetting, struct span report);

/* vet_write.c: rewrites each package into FOLDER; sets version, file and stanza. */
bool vet_packages_write(struct vetting *vetting, const struct feed_folder *folder,
			struct error *error);
/* Writes the index (Packages and the files beside it, or packages.adb), the report and
 * the public key. */
bool vet_index_write(const struct vetting *vetting, const struct feed_folder *folder,
		     const struct vet_key *key, struct error *error);

/* vet_words.c: describes the feed in lines, for its README and the terminal. URL: where
 * the device will find the feed. COLOR: unproven packages are red. */
struct vet_words {
	struct vet_key key;
	const char *url;
	bool color;
};
const char *vet_words(struct arena *arena, const struct vetting *vetting,
		      const struct vet_words *how);

#endif
