/* SPDX-License-Identifier: ISC */
/* Opens the files beside a kernel. Buildroot's output, live media, folders for booting over the
 * network and vendors' archives have a kernel as a file, and the root file system in another. A
 * container that is a root file system itself is not searched: disks in it are its users'. */
#include "unpack/beside.h"

#include <stdio.h>
#include <string.h>

/* smaller files cost little */
enum { LARGE = 16 << 10, LARGE_MOST = 256 };

bool beside_again(const struct place *place)
{
	return place->beside && place->beside->pass != PART_ROOT;
}

void beside_note(const struct place *place, const char *path, uint64_t size, enum want want)
{
	const struct visitor *visitor = place->run->visitor;
	struct beside *state = place->beside;
	bool wanted = (want == WANT_NAME || want == WANT_BYTES) && !text_ends(path, "/");
	enum sign root;

	if (!visitor->root || place->part != PART_ROOT)
		return;
	root = visitor->root(visitor->context, path);
	if (root == SIGN_WHOLE || root == SIGN_FOLDER)
		atomic_fetch_add(&place->run->roots, 1);
	else if (root != SIGN_NONE || wanted)
		atomic_fetch_add(&place->run->parts, 1);
	if (!state)
		return;
	state->root |= root == SIGN_WHOLE;
	state->folder |= root == SIGN_FOLDER;
	if (want != WANT_OPEN || size == 0)
		return;
	state->kernel = true;
	/* "boot/vmlinuz" and "sysupgrade-x/kernel" are, "rootfs/boot/vmlinuz" is not */
	const char *slash = strchr(path, '/');
	state->top |= !slash || !strchr(slash + 1, '/');
}

enum want beside_want(const struct place *place, const char *path, uint64_t size)
{
	const struct visitor *visitor = place->run->visitor;
	struct beside *state = place->beside;
	enum want want;

	/* An archive in which the visitor wanted nothing has firmware under any name; of a small
	 * file that is less likely than of a manual. */
	if (state->strict && size >= LARGE)
		want = state->pass == PART_BESIDE ? WANT_OPEN : WANT_NOTHING;
	else
		want = visitor->want(visitor->context, path, size, state->pass);
	if (want != WANT_OPEN || text_ends(path, "/"))
		return want;
	if (size == 0)
		return WANT_NOTHING;
	if (size >= LARGE && state->tries++ >= LARGE_MOST) {
		if (!state->more)
			place_unread(place, "more than %d large files: the others were not opened",
				     LARGE_MOST);
		state->more = true;
		return WANT_NOTHING;
	}
	if (size > LIMIT_FILE && !state->mapped) {
		place_unread(place, "%s: %llu bytes, more than the limit for a file", path,
			     (unsigned long long)size);
		return WANT_NOTHING;
	}
	return WANT_OPEN;
}

/* Each firmware has a root file system. Only one can be meant, and nothing shows which. An archive
 * with modules only, as Yocto makes it, is none unless there is no other. */
static void root_found(const struct place *place, const char *path, bool whole)
{
	struct beside *state = place->beside;

	if (*state->first && !whole)
		return;
	if (*state->first && state->whole && !state->told) {
		place_unread(
			place,
			"two of its files have a root file system, %s and %s: give one of them",
			state->first, path);
		state->told = true;
	}
	if (!*state->first || !state->whole)
		snprintf(state->first, sizeof state->first, "%s", path);
	state->whole |= whole;
}

bool beside_open(const struct place *place, const char *path, struct span bytes,
		 struct error *error)
{
	struct place inner = *place;
	size_t roots = atomic_load(&place->run->roots), parts = atomic_load(&place->run->parts);
	struct error why = {0};
	bool opened;

	inner.witness = arena_format(place->scratch, "%s: %s", place->witness, path);
	inner.optional = true;
	inner.lenient = !place->beside->strict;
	inner.beside = NULL;
	if (!place_open(&inner, bytes, &opened, &why)) {
		if (place->beside->strict)
			return fail(error, "%s", why.text) || within(error, "%s", path);
		/* the root file system of a boot partition is in another one */
		if (!place->partition)
			place_unread(&inner, "%s", why.text);
	}

	bool whole = atomic_load(&place->run->roots) > roots;
	if (whole || atomic_load(&place->run->parts) > parts)
		root_found(place, path, whole);
	return true;
}

bool beside_lacks_root(const struct place *place, const struct beside *state)
{
	return place->run->visitor->kernel && place->part == PART_ROOT && state->kernel &&
	       !state->root && (state->top || !state->folder);
}

bool beside_passes(const struct place *place, struct beside *state,
		   bool (*walk)(void *context, struct error *error), void *context,
		   struct error *error)
{
	state->pass = PART_BESIDE;
	if (!walk(context, error))
		return false;
	/* that of a boot partition is for the root file system in another partition */
	if (*state->first || place->partition)
		return true;
	state->pass = PART_EARLY;
	return walk(context, error);
}

bool beside_walk(struct place *place, bool mapped, bool (*walk)(void *context, struct error *error),
		 void *context, struct error *error)
{
	struct beside state = {.pass = PART_ROOT, .mapped = mapped};
	bool ok;

	place->beside = &state;
	ok = walk(context, error) && (!beside_lacks_root(place, &state) ||
				      beside_passes(place, &state, walk, context, error));
	place->beside = NULL;
	return ok;
}
