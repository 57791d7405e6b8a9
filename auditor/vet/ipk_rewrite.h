/* SPDX-License-Identifier: ISC */
/* ipk_rewrite - a package with another control file, in the container that opkg reads. */
#ifndef KMODAUDIT_IPK_REWRITE_H
#define KMODAUDIT_IPK_REWRITE_H

#include "vet/control_text.h"

/* BYTES, an .ipk in either container, becomes RET: a tar.gz whose control file is RET_CONTROL and
 * whose data.tar.gz is that of BYTES. All in ARENA. PATH is what errors call the package. */
bool ipk_rewrite(struct arena *arena, const char *path, struct span bytes,
		 const struct control_wish *wish, struct span *ret, struct span *ret_control,
		 struct error *error);

#endif
