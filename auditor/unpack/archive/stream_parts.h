/* SPDX-License-Identifier: ISC */
/* stream_parts - what stream*.c share. Private to them. */
#ifndef KMODAUDIT_STREAM_PARTS_H
#define KMODAUDIT_STREAM_PARTS_H

#include "unpack/archive/stream.h"

#include <archive_entry.h>

/* What ENTRY of an archive, a CPIO or not, says about its member. */
void member_from(struct archive_entry *entry, bool cpio, struct member *ret);

#endif
