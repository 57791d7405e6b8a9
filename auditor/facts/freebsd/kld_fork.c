/* SPDX-License-Identifier: ISC */
/* Tells kernels of systems that were made from FreeBSD by what newvers.sh wrote into them
 * (sys/conf/newvers.sh of FreeBSD 12.1 and 16, HardenedBSD, MidnightBSD, OPNsense):
 *     VERSION = TYPE RELEASE [#NUMBER] [rSVN] [GIT] [: DATE], or ends with IDENT
 *     GIT     = HASH(BRANCH)[-dirty], up to 12
 *             = [BRANCH-][nCOUNT-]HASH[-dirty]; BRANCH is left out for a detached head */
#include "facts/freebsd/kld_fork.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* The number of bytes at the start of TEXT that are digits; HEX: also of base 16. */
static size_t digits_size(struct span text, bool hex)
{
	size_t size = 0;

	while (size < text.size && (hex ? isxdigit(text.data[size]) : isdigit(text.data[size])))
		size++;
	return size;
}

/* "HASH(BRANCH)" */
static bool branch_old(struct span word, struct span *ret)
{
	struct span hash, rest;

	return span_split(word, '(', &hash, &rest) && hash.size > 0 &&
	       span_split(rest, ')', ret, &rest) && ret->size > 0;
}

/* "BRANCH-nCOUNT-HASH" */
static bool branch_new(struct span word, struct span *ret)
{
	for (size_t at = span_find(word, 1, SPAN_OF("-n")); at != SIZE_MAX;
	     at = span_find(word, at + 1, SPAN_OF("-n"))) {
		struct span rest = span_skip(word, at + 2);
		size_t count = digits_size(rest, false);

		if (count == 0 || !span_starts(span_skip(rest, count), "-") ||
		    digits_size(span_skip(rest, count + 1), true) < 7)
			continue;
		*ret = span_head(word, at);
		return true;
	}
	return false;
}

/* True if NAME is PREFIX and numbers with dots between them, MOST at most. */
static bool is_numbered(struct span name, const char *prefix, size_t most)
{
	if (!span_starts(name, prefix))
		return false;
	name = span_skip(name, strlen(prefix));
	for (size_t i = 0; i < most; i++) {
		size_t size = digits_size(name, false);

		if (size == 0)
			return false;
		name = span_skip(name, size);
		if (name.size == 0)
			return true;
		if (!span_starts(name, "."))
			return false;
		name = span_skip(name, 1);
	}
	return false;
}

/* True if NAME is a branch of FreeBSD's repository: stable/14 is, stable/24.7 of OPNsense
 * is not. */
static bool is_own_branch(struct span name)
{
	static const char *const names[] = {"HEAD", "head", "main", "master", NULL};

	return span_among(name, names) || is_numbered(name, "stable/", 1) ||
	       is_numbered(name, "releng/", 2) || is_numbered(name, "release/", 3);
}

/* Who has such a kernel identification (sys/amd64/conf of their sources). */
static const struct {
	const char *prefix, *system;
} idents[] = {{"pfSense", "pfSense"}, {"HARDENEDBSD", "HardenedBSD"}, {"TRUENAS", "TrueNAS"}};

static const char *ident_system(const char *ident)
{
	for (size_t i = 0; i < sizeof idents / sizeof *idents; i++)
		if (strncmp(ident, idents[i].prefix, strlen(idents[i].prefix)) == 0)
			return idents[i].system;
	return NULL;
}

const char *kld_fork(struct arena *arena, const struct kld_kernel *kernel)
{
	const char *version = text_or_empty(kernel->version.value);
	const char *release = text_or_empty(kernel->release.value);
	const char *ident = text_or_empty(kernel->ident.value);
	struct span rest = span_text(version), type = {NULL, 0}, word, branch;

	if (span_token(&rest, &type) && !span_is(type, "FreeBSD"))
		return arena_format(arena, "one of %s, by its version", arena_string(arena, type));
	if (strstr(release, "-HBSD"))
		return arena_format(arena, "one of HardenedBSD, by its release %s", release);
	/* sys/hardenedbsd/hbsd_pax_common.c */
	if (exports_find(&kernel->symbols, "HardenedBSD_version"))
		return "one of HardenedBSD, by its symbol HardenedBSD_version";
	if (ident_system(ident))
		return arena_format(arena, "one of %s, by its name %s", ident_system(ident), ident);
	while (span_token(&rest, &word))
		if ((branch_old(word, &branch) || branch_new(word, &branch)) &&
		    !is_own_branch(branch))
			return arena_format(arena,
					    "built from the branch %s, which FreeBSD does not have",
					    arena_string(arena, branch));
	return NULL;
}
