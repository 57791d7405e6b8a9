/* SPDX-License-Identifier: ISC */
/* archive - what a package's two inner archives share with any other. Private to unpack/. */
#ifndef KMODAUDIT_ARCHIVE_H
#define KMODAUDIT_ARCHIVE_H

#include "unpack/archive/stream.h"

/* Hands every member of STREAM to the visitor, in the order of the archive. FIRST is the member
 * read already, or NULL. */
bool archive_visit(const struct place *place, struct stream *stream, const struct member *first,
		   struct error *error);

#endif
