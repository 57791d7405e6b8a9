/* SPDX-License-Identifier: ISC */
/* Passes layout, entries, kernels and unread parts from a container reader to the
 * visitor, and enforces nesting depth and decoded size. */
#include "unpack/place.h"

#include "base/pool.h"
#include "unpack/beside.h"
#include "unpack/firmware/payload.h"

#include <string.h>

bool place_enter(const struct place *place, uint64_t offset, const char *what, struct place *ret,
		 struct error *error)
{
	if (place->nesting >= LIMIT_NESTING)
		return fail(error, "containers are nested more than %d deep", LIMIT_NESTING);
	*ret = *place;
	ret->nesting++;
	ret->optional = false;
	if (place->depth == 0)
		ret->offset += offset;
	ret->depth++;
	if (what)
		ret->witness = arena_format(place->scratch, "%s: %s", place->witness, what);
	return true;
}

const char *place_at(const struct place *place, const char *what, uint64_t offset)
{
	return arena_format(place->scratch, "%s at 0x%llx", what, (unsigned long long)offset);
}

void place_layout(const struct place *place, uint64_t offset, uint64_t size, const char *kind,
		  const char *detail)
{
	struct unpacking *run = place->run;
	struct layout layout = {
		.offset = place->depth == 0 ? place->offset + offset : place->offset,
		.size = size,
		.kind = kind,
		.detail = detail,
		.depth = place->depth,
	};

	if (!run->visitor->layout || run->layouts >= LIMIT_LAYOUT)
		return;
	if (++run->layouts == LIMIT_LAYOUT)
		layout = (struct layout){.offset = layout.offset, .kind = "more"};
	run->visitor->layout(run->visitor->context, &layout);
}

void place_unread(const struct place *place, const char *format, ...)
{
	const struct visitor *visitor = place->run->visitor;
	va_list args;

	if (!visitor->unread)
		return;
	va_start(args, format);
	const char *text = arena_vformat(place->scratch, format, args);
	va_end(args);
	visitor->unread(visitor->context,
			arena_format(place->scratch, "%s: %s", place->witness, text));
}

bool place_replaced(const struct place *place, const char *path)
{
	const struct visitor *visitor = place->run->visitor;
	struct entry entry = {.path = path,
			      .part = place->part,
			      .volume = place->volume,
			      .worker = place->worker};

	return visitor->replaced && visitor->replaced(visitor->context, &entry);
}

enum want place_want(const struct place *place, const char *path, uint64_t size)
{
	const struct visitor *visitor = place->run->visitor;

	if (!visitor->want)
		return WANT_NOTHING;
	if (beside_again(place))
		return beside_want(place, path, size);

	enum want want = visitor->want(visitor->context, path, size, place->part);

	beside_note(place, path, size, want);
	return want;
}

bool place_entry(const struct place *place, const char *path, enum entry_kind kind,
		 const char *target, struct span bytes, uint64_t size, enum want want,
		 struct error *error)
{
	const struct visitor *visitor = place->run->visitor;
	struct entry entry = {
		.path = path,
		.kind = kind,
		.part = place->part,
		.target = target,
		.bytes = bytes,
		.size = size,
		.time = place->time,
		.volume = place->volume,
		.inside = place->path,
		.around = place->around,
		.worker = place->worker,
	};

	if (want == WANT_NOTHING)
		return true;
	if (beside_again(place))
		return kind != ENTRY_FILE || beside_open(place, path, bytes, error);
	if (kind != ENTRY_DIRECTORY)
		atomic_fetch_add(&place->run->entries, 1);
	if (want == WANT_OPEN && kind == ENTRY_FILE) {
		struct place inner = *place;
		bool opened;

		if (visitor->opened)
			visitor->opened(visitor->context, &entry);
		inner.witness = arena_format(place->scratch, "%s: %s", place->witness, path);
		inner.path = path;
		inner.around = place->volume;
		inner.beside = NULL;
		if (!place_open(&inner, bytes, &opened, error))
			return false;
		if (opened)
			return true;
	}
	entry.witness = arena_format(place->scratch, "%s: %s", place->witness, path);
	return !visitor->entry || visitor->entry(visitor->context, &entry, error);
}

bool place_want_file(const struct place *place, const char *path, uint64_t size, enum want *ret,
		     struct error *error)
{
	*ret = place_want(place, path, size);
	if (!bytes_wanted(*ret))
		return true;
	if (size > LIMIT_FILE)
		return fail(error, "%llu bytes, more than the limit for a file",
			    (unsigned long long)size);
	return place_account(place, size, error);
}

const char *place_name(const struct place *place)
{
	const char *name = place->witness;

	for (const char *at = name; *at; at++)
		if ((*at == '/' || *at == ' ') && at[1])
			name = at + 1;
	return name;
}

size_t place_entries(const struct place *place)
{
	return atomic_load(&place->run->entries);
}

bool place_kernel(const struct place *place, struct span bytes, const char *label,
		  const char *architecture, struct error *error)
{
	const struct visitor *visitor = place->run->visitor;
	struct kernel_bytes kernel = {
		.bytes = bytes,
		.witness = place->witness,
		.path = place->path,
		.label = label,
		.architecture = architecture,
		.volume = place->volume,
		.spare = place->spare,
	};
	bool found;

	if (visitor->kernel && !visitor->kernel(visitor->context, &kernel, error))
		return false;
	return appended_end(place, bytes, error) && initramfs_open(place, bytes, &found, error);
}

/* The most that may be decoded from a file of OWN bytes. Nested containers have no
 * ratio of their own: two of 1000 would make one of a million. */
static uint64_t decoded_most(uint64_t own)
{
	uint64_t most = own < LIMIT_TOTAL / LIMIT_RATIO ? own * LIMIT_RATIO : LIMIT_TOTAL;

	return most > LIMIT_RATIO_FREE ? most : LIMIT_RATIO_FREE;
}

bool place_account(const struct place *place, uint64_t decoded, struct error *error)
{
	struct unpacking *run = place->run;
	uint64_t all = atomic_fetch_add(&run->decoded, decoded) + decoded;

	if (all > LIMIT_TOTAL || decoded > LIMIT_TOTAL)
		return fail(error, "unpacks to more than %llu MiB",
			    (unsigned long long)(LIMIT_TOTAL / MIB));
	if (all > decoded_most(run->own))
		return fail(error,
			    "unpacks to more than %d times its size: possible decompression bomb",
			    LIMIT_RATIO);
	return true;
}

uint64_t place_room(const struct place *place, uint64_t size)
{
	uint64_t most = decoded_most(place->run->own);

	return size < most ? size : most;
}

uint64_t place_allowed(const struct place *place, uint64_t most)
{
	uint64_t all = decoded_most(place->run->own), used = atomic_load(&place->run->decoded);
	uint64_t left = used < all ? all - used : 0;

	return left < most ? left : most;
}

unsigned place_volume(const struct place *place)
{
	return place->run->volumes++;
}

unsigned place_threads(const struct place *place)
{
	unsigned threads = place->run->visitor->threads;

	return threads ? pool_size(threads) : 1;
}
