/* SPDX-License-Identifier: ISC */
/* ipk_rewrite - replaces the control file of an .ipk and packs it in the container
 * that opkg reads. */
#ifndef KMODAUDIT_IPK_REWRITE_H
#define KMODAUDIT_IPK_REWRITE_H

#include "vet/control_text.h"

/* Rewrites BYTES, an .ipk in either container (ar or tar.gz). RET is a tar.gz with the
 * control file RET_CONTROL and with the data.tar.gz of BYTES. Results are in ARENA.
 * Errors name PATH. */
bool ipk_rewrite(struct arena *arena, const char *path, struct span bytes,
		 const struct control_wish *wish, struct span *ret, struct span *ret_control,
		 struct error *error);

#endif
