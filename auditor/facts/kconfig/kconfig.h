/* SPDX-License-Identifier: ISC */
/* kconfig - what a kernel's Kconfig makes of a request. OpenWrt hashes the lines that a build
 * asked for, before Kconfig resolves them (docs/abi.md). The Kconfig files of a series
 * (rules/kernel/kconfig/SERIES.txt, made by scripts/derive-kconfig) tell which values an option
 * can have then, and which other options can change with a line. */
#ifndef KMODAUDIT_KCONFIG_H
#define KMODAUDIT_KCONFIG_H

#include "base/error.h"
#include "facts/config/config.h"

struct kconfig;

/* NAME starts the error. */
bool kconfig_read(struct arena *arena, const char *name, struct span text,
		  const struct kconfig **ret, struct error *error);

/* Calls EACH with every option that an entry has, without CONFIG_. */
void kconfig_each(const struct kconfig *kconfig, void (*each)(void *context, const char *name),
		  void *context);

/* The least and the greatest value that an option can have: 0 n, 1 m, 2 y. */
struct kconfig_range {
	uint8_t low, high;
};

/* The values of all options for one request. */
struct kconfig_side;

/* LINES: "CONFIG_X=y"; others are left out. MACHINE: as Kconfig calls the architecture's folder
 * ("x86", "mips", ...); NULL where it is not known: then every value is. A line that is not in
 * LINES may have been asked for as "is not set": both are within the range. */
const struct kconfig_side *kconfig_resolve(struct arena *arena, const struct kconfig *kconfig,
					   const struct strings *lines, const char *machine);
/* OPTION with or without CONFIG_. One that the series does not have: what was asked for. */
struct kconfig_range kconfig_value(const struct kconfig_side *side, const char *option);

/* An option whose value may differ between two requests. */
struct kconfig_change {
	const char *option; /* with CONFIG_ */
	struct kconfig_range before, after;
	const char *by; /* the line that is only in one of them, as an option; OPTION itself too */
	bool foreign; /* the series does not have it */
	bool number; /* it is no bool and no tristate */
};

struct kconfig_changes {
	struct kconfig_change *list;
	size_t count, room;
};

/* What differs between A and B, which are of one kconfig and machine: the options whose lines
 * differ, and all that follows, sorted. */
struct kconfig_changes kconfig_differences(struct arena *arena, const struct kconfig_side *a,
					   const struct kconfig_side *b);

#endif
