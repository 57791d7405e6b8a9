#include "unpack/kernel.h"

size_t kernel_banner(struct span bytes)
{
	const struct span banner = SPAN_OF("Linux version ");
	uint8_t digit;

	for (size_t at = span_find(bytes, 0, banner); at != SIZE_MAX; at = span_find(bytes, at + 1, banner)) {
		if (span_u8(bytes, at + banner.size, &digit) && digit >= '0' && digit <= '9')
			return at;
	}
	return SIZE_MAX;
}

/* Where a search stands: what was taken off so far ("bzimage, xz"), NULL at the start, and how often. */
struct layer {
	const char *chain;
	unsigned count;
};

static bool look(struct kernel_search *search, struct span bytes, struct layer layer, struct error *error);

static struct layer deeper(const struct kernel_search *search, struct layer layer, const char *name)
{
	struct arena *scratch = search->place->scratch;
	const char *chain = layer.chain ? arena_format(scratch, "%s, %s", layer.chain, name) : name;

	return (struct layer){chain, layer.count + 1};
}

static bool hand_over(struct kernel_search *search, struct span kernel, struct layer layer, struct error *error)
{
	struct place inner;

	search->found = true;
	place_layout(search->place, 0, search->used, "kernel", layer.chain);
	return place_enter(search->place, 0, layer.chain, &inner, error) &&
	       place_kernel(&inner, kernel, search->label, search->architecture, error);
}

static bool unpack_stream(struct kernel_search *search, enum compression compression, struct span bytes,
			  struct arena *arena, struct span *ret, uint64_t *ret_used, struct error *error)
{
	uint64_t limit = search->budget < LIMIT_KERNEL ? search->budget : LIMIT_KERNEL;

	if (search->tries == 0 || search->budget == 0)
		return fail(error, "too many compressed streams to look into all of them");
	search->tries--;

	bool ok = decompress(arena, compression, bytes, limit, ret, ret_used, error);
	uint64_t cost = ret->size + *ret_used;
	search->budget -= cost < search->budget ? cost : search->budget;
	return ok && place_account(search->place, ret->size, *ret_used, error);
}

/* A stream at the front. RET_USED is set as soon as it could be decoded. */
static bool look_stream(struct kernel_search *search, enum compression compression, struct span bytes,
			struct layer layer, uint64_t *ret_used, struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span decoded;

	if (!unpack_stream(search, compression, bytes, &arena, &decoded, ret_used, error))
		return false;
	if (layer.count == 0)
		search->used = *ret_used;
	return look(search, decoded, deeper(search, layer, compression_name(compression)), error);
}

/* Streams anywhere in REGION. The first that is broken is the error when none holds a kernel. */
static bool look_through(struct kernel_search *search, struct span region, struct layer layer, struct error *error)
{
	struct error first = {0}, other;
	enum compression compression;
	size_t at = 0;

	while (search->tries > 0 && payload_next(region, at, &at, &compression)) {
		struct error *into = first.text[0] ? &other : &first;
		uint64_t used = 0;
		bool ok = look_stream(search, compression, span_skip(region, at), layer, &used, into);

		if (search->found && !ok)
			return fail(error, "%s", into->text);
		if (search->found)
			return true;
		if (!ok && into == &first)
			within(&first, "at 0x%zx", at);
		at += ok && used ? used : 1;
	}
	return first.text[0] == '\0' || fail(error, "%s", first.text);
}

static bool look_wrapped(struct kernel_search *search, struct span bytes, const struct wrapping *wrapping,
			 struct layer layer, struct error *error)
{
	struct layer inner = deeper(search, layer, wrapping->name);
	struct span payload;
	uint64_t used;

	if (wrapping->architecture && !search->architecture)
		search->architecture = wrapping->architecture;
	if (!span_cut(bytes, wrapping->payload, wrapping->payload_size, &payload))
		return fail(error, "%s: cut short: it ends at byte %llu, %zu bytes are there", wrapping->name,
			    (unsigned long long)(wrapping->payload + wrapping->payload_size), bytes.size);
	if (layer.count == 0)
		search->used = wrapping->size;
	if (kernel_banner(payload) != SIZE_MAX)
		return hand_over(search, payload, inner, error);
	if (wrapping->scan)
		return look_through(search, payload, inner, error) || within(error, "%s", wrapping->name);

	enum compression compression = compression_of(payload);
	if (compression == COMPRESSION_NONE)
		return fail(error, "%s: its payload at 0x%llx is compressed in no known way", wrapping->name,
			    (unsigned long long)wrapping->payload);
	return look_stream(search, compression, payload, inner, &used, error) || within(error, "%s", wrapping->name);
}

static bool look(struct kernel_search *search, struct span bytes, struct layer layer, struct error *error)
{
	enum compression compression = compression_of(bytes);
	struct wrapping wrapping;
	uint64_t used;

	if (layer.count >= LIMIT_NESTING)
		return fail(error, "more than %d wrappings around a kernel", LIMIT_NESTING);
	if (compression != COMPRESSION_NONE)
		return look_stream(search, compression, bytes, layer, &used, error);
	if (wrapping_of(bytes, &wrapping))
		return look_wrapped(search, bytes, &wrapping, layer, error);
	if (kernel_banner(bytes) == SIZE_MAX)
		return true;
	return hand_over(search, bytes, layer.chain ? layer : deeper(search, layer, wrapping_raw(bytes)), error);
}

bool kernel_begin(struct kernel_search *search, struct span bytes, struct error *error)
{
	const struct layer outermost = {0};

	search->found = false;
	search->used = 0;
	return look(search, bytes, outermost, error);
}

bool kernel_open(const struct place *place, struct span bytes, const char *label, const char *architecture, bool *found,
		 uint64_t *ret_used, struct error *error)
{
	struct kernel_search search = {
		.place = place,
		.label = label,
		.architecture = architecture,
		.tries = LIMIT_TRIES,
		.budget = KERNEL_BUDGET,
	};
	struct wrapping wrapping;
	bool ok = kernel_begin(&search, bytes, error);

	/* a loader in front, which nothing but its code tells from other bytes */
	if (ok && !search.found && compression_of(bytes) == COMPRESSION_NONE && !wrapping_of(bytes, &wrapping))
		ok = look_through(&search, bytes, (struct layer){"loader", 1}, error);
	*found = search.found;
	*ret_used = search.used;
	return ok;
}

static bool kernel_probe(struct span bytes)
{
	struct wrapping wrapping;
	uint64_t size;

	if (wrapping_of(bytes, &wrapping))
		return wrapping.size == 0 || wrapping.size >= 0x10000;
	if (compression_of(bytes) != COMPRESSION_NONE || kernel_banner(bytes) == SIZE_MAX)
		return false;
	for (size_t at = span_find(bytes, 0, SPAN_OF("hsqs")); at != SIZE_MAX;
	     at = span_find(bytes, at + 1, SPAN_OF("hsqs"))) {
		if (squashfs_here(span_skip(bytes, at), &size))
			return false;
	}
	return true;
}

static bool kernel_read(const struct place *place, struct span bytes, struct error *error)
{
	uint64_t used;
	bool found;

	if (!kernel_open(place, bytes, NULL, NULL, &found, &used, error))
		return false;
	return found || fail(error, "a program, but no Linux kernel in it");
}

const struct format format_kernel = {"kernel", kernel_probe, kernel_read};
