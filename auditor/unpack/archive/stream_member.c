/* SPDX-License-Identifier: ISC */
/* Tells what a member of an archive is, from libarchive's entry. */
#include "unpack/archive/stream_parts.h"
#include "unpack/memory.h"

#include <pthread.h>
#include <stdio.h>

static pthread_once_t locale_once = PTHREAD_ONCE_INIT;
static locale_t locale;

static void locale_open(void)
{
	locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

locale_t member_locale(void)
{
	pthread_once(&locale_once, locale_open);
	return locale;
}

void unpack_begin(void)
{
	member_locale();
}

void member_from(struct archive_entry *entry, bool cpio, struct member *ret)
{
	const char *path = archive_entry_pathname(entry), *hard = archive_entry_hardlink(entry);
	const char *soft = archive_entry_symlink(entry);
	unsigned type = archive_entry_filetype(entry);
	int64_t size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;

	if (!path)
		path = archive_entry_pathname_utf8(entry);
	*ret = (struct member){.path = span_text(path ? path : ""),
			       .kind = MEMBER_OTHER,
			       .size = size > 0 ? (uint64_t)size : 0,
			       .time = archive_entry_mtime(entry)};
	/* Names of one file in a cpio have one inode number. GNU cpio and the kernel's
	 * gen_init_cpio.c give the bytes to the last name; old formats have them with each. */
	if (cpio && archive_entry_nlink(entry) > 1 && type == AE_IFREG)
		snprintf(ret->inode, sizeof ret->inode, "inode//%llu:%lld",
			 (unsigned long long)archive_entry_dev(entry),
			 (long long)archive_entry_ino64(entry));
	/* An old cpio stores only 16 or 18 bits of an inode number. libarchive reports two
	 * directories with equal bits as hard links to each other, so what it says about the
	 * links of a directory is ignored. In a tar the first of a file's names has its data. */
	if (type == AE_IFDIR) {
		ret->kind = MEMBER_DIRECTORY;
	} else if (soft || ((hard || *ret->inode) && ret->size == 0)) {
		ret->kind = MEMBER_LINK;
		ret->target = soft ? soft : *ret->inode ? ret->inode : hard;
		ret->hard = !soft;
		ret->size = 0;
	} else if (type == AE_IFREG || type == 0 || hard) {
		/* ar of ipkg-build: mode 644, no type */
		ret->kind = MEMBER_FILE;
	}
}
