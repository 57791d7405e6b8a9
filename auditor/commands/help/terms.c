/* SPDX-License-Identifier: ISC */
/* Explains the words of reports (verdicts, levels, proofs) for
 * `kmodaudit rules WORD`. */
#include "commands/help/terms.h"

static const struct term {
	const char *name, *text;
} terms[] = {
	{"symbol-crcs",
	 "a proof: kernel and modules have CRCs (MODVERSIONS), and the CRC of every symbol that "
	 "the modules import equals the kernel's. The module loader compares the same CRCs."},
	{"identity",
	 "a proof: the package names the version and the config hash of the image's kernel "
	 "package, so both come from one build, and nothing in the modules contradicts that."},
	{"osreldate",
	 "a proof, on FreeBSD: every module of the package was built for the version of the "
	 "image's kernel, a release, and finds all its symbols."},
	{"osreldate-branch",
	 "a proof, on FreeBSD: the same on -CURRENT or -STABLE, where one version covers weeks of "
	 "changes. Only the policy lenient accepts it."},
	{"config-core", "a proof: the kernel configs of both sides are known, and differ in "
			"nothing that changes a struct or a function that the modules use."},
	{"config-hash",
	 "a proof: the lines behind the config hashes of image and package are known, differ in "
	 "nothing that changes a struct or a function that the modules use, and both were built "
	 "from the same sources."},
	{"declared", "a proof: whoever provides the kernel declares that it supports modules of "
		     "this build (--providers)."},
	{"twins", "a proof: modules that both the image and the feed have are equal, and import "
		  "the same symbols. Only the policy lenient accepts it."},
	{"installed", "a verdict: the image already contains this package."},
	{"safe", "a verdict: an accepted proof holds for every module of the package and of "
		 "everything that it needs."},
	{"unproven",
	 "a verdict: nothing contradicts the package, but no accepted proof holds, or something "
	 "that it needs could not be checked. The report names the input that would settle it."},
	{"unsafe", "a verdict: a finding of level error stands: the kernel would refuse the "
		   "modules or not find them, they were built for another kernel, or the package "
		   "cannot be installed beside what the image has."},
	{"error", "a level: the finding makes a package unsafe; of the image or a feed, it fails "
		  "the audit."},
	{"unknown", "a level: the check could not be made, so that the package is unproven."},
	{"warning", "a level: the finding is worth knowing; no verdict depends on it."},
	{"note", "a level: the finding is a fact of the package; no verdict depends on it."},
	{"witness", "the place of the bytes that a statement comes from: a file, and the path or "
		    "offset inside it."},
};

const char *term_text(const char *name)
{
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
		if (strcmp(terms[i].name, name) == 0)
			return terms[i].text;
	return NULL;
}

void terms_names(struct arena *arena, struct strings *names)
{
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
		*array_add(arena, names) = terms[i].name;
}
