/* SPDX-License-Identifier: ISC */
/* archive - visits the members of an archive; also used for the archives inside
 * packages. Private to unpack/. */
#ifndef KMODAUDIT_ARCHIVE_H
#define KMODAUDIT_ARCHIVE_H

#include "unpack/archive/names.h"
#include "unpack/archive/stream.h"

/* True if FITS says so of the archive in BYTES, of which only the first members are to
 * be looked at. FORMATS as for stream_bytes(). */
bool archive_glance(struct span bytes, unsigned formats,
		    bool (*fits)(struct stream *stream, struct arena *scratch));
/* Passes all members of STREAM to the visitor, in the archive's order. FIRST is the
 * first member if it was read already, or NULL. With NAMES, hard links are kept there
 * for archive_links; NULL: they are passed as links. */
bool archive_visit(const struct place *place, struct stream *stream, const struct member *first,
		   struct archive_names *names, struct error *error);
/* Passes the hard links in NAMES to the visitor as files, and empties the list. BYTES: the
 * archive from its start. */
bool archive_links(const struct place *place, struct span bytes, unsigned formats,
		   struct archive_names *names, struct error *error);
/* The same for the whole archive in BYTES, with its hard links, and with published_visit for
 * what is not a cpio. FIRST is its first member; NULL: it has none. */
bool archive_tree(const struct place *place, struct stream *stream, const struct member *first,
		  struct span bytes, unsigned formats, struct archive_names *names,
		  struct error *error);
/* Opens the files of the archive in BYTES if the visitor wanted none by its name, or a
 * kernel and the archive is no root file system. PLACE is that of its contents, and what its
 * names told is in PLACE->beside. */
bool published_visit(const struct place *place, struct span bytes, unsigned formats,
		     struct error *error);

#endif
