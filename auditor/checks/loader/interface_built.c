/* SPDX-License-Identifier: ISC */
/* Finds the version of an interface that a package was built against,
 * from its pin, package versions, declarations and modules (version
 * forms: OpenWrt include/kernel.mk). */
#include "checks/loader/interface.h"

#include "base/text.h"

#include <string.h>

/* The version of a package with modules (OpenWrt include/kernel.mk):
 *     RELEASE "-r" REVISION                       from the kernel's own tree; to 23.05 "-" REVISION
 *     RELEASE "." VERSION "-r" REVISION
 *         from other sources; to 23.05 RELEASE "+" VERSION "-" REVISION */
static const char *revision_of(struct arena *arena, const char *version)
{
	const char *dash = version ? strrchr(version, '-') : NULL;
	const char *digits = dash ? dash + 1 + (dash[1] == 'r') : "";

	return *digits && strspn(digits, "0123456789") == strlen(digits)
		       ? arena_string(arena, span_text(digits))
		       : NULL;
}

static const char *version_of(struct arena *arena, const char *version, const char *release)
{
	struct span front = span_text(version);
	size_t size = release ? strlen(release) : 0;

	if (revision_of(arena, version))
		front = span_head(front, (size_t)(strrchr(version, '-') - version));
	if (size > 0 && span_starts(front, release) && front.size > size + 1 &&
	    (front.data[size] == '.' || front.data[size] == '+'))
		front = span_skip(front, size + 1);
	return arena_string(arena, front);
}

static void built_from_abi(struct arena *arena, const struct abi *abi, struct built *built)
{
	built->release = abi->release;
	built->abi = abi->hash;
	built->revision = revision_of(arena, abi->version);
	built->kernel = abi->version;
	built->witness = abi->witness;
}

/* The kernel against which the package was built: that of its pin, else that
 * of its modules. */
static struct built built_kernel(const struct usage *usage)
{
	const struct package *package = usage->package;
	struct built built = {.witness = package->witness,
			      .looked = "it has no kernel dependency, is in no directory of a "
					"single release, and has no module with a vermagic"};

	if (world_image(usage->world)->loader == LOADER_FREEBSD) {
		kld_built_kernel(usage->arena, package, &built);
		return built;
	}
	if (package->abi.version) {
		built_from_abi(usage->arena, &package->abi, &built);
		built.looked = "its kernel dependency does not state it";
		return built;
	}
	if (package->releases.count == 1)
		built.release = package->releases.list[0];
	array_each(module, &package->modules) {
		const char *vermagic = module->modinfo.vermagic;

		if (built.release || !vermagic || package->releases.count > 1)
			continue;
		built.release = arena_string(
			usage->arena, span_head(span_text(vermagic), strcspn(vermagic, " ")));
		built.witness = module->witness;
	}
	built.kernel = built.release;
	if (built.release)
		built.looked = "it has no kernel dependency";
	return built;
}

static bool declared_fits(const struct declared_version *declared,
			  const struct interface *interface, const struct use *use)
{
	const char *name_space =
		use->provider.export ? use->provider.export->name_space : use->name;

	if (declared->kind != interface->kind)
		return false;
	return interface->kind == INTERFACE_KERNEL ||
	       (interface->kind == INTERFACE_MODULE && strcmp(declared->name, use->name) == 0) ||
	       (interface->kind == INTERFACE_NAMESPACE && name_space &&
		strcmp(declared->name, name_space) == 0) ||
	       (interface->kind == INTERFACE_SYMBOLS &&
		strings_have(&interface->names, declared->name));
}

/* The version that the package declares for INTERFACE, or NULL. OTHER is a statement
 * that contradicts it, or NULL. */
static const struct declared_version *declared_of(const struct usage *usage,
						  const struct interface *interface,
						  const struct use *use,
						  const struct declared_version **other)
{
	const struct providers *providers = usage->package->providers;
	const struct declared_version *found = NULL;

	*other = NULL;
	if (!providers)
		return NULL;
	array_each(declared, &providers->built_against) {
		if (!declared_fits(declared, interface, use))
			continue;
		if (found && strcmp(found->version, declared->version) != 0)
			*other = declared;
		found = found ? found : declared;
	}
	return found;
}

/* The package that contains MODULE; if none does, the name that it would have. */
static const char *package_name(const struct usage *usage, const struct use *use,
				const char *module)
{
	const struct package *owner = use->provider.package;

	if (!owner && use->provider.module)
		owner = world_installed_owner(usage->world, use->provider.module->path);
	return owner ? owner->name : arena_format(usage->arena, "kmod-%s", module);
}

/* opkg and OpenWrt write "-" in package names where module names have "_". */
static bool same_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
			return false;
	return *a == *b;
}

static bool from_depends(const struct usage *usage, const struct use *use, const char *module,
			 struct built *built)
{
	const char *name = package_name(usage, use, module);

	array_each(formula, &usage->package->depends)
		if (formula->count == 1 && formula->list[0].relation == RELATION_EQUAL &&
		    same_name(formula->list[0].name, name)) {
			built->version =
				version_of(usage->arena, formula->list[0].version, built->release);
			built->revision = revision_of(usage->arena, formula->list[0].version);
			built->witness = arena_format(usage->arena, "%s: Depends: %s",
						      usage->package->witness, formula->text);
			return true;
		}
	return false;
}

/* Takes the version from the module, else from its package. */
static void built_from_module(struct arena *arena, const struct module *module,
			      const struct package *package, const char *release,
			      struct built *built)
{
	built->witness = module->witness;
	built->version = module->modinfo.version;
	if (!package || !package->version)
		return;
	built->revision = revision_of(arena, package->version);
	if (!built->version)
		built->version = version_of(arena, package->version, release);
}

/* The version of MODULE that the package was built against: from its dependencies, else
 * from the package in its feed that contains the module. */
static void built_module(const struct usage *usage, const struct use *use, const char *module,
			 struct built *built)
{
	const struct module *found;
	bool ambiguous;

	built->revision = NULL;
	if (from_depends(usage, use, module, built))
		return;

	const struct package *package =
		world_built_with(usage->world, usage->package, module, &found, &ambiguous);
	if (ambiguous)
		built->looked = arena_format(usage->arena,
					     "its feed has several versions of module %s", module);
	else if (package)
		built_from_module(usage->arena, found, package, package->abi.release, built);
	else
		built->looked = arena_format(
			usage->arena,
			"built_against does not state it, the package depends on no exact version "
			"of %s, and its feed has no module %s for the same kernel abi",
			package_name(usage, use, module), module);
}

struct built built_against(const struct usage *usage, const struct interface *interface,
			   const struct use *use)
{
	struct built built = built_kernel(usage);
	const struct declared_version *other,
		*declared = declared_of(usage, interface, use, &other);
	const char *module = use->provider.module ? use->provider.module->name : NULL;

	if (interface->kind == INTERFACE_MODULE)
		module = use->name;
	if (declared) {
		if (interface->kind == INTERFACE_MODULE)
			built.revision = NULL;
		built.version = other ? NULL : declared->version;
		built.witness = declared->witness;
		if (other)
			built.looked = arena_format(usage->arena,
						    "its built_against states both %s and %s",
						    declared->version, other->version);
	} else if (use->built) {
		built.version = use->built;
		built.witness = use->module->witness;
		built.revision = NULL;
	} else if (module) {
		built_module(usage, use, module, &built);
	}
	return built;
}

struct built built_provided(const struct usage *usage, const struct use *use)
{
	const struct image *image = world_image(usage->world);
	const struct module *module = use->provider.module;
	const struct package *package = use->provider.package;
	struct built built = {.witness = image->abi.witness};

	if (image->abi.version)
		built_from_abi(usage->arena, &image->abi, &built);
	if (image->release.value)
		built.release = image->release.value;
	if (!built.kernel)
		built.kernel = built.release;
	if (image->boot && image->boot->osreldate)
		built.kernel = built.version =
			arena_format(usage->arena, "%d", image->boot->osreldate);
	if (use->provided)
		built.version = use->provided;
	if (!module || use->provided || image->boot)
		return built;
	if (!package)
		package = world_installed_owner(usage->world, module->path);
	built.revision = NULL;
	built_from_module(usage->arena, module, package,
			  image->abi.release ? image->abi.release : built.release, &built);
	return built;
}

const char *built_text(struct arena *arena, const struct interface *interface,
		       const struct use *use, const struct built *built, bool with_abi)
{
	const char *kernel = arena_format(
		arena, "kernel %s%s%s", built->kernel ? built->kernel : "not known",
		with_abi && built->abi ? "~" : "", with_abi && built->abi ? built->abi : "");

	if (interface->kind == INTERFACE_KERNEL)
		return built->version && !text_same(built->version, built->kernel)
			       ? arena_format(arena, "%s, version %s of its interface", kernel,
					      built->version)
			       : kernel;

	const char *text = interface->kind == INTERFACE_MODULE
				   ? arena_format(arena, "module %s", use->name)
				   : interface->text;
	if (!built->version)
		return arena_format(arena, "%s of %s", text, kernel);
	return arena_format(arena, "%s %s%s%s", text, built->version, built->revision ? "-r" : "",
			    built->revision ? built->revision : "");
}
