/* SPDX-License-Identifier: ISC */
/* embed - files of the source tree that scripts/embed compiles into the program. */
#ifndef KMODAUDIT_EMBED_H
#define KMODAUDIT_EMBED_H

#include <stddef.h>

struct embedded {
	/* a rules file relative to rules/, such as "checks.yaml";
	 * a text: "kmodaudit.1" */
	const char *name;
	const unsigned char *bytes;
	size_t size;
	const char
		*base; /* of a rules file: the name of the one that it is packed against, or NULL */
};

/* All arrays end with an element whose name is NULL. The bytes of a rules file are one
 * zstd frame, which embedded_rule() of unpack/embedded.h unpacks; those of a text are
 * the text. The texts are made from the tables that a first link of the program prints;
 * in that link there are none. */
extern const struct embedded embedded_rules[];
/* page.css and page.js of the HTML report, as they are. */
extern const struct embedded embedded_page[];
extern const struct embedded embedded_texts[] __attribute__((weak));

#endif
