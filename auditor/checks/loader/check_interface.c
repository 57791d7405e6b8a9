/* SPDX-License-Identifier: ISC */
/* Checks a package against what providers declare about their interfaces:
 * supported ranges of builds, revocations, and statements about things that are
 * not the declarer's own. */
#include "checks/proof/identity.h"
#include "checks/loader/interface.h"

#include <string.h>

/* The state of comparing provider statements with one package. */
struct judging {
	struct usage usage;
	struct examination *examination;
	struct declarer declarer;
	struct fold revoked, revoked_unknown, range, range_unknown, absent, absent_unknown,
		declared;
};

/* A statement together with one use of its interface by the package. */
struct match {
	const struct statement *statement;
	const struct use *use;
	struct built built, provided;
	const char *who; /* "Example 24.10, now at 6.6.86-r1" */
	const char *what; /* "kernel 6.6.79-r1" */
	const char *range; /* "release 6.6.80..6.6.86 or abi ..." */
};

enum { SHOWN_MOST = 4 };

static const char *who_of(struct arena *arena, const struct match *match)
{
	const struct statement *statement = match->statement;
	const char *current = statement->current;

	if (!current && statement->interface.kind == INTERFACE_KERNEL)
		current = match->provided.kernel;
	if (!current && statement->interface.kind == INTERFACE_MODULE &&
	    match->use->provider.module)
		current = match->provided.version;
	return current ? arena_format(arena, "%s, now at %s,", statement->provider, current)
		       : statement->provider;
}

static const char *range_of(struct arena *arena, const struct supports *supports)
{
	const char *text = "";
	size_t shown = 0;

	array_each(builds, supports)
		if (shown++ < SHOWN_MOST)
			text = arena_format(arena, "%s%s%s", text, *text ? " or " : "",
					    builds->text);
	return shown > SHOWN_MOST ? arena_format(arena, "%s or %zu more", text, shown - SHOWN_MOST)
				  : text;
}

static struct match match_of(const struct judging *judging, const struct statement *statement,
			     const struct use *use)
{
	struct arena *arena = judging->usage.arena;
	struct match match = {.statement = statement,
			      .use = use,
			      .built = built_against(&judging->usage, &statement->interface, use),
			      .provided = built_provided(&judging->usage, use)};

	match.who = who_of(arena, &match);
	match.what = built_text(arena, &statement->interface, use, &match.built,
				array_any(builds, &statement->supports, builds->abis.count > 0));
	match.range = range_of(arena, &statement->supports);
	return match;
}

static struct finding *report(struct judging *judging, struct fold *fold, const char *id,
			      enum outcome outcome, const struct match *match)
{
	const struct use *use = match->use;
	bool module = match->statement->interface.kind == INTERFACE_MODULE;
	const char *subject = module ? arena_format(judging->usage.arena, "module %s", use->name)
				     : match->statement->interface.text;
	struct finding *finding = examine_folded(judging->examination, fold, id, outcome,
						 use->module ? use->module->name : NULL, subject);

	if (finding)
		finding_show(finding, *match->range ? match->range : NULL,
			     match->statement->witness, match->what, match->built.witness);
	return finding;
}

static void report_absent(struct judging *judging, const struct match *match)
{
	bool sure = match->use->presence == ABSENT;
	struct finding *finding =
		report(judging, sure ? &judging->absent : &judging->absent_unknown,
		       "interface-absent", sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN, match);

	if (!finding)
		return;
	finding->text = arena_format(
		judging->usage.arena,
		sure ? "provider missing: the package uses %s, for which %s declares supported "
		       "versions, but it is neither in the image nor in the feeds"
		     : "the package uses %s, for which %s declares supported versions; it was not "
		       "found, but may be built into the kernel",
		match->statement->interface.kind == INTERFACE_MODULE
			? arena_format(judging->usage.arena, "module %s", match->use->name)
			: match->statement->interface.text,
		match->statement->provider);
	if (!sure)
		finding->settle = "a feed that contains the provider, or an image with its modules "
				  "and modules.builtin";
}

static void report_unknown(struct judging *judging, const struct match *match, bool revoked,
			   const char *lacks)
{
	struct arena *arena = judging->usage.arena;
	struct finding *finding =
		report(judging, revoked ? &judging->revoked_unknown : &judging->range_unknown,
		       revoked ? "interface-revoked" : "interface-range", OUTCOME_UNKNOWN, match);
	bool version = strcmp(lacks, "version") == 0;
	/* the value of what it lacks, which cannot be ordered; NULL: there is none */
	const char *value = version			     ? match->built.version
			    : strcmp(lacks, "release") == 0  ? match->built.release
			    : strcmp(lacks, "revision") == 0 ? match->built.revision
							     : NULL;
	const char *looked = match->built.looked;

	if (!finding)
		return;
	if (value)
		looked = arena_format(arena, "%s is not a version that can be compared", value);
	finding->text = arena_format(
		arena,
		"%s not known: built against %s%s%s%s; it is not known whether %s %s it%s%s%s",
		lacks, match->what, looked ? " (" : "", looked ? looked : "", looked ? ")" : "",
		match->who, revoked ? "revoked" : "supports", revoked ? "" : " (",
		revoked ? "" : match->range, revoked ? "" : ")");
	finding->settle =
		version ? "built_against in a file of usr/share/kmodaudit/providers in the "
			  "package, or a feed that contains the module that it was built with"
			: "a package that is pinned to its kernel: kernel (= "
			  "VERSION~HASH-rREVISION)";
}

static void report_supported(struct judging *judging, const struct match *match)
{
	struct examination *examination = judging->examination;
	enum interface_kind kind = match->statement->interface.kind;
	struct finding *finding =
		report(judging, &judging->declared, "declared", OUTCOME_HOLDS, match);

	examination->kernel_declared |= kind == INTERFACE_KERNEL;
	if (kind == INTERFACE_MODULE && !strings_have(&examination->declared, match->use->name))
		*array_add(examination->arena, &examination->declared) = match->use->name;
	if (finding)
		finding->text =
			arena_format(judging->usage.arena, "built against %s; %s supports %s",
				     match->what, match->who, match->range);
}

/* The first revocation that matches. If it cannot be decided whether one does, LACKS
 * names the missing value. */
static const struct revocation *revocation_find(const struct match *match, const char **lacks)
{
	const char *missing = NULL;

	array_each(revocation, &match->statement->revoked) {
		enum fit fit = builds_fit(&revocation->builds, &match->built, &missing);

		if (fit == FIT_YES)
			return revocation;
		if (fit == FIT_UNKNOWN)
			*lacks = missing;
	}
	return NULL;
}

static void supports_judge(struct judging *judging, const struct match *match,
			   const char *revoked_lacks)
{
	const struct package *by = judging->declarer.package;
	const char *lacks = NULL;
	/* only the provider that would be used can support it; another provider's
	 * statement can only revoke */
	bool serves = !by || by == match->use->provider.package;
	enum fit fit = supports_fit(&match->statement->supports, &match->built, &lacks);

	if (!serves || match->statement->supports.count == 0) {
		if (revoked_lacks)
			report_unknown(judging, match, true, revoked_lacks);
		return;
	}
	if (fit == FIT_UNKNOWN)
		report_unknown(judging, match, false, lacks);
	else if (fit != FIT_YES) {
		struct finding *finding =
			report(judging, &judging->range, "interface-range", OUTCOME_FAILS, match);

		if (finding)
			finding->text =
				arena_format(judging->usage.arena,
					     "version not supported: built against %s; %s supports "
					     "%s: the package is %s",
					     match->what, match->who, match->range,
					     fit == FIT_OLDER	? "older than the range"
					     : fit == FIT_NEWER ? "newer than the range"
								: "outside");
	} else if (revoked_lacks)
		report_unknown(judging, match, true, revoked_lacks);
	else
		report_supported(judging, match);
}

/* True if the statement applies. A statement about providers of certain builds does not
 * apply to other builds. */
static bool applies(struct judging *judging, const struct match *match)
{
	const char *lacks = NULL;

	if (!match->statement->has_own)
		return true;

	enum fit fit = builds_fit(&match->statement->own, &match->provided, &lacks);
	if (fit != FIT_UNKNOWN)
		return fit == FIT_YES;

	struct finding *finding =
		report(judging, &judging->range_unknown, "interface-range", OUTCOME_UNKNOWN, match);
	if (finding) {
		finding->text =
			arena_format(judging->usage.arena,
				     "%s declares supported versions for its own %s, but the %s of "
				     "the one found here is not known",
				     match->statement->provider, match->statement->own.text, lacks);
		finding->settle = match->statement->interface.kind == INTERFACE_KERNEL
					  ? "--image-manifest"
					  : "an image with its package database";
	}
	return false;
}

static void statement_judge(struct judging *judging, const struct statement *statement)
{
	struct uses uses = usage_of(&judging->usage, &statement->interface, &judging->declarer);

	array_each(use, &uses) {
		struct match match = match_of(judging, statement, use);
		const char *lacks = NULL;

		if (use->presence != PRESENT) {
			report_absent(judging, &match);
			continue;
		}
		if (!applies(judging, &match))
			continue;

		const struct revocation *revocation = revocation_find(&match, &lacks);
		if (!revocation) {
			supports_judge(judging, &match, lacks);
			continue;
		}
		struct finding *finding = report(judging, &judging->revoked, "interface-revoked",
						 OUTCOME_FAILS, &match);
		if (finding)
			finding->text =
				arena_format(judging->usage.arena,
					     "revoked: built against %s; %s revoked %s on %s: %s",
					     match.what, match.who, revocation->builds.text,
					     revocation->since, revocation->why);
	}
}

/* True if the package would use a module of DECLARER. */
static bool is_concerned(const struct judging *judging)
{
	const struct package *by = judging->declarer.package;

	if (!by || by == judging->usage.package)
		return true;
	array_each(use, &judging->usage.modules)
		array_each(module, &by->modules)
			if (strcmp(module->name, use->name) == 0)
				return true;
	return false;
}

static void problems_judge(struct judging *judging)
{
	const struct strings *problems = &judging->declarer.providers->problems;

	for (size_t i = 0; i < problems->count; i++) {
		struct finding *finding =
			examine_folded(judging->examination, &judging->revoked_unknown,
				       "interface-revoked", OUTCOME_UNKNOWN, NULL, "providers");

		if (!finding)
			continue;
		finding->text =
			arena_format(judging->usage.arena,
				     "a provider's statement cannot be read, and may revoke the "
				     "version that the package was built against: %s",
				     problems->list[i]);
		finding->settle = arena_format(judging->usage.arena, "a corrected file: %s",
					       problems->list[i]);
	}
}

/* Reports the statements of a package about interfaces that it does not provide. */
static void overreach_judge(struct judging *judging)
{
	const struct package *by = judging->declarer.package;

	array_each(statement, &judging->declarer.providers->statements) {
		bool own = statement->interface.kind != INTERFACE_KERNEL;

		if (statement->interface.kind == INTERFACE_MODULE) {
			own = false;
			array_each(module, &by->modules)
				own |= interface_names(&statement->interface, module->name);
		}
		if (own)
			continue;

		struct finding *finding = examine_folded(
			judging->examination, &judging->range_unknown, "interface-range",
			OUTCOME_UNKNOWN, NULL, statement->interface.text);
		if (!finding)
			continue;
		finding->witness[0] = statement->witness;
		finding->text = arena_format(judging->usage.arena,
					     "the package declares what %s supports, but is not "
					     "its provider; the statement is ignored",
					     statement->interface.text);
		finding->settle = "the same statement in the image, or given with --providers";
	}
}

void check_interface(const struct world *world, const struct package *package,
		     struct examination *examination)
{
	struct judging judging = {.examination = examination};
	size_t at = 0;

	if (!package_pinned(package))
		return;
	while (world_declarer(world, package, &at, &judging.declarer)) {
		const struct providers *providers = judging.declarer.providers;

		if (providers->statements.count + providers->problems.count == 0)
			continue;
		if (!judging.usage.world)
			judging.usage = usage_collect(examination->arena, world, package);
		if (!is_concerned(&judging))
			continue;
		problems_judge(&judging);
		array_each(statement, &providers->statements)
			statement_judge(&judging, statement);
		if (judging.declarer.package == package)
			overreach_judge(&judging);
	}
}
