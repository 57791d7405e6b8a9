#include "commands/plan.h"

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
		"# A plan for `kmodaudit gate`: which feeds are held against which images.\n"
		"# Paths are relative to this file. Lines that begin with # are what could be said, too.\n"
		"schema: kmodaudit/plan/1\n"
		"\n"
		"images:\n"
		"  - path: %s\n"
		"    # name: device              # else the file's name; a pattern (*.bin) makes one image each\n"
		"    # manifest: device.manifest # where the image has no package database\n"
		"    # config: device.config     # the kernel's config\n"
		"    # symvers: Module.symvers\n"
		"    # part: 1                   # of several kernels or root file systems\n"
		"    # keys: [keys/]             # who may sign feeds, beside the image's own keys\n"
		"    # providers: [ranges.yaml]  # which builds of modules the image supports\n"
		"\n"
		"feeds:\n",
		quoted(arena, image));

	array_each(feed, feeds)
		text = arena_format(arena, "%s  - path: %s\n", text, quoted(arena, *feed));
	return arena_format(
		arena,
		"%s    # name: kmods               # else the name of the folder; a pattern makes one feed each\n"
		"    # config: feed.config       # the kernel config that it was built with\n"
		"    # symvers: Module.symvers\n"
		"  # - name: all                 # several sources that are one feed together\n"
		"  #   sources: [kmods/, packages/]\n"
		"  # - name: own                 # what each image names in its own lists of feeds\n"
		"  #   from-image: true\n"
		"\n"
		"# Without pairs every image goes with every feed. Globs on names:\n"
		"# pairs:\n"
		"#   - {image: \"*\", feed: \"*\"}\n"
		"\n"
		"policy: default           # strict, default, lenient, or a file: kmodaudit rules --policy\n"
		"# waivers: waivers.yaml   # findings that somebody answers for until a date\n"
		"# baseline: accepted      # a folder of earlier reports: only what is new fails\n"
		"reports: reports          # the folder for one report a pair\n"
		"# providers: [ranges.yaml]\n"
		"# keys: [keys/]\n"
		"# rules: rules/           # rules to use instead of the built-in ones\n",
		text);
}
