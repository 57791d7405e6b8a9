#include "report/emit.h"

#include "report/report.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <strings.h>
#include <yaml.h>

enum { EMIT_DEPTH = 32, EMIT_LINE = 96 };

struct emit {
	yaml_emitter_t yaml;
	struct arena own; /* this struct itself */
	FILE *out;
	int why; /* errno of a write that failed */
	struct arena arena; /* the quoted copy of one string */
	bool failed;
	bool list[EMIT_DEPTH]; /* what is open, outermost first */
	size_t depth;
};

static int emit_write(void *context, unsigned char *bytes, size_t size)
{
	struct emit *emit = context;

	if (fwrite(bytes, 1, size, emit->out) == size)
		return 1;
	emit->why = errno;
	return 0;
}

/* Takes over the event, whether it was made (MADE) or not. */
static void emit_event(struct emit *emit, yaml_event_t *event, int made)
{
	if (!made || emit->failed) {
		emit->failed = true;
		if (made)
			yaml_event_delete(event);
		return;
	}
	if (!yaml_emitter_emit(&emit->yaml, event))
		emit->failed = true;
}

struct emit *emit_begin(FILE *out, bool marked)
{
	struct arena own = {0};
	struct emit *emit = arena_new(&own, struct emit);
	yaml_event_t event;

	emit->own = own;
	emit->out = out;
	emit->failed = !yaml_emitter_initialize(&emit->yaml);
	yaml_emitter_set_output(&emit->yaml, emit_write, emit);
	yaml_emitter_set_unicode(&emit->yaml, 1);
	yaml_emitter_set_width(&emit->yaml, -1);
	emit_event(emit, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
	emit_event(emit, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, !marked));
	return emit;
}

bool emit_end(struct emit *emit, struct error *error)
{
	yaml_event_t event;

	emit_event(emit, &event, yaml_document_end_event_initialize(&event, 1));
	emit_event(emit, &event, yaml_stream_end_event_initialize(&event));

	bool fine = !emit->failed && yaml_emitter_flush(&emit->yaml);
	const char *problem = emit->yaml.problem;
	if (!fine)
		fail(error, "cannot write: %s", emit->why ? strerror(emit->why) : problem ? problem : "out of memory");
	yaml_emitter_delete(&emit->yaml);
	arena_free(&emit->arena);

	struct arena own = emit->own;
	arena_free(&own);
	return fine;
}

static void emit_open(struct emit *emit, bool list)
{
	if (emit->depth < EMIT_DEPTH)
		emit->list[emit->depth++] = list;
	else
		emit->failed = true;
}

static void emit_open_map(struct emit *emit, yaml_mapping_style_t style)
{
	yaml_event_t event;

	emit_open(emit, false);
	emit_event(emit, &event, yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, style));
}

static void emit_open_list(struct emit *emit, yaml_sequence_style_t style)
{
	yaml_event_t event;

	emit_open(emit, true);
	emit_event(emit, &event, yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, style));
}

void emit_map(struct emit *emit)
{
	emit_open_map(emit, YAML_BLOCK_MAPPING_STYLE);
}

void emit_flow_map(struct emit *emit)
{
	emit_open_map(emit, YAML_FLOW_MAPPING_STYLE);
}

void emit_list(struct emit *emit)
{
	emit_open_list(emit, YAML_BLOCK_SEQUENCE_STYLE);
}

void emit_flow_list(struct emit *emit)
{
	emit_open_list(emit, YAML_FLOW_SEQUENCE_STYLE);
}

void emit_close(struct emit *emit)
{
	yaml_event_t event;

	if (!emit->depth) {
		emit->failed = true;
		return;
	}
	emit_event(emit, &event,
		   emit->list[--emit->depth] ? yaml_sequence_end_event_initialize(&event)
					     : yaml_mapping_end_event_initialize(&event));
}

static void emit_scalar(struct emit *emit, const char *text, bool quoted)
{
	yaml_scalar_style_t style = quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE;
	yaml_event_t event;

	emit_event(emit, &event,
		   yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text, (int)strlen(text),
						!quoted, quoted, style));
}

/* Words that some YAML reads as a boolean or nothing (1.1's bool and null types, 1.2's core schema). */
static bool is_reserved(const char *text)
{
	static const char *const words[] = {"y", "n", "yes", "no", "true", "false", "on", "off", "null"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcasecmp(text, words[i]))
			return true;
	return false;
}

/* Plain means a string in every YAML: it starts like a word or a path (numbers, dates, times, "~", "=", "<<" and ".inf" do
 * not), has no indicator inside, and is no reserved word. More is quoted than must be, which does no harm. */
static bool is_plain(const char *text)
{
	size_t size = strlen(text);

	if (!size || !(isalpha((unsigned char)text[0]) || strchr("/_", text[0])) || is_reserved(text))
		return false;
	for (size_t i = 0; i < size; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("/_.+-~@()=;' ", text[i]))
			return false;
	return text[size - 1] != ' ';
}

void emit_string(struct emit *emit, const char *text)
{
	if (!text) {
		emit_null(emit);
		return;
	}

	const char *shown = quote(&emit->arena, text);
	emit_scalar(emit, shown, !is_plain(shown));
	arena_reset(&emit->arena);
}

void emit_quoted(struct emit *emit, const char *text)
{
	if (!text) {
		emit_null(emit);
		return;
	}
	emit_scalar(emit, quote(&emit->arena, text), true);
	arena_reset(&emit->arena);
}

void emit_number(struct emit *emit, uint64_t number)
{
	char text[32];

	snprintf(text, sizeof text, "%" PRIu64, number);
	emit_scalar(emit, text, false);
}

void emit_hex(struct emit *emit, uint64_t number)
{
	char text[32];

	snprintf(text, sizeof text, "0x%" PRIx64, number);
	emit_scalar(emit, text, false);
}

void emit_crc(struct emit *emit, uint32_t crc)
{
	char text[16];

	snprintf(text, sizeof text, "0x%08" PRIx32, crc);
	emit_scalar(emit, text, false);
}

void emit_bool(struct emit *emit, bool value)
{
	emit_scalar(emit, value ? "true" : "false", false);
}

void emit_null(struct emit *emit)
{
	emit_scalar(emit, "null", false);
}

void emit_key(struct emit *emit, const char *key)
{
	emit_scalar(emit, key, false);
}

void emit_key_string(struct emit *emit, const char *key, const char *text)
{
	emit_key(emit, key);
	emit_string(emit, text);
}

void emit_key_quoted(struct emit *emit, const char *key, const char *text)
{
	emit_key(emit, key);
	emit_quoted(emit, text);
}

void emit_key_number(struct emit *emit, const char *key, uint64_t number)
{
	emit_key(emit, key);
	emit_number(emit, number);
}

void emit_key_bool(struct emit *emit, const char *key, bool value)
{
	emit_key(emit, key);
	emit_bool(emit, value);
}

static bool fits_line(const struct strings *strings)
{
	size_t size = 0;

	array_each(text, strings)
		size += strlen(*text) + 2;
	return size <= EMIT_LINE;
}

void emit_key_strings(struct emit *emit, const char *key, const struct strings *strings)
{
	emit_key(emit, key);
	if (fits_line(strings))
		emit_flow_list(emit);
	else
		emit_list(emit);
	array_each(text, strings)
		emit_string(emit, *text);
	emit_close(emit);
}
