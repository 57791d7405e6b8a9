/* SPDX-License-Identifier: ISC */
/* rules - the words and weights of rules/checks.yaml: what is checked, how much it
 * weighs, why, the remedy. Compiled in; --rules DIR reads others. */
#ifndef KMODAUDIT_RULES_H
#define KMODAUDIT_RULES_H

#include "checks/check.h"

/* Ordered, worst last: a package's level is the highest of its findings'. */
enum level { LEVEL_NOTE, LEVEL_WARNING, LEVEL_UNKNOWN, LEVEL_ERROR, LEVEL_COUNT };

extern const char *const level_name[LEVEL_COUNT]; /* "note", "warning", "unknown", "error" */

/* What the gate makes of a package, or of all. Ordered, worst last. */
enum gate { GATE_PASS, GATE_WARN, GATE_FAIL, GATE_COUNT };

extern const char *const gate_name[GATE_COUNT]; /* "pass", "warn", "fail" */

/* Which signature an index must have. ANY: none, but not an invalid one. KEYED: if keys
 * were given, one by a known key. VALID: always one by a known key. */
enum wanted_signature { WANTED_ANY, WANTED_KEYED, WANTED_VALID, WANTED_COUNT };

extern const char *const wanted_signature_name[WANTED_COUNT]; /* "any", "keyed", "valid" */

struct rule {
	const char *id;
	enum level
		/* of OUTCOME_FAILS; HOLDS and REMARK are notes, UNKNOWN is
		 * LEVEL_UNKNOWN, or less where the rule says */
		level;
	enum level unknown; /* of OUTCOME_UNKNOWN */
	enum level shipped; /* LEVEL before any policy */
	/* source: where the fact stands (kernel file, document) */
	const char *title, *why, *remedy, *source;
};

struct rules {
	struct rule *list;
	size_t count, room;
	struct map places; /* id of a rule -> its index in LIST */
	const char *dir; /* they were read from; NULL: compiled in */
	bool accepted[PROOF_COUNT]; /* which proofs count as safe */
	const char *policy; /* name of the preset, or path of the file, that it came from */
	enum wanted_signature signature; /* of a feed, so that its packages can be safe */
	enum gate unproven; /* what the gate does with what is unproven */
	struct strings waivable; /* globs of rules that may be waived; some never may: rule_fixed */
	/* globs of packages that a vetted feed takes although they are unproven */
	struct strings vetted;
	struct build_options build; /* rules/kernel/build-options.yaml */
	/* globs of kernel options that a comparison of configs leaves out */
	struct strings ignored;
};

/* DIR NULL: those compiled in. */
bool rules_read(struct arena *arena, const char *dir, struct rules *ret, struct error *error);
extern const char *const preset_names[]; /* "strict", "default", "lenient"; ends with NULL */

/* Applies POLICY: the name of a preset, which replaces the policy so far, or a file
 * like rules/policy.yaml. The keys of a file change the preset that it names as its
 * base, or else the policy so far. */
bool policy_read(struct arena *arena, const char *policy, struct rules *rules, struct error *error);
/* Why no policy and no waiver ever accepts a finding of rule ID, one clause; NULL: they
 * may. */
const char *rule_fixed(const char *id);
/* How much of the layout rules is read. They are large. */
enum layout_part {
	LAYOUT_NONE,
	LAYOUT_EFFECTS, /* which option exports a symbol */
	LAYOUT_ALL, /* what comparing configs takes */
};

/* Reads PART of the layout rules for a kernel RELEASE (NULL: not known), out of kernel/
 * where RULES lie. A user's own rules are always read whole, so that what is wrong in
 * them is told. */
bool layout_choose(struct arena *arena, const char *release, const struct rules *rules,
		   enum layout_part part, struct layout_choice *ret, struct error *error);
/* The Kconfig of RELEASE's series, as far as the rules have it, into RET->kconfig. */
bool kconfig_choose(struct arena *arena, const char *release, const struct rules *rules,
		    struct layout_choice *ret, struct error *error);
struct rule *rules_find(const struct rules *rules, const char *id);
/* "; did you mean 'X'?" for an ID that is none, or "". */
const char *rules_suggest(struct arena *arena, const struct rules *rules, const char *id);
enum level rules_level(const struct rules *rules, const struct finding *finding);

#endif
