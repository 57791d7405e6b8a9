/* SPDX-License-Identifier: ISC */
/* Decides which findings of a package follow from another one, such as a missing symbol from a
 * missing package. */
#include "verdict/cause.h"

#include <string.h>

/*
 * opkg and apk put the modules of a needed package where the loader finds them; so what a
 * needed package brings is missing wherever that package is:
 *
 *   package-depends (kmod-mii) -> module-depends (mii) -> symbol-missing (generic_mii_ioctl)
 *
 * A missing symbol that is sure (OUTCOME_FAILS) follows from no package: all modules that its
 * module depends on are there.
 *
 * A module of another release lies in another directory, has another vermagic and differs in
 * whatever changed between the two:
 *
 *   kernel-release -> modules-directory, vermagic, this-module, symbol-crc, ...
 */
static bool is_one_of(const struct finding *finding, const char *const *ids)
{
	for (; *ids; ids++)
		if (strcmp(finding->id, *ids) == 0)
			return true;
	return false;
}

static bool is_broken(const struct finding *finding)
{
	return finding->outcome == OUTCOME_UNKNOWN || finding->outcome == OUTCOME_FAILS;
}

static const struct finding *find(const struct findings *findings, const char *id,
				  const char *module)
{
	array_each(finding, findings)
		if (is_broken(finding) && strcmp(finding->id, id) == 0 &&
		    (!module || (finding->module && strcmp(finding->module, module) == 0)))
			return finding;
	return NULL;
}

static const struct finding *cause_in_packages(const struct findings *findings,
					       const struct finding *finding)
{
	static const char *const symbols[] = {"symbol-missing", "symbol-hidden", NULL};
	bool symbol = is_one_of(finding, symbols) && finding->outcome == OUTCOME_UNKNOWN;
	const struct finding *cause = NULL;

	if (symbol || strcmp(finding->id, "module-depends") == 0)
		cause = find(findings, "package-depends", NULL);
	if (!cause && symbol)
		cause = find(findings, "module-depends", finding->module);
	return cause;
}

static const struct finding *cause_in_release(const struct findings *findings,
					      const struct finding *finding)
{
	static const char *const ids[] = {
		"modules-directory",  "vermagic",	  "this-module",
		"module-layout",      "module-versions",  "symbol-missing",
		"symbol-crc",	      "symbol-hidden",	  "symbol-gpl",
		"symbol-namespace",   "symbol-duplicate", "already-builtin",
		"symbol-unversioned", "layout-changed",	  NULL};
	const struct finding *cause;

	if (!is_one_of(finding, ids))
		return NULL;
	cause = find(findings, "kernel-release", finding->module);
	if (!cause)
		cause = find(findings, "kernel-release", NULL);
	return cause && (!cause->module || finding->module == NULL ||
			 strcmp(cause->module, finding->module) == 0)
		       ? cause
		       : NULL;
}

/* A file that does not load because another file of the package does not (sys/kern/kern_linker.c):
 * FOUND is the name of that file. */
static const struct finding *cause_in_files(const struct findings *findings,
					    const struct finding *finding)
{
	size_t size = finding->found ? strlen(finding->found) : 0;

	if (strcmp(finding->id, "kld-depends") != 0 || size <= 3)
		return NULL;
	array_each(other, findings)
		if (other != finding && is_broken(other) && other->outcome >= finding->outcome &&
		    other->module && strlen(other->module) == size - 3 &&
		    strncmp(other->module, finding->found, size - 3) == 0 &&
		    strncmp(other->id, "kld-", 4) == 0)
			return other;
	return NULL;
}

const struct finding *finding_cause(const struct findings *findings, const struct finding *finding)
{
	const struct finding *cause =
		is_broken(finding) ? cause_in_release(findings, finding) : NULL;

	if (!cause && is_broken(finding))
		cause = cause_in_packages(findings, finding);
	if (!cause && is_broken(finding))
		cause = cause_in_files(findings, finding);
	return cause ? cause : finding;
}

bool finding_follows(const struct findings *findings, const struct finding *finding)
{
	return finding_cause(findings, finding) != finding;
}
