/* SPDX-License-Identifier: ISC */
/* Decides which findings of a package follow from another one, such as a missing symbol
 * from a missing package. */
#include "verdict/cause.h"

#include "base/text.h"

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
static bool is_broken(const struct finding *finding)
{
	return finding->outcome == OUTCOME_UNKNOWN || finding->outcome == OUTCOME_FAILS;
}

static const struct finding *find(const struct findings *findings, const char *id,
				  const char *module)
{
	return array_find(finding, findings,
			  is_broken(finding) && strcmp(finding->id, id) == 0 &&
				  (!module || text_same(finding->module, module)));
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

	if (!text_among(finding->id, ids))
		return NULL;
	cause = find(findings, "kernel-release", finding->module);
	if (!cause)
		cause = find(findings, "kernel-release", NULL);
	return cause && (!cause->module || finding->module == NULL ||
			 strcmp(cause->module, finding->module) == 0)
		       ? cause
		       : NULL;
}

static const struct finding *cause_next(const struct findings *findings,
					const struct finding *finding)
{
	static const char *const symbols[] = {"symbol-missing", "symbol-hidden", NULL};
	size_t size = finding->found ? strlen(finding->found) : 0;

	if (!is_broken(finding))
		return finding;

	bool symbol = text_among(finding->id, symbols) && finding->outcome == OUTCOME_UNKNOWN;
	const struct finding *cause = cause_in_release(findings, finding);
	if (!cause && (symbol || strcmp(finding->id, "module-depends") == 0))
		cause = find(findings, "package-depends", NULL);
	if (!cause && symbol)
		cause = find(findings, "module-depends", finding->module);
	/* a file does not load because another file of the package does not, whose name is FOUND
	 * (sys/kern/kern_linker.c) */
	if (!cause && strcmp(finding->id, "kld-depends") == 0 && size > 3)
		cause = array_find(
			other, findings,
			other != finding && is_broken(other) &&
				other->outcome >= finding->outcome && other->module &&
				span_is(span_from(finding->found, size - 3), other->module) &&
				strncmp(other->id, "kld-", 4) == 0);
	return cause ? cause : finding;
}

/* Files that depend on each other in a chain follow from the first that fails. */
enum { CHAIN_MOST = 64 };

const struct finding *finding_cause(const struct findings *findings, const struct finding *finding)
{
	const struct finding *cause = finding;

	for (unsigned i = 0; i < CHAIN_MOST; i++) {
		const struct finding *next = cause_next(findings, cause);

		if (next == cause || next == finding)
			break;
		cause = next;
	}
	return cause;
}

bool finding_follows(const struct findings *findings, const struct finding *finding)
{
	return cause_next(findings, finding) != finding;
}
