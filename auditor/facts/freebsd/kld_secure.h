/* SPDX-License-Identifier: ISC */
/* kld_secure - whether rc of FreeBSD raises kern.securelevel, above which no module can be
 * loaded, and what it loads before. */
#ifndef KMODAUDIT_KLD_SECURE_H
#define KMODAUDIT_KLD_SECURE_H

#include "base/array.h"
#include "base/span.h"
#include "facts/freebsd/kld_boot.h"

/* A file of the image that rc obeys. */
struct rc_file {
	const char *path; /* below the root: "etc/rc.conf" */
	const char *witness;
	struct span bytes;
	/* NULL, or why BYTES are not what rc reads: "a link to /conf/rc.conf, which is not
	 * followed" */
	const char *problem;
};

/* Sorted by path. A link in place of a directory, "etc", is one of them. */
struct rc_files {
	struct rc_file *list;
	size_t count, room;
};

/* Sets what BOOT says of kern.securelevel, and its klds. */
void kld_secure(struct arena *arena, const struct rc_files *files, struct kld_boot *boot);

#endif
