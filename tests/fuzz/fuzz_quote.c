/* SPDX-License-Identifier: ISC */
/* Fuzzes names in reports: the output must be printable and accepted by the YAML emitter. */
#include "report/write/emit.h"
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena _cleanup_arena_ = {0};
	const char *text = arena_string(&arena, span_from(data, size)),
		   *quoted = quote(&arena, text);
	FILE *out = fopen("/dev/null", "w");
	struct emit *emit = emit_begin(out, EMIT_YAML, false);
	struct error error;

	for (const char *at = quoted; *at; at++)
		if ((uint8_t)*at < ' ' || *at == 0x7f)
			abort();
	emit_map(emit);
	emit_key_string(emit, "auto", text);
	emit_key_quoted(emit, "quoted", text);
	emit_close(emit);
	if (!emit_end(emit, &error))
		abort();
	fclose(out);
	return 0;
}
