/* SPDX-License-Identifier: ISC */
/* Writes emitted documents as YAML with libyaml. */
#include "report/write/emit_back.h"

#include <errno.h>
#include <inttypes.h>
#include <yaml.h>

struct own {
	yaml_emitter_t yaml;
	FILE *out;
	int why; /* errno of a failed write */
	bool failed;
};

static int yaml_write(void *context, unsigned char *bytes, size_t size)
{
	struct own *own = context;

	if (fwrite(bytes, 1, size, own->out) == size)
		return 1;
	own->why = errno;
	return 0;
}

/* Emits an event and frees it. MADE is false if it could not be created. */
static void event_emit(struct own *own, yaml_event_t *event, int made)
{
	if (!made || own->failed) {
		own->failed = true;
		if (made)
			yaml_event_delete(event);
		return;
	}
	if (!yaml_emitter_emit(&own->yaml, event))
		own->failed = true;
}

static void *yaml_begin(struct arena *arena, FILE *out, bool marked)
{
	struct own *own = arena_new(arena, struct own);
	yaml_event_t event;

	own->out = out;
	own->failed = !yaml_emitter_initialize(&own->yaml);
	yaml_emitter_set_output(&own->yaml, yaml_write, own);
	yaml_emitter_set_unicode(&own->yaml, 1);
	yaml_emitter_set_width(&own->yaml, -1);
	event_emit(own, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
	event_emit(own, &event,
		   yaml_document_start_event_initialize(&event, NULL, NULL, NULL, !marked));
	return own;
}

static bool yaml_end(void *context, struct error *error)
{
	struct own *own = context;
	yaml_event_t event;

	event_emit(own, &event, yaml_document_end_event_initialize(&event, 1));
	event_emit(own, &event, yaml_stream_end_event_initialize(&event));

	bool fine = !own->failed && yaml_emitter_flush(&own->yaml);
	const char *problem = own->yaml.problem;
	if (!fine)
		fail(error, "cannot write: %s",
		     own->why  ? strerror(own->why)
		     : problem ? problem
			       : "out of memory");
	yaml_emitter_delete(&own->yaml);
	return fine;
}

static void yaml_open(void *context, bool list, bool flow)
{
	yaml_mapping_style_t map = flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE;
	yaml_sequence_style_t sequence =
		flow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE;
	yaml_event_t event;

	event_emit(context, &event,
		   list ? yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, sequence)
			: yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, map));
}

static void yaml_close(void *context, bool list)
{
	yaml_event_t event;

	event_emit(context, &event,
		   list ? yaml_sequence_end_event_initialize(&event)
			: yaml_mapping_end_event_initialize(&event));
}

static void scalar_text(void *context, const char *text, bool quoted)
{
	yaml_scalar_style_t style =
		quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE;
	yaml_event_t event;

	event_emit(context, &event,
		   yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text,
						(int)strlen(text), !quoted, quoted, style));
}

static void yaml_plain(void *context, const char *text)
{
	scalar_text(context, text, false);
}

static void scalar_number(void *context, uint64_t number, const char *hex)
{
	char text[32];

	snprintf(text, sizeof text, "%" PRIu64, number);
	yaml_plain(context, hex ? hex : text);
}

static void scalar_signed(void *context, int64_t number)
{
	char text[32];

	snprintf(text, sizeof text, "%" PRId64, number);
	yaml_plain(context, text);
}

const struct emit_back emit_yaml = {yaml_begin,	   yaml_open,	yaml_close,
				    yaml_plain,	   scalar_text, scalar_number,
				    scalar_signed, yaml_plain,	yaml_end};
