/* SPDX-License-Identifier: ISC */
/* Visits all entries of an image and keeps its modules, kernels and wanted files, on
 * the threads of the unpacker. */
#include "base/text.h"
#include "facts/image/image_parts.h"
#include "facts/package/package_file.h"
#include "unpack/reader.h"

#include <string.h>

/* of a file that is named like a kernel and is none, enough to say what it is */
enum { KERNEL_HEAD = 64 };

/* PATH below boot/ if the input is the directory boot itself. In SCRATCH, or PATH. */
static const char *rooted(struct arena *scratch, const char *path)
{
	return boot_is_bare(path) ? arena_format(scratch, "boot/%s", path) : path;
}

enum want image_want(void *context, const char *path, uint64_t size, enum part part)
{
	/* directories of a running system that do not belong to an image */
	static const char *const foreign[] = {"proc/", "sys/", "dev/", NULL};
	_cleanup_arena_ struct arena scratch = {0};
	size_t root;

	(void)context;
	if (part == PART_BESIDE || part == PART_EARLY)
		return beside_wanted(path, part == PART_EARLY);
	path = rooted(&scratch, path);
	if (part == PART_CONTROL || text_among(path, foreign))
		return WANT_NOTHING;
	if (text_ends(path, "/"))
		return WANT_NAME;
	enum want want = kept_want(path_kept(path, &root), size);

	/* a link has no size; which files are links is not known yet */
	return want == WANT_NOTHING && size == 0 ? WANT_NAME : want;
}

static enum sign image_root(void *context, const char *path)
{
	(void)context;
	return path_root(path);
}

static struct found_set set_of(struct image_worker *worker, const struct entry *entry)
{
	if (!entry->inside || !dist_is_set(entry->inside))
		return (struct found_set){.path = NULL};
	return (struct found_set){
		.path = map_intern(&worker->names, &worker->arena, span_text(entry->inside)),
		.volume = entry->around};
}

void image_module_found(struct image_worker *worker, const struct entry *entry, size_t root,
			bool bare)
{
	struct module_reader reader = {
		.arena = &worker->arena, .names = &worker->names, .scratch = &worker->scratch};
	struct found_module found = {
		.volume = entry->volume,
		.set = set_of(worker, entry),
		.root = map_intern(&worker->names, &worker->arena, span_from(entry->path, root)),
		.bare = bare,
		.module = module_from_entry(&reader, entry->path, entry->witness, entry->bytes)};
	struct span bytes = entry->bytes;
	enum compression compression = compression_of(bytes);
	struct error error;

	/* a module built from kernel/configs.c contains the config of its kernel */
	if (!found.module.problem && strcmp(found.module.name, "configs") == 0 &&
	    (compression == COMPRESSION_NONE ||
	     decompress(&worker->scratch, compression, bytes, LIMIT_FILE, &bytes, NULL, &error)))
		found.config = ikconfig_read(&worker->arena, found.module.witness, bytes);
	arena_reset(&worker->scratch);
	*array_add(&worker->arena, &worker->modules) = found;
}

void image_file_found(struct image_worker *worker, const struct entry *entry, enum kept kept,
		      size_t root, bool bare)
{
	*array_add(&worker->arena, &worker->files) = (struct found_file){
		.kept = kept,
		.path = arena_string(&worker->arena, span_text(entry->path)),
		.witness = arena_string(&worker->arena, span_text(entry->witness)),
		.root = map_intern(&worker->names, &worker->arena, span_from(entry->path, root)),
		.volume = entry->volume,
		.set = set_of(worker, entry),
		.bytes = arena_copy(&worker->arena, entry->bytes),
		.size = entry->size,
		.link = entry->kind == ENTRY_LINK,
		.bare = bare,
		.target = entry->kind == ENTRY_LINK && entry->target
				  ? arena_string(&worker->arena, span_text(entry->target))
				  : NULL,
	};
}

/* What an entry is, by its path and whether it is a link: boot/kernel is a kernel of
 * Linux, or a link to a directory of FreeBSD. */
static enum kept entry_kept(const struct entry *entry, size_t *root)
{
	enum kept kept = path_kept(entry->path, root);

	if (entry->kind != ENTRY_LINK)
		return kept == KEPT_FOLDER ? KEPT_NOTHING : kept;
	if (kept == KEPT_KERNEL && boot_is_folder(entry->path, root))
		return KEPT_FOLDER;
	/* these are recorded as what is in their place, so that a link in place of a
	 * provider's statement is noticed */
	if (kept == KEPT_PROVIDERS || kept == KEPT_LOADER || kept == KEPT_LIB ||
	    kept == KEPT_LOADER_CONF || kept == KEPT_FOLDER || kept == KEPT_SETS ||
	    kept == KEPT_PKG_CONF || kept == KEPT_PKG_KEY || kept == KEPT_RC_CONF ||
	    kept == KEPT_SYSCTL || (kept == KEPT_KERNEL && dist_is_set(entry->path)) ||
	    ((kept == KEPT_MODULE || kept == KEPT_KERNEL) && boot_folder(entry->path).size > 0))
		return kept;
	*root = 0;
	return KEPT_LINK;
}

static bool image_entry(void *context, const struct entry *entry, struct error *error)
{
	struct image_reading *reading = context;
	struct image_worker *worker = &reading->workers[entry->worker];
	struct entry found = *entry;
	size_t root;

	(void)error;
	found.path = rooted(&worker->arena, entry->path);

	bool bare = found.path != entry->path;

	entry = &found;

	enum kept kept = entry_kept(entry, &root);

	/* links are followed later, by their paths */
	if (kept == KEPT_NOTHING || entry->kind == ENTRY_DIRECTORY)
		return true;
	if (kept == KEPT_MODULE && entry->kind == ENTRY_FILE)
		image_module_found(worker, entry, root, bare);
	else if (kept != KEPT_KERNEL || entry->kind == ENTRY_LINK)
		image_file_found(worker, entry, kept, root, bare);
	else
		image_file_found(worker,
				 &(struct entry){.path = entry->path,
						 .witness = entry->witness,
						 .bytes = span_head(entry->bytes, KERNEL_HEAD),
						 .size = entry->size,
						 .inside = entry->inside,
						 .around = entry->around,
						 .volume = entry->volume},
				 kept, root, bare);
	return true;
}

/* A distribution set: its sum is compared with that in MANIFEST, which
 * may come later. */
static void image_opened(void *context, const struct entry *entry)
{
	struct image_reading *reading = context;
	struct image_worker *worker = &reading->workers[entry->worker];

	if (!dist_is_set(entry->path))
		return;
	*array_add(&worker->arena, &worker->sets) = (struct found_set){
		.path = arena_string(&worker->arena, span_text(entry->path)),
		.sha256 = sha256_hex(&worker->arena, entry->bytes),
		.volume = entry->volume,
	};
}

/* The first KERNELS_READ kernels are read, and one of them is chosen later. Others
 * are only named. */
enum { KERNELS_READ = 8 };

bool image_kernel_found(void *context, const struct kernel_bytes *bytes, struct error *error)
{
	struct image_reading *reading = context;
	const char *witness = arena_string(reading->arena, span_text(bytes->witness));
	/* what BYTES refers to is freed with the container */
	const char *label =
		bytes->label ? arena_string(reading->arena, span_text(bytes->label)) : NULL;
	struct kernel *kernel = arena_new(reading->arena, struct kernel);
	/* with the first one: it may be that of all root file systems */
	bool wanted =
		reading->options->part == 0
			? reading->kernels < KERNELS_READ
			: reading->kernels == 0 || reading->options->part == reading->kernels + 1;
	struct found_kernel *found = array_add(reading->arena, &reading->found_kernels);
	/* a boot loader starts the copy in boot/ of a kernel that is installed beside its
	 * modules */
	bool beside_modules = bytes->path && path_release(bytes->path).size > 0;
	struct error why = {0};

	(void)error;
	*found = (struct found_kernel){.number = ++reading->kernels,
				       .volume = bytes->volume,
				       .spare = bytes->spare || beside_modules,
				       .sha256 = sha256_hex(reading->arena, bytes->bytes),
				       .witness = witness};
	if (bytes->path) {
		found->bare = boot_is_bare(bytes->path);
		found->path = rooted(reading->arena,
				     arena_string(reading->arena, span_text(bytes->path)));
	}
	if (!wanted)
		return true;
	if (!kernel_read(reading->arena, bytes->bytes, witness, label, bytes->architecture, kernel,
			 &why)) {
		image_remark(reading, "a possible kernel cannot be read: %s", why.text);
		found->why = arena_string(reading->arena, span_text(why.text));
		found->banner = arena_string(reading->arena, kld_kernel_release(bytes->bytes));
		return true;
	}
	found->kernel = kernel;
	return true;
}

static bool image_replaced(void *context, const struct entry *entry)
{
	struct image_reading *reading = context;
	struct image_worker *worker = &reading->workers[entry->worker];
	const char *path = rooted(&worker->arena, entry->path);

	/* An update may have its kernel twice, at the top or beside the root file system. It is
	 * not unpacked but read in pieces, so nothing shows which one counts. */
	if (!strchr(path, '/') || path_is_sysupgrade(path))
		return false;
	path = arena_string(&worker->arena, span_text(path));
	replaced_add(&worker->arena, &worker->replaced_files, entry->volume, path,
		     worker->files.count);
	replaced_add(&worker->arena, &worker->replaced_modules, entry->volume, path,
		     worker->modules.count);
	array_drop(found, &reading->found_kernels,
		   found->volume == entry->volume && found->path && strcmp(found->path, path) == 0);
	reading->kernels = 0;
	array_each(found, &reading->found_kernels)
		found->number = ++reading->kernels;
	image_remark(reading, "%s: it is in the archive twice; the last one is judged", path);
	return true;
}

static void image_layout(void *context, const struct layout *layout)
{
	struct image_reading *reading = context;
	struct layout *kept = array_add(reading->arena, &reading->image->layout);

	*kept = *layout;
	kept->kind = arena_string(reading->arena, span_text(layout->kind));
	if (layout->detail)
		kept->detail = arena_string(reading->arena, span_text(layout->detail));
}

static void unread_found(void *context, const char *text)
{
	image_unread(context, "%s", text);
}

static void shadow_found(void *context, const struct shadow *shadow)
{
	struct image_reading *reading = context;

	*array_add(reading->arena, &reading->shadows) = (struct shadow){
		.path = arena_string(reading->arena, span_text(shadow->path)),
		.witness = arena_string(reading->arena, span_text(shadow->witness)),
		.kind = shadow->kind,
		.volume = shadow->volume,
	};
}

/* Keeps what was found for later runs, unless something could not be read. */
static void found_kept(struct image_reading *reading)
{
	const struct image_options *options = reading->options;
	_cleanup_arena_ struct arena scratch = {0};
	struct found found = {.kernels = reading->found_kernels,
			      .shadows = reading->shadows,
			      .layout = reading->image->layout};

	if (reading->image->unread.count > 0 || reading->image->remarks.count > 0)
		return;
	for (size_t i = 0; i < POOL_MOST; i++) {
		array_append(&scratch, &found.files, &reading->workers[i].files);
		array_append(&scratch, &found.modules, &reading->workers[i].modules);
		array_append(&scratch, &found.sets, &reading->workers[i].sets);
	}
	found_keep(options->cache, reading->image->source, options->part, &reading->digest, &found);
}

/* Takes what an earlier run found in the same bytes, if there was one. */
static bool image_whole(void *context, struct span bytes)
{
	struct image_reading *reading = context;
	const struct image_options *options = reading->options;
	struct image_worker *worker = &reading->workers[0];
	struct found found;

	if (options->undigested)
		return true;
	reading->digest = sha256_of(bytes);
	reading->image->sha256 = digest_hex(reading->arena, reading->digest.bytes, SHA256_SIZE);
	if (!options->cache || !found_recall(options->cache, &worker->arena, reading->image->source,
					     options->part, &reading->digest, &found))
		return true;
	worker->files = found.files;
	worker->modules = found.modules;
	worker->sets = found.sets;
	reading->found_kernels = found.kernels;
	reading->kernels = (unsigned)found.kernels.count;
	reading->shadows = found.shadows;
	reading->image->layout = found.layout;
	reading->recalled = true;
	return false;
}

bool image_visit(struct image_reading *reading, const char *path, struct error *error)
{
	struct visitor visitor = {.context = reading,
				  .want = image_want,
				  .root = image_root,
				  .entry = image_entry,
				  .opened = image_opened,
				  .whole = image_whole,
				  .kernel = image_kernel_found,
				  .replaced = image_replaced,
				  .layout = image_layout,
				  .unread = unread_found,
				  .shadow = shadow_found,
				  .threads = pool_size(reading->options->threads)};
	bool whole = unpack_named(reading->options->local ? reading->options->local : path, path,
				  &visitor, error);

	for (size_t i = 0; i < POOL_MOST; i++) {
		struct image_worker *worker = &reading->workers[i];

		replaced_sort(&worker->replaced_files);
		replaced_sort(&worker->replaced_modules);
		array_drop(found, &worker->files,
			   replaced_has(&worker->replaced_files, found->volume, found->path,
					(size_t)(found - worker->files.list)));
		array_drop(found, &worker->modules,
			   replaced_has(&worker->replaced_modules, found->volume,
					found->module.path,
					(size_t)(found - worker->modules.list)));
		arena_adopt(reading->arena, &worker->arena);
		arena_free(&worker->scratch);
	}
	if (!whole)
		return false;
	if (reading->options->cache && reading->image->sha256 && !reading->recalled)
		found_kept(reading);
	image_sets(reading);
	image_set_alone(reading);
	return true;
}
