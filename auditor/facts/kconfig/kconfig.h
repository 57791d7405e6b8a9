/* SPDX-License-Identifier: ISC */
/* kconfig - the values that a kernel's Kconfig can give options for a request. OpenWrt
 * hashes the lines that a build asked for, before Kconfig resolves them (docs/abi.md).
 * The Kconfig files of a series (rules/kernel/kconfig/SERIES.txt, made by
 * scripts/derive-kconfig) show which values an option can then have, and which other
 * options can change with a line. */
#ifndef KMODAUDIT_KCONFIG_H
#define KMODAUDIT_KCONFIG_H

#include "base/error.h"
#include "facts/config/config.h"

struct kconfig;

/* NAME starts the error. */
bool kconfig_read(struct arena *arena, const char *name, struct span text,
		  const struct kconfig **ret, struct error *error);

/* Calls EACH with the name, without CONFIG_, of every option that has an entry. */
void kconfig_each(const struct kconfig *kconfig, void (*each)(void *context, const char *name),
		  void *context);

/* The least and the greatest value that an option can have: 0 n, 1 m, 2 y. */
struct kconfig_range {
	uint8_t low, high;
};

/* The values of all options for one request. */
struct kconfig_side;

/* Finds the values of all options for LINES ("CONFIG_X=y"; other lines are ignored).
 * MACHINE is the architecture's folder in the Kconfig files ("x86", "mips", ...); if it
 * is NULL, no value is known. An option without a line may have been asked for as "is
 * not set", so the range includes that. */
const struct kconfig_side *kconfig_resolve(struct arena *arena, const struct kconfig *kconfig,
					   const struct strings *lines, const char *machine);
/* The range of OPTION, with or without CONFIG_. For an option that the series does not
 * have it is the value that was asked for. */
struct kconfig_range kconfig_value(const struct kconfig_side *side, const char *option);

/* An option whose value may differ between two requests. */
struct kconfig_change {
	const char *option; /* with CONFIG_ */
	struct kconfig_range before, after;
	const char *by; /* the option, perhaps OPTION itself, whose line only one request has */
	bool foreign; /* the series does not have it */
	bool number; /* it is neither bool nor tristate */
};

struct kconfig_changes {
	struct kconfig_change *list;
	size_t count, room;
};

/* Returns the options, sorted, that may differ between A and B, which must be
 * of one kconfig and machine: those whose lines differ, and those that may
 * change with them. */
struct kconfig_changes kconfig_differences(struct arena *arena, const struct kconfig_side *a,
					   const struct kconfig_side *b);

#endif
