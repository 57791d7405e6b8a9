/* SPDX-License-Identifier: ISC */
/* Reads a package file (.ipk, .deb, .apk, .pkg) or a bare module: control data, file
 * list, modules, autoload entries and provider declarations. */
#include "facts/package/package_file.h"
#include "base/text.h"
#include "facts/package/apk.h"
#include "facts/package/pkg.h"
#include "facts/package/pkg_sum.h"
#include "unpack/file.h"
#include "unpack/reader.h"
#include "unpack/replaced.h"

#include <string.h>

/* The manifest of the largest port, with 200,000 files, has 30 MiB. */
enum { CONTROL_MOST = 4 << 20, MANIFEST_MOST = 64 << 20, ORDERS_MOST = 1 << 20 };

/* The state of reading one package. */
struct package_reading {
	struct module_reader *reader;
	struct package *package;
	struct providers *providers; /* NULL: the package declares nothing */
	struct replaced replaced; /* modules */
	bool has_control;
	const char *wrong; /* why an archive that is opened as another one is no package, or NULL */
};

struct module module_from_entry(struct module_reader *reader, const char *path, const char *witness,
				struct span bytes)
{
	enum compression compression = compression_of(bytes);
	struct span plain = bytes;
	struct error error;
	struct module module;

	path = arena_string(reader->arena, span_text(path));
	witness = arena_string(reader->arena, span_text(witness));
	arena_reset(reader->scratch);
	if (!text_ends(path, ".ko") && compression != COMPRESSION_NONE &&
	    !decompress(reader->scratch, compression, bytes, LIMIT_FILE, &plain, NULL, &error))
		return (struct module){.name = module_name_of_path(reader->arena, path),
				       .path = path,
				       .witness = witness,
				       .size = bytes.size,
				       .file = sha256_of(bytes),
				       .problem =
					       arena_string(reader->arena, span_text(error.text))};
	module = module_read(reader, path, witness, plain);
	arena_reset(reader->scratch);
	return module;
}

static bool is_autoload(const char *path)
{
	return strncmp(path, "etc/modules.d/", 14) == 0 ||
	       strncmp(path, "etc/modules-boot.d/", 19) == 0;
}

/* What a package may order about the loading of modules. */
static bool is_order(const char *path)
{
	return is_autoload(path) || orders_path(loader_rules_paths, path) ||
	       orders_path(sysctl_paths, path);
}

static enum want package_want(void *context, const char *path, uint64_t size, enum part part)
{
	struct package_reading *reading = context;

	if (part == PART_CONTROL && strcmp(path, PKG_MANIFEST) == 0)
		return size <= MANIFEST_MOST ? WANT_BYTES : WANT_NAME;
	if (part == PART_CONTROL && strcmp(path, PKG_COMPACT_MANIFEST) == 0)
		reading->wrong = "it has no +MANIFEST";
	if (part == PART_CONTROL) {
		bool control = strcmp(path, "control") == 0 || strcmp(path, APK_PACKAGE_PATH) == 0;

		return control && size <= CONTROL_MOST ? WANT_BYTES : WANT_NOTHING;
	}
	if (part != PART_DATA) {
		/* what an archive is that was not recognised as a package */
		if (strcmp(path, PKG_MANIFEST) == 0)
			reading->wrong =
				"pkg does not find its +MANIFEST, which is behind other files";
		else if (strcmp(path, "+CONTENTS") == 0)
			reading->wrong = "it is a package of pkg_install, before FreeBSD 10, which "
					 "pkg does not read";
		else if (strcmp(path, ".PKGINFO") == 0)
			reading->package->old_apk = true;
		return WANT_NOTHING;
	}
	if (module_is_path(path) || (is_order(path) && size <= ORDERS_MOST) ||
	    reading->package->pkg)
		return WANT_BYTES;
	return providers_is_path(path) && size <= PROVIDER_FILE_MOST ? WANT_BYTES : WANT_NAME;
}

/* Fills PACKAGE from the metadata inside an .apk; everything read from its files so
 * far is kept. */
static bool package_from_listing(struct arena *arena, struct span text, const char *witness,
				 struct package *package, struct error *error)
{
	struct package told;
	size_t line = 1, bad = 0;

	if (!apk_package_next(arena, &text, &line, witness, &told, &bad))
		return fail(error, "the package has no name");
	told.origin = package->origin;
	told.file = package->file;
	told.size = package->size;
	told.digest = package->digest;
	told.files = package->files;
	told.modules = package->modules;
	told.releases = package->releases;
	told.autoload = package->autoload;
	told.loader_rules = package->loader_rules;
	told.modules_disabled = package->modules_disabled;
	told.providers = package->providers;
	told.stamp = package->stamp;
	*package = told;
	return true;
}

static bool manifest_read(struct package_reading *reading, const struct entry *entry,
			  const char *witness, struct error *error)
{
	_cleanup_arena_ struct arena values = {0};
	const struct ucl *manifest;

	if (reading->has_control)
		return fail(error, "it occurs twice");
	if (entry->size > MANIFEST_MOST)
		return fail(error, "larger than %d MiB", MANIFEST_MOST >> 20);
	reading->has_control = true;
	if (!ucl_read(&values, entry->bytes, &manifest, error) ||
	    !pkg_from_manifest(reading->reader->arena, manifest, witness, reading->package, error))
		return false;
	reading->package->witness = reading->package->file;
	return true;
}

static bool control_read(struct package_reading *reading, const struct entry *entry,
			 struct error *error)
{
	struct arena *arena = reading->reader->arena;
	struct package *package = reading->package;
	const char *witness = arena_format(arena, "%s: %s", package->file, entry->path);

	if (strcmp(entry->path, PKG_MANIFEST) == 0)
		return manifest_read(reading, entry, witness, error);
	if (reading->has_control)
		return fail(error, "control occurs twice");
	reading->has_control = true;
	if (strcmp(entry->path, APK_PACKAGE_PATH) == 0) {
		if (!package_from_listing(arena, entry->bytes, witness, package, error))
			return false;
	} else {
		struct span text = entry->bytes;
		size_t line = 1, bad = 0;
		struct stanza stanza;

		if (!stanza_read(arena, &text, &line, &stanza, &bad))
			return fail(error, "control is empty");
		if (!package_from_stanza(arena, &stanza, witness, package))
			return fail(error, "control has no field Package");
	}
	package->witness = package->file;
	return true;
}

void autoloads_read(struct arena *arena, const char *path, struct span text,
		    struct autoloads *autoloads)
{
	struct span rest = text, line, token;
	const char *file = arena_string(arena, span_text(path));

	while (span_line(&rest, &line)) {
		if (!span_token(&line, &token) || token.data[0] == '#')
			continue;
		struct autoload *autoload = array_add(arena, autoloads);
		autoload->file = file;
		autoload->module = module_name_of_path(arena, arena_string(arena, token));
	}
}

static bool orders_read(struct arena *arena, const struct entry *entry, struct package *package,
			struct error *error)
{
	const char *witness = arena_string(arena, span_text(entry->witness));

	if (is_autoload(entry->path))
		autoloads_read(arena, entry->path, entry->bytes, &package->autoload);
	if (orders_path(sysctl_paths, entry->path) && sysctl_disables_modules(entry->bytes))
		package->modules_disabled = witness;
	return !orders_path(loader_rules_paths, entry->path) ||
	       loader_rules_read(arena, entry->path, witness, entry->bytes,
				 &package->loader_rules) ||
	       fail(error, "more than %d rules of the module loader", LOADER_RULES_MOST);
}

/* A module of which only the name is known, because of PROBLEM. */
static struct module module_unread(struct arena *arena, const struct entry *entry,
				   const char *problem)
{
	return (struct module){
		.name = module_name_of_path(arena, entry->path),
		.path = arena_string(arena, span_text(entry->path)),
		.witness = arena_string(arena, span_text(entry->witness)),
		.problem = problem,
		.unread = true,
	};
}

static void declaration_read(struct package_reading *reading, const struct entry *entry)
{
	struct arena *arena = reading->reader->arena;

	if (!reading->providers)
		reading->providers = arena_new(arena, struct providers);
	if (entry->kind == ENTRY_LINK)
		providers_linked(arena, entry->witness, reading->providers);
	else
		providers_add(arena, entry->witness, entry->bytes, entry->size, reading->providers);
	reading->package->providers = reading->providers;
}

static void stamp_note(struct stamp *stamp, int64_t time)
{
	if (time <= 0)
		return;
	if (stamp->first == 0 || time < stamp->first)
		stamp->first = time;
	if (time > stamp->last)
		stamp->last = time;
}

static bool package_entry(void *context, const struct entry *entry, struct error *error)
{
	struct package_reading *reading = context;
	struct arena *arena = reading->reader->arena;
	struct package *package = reading->package;
	struct span release = release_of_path(entry->path);
	struct module module;

	if (entry->kind == ENTRY_DIRECTORY)
		return true;
	stamp_note(&package->stamp, entry->time);
	if (entry->part == PART_CONTROL)
		return entry->kind != ENTRY_FILE || control_read(reading, entry, error);
	if (entry->part != PART_DATA)
		return true;
	*array_add(arena, &package->files) = arena_string(arena, span_text(entry->path));
	if (entry->kind == ENTRY_LINK && module_is_path(entry->path))
		*array_add(arena, &package->modules) = module_unread(
			arena, entry,
			arena_format(arena, "it is a link to %s, and links are not followed",
				     entry->target ? entry->target : "nowhere"));
	if (providers_is_path(entry->path))
		declaration_read(reading, entry);
	if (entry->kind != ENTRY_FILE)
		return true;
	if (package->pkg)
		pkg_file_compare(arena, package, entry->path, entry->bytes);
	if (is_order(entry->path) && !orders_read(arena, entry, package, error))
		return false;
	if (module_is_old_path(entry->path, release))
		module = module_unread(arena, entry,
				       "it is a module of Linux 2.4 or older, which are not read");
	else if (module_is_path(entry->path))
		module = module_from_entry(reading->reader, entry->path, entry->witness,
					   entry->bytes);
	else
		return true;
	if (release.size > 0)
		*array_add(arena, &package->releases) = arena_string(arena, release);
	*array_add(arena, &package->modules) = module;
	if (strcmp(module.name, "configs") == 0)
		package->config = ikconfig_read(arena, module.witness, entry->bytes);
	return true;
}

/* Of two files of one path the last one counts. */
static bool package_replaced(void *context, const struct entry *entry)
{
	struct package_reading *reading = context;
	struct arena *arena = reading->reader->arena;

	replaced_add(arena, &reading->replaced, 0, arena_string(arena, span_text(entry->path)),
		     reading->package->modules.count);
	return true;
}

static void package_finish(struct package_reading *reading)
{
	struct package *package = reading->package;

	replaced_sort(&reading->replaced);
	array_drop(module, &package->modules,
		   replaced_has(&reading->replaced, 0, module->path,
				(size_t)(module - package->modules.list)));
	strings_unique(&package->files);
	strings_unique(&package->releases);
	array_sort(&package->modules, module_compare);
	if (package->pkg)
		pkg_files_compare(reading->reader->arena, package);
}

static struct package package_unpack(struct module_reader *reader, const char *file,
				     struct span bytes)
{
	struct package package = {.origin = PACKAGE_FILE,
				  .name = package_name_of_file(reader->arena, file),
				  .file = file,
				  .witness = file,
				  .size = bytes.size,
				  .digest = sha256_of(bytes)};
	struct package_reading reading = {.reader = reader, .package = &package};
	struct visitor visitor = {.context = &reading,
				  .want = package_want,
				  .entry = package_entry,
				  .replaced = package_replaced,
				  .threads = 1};
	struct error error;

	if (!unpack_bytes(file, bytes, &visitor, &error))
		package.problem = arena_string(reader->arena, span_text(error.text));
	else if (package.old_apk)
		package.problem = arena_format(reader->arena,
					       "%s: a package of apk-tools 2, and only those of "
					       "apk-tools 3 are read",
					       file);
	else if (!reading.has_control)
		package.problem =
			arena_format(reader->arena, "%s: not a package: %s", file,
				     reading.wrong ? reading.wrong : "it has no control file");
	package_finish(&reading);
	/* the form in which pkg 2 lists packages in a catalogue */
	if (package.pkg)
		package.pkg->listed_sum = pkg_sum_of(reader->arena, "2$", bytes);
	return package;
}

static struct package module_wrap(struct module_reader *reader, const char *file, struct span bytes)
{
	/* A bare module names no build, so only its code can show that it equals
	 * another one. It is digested whether it is a twin or not. */
	struct module_reader whole = *reader;

	whole.twins = NULL;

	struct module module = module_from_entry(&whole, file, file, bytes);
	struct package package = {
		.origin = PACKAGE_BARE_MODULE,
		.name = module.name,
		.file = file,
		.witness = file,
		.size = bytes.size,
		.abi.witness = arena_format(reader->arena,
					    "%s: a bare module names no kernel package", file)};

	/* no index lists a bare module, so when only twins are needed, no digest of
	 * the file is */
	if (!reader->twins && !reader->undigested)
		package.digest = text_ends(file, ".ko") ? module.file : sha256_of(bytes);
	*array_add(reader->arena, &package.modules) = module;
	return package;
}

struct package package_from_bytes(struct module_reader *reader, const char *file, struct span bytes)
{
	return package_kept(reader, file, bytes, package_unpack);
}

struct package package_from_module(struct module_reader *reader, const char *file,
				   struct span bytes)
{
	return package_kept(reader, file, bytes, module_wrap);
}

struct package package_read(struct module_reader *reader, const char *path)
{
	_cleanup_arena_ struct arena bytes_arena = {0};
	const char *file = arena_string(reader->arena, span_text(path));
	struct span bytes;
	struct error error;

	if (!file_read(&bytes_arena, path, LIMIT_FILE, &bytes, &error))
		return (struct package){
			.origin = module_is_path(path) ? PACKAGE_BARE_MODULE : PACKAGE_FILE,
			.name = module_is_path(path) ? module_name_of_path(reader->arena, path)
						     : package_name_of_file(reader->arena, path),
			.file = file,
			.witness = file,
			.problem = arena_string(reader->arena, span_text(error.text))};
	return module_is_path(path) ? package_from_module(reader, file, bytes)
				    : package_from_bytes(reader, file, bytes);
}
