/* SPDX-License-Identifier: ISC */
/* set_turned - names the choices in which a build differs from the known build near
 * which it was found. */
#ifndef KMODAUDIT_SET_TURNED_H
#define KMODAUDIT_SET_TURNED_H

#include "facts/search/set_base.h"

/* "+ kmod-wireguard", "- KERNEL_KALLSYMS", "- CONFIG_CC_IS_GCC=y": packages first, of
 * which there are RET_PACKAGES. */
struct strings set_turned(struct arena *arena, const struct set_base *base,
			  const struct set_state *state, size_t *ret_packages);
/* The lines by which SET differs from the set of BASE, in the same form. */
struct strings set_turned_lines(struct arena *arena, const struct set_base *base,
				const struct config_set *set);
/* One line: the release and target of BASE with what set_turned() gave. */
const char *set_turned_text(struct arena *arena, const struct set_base *base,
			    const struct set_state *state, const struct strings *turned,
			    size_t packages);

#endif
