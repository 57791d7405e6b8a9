/* SPDX-License-Identifier: ISC */
/* Implements the output memory of decoders, which grows without copying and enforces
 * the limits of unpack/limits.h. */
#include "unpack/compress/sink.h"

#include <sys/mman.h>

#define SINK_FIRST ((size_t)256 << 10)
#define SINK_KEEP ((size_t)1 << 20)
#define SINK_HUGE ((size_t)8 << 20)

bool sink_room(struct sink *sink, size_t more, uint64_t used, struct error *error)
{
	/* one byte over the limit is allowed, because only then it is certain that the
	 * stream is longer */
	if (!sink->head && (uint64_t)sink->size + more > sink->limit + 1)
		return fail(error, "it decompresses to more than the allowed %llu bytes",
			    (unsigned long long)sink->limit);
	if (sink->size > LIMIT_RATIO_FREE && sink->size / LIMIT_RATIO > used)
		return fail(error, "it expands to more than %d times its size", LIMIT_RATIO);
	if (sink->room - sink->size >= more)
		return true;

	size_t room = sink->room ? sink->room : SINK_FIRST;
	while (room - sink->size < more)
		room *= 2;

	void *data = sink->data ? mremap(sink->data, sink->room, room, MREMAP_MAYMOVE)
				: mmap(NULL, room, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (data == MAP_FAILED)
		return fail(error, "cannot allocate %zu bytes (see --max-memory)", room);
	sink->data = data;
	sink->room = room;
	/* a kernel of 50 MB would fault 12,000 times for pages of 4 KB; where there are
	 * no huge pages, it does */
	if (room >= SINK_HUGE)
		(void)madvise(data, room, MADV_HUGEPAGE);
	return true;
}

bool sink_full(const struct sink *sink)
{
	return sink->head && sink->size >= sink->limit;
}

/* Small results are copied, so that each does not use a whole page. */
struct span sink_finish(struct sink *sink, struct arena *arena)
{
	struct span taken = span_from(sink->data, sink->size);

	if (sink->size < SINK_KEEP) {
		taken = arena_copy(arena, taken);
		sink_free(sink);
		return taken;
	}
	arena_own_mapping(arena, sink->data, sink->room);
	*sink = (struct sink){.data = NULL};
	return taken;
}

void sink_free(struct sink *sink)
{
	if (sink->data)
		munmap(sink->data, sink->room);
	sink->data = NULL;
	sink->size = sink->room = 0;
}
