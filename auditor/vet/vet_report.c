/* SPDX-License-Identifier: ISC */
/* Decides which audit belongs to a vetted feed: when a vetted feed is vetted again and
 * nothing has changed, its own report stays, so that the bytes stay the same. */
#include "vet/vet.h"

#include "base/digest.h"
#include "base/quote.h"
#include "base/text.h"
#include "base/yaml.h"
#include "unpack/file.h"
#include "unpack/limits.h"

#include <string.h>

#define REPORT_MOST (256 * MIB)

/* True if the report ROOT agrees with this audit about ONE: the same verdict and proof.
 * For a package unrelated to modules: the report lists it for installation. */
static bool says_same(struct arena *arena, const struct yaml *root,
		      const struct vetted_package *one)
{
	yaml_each(entry, yaml_get(root, "packages"))
		if (text_same(yaml_unquoted(arena, entry, "name"), one->package->name))
			return one->result &&
			       text_same(yaml_text(entry, "verdict"),
					 verdict_name[one->result->verdict]) &&
			       text_same(yaml_unquoted(arena, entry, "proof"), one->result->proof);
	yaml_each(entry, yaml_get(root, "install"))
		if (entry->text && text_same(unquote(arena, entry->text), one->package->name))
			return true;
	return false;
}

static bool all_same(const struct vetting *vetting, const char *path, struct span text)
{
	struct arena arena _cleanup_arena_ = {0};
	const struct yaml *root;
	struct error none;

	if (!yaml_parse_large(&arena, path, text, &root, &none))
		return false;
	array_each(one, &vetting->packages)
		if (!says_same(&arena, root, one))
			return false;
	return true;
}

/* The report that all packages name, in the folder of the first package. NULL: they
 * name none, or different ones. */
static const char *earlier_path(const struct vetting *vetting)
{
	const struct package *first = NULL;

	array_each(one, &vetting->packages) {
		if (!one->package->vetted.report || !one->package->file)
			return NULL;
		if (!first)
			first = one->package;
		if (strcmp(one->package->vetted.report, first->vetted.report) != 0)
			return NULL;
	}
	if (!first)
		return NULL;
	return arena_format(vetting->arena, "%.*sreport.yaml",
			    (int)(path_last(first->file) - first->file), first->file);
}

void vet_report(struct vetting *vetting, struct span report)
{
	const char *path = earlier_path(vetting);
	struct error none;
	struct span text;

	vetting->report = report;
	if (path && file_read(vetting->arena, path, REPORT_MOST, &text, &none) &&
	    strcmp(sha256_hex(vetting->arena, text),
		   vetting->packages.list[0].package->vetted.report) == 0 &&
	    all_same(vetting, path, text))
		vetting->report = text;
	vetting->digest = sha256_hex(vetting->arena, vetting->report);
}
