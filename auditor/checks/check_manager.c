#include "checks/identity.h"

#include <string.h>

/*
 * What opkg and apk go by when they are asked for a package:
 *
 *   opkg   every dependency must be met, "kernel (= ...)" among them, by what is installed or listed (libopkg/opkg_install.c,
 *          satisfy_dependencies_for); the package "kernel" is in no index (scripts/ipkg-make-index.sh), so a wrong one can
 *          only be refused. --force-depends goes on all the same.
 *   apk    all that is installed is chosen anew, so that world and dependencies hold (src/solver.c): where a feed has the
 *          kernel's package for "kernel=...", and etc/apk/world does not pin another, that and every package of the old
 *          one are replaced (openwrt#16808). --force-broken-world takes what cannot be met out of the world, and so
 *          the request itself.
 */
enum { FILES_SHOWN = 32 };

struct managing {
	struct arena *arena;
	const struct world *world;
	const struct managed *list; /* what would be installed together, what was asked for first */
	size_t count;
};

static const char *manager_name(const struct package *package)
{
	return package->apk ? "apk" : "opkg";
}

/* The first reason in the order in which the managers look, of what was asked for before what it needs. */
static const struct finding *refusal(const struct managing *managing)
{
	static const char *const ids[] = {"package-architecture", "kernel-abi",	   "package-depends", "package-missing",
					  "package-conflicts",	  "file-conflict", "package-checksum"};

	for (size_t k = 0; k < managing->count; k++)
		for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
			array_each(finding, managing->list[k].findings)
				if (finding->outcome == OUTCOME_FAILS && strcmp(finding->id, ids[i]) == 0)
					return finding;
	return NULL;
}

static bool refused_but_for_kernel(const struct managing *managing)
{
	static const char *const ids[] = {"package-architecture", "package-depends", "package-missing",
					  "package-conflicts",	  "file-conflict",   "package-checksum"};

	for (size_t k = 0; k < managing->count; k++)
		for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
			array_each(finding, managing->list[k].findings)
				if (finding->outcome == OUTCOME_FAILS && strcmp(finding->id, ids[i]) == 0)
					return true;
	return false;
}

/* A word of a shell: names out of files are pasted into terminals. */
static const char *shell_word(struct arena *arena, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-~@%/:=,";
	struct span rest = span_text(text), part;
	const char *word = "'";

	if (text[strspn(text, plain)] == '\0')
		return text;
	while (span_split(rest, '\'', &part, &rest))
		word = arena_format(arena, "%s%.*s'\\''", word, (int)part.size, (const char *)part.data);
	return arena_format(arena, "%s%.*s'", word, (int)rest.size, (const char *)rest.data);
}

static const char *file_words(const struct managing *managing)
{
	const char *words = "";

	for (size_t i = 0; i < managing->count && i < FILES_SHOWN; i++) {
		const char *file = managing->list[i].package->file, *slash = file ? strrchr(file, '/') : NULL;

		if (file)
			words = arena_format(managing->arena, "%s %s", words,
					     shell_word(managing->arena, arena_format(managing->arena, "./%s",
										      slash ? slash + 1 : file)));
	}
	return managing->count > FILES_SHOWN
		       ? arena_format(managing->arena, "%s and %zu more", words, managing->count - FILES_SHOWN)
		       : words;
}

/* "kernel=..." in etc/apk/world, or NULL. */
static const char *world_pin(const struct image *image)
{
	for (size_t i = 0; i < image->apk_world.count; i++)
		if (strncmp(image->apk_world.list[i], "kernel", 6) == 0 &&
		    strchr("=~<>", image->apk_world.list[i][6]) && image->apk_world.list[i][6])
			return image->apk_world.list[i];
	return NULL;
}

static const struct formula *kernel_formula(const struct package *package)
{
	array_each(formula, &package->depends)
		if (formula->count > 0 && dependency_is_kernel(&formula->list[0]))
			return formula;
	return NULL;
}

/* The feeds have NAME for the kernel abi ABI; the world's packages are sorted by name. */
static bool feeds_have(const struct world *world, const char *name, const struct abi *abi)
{
	size_t low = 0, high = world_count(world);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(world_package(world, middle)->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < world_count(world) && strcmp(world_package(world, low)->name, name) == 0; low++)
		if (abi_equal(&world_package(world, low)->abi, abi))
			return true;
	return false;
}

/* What names the image's kernel and would have to change with it. */
struct tied {
	size_t count, missing;
	const char *example; /* of those that are missing */
};

static struct tied tied_packages(const struct world *world, const struct abi *wanted)
{
	const struct image *image = world_image(world);
	struct tied tied = {0};

	array_each(installed, &image->packages) {
		if (!abi_equal(&installed->abi, &image->abi))
			continue;
		tied.count++;
		if (feeds_have(world, installed->name, wanted))
			continue;
		if (tied.missing++ == 0)
			tied.example = installed->name;
	}
	return tied;
}

/* The package of the kernel that the feeds offer for what PACKAGE is pinned to; NULL when apk has no such way out. */
static const struct package *kernel_offered(const struct managing *managing, const struct package *package)
{
	const struct formula *formula = kernel_formula(package);
	const struct package *kernel = NULL;

	if (!package->apk || !formula || world_pin(world_image(managing->world)) ||
	    world_satisfies(managing->world, package, formula, &kernel) != SATISFIED_FEED)
		return NULL;
	return kernel;
}

static const char *replacing_text(const struct managing *managing, const struct package *kernel, const char **answer)
{
	const struct image *image = world_image(managing->world);
	const struct package *package = managing->list[0].package;
	struct tied tied = tied_packages(managing->world, &package->abi);
	const char *old = abi_text(managing->arena, &image->abi);

	*answer = tied.missing > 0 ? "refuses" : "replaces";
	if (tied.missing > 0)
		return arena_format(
			managing->arena,
			"apk would have to replace the kernel %s by %s: it refuses, as %zu of the %zu installed "
			"packages of "
			"the old one are not in these feeds for the new one, such as %s; with a feed that has them "
			"it replaces them all (openwrt#16808): pin the kernel in etc/apk/world",
			old, kernel->version, tied.missing, tied.count, tied.example);
	return arena_format(
		managing->arena,
		"apk would replace the package kernel %s by %s, and the %zu installed packages of the old one with it, "
		"while the kernel in flash stays the old one (openwrt#16808): do not; pin the kernel in "
		"etc/apk/world first",
		old, kernel->version, tied.count);
}

static const char *force_opkg(const struct managing *managing)
{
	return arena_format(
		managing->arena,
		"; its modules fit, so it can be forced: opkg install --force-depends%s (risk: opkg then checks no "
		"dependency at all, these files must be exactly the audited ones, and a new firmware needs a new "
		"audit)",
		file_words(managing));
}

static const char *force_apk(const struct managing *managing)
{
	const struct package *package = managing->list[0].package;
	const char *release = package->releases.count > 0 ? package->releases.list[0] : "RELEASE";

	return arena_format(
		managing->arena,
		"; no option of apk makes it install: --force-broken-world drops the request instead. Its modules fit, "
		"so "
		"they can be put there by hand: on a computer, mkdir x && apk extract --allow-untrusted --no-chown "
		"--destination x%s; copy the .ko below x/lib/modules/%s to /lib/modules/%s and what is in "
		"x/etc/modules.d to "
		"/etc/modules.d; modprobe %s (risk: apk does not know of them, neither upgrades nor removes them, and "
		"a new "
		"firmware needs a new audit)",
		file_words(managing), shell_word(managing->arena, release), shell_word(managing->arena, release),
		package->modules.count > 0 ? shell_word(managing->arena, package->modules.list[0].name)
					   : "each of them");
}

/* TEXT begins with NAME, which was said already. */
static const char *lacking_words(struct arena *arena, const char *name, const char *text)
{
	size_t size = strlen(name);

	return strncmp(text, name, size) == 0 && text[size] == ' ' ? arena_format(arena, "it%s", text + size) : text;
}

/* A pin in the very words of the package. */
static const char *refusal_words(const struct managing *managing, const struct finding *because)
{
	const struct formula *formula = kernel_formula(managing->list[0].package);
	bool lacks = strcmp(because->id, "package-depends") == 0 || strcmp(because->id, "package-missing") == 0;

	if (lacks && because->found == NULL)
		return arena_format(managing->arena, "cannot satisfy %s: %s", because->subject,
				    lacking_words(managing->arena, because->subject, because->text));
	if (strcmp(because->id, "kernel-abi") != 0 || !formula)
		return because->text;
	return arena_format(managing->arena, "cannot satisfy %s: the image's is %s", formula->text,
			    abi_text(managing->arena, &world_image(managing->world)->abi));
}

static const char *refusing_text(const struct managing *managing, const struct finding *because, bool fits)
{
	const struct package *package = managing->list[0].package;
	const char *pin =
		package->apk && strcmp(because->id, "kernel-abi") == 0 ? world_pin(world_image(managing->world)) : NULL;
	const char *text = arena_format(managing->arena, "%s refuses it: %s%s%s%s", manager_name(package),
					refusal_words(managing, because), pin ? " (etc/apk/world has " : "",
					pin ? pin : "", pin ? ")" : "");

	if (!fits || strcmp(because->id, "kernel-abi") != 0)
		return text;
	return arena_format(managing->arena, "%s%s", text, package->apk ? force_apk(managing) : force_opkg(managing));
}

static const char *accepting_text(const struct managing *managing, bool fits)
{
	const struct package *package = managing->list[0].package;

	if (fits)
		return arena_format(managing->arena, "%s takes it: %s%s", manager_name(package),
				    package->apk ? "apk add --allow-untrusted" : "opkg install", file_words(managing));
	return arena_format(managing->arena,
			    "%s takes it all the same: it goes by names, versions and hashes, not by modules",
			    manager_name(package));
}

static const char *managing_text(const struct managing *managing, bool fits, const char **answer)
{
	const struct package *package = managing->list[0].package;
	const struct finding *because = refusal(managing);
	const struct package *kernel;

	*answer = "accepts";
	if (!because)
		return accepting_text(managing, fits);
	kernel = strcmp(because->id, "kernel-abi") == 0 && !refused_but_for_kernel(managing)
			 ? kernel_offered(managing, package)
			 : NULL;
	*answer = "refuses";
	return kernel ? replacing_text(managing, kernel, answer) : refusing_text(managing, because, fits);
}

/* NULL: the image tells which manager it has, and what that goes by. */
static const char *unknown_text(struct arena *arena, const struct image *image, const struct package *package)
{
	if (!installed_known(image))
		return "what the package manager goes by is not known: the image's packages are not";
	if (!image->abi.version)
		return "what the package manager goes by is not known: the image's package kernel is not";
	if (image->database_known && image->packages.list[0].apk != package->apk)
		return arena_format(arena,
				    "the image has the database of %s, the package is one of %s: that cannot read it",
				    image->packages.list[0].apk ? "apk" : "opkg", manager_name(package));
	return NULL;
}

void check_manager(struct arena *arena, const struct world *world, const struct managed *list, size_t count, bool fits,
		   struct findings *findings)
{
	const struct package *package = list[0].package;
	const struct image *image = world_image(world);
	struct managing managing = {arena, world, list, count};
	const char *unknown = unknown_text(arena, image, package);

	if (package->origin != PACKAGE_FILE || package->problem || !package_pinned(package))
		return;

	struct finding *finding = finding_add(arena, findings, "package-manager",
					      unknown ? OUTCOME_UNKNOWN : OUTCOME_REMARK, NULL, manager_name(package));
	finding->witness[0] = image->database_known || !image->manifest.count ? image->database_witness
									      : image->manifest.list[0].witness;
	finding->witness[1] = package->witness;
	finding->text = unknown ? unknown : managing_text(&managing, fits, &finding->found);
	finding->settle = unknown && !installed_known(image) ? "--image-manifest" : NULL;
}
