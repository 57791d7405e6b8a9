/* SPDX-License-Identifier: ISC */
/* Reads filesite.yaml of a FreeBSD repository (pkg 1.12: libpkg/pkg_manifest.c,
 * pkg_emit_filelist). */
#include "facts/catalogue/pkg_filesite.h"
#include "facts/package/pkg.h"

/* Objects one after the other, with or without a line end between them; paths as in a manifest:
 *     {"origin":"x/y-kmod","name":"y-kmod","version":"1","files":["/boot/modules/y.ko",...]} */
enum { OBJECTS_MOST = 1 << 18 };

bool pkg_filesite_read(struct arena *arena, struct span text, struct pkg_filesite *ret, size_t *bad,
		       struct error *error)
{
	_cleanup_arena_ struct arena values = {0};
	struct ucl_reader reader;

	ucl_open(&reader, &values, text);
	for (size_t number = 1;; number++) {
		const struct ucl *object;
		bool more;

		arena_reset(&values);
		if (!ucl_next(&reader, &object, &more, error))
			return false;
		if (!more)
			return true;
		if (number > OBJECTS_MOST)
			return fail(error, "more than %d packages", OBJECTS_MOST);

		const char *name = ucl_text(object, "name"), *version = ucl_text(object, "version");

		if (!name || !version) {
			(*bad)++;
			continue;
		}

		struct pkg_listed *listed = array_add(arena, ret);

		listed->name = arena_string(arena, span_text(name));
		listed->version = arena_string(arena, span_text(version));
		listed->number = number;
		ucl_each(file, ucl_get(object, "files"))
		{
			if (file->text && text_ends(file->text, ".ko"))
				*array_add(arena, &listed->modules) = pkg_path(arena, file->text);
		}
		strings_unique(&listed->modules);
	}
}
