/* SPDX-License-Identifier: ISC */
/* Rewrites the control archive of an .ipk and packs it again (OpenWrt's ipkg-build: a
 * tar.gz of debian-binary, data.tar.gz and control.tar.gz). */
#include "vet/ipk_rewrite.h"

#include "unpack/archive/package_parts.h"
#include "unpack/compress/decompress.h"
#include "unpack/limits.h"
#include "vet/gzip_write.h"
#include "vet/tar_write.h"

#include <string.h>

#define CONTROL_MOST (16 * MIB)

/* opkg looks for members of these names and decompresses them with gzip. */
static bool part_fits(const struct package_part *part, const char *name, struct error *error)
{
	if (strcmp(part->name, name) != 0)
		return fail(error, "opkg reads %s, not %s", name, part->name);
	return compression_of(part->bytes) == COMPRESSION_GZIP ||
	       fail(error, "%s is not compressed with gzip", name);
}

bool ipk_rewrite(struct arena *arena, const char *path, struct span bytes,
		 const struct control_wish *wish, struct span *ret, struct span *ret_control,
		 struct error *error)
{
	struct package_parts parts;
	struct span tar, control, changed;

	if (!package_parts_read(arena, path, bytes, &parts, error))
		return false;
	if (!part_fits(&parts.data, "data.tar.gz", error) ||
	    !part_fits(&parts.control, "control.tar.gz", error))
		return within(error, "%s: cannot be rewritten", path);
	if (!decompress(arena, COMPRESSION_GZIP, parts.control.bytes, CONTROL_MOST, &tar, NULL,
			error) ||
	    !tar_find(tar, "control", &control, error) ||
	    !control_rewrite(arena, control, wish, ret_control, error) ||
	    !tar_exchange(arena, tar, "control", *ret_control, &changed, error)) {
		within(error, "%s", parts.control.name);
		return within(error, "%s: cannot be rewritten", path);
	}

	const struct tar_member members[] = {{"./debian-binary", SPAN_OF("2.0\n")},
					     {"./data.tar.gz", parts.data.bytes},
					     {"./control.tar.gz", gzip_write(arena, changed)}};
	*ret = gzip_write(arena, tar_make(arena, members, 3));
	return true;
}
