/* SPDX-License-Identifier: ISC */
/* layout_reach - which modules of the kernel's own sources an option can change, and which
 * exported symbols take a struct: the keys seen, modules, touched, private and handles of
 * rules/kernel/SERIES.yaml (docs/layout-rules.md). */
#ifndef KMODAUDIT_LAYOUT_REACH_H
#define KMODAUDIT_LAYOUT_REACH_H

#include "base/array.h"
#include "base/yaml.h"

struct layout_reach;

/* A struct of a header beside the sources, and the modules that share it. */
struct private_struct {
	const char *option; /* without CONFIG_ */
	const char *header, *structs; /* "drivers/media/rc/rc-core-priv.h", "ir_raw_event_ctrl" */
	struct strings exports, modules; /* that the header declares; that include it; sorted */
};

struct private_structs {
	const struct private_struct **list;
	size_t count, room;
};

/* Of a file without these keys every question below is answered as not known. */
const struct layout_reach *layout_reach_read(struct arena *arena, const struct yaml *root);
/* OPTION, with or without CONFIG_, reaches code through a public header or a compiler flag;
 * true when not known. */
bool layout_option_seen(const struct layout_reach *reach, const char *option);
/* The sources have one module called NAME ('_' spelled), and nothing that OPTION changes is
 * mentioned in them: its code is the same. */
bool layout_module_spared(const struct layout_reach *reach, const char *option, const char *name);
/* The sources have a module called NAME. */
bool layout_module_known(const struct layout_reach *reach, const char *name);
/* The modules that OPTION changes are known, and few. */
bool layout_touch_known(const struct layout_reach *reach, const char *option);
/* SYMBOL's declaration names struct NAME; true when it is not known which symbols do. */
bool layout_handles(const struct layout_reach *reach, const char *name, const char *symbol);
/* The structs of headers beside the sources that OPTION changes. */
struct private_structs layout_private(struct arena *arena, const struct layout_reach *reach,
				      const char *option);

#endif
