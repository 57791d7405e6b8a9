/* SPDX-License-Identifier: ISC */
#include "commands/gate/plan.h"

#include "base/quote.h"

/* In double quotes, as YAML reads them. */
static const char *quoted(struct arena *arena, const char *text)
{
	const char *plain = quote(arena, text);
	char *out = arena_get(arena, 2 * strlen(plain) + 3), *to = out;

	*to++ = '"';
	for (; *plain; plain++) {
		if (*plain == '"' || *plain == '\\')
			*to++ = '\\';
		*to++ = *plain;
	}
	*to = '"';
	return out;
}

const char *plan_init(struct arena *arena, const char *image, const struct strings *feeds)
{
	const char *text = arena_format(
		arena,
		"# A plan for `kmodaudit gate`: which feeds are checked against which images.\n"
		"# Paths are relative to this file. The lines that begin with # show further keys.\n"
		"schema: kmodaudit/plan/1\n"
		"\n"
		"images:\n"
		"  - path: %s\n"
		"    # name: device              # default: the file name; a pattern (*.bin) gives one image per file\n"
		"    # manifest: device.manifest # for an image without package database\n"
		"    # config: device.config     # kernel config\n"
		"    # symvers: Module.symvers\n"
		"    # part: 1                   # which of several kernels or root file systems\n"
		"    # keys: [keys/]             # keys that sign feeds, in addition to those in the image\n"
		"    # providers: [ranges.yaml]  # which builds of modules the image supports\n"
		"\n"
		"feeds:\n",
		quoted(arena, image));

	array_each(feed, feeds)
		text = arena_format(arena, "%s  - path: %s\n", text, quoted(arena, *feed));
	return arena_format(
		arena,
		"%s    # name: kmods               # default: the folder name; a pattern gives one feed per match\n"
		"    # config: feed.config       # kernel config that the feed was built with\n"
		"    # symvers: Module.symvers\n"
		"  # - name: all                 # several sources as one feed\n"
		"  #   sources: [kmods/, packages/]\n"
		"  # - name: own                 # the feeds listed in each image\n"
		"  #   from-image: true\n"
		"\n"
		"# Without pairs, every image is checked with every feed. Globs on names:\n"
		"# pairs:\n"
		"#   - {image: \"*\", feed: \"*\"}\n"
		"\n"
		"policy: default           # strict, default, lenient, or a file: kmodaudit rules --policy\n"
		"# waivers: waivers.yaml   # accepted findings, with owner and expiry date\n"
		"# baseline: accepted      # a folder of earlier reports: only new findings fail\n"
		"reports: reports          # folder for one report per pair\n"
		"# providers: [ranges.yaml]\n"
		"# keys: [keys/]\n"
		"# rules: rules/           # rules to use instead of the built-in ones\n",
		text);
}
