/* SPDX-License-Identifier: ISC */
/* Reads the text files of an image: release files, modules.builtin, feed lists, keys,
 * and the config and Module.symvers that are given for it or lie in it. */
#include "facts/compare/tie.h"
#include "facts/image/image_parts.h"
#include "facts/package/package_file.h"
#include "unpack/file.h"
#include "unpack/reader.h"

#include <string.h>

#define TEXT_MOST (64 * MIB)

static bool text_unpack(struct arena *arena, struct span bytes, struct span *ret,
			struct error *error)
{
	enum compression compression = compression_of(bytes);

	*ret = bytes;
	return compression == COMPRESSION_NONE ||
	       decompress(arena, compression, bytes, TEXT_MOST, ret, NULL, error);
}

enum { BESIDE_BEST = 4 };

/* How near a file that describes a kernel is to that of the image. 0: it names another
 * one; BESIDE_BEST: it names this one, and is in its root file system. An image with two
 * slots, or from which an old kernel was removed, has files of several kernels. */
static unsigned file_rank(const struct image_reading *reading, const struct found_file *file)
{
	const char *release = reading->image->release.value;
	struct span named = release_in_name(file->path);
	bool own = file->volume == reading->root_volume && strcmp(file->root, reading->root) == 0,
	     exact = release && span_is(named, release);

	if (release && named.size > 0 && !exact)
		return 0;
	return 1 + exact + 2 * own;
}

/* The config in FILE, if kconfig wrote it for a kernel of the image's release; or NULL. */
static const struct config *config_in(struct image_reading *reading, const struct found_file *file)
{
	const char *release = reading->image->release.value;
	struct config *config = arena_new(reading->arena, struct config);
	struct error error;

	if (!config_read(reading->arena, file->witness, file->bytes, config, &error) ||
	    !config->release)
		return NULL;
	if (file_rank(reading, file) > 0 &&
	    (!release || release_extends(release, config->release) ||
	     config_named(file->path, config->release, release)))
		return config;
	image_remark(reading, "%s is for %s: ignored", file->witness,
		     file_rank(reading, file) > 0
			     ? config->release
			     : arena_string(reading->arena, release_in_name(file->path)));
	return NULL;
}

/* Chooses the config in the image that is nearest to its kernel. Of several that are
 * equally near the first that differs speaks against it. */
static void config_beside(struct image_reading *reading)
{
	struct image *image = reading->image;
	unsigned best = 0;

	array_each(file, &reading->files) {
		const struct config *config =
			file->kept == KEPT_CONFIG ? config_in(reading, file) : NULL;
		unsigned rank = config ? file_rank(reading, file) : 0;

		if (rank > best) {
			image->config = config;
			image->config_rival = NULL;
			best = rank;
		} else if (config && rank == best &&
			   (!image->config_rival ||
			    !config_first_difference(reading->arena, image->config,
						     image->config_rival))) {
			image->config_rival = config;
		}
	}
}

bool image_config(struct image_reading *reading, struct error *error)
{
	struct image *image = reading->image;
	const char *path = reading->options->config;

	if (path) {
		_cleanup_arena_ struct arena text_arena = {0};
		struct config *config = arena_new(reading->arena, struct config);
		struct span text;

		if (!file_read(&text_arena, path, TEXT_MOST, &text, error))
			return false;
		if (!config_read(reading->arena, path, text, config, error))
			return strstr(error->text, path) ? false : within(error, "%s", path);
		image->config = config;
		image->config_given = true;
	}
	if (image->kernel)
		image->own_config = image->kernel->config;
	array_each(found, &reading->modules)
		if (!image->own_config && image_module_runs(image, &found->module))
			image->own_config = found->config;
	if (!image->config)
		image->config = image->own_config;
	if (!image->config)
		config_beside(reading);
	if (image->config)
		image->config_witness = image->config->witness;
	else
		image->config_witness =
			arena_format(reading->arena,
				     "%s; no configs.ko, boot/config-*, lib/modules/*/config in %s",
				     image->kernel && image->kernel->config_witness
					     ? image->kernel->config_witness
					     : image->kernel_witness,
				     image->source);
	return true;
}

static size_t names_missing(const struct exports *from, const struct exports *in,
			    const char **example)
{
	size_t missing = 0;

	array_each(export, from)
		if (!exports_find(in, export->name) && missing++ == 0)
			*example = export->name;
	return missing;
}

static size_t crcs_differ(const struct exports *a, const struct exports *b, const char **example)
{
	size_t count = 0;

	array_each(export, a) {
		const struct export *other = exports_find(b, export->name);

		if (other && other->has_crc && export->has_crc && other->crc != export->crc &&
		    count++ == 0)
			*example = export->name;
	}
	return count;
}

/* Adds a remark for each difference. True if GIVEN is not the export table of
 * the image's kernel. */
static bool exports_contradict(struct image_reading *reading, const struct kernel_exports *own,
			       const struct kernel_exports *given)
{
	const char *lost = "", *extra = "", *differs = "";
	size_t missing = given->complete ? names_missing(&own->table, &given->table, &lost) : 0;
	size_t added = own->complete ? names_missing(&given->table, &own->table, &extra) : 0;
	size_t changed = crcs_differ(&own->table, &given->table, &differs);

	if (missing > 0)
		image_remark(reading,
			     "%s is not from this kernel: it lacks %zu of the kernel's exports, "
			     "for example %s",
			     given->source, missing, lost);
	if (added > 0)
		image_remark(reading,
			     "%s is not from this kernel, or the kernel was trimmed: the kernel "
			     "does not export %zu of its symbols, for example %s",
			     given->source, added, extra);
	if (changed > 0)
		image_remark(reading,
			     "%s is not from this kernel: %zu CRCs differ, for example that of %s",
			     given->source, changed, differs);
	bool versions = own->crcs_known && given->crcs_known && own->crcs != given->crcs;
	if (versions)
		image_remark(reading, "%s is not from this kernel: it has %s, the kernel has %s",
			     given->source, given->crcs ? "CRCs" : "no CRCs",
			     own->crcs ? "some" : "none");
	return missing > 0 || added > 0 || changed > 0 || versions;
}

static void exports_refuse(struct image_reading *reading, const struct kernel_exports *exports,
			   const char *whose, const char *why)
{
	struct image *image = reading->image;

	image->exports_against = arena_format(reading->arena,
					      "%s is not the table of the kernel %s, and is not "
					      "used: %s",
					      exports->source, whose, why);
	image->exports_witness = exports->source;
}

/* Uses the exports of a symvers file, which may also be given for an image whose kernel
 * was not found. A file that the image's kernel or modules contradict is not used;
 * where the kernel's own table is incomplete, that table stays doubtful. */
static void exports_set(struct image_reading *reading, const struct kernel_exports *exports)
{
	struct image *image = reading->image;
	struct kernel *kernel = arena_new(reading->arena, struct kernel);
	const char *foreign = image_exports_foreign(reading, exports);

	if (image->kernel) {
		*kernel = *image->kernel;
	} else {
		kernel->witness = kernel->release.witness = kernel->banner.witness =
			image->kernel_witness;
		kernel->vermagic.witness = kernel->machine_witness = kernel->config_witness =
			image->kernel_witness;
	}
	if (image->kernel && kernel->exports.source &&
	    exports_contradict(reading, &kernel->exports, exports)) {
		exports_refuse(reading, exports, "in the image",
			       "the kernel's own table contradicts it");
		if (!kernel->exports.complete)
			kernel->exports.doubt = image->exports_against;
	} else if (foreign) {
		exports_refuse(reading, exports, "that the image's modules were built for",
			       foreign);
		return;
	} else if (exports->complete || !kernel->exports.complete) {
		kernel->exports = *exports;
	}
	image->kernel = kernel;
}

static bool exports_of_file(struct image_reading *reading, const struct found_file *file,
			    struct kernel_exports *ret)
{
	_cleanup_arena_ struct arena text_arena = {0};
	struct error error;
	struct span text;

	return text_unpack(&text_arena, file->bytes, &text, &error) &&
	       symvers_read(reading->arena, file->witness, text, true, ret, &error) &&
	       ret->table.count > 0;
}

static void symvers_beside(struct image_reading *reading)
{
	const struct kernel *kernel = reading->image->kernel;
	bool wanted = !kernel || !kernel->exports.source || !kernel->exports.complete;

	for (unsigned rank = BESIDE_BEST; rank > 0; rank--)
		array_each(file, &reading->files) {
			struct kernel_exports exports = {0};

			if (file->kept != KEPT_SYMVERS || file_rank(reading, file) != rank ||
			    !exports_of_file(reading, file, &exports))
				continue;
			if (wanted)
				exports_set(reading, &exports);
			else
				exports_contradict(reading, &kernel->exports, &exports);
			return;
		}
}

bool image_symvers(struct image_reading *reading, struct error *error)
{
	_cleanup_arena_ struct arena text_arena = {0};
	const char *path = reading->options->symvers;
	struct kernel_exports exports = {0};
	struct span text;

	if (!path) {
		symvers_beside(reading);
		return true;
	}
	if (!file_read(&text_arena, path, TEXT_MOST, &text, error))
		return false;
	if (!text_unpack(&text_arena, text, &text, error))
		return within(error, "%s", path);
	if (!symvers_read(reading->arena, path, text, true, &exports, error))
		return strstr(error->text, path) ? false : within(error, "%s", path);
	exports_set(reading, &exports);
	return true;
}

/* Reads modules.builtin, a path a line ("kernel/drivers/net/dummy.ko"), or
 * modules.builtin.modinfo, in which "dummy.license=GPL" ends with a zero byte (Linux
 * scripts/Makefile.vmlinux, scripts/Makefile.modinst). Either lists the modules of the
 * kernel in whose directory it is. */
static void builtin_read(struct image_reading *reading, const struct found_file *file)
{
	struct image *image = reading->image;
	struct span release = path_release(file->path), rest = file->bytes, line, name;
	const char *running = image->release.value;
	bool modinfo = text_ends(file->path, ".modinfo");

	if (running && release.size > 0 && !span_is(release, running)) {
		image_remark(reading,
			     "%s belongs to another kernel than the running one, %s: not read",
			     file->witness, running);
		return;
	}
	if (!running && image->releases.count > 1) {
		image_remark(reading,
			     "%s: not read, because it is not known which of %zu kernels runs",
			     file->witness, image->releases.count);
		return;
	}
	while (modinfo ? rest.size > 0 : span_line(&rest, &line)) {
		if (modinfo)
			span_item(&rest, '\0', &line);
		if (!modinfo)
			name = span_trim(line);
		else if (!span_split(line, '.', &name, &line))
			continue;
		if (name.size > 0 && name.size <= LIMIT_NAME)
			*array_add(reading->arena, &image->builtin) = module_name_of_path(
				reading->arena, arena_string(reading->arena, name));
	}
	strings_unique(&image->builtin);
	image->builtin_witness = file->witness;
}

static void text_read(struct image_reading *reading, const struct found_file *file)
{
	struct image *image = reading->image;
	const char *slash = strrchr(file->path, '/');
	struct span rest = file->bytes, token;

	if (file->kept == KEPT_BUILTIN)
		builtin_read(reading, file);
	if (file->kept == KEPT_KEY) {
		if (strstr(file->path, "etc/opkg/keys/"))
			*array_add(reading->arena, &image->opkg_keys) = slash + 1;
		key_add(reading->arena, file->witness, file->bytes, &image->keys);
	}
	if (file->kept == KEPT_APK_WORLD)
		while (span_token(&rest, &token))
			*array_add(reading->arena, &image->apk_world) =
				arena_string(reading->arena, token);
	if (file->kept == KEPT_PROVIDERS && file->link)
		providers_linked(reading->arena, file->witness, &image->providers);
	else if (file->kept == KEPT_PROVIDERS)
		providers_add(reading->arena, file->witness, file->bytes, file->size,
			      &image->providers);
	if (file->kept == KEPT_COMMAND_LINE)
		command_lines_read(reading->arena, file->path, file->witness, file->bytes,
				   &image->command_lines);
	if (file->kept == KEPT_LOADER_RULES &&
	    !loader_rules_read(reading->arena, file->path, file->witness, file->bytes,
			       &image->loader_rules))
		image_unread(reading, "%s: more than %d rules of the module loader", file->witness,
			     LOADER_RULES_MOST);
	if (file->kept == KEPT_SYSCTL && sysctl_disables_modules(file->bytes))
		image->modules_disabled = file->witness;
	if (file->kept == KEPT_AUTOLOAD)
		autoloads_read(reading->arena, file->path, file->bytes, &image->autoload);
	if (file->kept == KEPT_FEEDS)
		*array_add(reading->arena, &image->feed_lists) =
			(struct feed_list){file->path, file->witness, file->bytes};
	if (file->kept == KEPT_KERNEL && !file->link)
		image_remark(reading, "%s: named like a kernel, but its content is not a kernel",
			     file->witness);
}

/* opkg and apk read the main file first, then the others by name. */
static int feed_list_compare(const void *a, const void *b)
{
	return strcmp(((const struct feed_list *)a)->path, ((const struct feed_list *)b)->path);
}

void image_texts(struct image_reading *reading)
{
	struct image *image = reading->image;

	array_each(file, &reading->files)
		text_read(reading, file);
	strings_unique(&image->opkg_keys);
	array_sort(&image->feed_lists, feed_list_compare);
	image_arch(reading);
	image_distribution(reading);
	image_odd(reading);
}
