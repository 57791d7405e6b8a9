/* SPDX-License-Identifier: ISC */
/* Finds, checks and makes the entries of a cache of facts. */
#include "facts/stored/fact_cache.h"

#include "facts/stored/coded.h"
#include "unpack/file.h"

#include <pthread.h>

#define ENTRY_MOST (64 * MIB)

/* of the sources of base, unpack and facts: source_id.c, made by the Makefile */
extern const char source_id[];

static const char magic[ENTRY_KEY_AT + 1] = "kmafacts";

/* Facts depend on the bytes of a file, on the name that witnesses begin with, and for
 * an image on the part that was asked for. */
static struct sha256 cache_key(const char *kind, const char *name, unsigned part,
			       const struct sha256 *digest)
{
	_cleanup_arena_ struct arena scratch = {0};
	const char *text = arena_format(&scratch, "%s\n%s\n%u\n%s\n%s", source_id, kind, part,
					digest_hex(&scratch, digest->bytes, SHA256_SIZE), name);

	return sha256_of(span_text(text));
}

/* Begins to read the facts of the entry of KEY; they are in ARENA. */
static bool entry_open(const struct fact_cache *cache, struct arena *arena,
		       const struct sha256 *key, struct coder *ret)
{
	_cleanup_arena_ struct arena scratch = {0};
	const char *path = arena_format(&scratch, "%s/%s", cache->folder,
					digest_hex(&scratch, key->bytes, SHA256_SIZE));
	struct span entry, own, sum, facts;
	struct error ignored;

	if (!file_read(arena, path, ENTRY_MOST, &entry, &ignored) ||
	    !span_has(entry, 0, span_text(magic)) ||
	    !span_cut(entry, ENTRY_KEY_AT, SHA256_SIZE, &own) ||
	    !span_cut(entry, ENTRY_SUM_AT, SHA256_SIZE, &sum))
		return false;
	facts = span_skip(entry, ENTRY_FACTS_AT);

	struct sha256 found = sha256_of(facts);

	*ret = (struct coder){.arena = arena, .reads = true, .rest = facts};
	return span_equal(own, span_from(key->bytes, SHA256_SIZE)) &&
	       span_equal(sum, span_from(found.bytes, SHA256_SIZE));
}

/* Begins an entry; its sum is not known yet. */
static struct coder entry_begin(struct arena *arena, struct sha256 *key)
{
	struct coder coder = {.arena = arena};
	uint8_t head[ENTRY_FACTS_AT] = {0};

	memcpy(head, magic, ENTRY_KEY_AT);
	memcpy(head + ENTRY_KEY_AT, key->bytes, SHA256_SIZE);
	code_block(&coder, head, sizeof head);
	return coder;
}

static void entry_end(const struct fact_cache *cache, struct coder *coder)
{
	static pthread_mutex_t storing = PTHREAD_MUTEX_INITIALIZER;
	struct span entry = span_from(coder->written.list, coder->written.count);
	struct sha256 sum = sha256_of(span_skip(entry, ENTRY_FACTS_AT));

	if (coder->failed || entry.size > ENTRY_MOST)
		return;
	memcpy(coder->written.list + ENTRY_SUM_AT, sum.bytes, SHA256_SIZE);
	pthread_mutex_lock(&storing);
	cache->store(cache, entry);
	pthread_mutex_unlock(&storing);
}

static bool package_recall(const void *context, struct arena *arena, const char *file,
			   const struct sha256 *digest, struct package *ret)
{
	struct sha256 key = cache_key("package", file, 0, digest);
	struct coder coder;

	*ret = (struct package){.file = file};
	if (!entry_open(context, arena, &key, &coder))
		return false;
	code_package(&coder, ret);
	return code_ended(&coder);
}

static void package_keep(const void *context, const struct package *package,
			 const struct sha256 *digest)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct sha256 key = cache_key("package", package->file, 0, digest);
	struct coder coder = entry_begin(&scratch, &key);
	struct package copy = *package;

	code_package(&coder, &copy);
	entry_end(context, &coder);
}

void fact_cache_set(struct fact_cache *cache, const char *folder,
		    void (*store)(const struct fact_cache *cache, struct span entry))
{
	*cache = (struct fact_cache){
		.folder = folder,
		.store = store,
		.packages = {.context = cache, .recall = package_recall, .keep = package_keep}};
}

bool found_recall(const struct fact_cache *cache, struct arena *arena, const char *name,
		  unsigned part, const struct sha256 *digest, struct found *ret)
{
	struct sha256 key = cache_key("image", name, part, digest);
	struct coder coder;

	*ret = (struct found){.layout = {0}};
	if (!entry_open(cache, arena, &key, &coder))
		return false;
	code_found(&coder, ret);
	return code_ended(&coder);
}

void found_keep(const struct fact_cache *cache, const char *name, unsigned part,
		const struct sha256 *digest, const struct found *found)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct sha256 key = cache_key("image", name, part, digest);
	struct coder coder = entry_begin(&scratch, &key);
	struct found copy = *found;

	code_found(&coder, &copy);
	entry_end(cache, &coder);
}
