/* SPDX-License-Identifier: ISC */
/* stream_parts - what stream*.c share. Private to them. */
#ifndef KMODAUDIT_STREAM_PARTS_H
#define KMODAUDIT_STREAM_PARTS_H

#include "unpack/archive/stream.h"

#include <archive_entry.h>
#include <locale.h>

/* What ENTRY of an archive, a CPIO or not, says about its member. */
void member_from(struct archive_entry *entry, bool cpio, struct member *ret);

/* The locale in which libarchive keeps names that are stored in UTF-16, as in 7z, or
 * beside the plain name, as in some zip. In the C locale it drops them. */
locale_t member_locale(void);

#endif
