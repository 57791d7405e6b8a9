/* SPDX-License-Identifier: ISC */
/* Fuzzes the readers of config sets: a set as it is hashed, a .config.set, and the text form of
 * rules/abi with what its records change. */
#include "facts/abi/abi_source.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A set that was read has the bytes that it was read from. */
static void sets_read(struct arena *arena, struct span text)
{
	struct config_set whole, selected;
	struct error error = {""};

	if (config_set_parse(arena, "fuzz", text, &whole, &error)) {
		if (!span_equal(whole.text, text) ||
		    !config_set_select(arena, "fuzz", text, &selected, &error) ||
		    strcmp(whole.hash, selected.hash) != 0 ||
		    config_set_difference(arena, &whole, &selected).count > 0)
			abort();
	} else if (!error.text[0]) {
		abort();
	}
	if (config_set_select(arena, "fuzz", text, &selected, &error) &&
	    !config_set_parse(arena, "fuzz", selected.text, &whole, &error))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct span text = span_from(data, size);
	struct abi_source source = {.origin = NULL};
	struct abi_parts parts = {.release = NULL};
	struct error error = {""};

	sets_read(&arena, text);
	if (!abi_source_add(&arena, "fuzz", text, &source, &error) ||
	    !abi_source_settle(&arena, &source, &error)) {
		if (!error.text[0])
			abort();
		return 0;
	}
	array_each(file, &source.files) {
		array_each(record, &file->records) {
			config_set_of(&arena, abi_record_lines(&arena, record));
		}
		abi_file_tables(&arena, file, &parts);
	}
	return 0;
}
