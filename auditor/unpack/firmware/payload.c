/* SPDX-License-Identifier: ISC */
/* Finds the Linux kernel inside compressed and wrapped payloads, recognised by its
 * banner, and hands it to the visitor. */
#include "unpack/firmware/payload.h"

enum { BANNER_MOST = 512 };

/* True if TEXT is a complete line: compressed lz4 or lzo data may contain the words of
 * a banner, but not all of it. */
static bool whole_line(struct span text)
{
	for (size_t i = 0; i < text.size && i < BANNER_MOST; i++) {
		if (text.data[i] == '\n' || text.data[i] == '\0')
			return true;
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	}
	return false;
}

size_t kernel_banner(struct span bytes)
{
	const struct span banner = SPAN_OF("Linux version ");
	uint8_t digit;

	for (size_t at = span_find(bytes, 0, banner); at != SIZE_MAX;
	     at = span_find(bytes, at + 1, banner)) {
		if (span_u8(bytes, at + banner.size, &digit) && digit >= '0' && digit <= '9' &&
		    whole_line(span_skip(bytes, at)))
			return at;
	}
	return SIZE_MAX;
}

static bool line_has(struct span line, const char *part)
{
	return span_find(line, 0, span_text(part)) != SIZE_MAX;
}

size_t kernel_nameless(struct span bytes)
{
	const struct span banner = SPAN_OF("Linux version ");

	for (size_t at = span_find(bytes, 0, banner); at != SIZE_MAX;
	     at = span_find(bytes, at + 1, banner)) {
		struct span line = span_head(span_skip(bytes, at), BANNER_MOST);
		size_t size = 0;

		while (size < line.size && line.data[size] != '\n' && line.data[size] != '\0')
			size++;
		line = span_head(line, size);
		if (whole_line(span_skip(bytes, at)) && !line_has(line, "%") &&
		    line_has(line, " (") && line_has(line, "@") && line_has(line, ") #"))
			return at;
	}
	return SIZE_MAX;
}

static bool uts_field(struct span bytes, uint64_t at, struct span *ret)
{
	struct span field;

	if (!span_cut(bytes, at, UTS_FIELD, &field) || !span_string(field, 0, ret))
		return false;
	for (size_t i = 0; i < field.size; i++) {
		bool inside = i < ret->size;

		if (inside ? field.data[i] < ' ' || field.data[i] > '~' : field.data[i] != 0)
			return false;
	}
	return true;
}

size_t kernel_uts(struct span bytes)
{
	static const uint8_t name[UTS_FIELD] = "Linux";
	struct span field;

	for (size_t at = span_find(bytes, 0, span_from(name, sizeof name)); at != SIZE_MAX;
	     at = span_find(bytes, at + 1, span_from(name, sizeof name))) {
		if (uts_field(bytes, at + UTS_FIELD, &field) &&
		    uts_field(bytes, at + UTS_RELEASE, &field) && field.size > 2 &&
		    field.data[0] >= '0' && field.data[0] <= '9' &&
		    uts_field(bytes, at + 3 * UTS_FIELD, &field) && span_starts(field, "#"))
			return at;
	}
	return SIZE_MAX;
}

bool kernel_here(struct span bytes)
{
	return kernel_banner(bytes) != SIZE_MAX || kernel_uts(bytes) != SIZE_MAX ||
	       kernel_nameless(bytes) != SIZE_MAX;
}

bool kernel_sure(struct span bytes)
{
	const struct span format = SPAN_OF("%s version %s (");

	if (kernel_banner(bytes) == SIZE_MAX && kernel_nameless(bytes) == SIZE_MAX)
		return false;
	for (size_t at = span_find(bytes, 0, format); at != SIZE_MAX;
	     at = span_find(bytes, at + 1, format)) {
		if (whole_line(span_skip(bytes, at)))
			return true;
	}
	return false;
}

/* The depth of a search: the wrappings removed so far ("bzimage, xz"; NULL at the
 * start), and their number. */
struct layer {
	const char *chain;
	unsigned count;
};

static bool look(struct kernel_search *search, struct span bytes, struct layer layer,
		 struct error *error);

static struct layer deeper(const struct kernel_search *search, struct layer layer, const char *name)
{
	struct arena *scratch = search->place->scratch;
	const char *chain = layer.chain ? arena_format(scratch, "%s, %s", layer.chain, name) : name;

	return (struct layer){chain, layer.count + 1};
}

static bool hand_over(struct kernel_search *search, struct span kernel, struct layer layer,
		      struct error *error)
{
	struct place inner;

	search->found = true;
	place_layout(search->place, 0, search->used, "kernel", layer.chain);
	return place_enter(search->place, 0, layer.chain, &inner, error) &&
	       place_kernel(&inner, kernel, search->label, search->architecture, error);
}

bool kernel_spent(struct kernel_search *search)
{
	if (search->budget > 0)
		return false;
	if (!search->spent)
		place_unread(search->place,
			     "the search for kernels stopped at the limit of %llu MiB read and "
			     "decoded: some candidates were not examined",
			     (unsigned long long)(KERNEL_BUDGET / MIB));
	search->spent = true;
	return true;
}

/* Searches the stream at the start of BYTES. RET_USED is set as soon as it
 * could be decoded. */
static bool look_stream(struct kernel_search *search, enum compression compression,
			struct span bytes, struct layer layer, uint64_t *ret_used,
			struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};
	uint64_t limit = search->budget < LIMIT_KERNEL ? search->budget : LIMIT_KERNEL;
	struct span decoded;
	struct error ignored;

	if (kernel_spent(search))
		return fail(error, "too many compressed streams: some were not examined");

	bool ok = decompress(&arena, compression, bytes, place_allowed(search->place, limit),
			     &decoded, ret_used, error);
	uint64_t cost = decoded.size + *ret_used;
	search->reached = cost;
	cost = cost > TRY_COST ? cost : TRY_COST;
	search->budget -= cost < search->budget ? cost : search->budget;
	if (!place_account(search->place, decoded.size, ok ? error : &ignored) || !ok)
		return false;
	if (layer.count == 0)
		search->used = *ret_used;
	return look(search, decoded, deeper(search, layer, compression_name(compression)), error);
}

/* Searches streams anywhere in REGION. If none contains a kernel, the error is that of
 * the damaged stream of which most could be decoded. */
static bool look_through(struct kernel_search *search, struct span region, struct layer layer,
			 struct error *error)
{
	struct error worst = {0}, why;
	enum compression compression;
	uint64_t furthest = TRY_LEAST;
	size_t at = 0;

	while (payload_next(region, at, &at, &compression) && !kernel_spent(search)) {
		uint64_t used = 0;
		bool ok =
			look_stream(search, compression, span_skip(region, at), layer, &used, &why);

		if (search->found)
			return ok || fail(error, "%s", why.text);
		if (!ok && search->reached >= furthest) {
			worst = why;
			furthest = search->reached;
			within(&worst, "at 0x%zx", at);
		}
		at += ok && used ? used : 1;
	}
	return worst.text[0] == '\0' || fail(error, "%s", worst.text);
}

/* Searches a kernel, or a stub that unpacks one, in which the banner may be
 * readable as well. */
static bool look_inside(struct kernel_search *search, struct span payload, struct layer layer,
			struct error *error)
{
	if (kernel_sure(payload))
		return hand_over(search, payload, layer, error);
	if (!look_through(search, payload, layer, error))
		return false;
	if (search->found || !kernel_here(payload))
		return true;
	return hand_over(search, payload, layer, error);
}

/* Like look_stream, for lzma without the header of a file. */
static bool look_bare(struct kernel_search *search, struct span bytes,
		      const struct wrapping *wrapping, struct layer layer, struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};
	uint64_t limit = search->budget < LIMIT_KERNEL ? search->budget : LIMIT_KERNEL;
	struct span decoded;

	if (kernel_spent(search))
		return fail(error, "too many compressed streams: some were not examined");

	bool ok = wrapping_decode(&arena, bytes, wrapping, place_allowed(search->place, limit),
				  &decoded, error);
	search->reached = decoded.size + wrapping->payload_size;
	search->budget -= search->reached < search->budget ? search->reached : search->budget;
	return ok && place_account(search->place, decoded.size, error) &&
	       look(search, decoded, deeper(search, layer, "lzma"), error);
}

static bool look_payload(struct kernel_search *search, struct span bytes,
			 const struct wrapping *wrapping, struct layer layer, struct error *error)
{
	struct layer inner = deeper(search, layer, wrapping->name);
	struct span payload;
	uint64_t used;

	if (wrapping->architecture && !search->architecture)
		search->architecture = wrapping->architecture;
	if (!span_cut(bytes, wrapping->payload, wrapping->payload_size, &payload))
		return fail(error,
			    "%s: truncated: it ends at byte %llu, but only %zu bytes are present",
			    wrapping->name,
			    (unsigned long long)(wrapping->payload + wrapping->payload_size),
			    bytes.size);
	if (layer.count == 0)
		search->used = wrapping->size;
	if (wrapping->bare)
		return look_bare(search, bytes, wrapping, inner, error) ||
		       within(error, "%s", wrapping->name);
	if (wrapping->scan)
		return look_inside(search, payload, inner, error) ||
		       within(error, "%s", wrapping->name);

	enum compression compression = compression_of(payload);
	if (compression == COMPRESSION_NONE)
		return fail(error, "%s: unknown compression of its payload at 0x%llx",
			    wrapping->name, (unsigned long long)wrapping->payload);
	return look_stream(search, compression, payload, inner, &used, error) ||
	       within(error, "%s", wrapping->name);
}

static bool look(struct kernel_search *search, struct span bytes, struct layer layer,
		 struct error *error)
{
	enum compression compression = compression_of(bytes);
	struct wrapping wrapping;
	uint64_t used;

	if (layer.count >= LIMIT_NESTING)
		return fail(error, "more than %d wrappings around a kernel", LIMIT_NESTING);
	if (compression != COMPRESSION_NONE)
		return look_stream(search, compression, bytes, layer, &used, error);
	if (wrapping_of(bytes, &wrapping))
		return look_payload(search, bytes, &wrapping, layer, error) &&
		       (!search->found || wrapping.size == 0 ||
			appended_behind(search->place, span_skip(bytes, wrapping.size), error));

	/* file systems and archives may contain a text with a banner or a whole kernel */
	bool archive = span_starts(bytes, "070701") || span_starts(bytes, "hsqs") ||
		       span_has(bytes, 257, SPAN_OF("ustar"));
	if (archive || !kernel_here(bytes))
		return true;
	if (!search->architecture)
		search->architecture = wrapping_machine(bytes);

	const char *raw = wrapping_raw(bytes);
	return hand_over(search, bytes,
			 layer.chain ? layer : deeper(search, layer, raw ? raw : "raw"), error);
}

bool kernel_begin(struct kernel_search *search, struct span bytes, struct error *error)
{
	const struct layer outermost = {0};

	search->found = false;
	search->used = 0;
	return look(search, bytes, outermost, error);
}

bool kernel_behind(struct kernel_search *search, struct span bytes, struct error *error)
{
	const struct layer loader = {"loader", 1};
	struct wrapping wrapping;

	if (!kernel_begin(search, bytes, error))
		return false;
	if (search->found || compression_of(bytes) != COMPRESSION_NONE ||
	    wrapping_of(bytes, &wrapping))
		return true;
	return look_through(search, bytes, loader, error);
}

bool kernel_open(const struct place *place, struct span bytes, const char *label,
		 const char *architecture, bool *found, uint64_t *ret_used, struct error *error)
{
	struct kernel_search search = {
		.place = place,
		.label = label,
		.architecture = architecture,
		.budget = KERNEL_BUDGET,
	};
	bool ok = kernel_behind(&search, bytes, error);

	*found = search.found;
	*ret_used = search.used;
	return ok;
}
