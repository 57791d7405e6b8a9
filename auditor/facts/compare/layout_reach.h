/* SPDX-License-Identifier: ISC */
/* layout_reach - which modules of the kernel's own sources an option can change, and
 * which exported symbols have a struct in their declaration: the keys seen, modules,
 * touched, private and handles of rules/kernel/SERIES.yaml (docs/layout-rules.md). */
#ifndef KMODAUDIT_LAYOUT_REACH_H
#define KMODAUDIT_LAYOUT_REACH_H

#include "base/array.h"
#include "base/yaml.h"

struct layout_reach;

/* A struct of a private header, which is beside the sources of a driver, and the
 * modules that share it. */
struct private_struct {
	const char *option; /* without CONFIG_ */
	const char *header, *structs; /* "drivers/media/rc/rc-core-priv.h", "ir_raw_event_ctrl" */
	/* EXPORTS are declared in the header, MODULES include it; both sorted */
	struct strings exports, modules;
};

struct private_structs {
	const struct private_struct **list;
	size_t count, room;
};

/* Reads the keys. If a file lacks them, all functions below answer "unknown". */
const struct layout_reach *layout_reach_read(struct arena *arena, const struct yaml *root);
/* True if OPTION (with or without CONFIG_) can change code through a public header or a
 * compiler flag, or if that is unknown. */
bool layout_option_seen(const struct layout_reach *reach, const char *option);
/* True if the sources contain a module NAME (with '_' for '-') and mention nothing in
 * it that OPTION changes, so that its code stays the same. */
bool layout_module_spared(const struct layout_reach *reach, const char *option, const char *name);
/* True if the sources contain a module NAME. */
bool layout_module_known(const struct layout_reach *reach, const char *name);
/* True if the modules that OPTION changes are listed. */
bool layout_touch_known(const struct layout_reach *reach, const char *option);
/* True if they are listed and at most 300. */
bool layout_touch_few(const struct layout_reach *reach, const char *option);
/* True if the declaration of SYMBOL contains struct NAME, or if that is unknown. */
bool layout_handles(const struct layout_reach *reach, const char *name, const char *symbol);
/* The structs that the declaration of SYMBOL contains; none if that is not known. */
struct strings layout_handled(struct arena *arena, const struct layout_reach *reach,
			      const char *symbol);
/* The structs of private headers that OPTION changes. */
struct private_structs layout_private(struct arena *arena, const struct layout_reach *reach,
				      const char *option);

#endif
