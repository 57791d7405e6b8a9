/* SPDX-License-Identifier: ISC */
/* Prints a feed as YAML or JSON: its kernel abis, its packages, and where its index
 * disagrees with the files. */
#include "report/yaml/yaml_keys.h"

struct abi_count {
	const struct abi *abi;
	size_t packages;
};

struct abi_counts {
	struct abi_count *list;
	size_t count, room;
};

static int text_order(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int abi_count_compare(const void *a, const void *b)
{
	const struct abi *left = ((const struct abi_count *)a)->abi,
			 *right = ((const struct abi_count *)b)->abi;
	int order = text_order(left->version, right->version);

	return order ? order : text_order(left->hash, right->hash);
}

void yaml_feed_keys(struct emit *emit, const struct feed *feed, const struct known_sets *sets)
{
	static const char *const signatures[] = {"none", "valid", "invalid", "unknown-key"};

	emit_key_string(emit, "source", feed->source);
	emit_key_number(emit, "packages", feed->packages.count);
	emit_key_number(emit, "modules", feed->modules);
	emit_key_string(emit, "signature", signatures[feed->signature]);
	struct arena arena _cleanup_arena_ = {0};
	struct abi_counts counts = {0};
	size_t kept = 0;

	array_each(package, &feed->packages)
		if (package->abi.version)
			*array_add(&arena, &counts) = (struct abi_count){&package->abi, 1};
	array_sort(&counts, abi_count_compare);
	for (size_t i = 0; i < counts.count; i++) {
		if (kept && !abi_count_compare(&counts.list[kept - 1], &counts.list[i]))
			counts.list[kept - 1].packages++;
		else
			counts.list[kept++] = counts.list[i];
	}
	counts.count = kept;

	emit_each(emit, "abis", one, &counts) {
		emit_flow_map(emit);
		emit_key_quoted(emit, "version", one->abi->version);
		emit_key_quoted(emit, "hash", one->abi->hash);
		emit_key_number(emit, "packages", one->packages);
		yaml_set_keys(emit, one->abi->hash, sets);
		emit_close(emit);
	}
}

/* Prints an index for `facts`: what it lists, and how the files beside it differ. */
bool yaml_feed(FILE *out, enum emit_form form, const struct feed *feed, struct error *error)
{
	static const char *const troubles[] = {[INDEX_ROW_WITHOUT_FILE] = "row-without-file",
					       [INDEX_FILE_WITHOUT_ROW] = "file-without-row",
					       [INDEX_SIZE_DIFFERS] = "size-differs",
					       [INDEX_SHA256_DIFFERS] = "sha256-differs",
					       [INDEX_VERSION_DIFFERS] = "version-differs",
					       [INDEX_NAME_DIFFERS] = "name-differs",
					       [INDEX_DEPENDS_DIFFER] = "depends-differ",
					       [INDEX_UNREADABLE] = "unreadable",
					       [INDEX_TEXTS_DIFFER] = "texts-differ",
					       [INDEX_ROWS_DIFFER] = "rows-differ",
					       [INDEX_DIGEST_DIFFERS] = "digest-differs",
					       [INDEX_DIGESTS_ROWS] = "digests-rows",
					       [INDEX_FILES_DIFFER] = "files-differ",
					       [INDEX_META] = "meta"};
	struct emit *emit = emit_begin(out, form, true);

	emit_map(emit);
	emit_key_string(emit, "kind", "index");
	yaml_feed_keys(emit, feed, NULL);
	emit_each(emit, "contents", package, &feed->packages) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", package->name);
		emit_key_quoted(emit, "version", package->version);
		emit_key_string(emit, "architecture", package->architecture);
		emit_key_string(emit, "file", package->file ? package->file : package->filename);
		/* of a row the files were not looked for */
		if (package->origin != PACKAGE_INDEX_ROW)
			emit_optional_string(emit, "problem", package->problem);
		emit_close(emit);
	}
	emit_each(emit, "disagreements", finding, &feed->index) {
		emit_flow_map(emit);
		emit_key_string(emit, "trouble", troubles[finding->trouble]);
		emit_key_string(emit, "package", finding->package);
		emit_key_string(emit, "file", finding->file);
		emit_key_string(emit, "expected", finding->expected);
		emit_key_string(emit, "found", finding->found);
		emit_key_string(emit, "witness", finding->witness);
		emit_close(emit);
	}
	emit_close(emit);
	return emit_end(emit, error);
}
