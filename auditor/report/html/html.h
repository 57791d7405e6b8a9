/* SPDX-License-Identifier: ISC */
/* html - functions that the parts of the HTML page share. Private to report/. */
#ifndef KMODAUDIT_HTML_H
#define KMODAUDIT_HTML_H

#include "report/ledger/ledger_rows.h"
#include "report/remarks.h"

#include <stdio.h>

enum {
	HTML_NAME = 200, /* longer names are cut, in bytes */
	HTML_TEXT = 1500, /* longer sentences are cut, in bytes */
	/* bytes of the parts that can be read without scripts, so that none takes the
	 * others' room: 2 MiB together */
	HTML_CAUSES = 512 << 10,
	HTML_PACKAGES = 640 << 10,
	HTML_CHARTS = 192 << 10,
	HTML_IMAGES = 256 << 10,
	HTML_OPTIONS = 256 << 10,
	HTML_SYMBOLS = 96 << 10,
	HTML_WAIVERS = 96 << 10,
	HTML_CHANGES = 2 << 20, /* of the page of diff */
	HTML_DETAILS = 24 << 20, /* bytes of the data behind the packages */
	HTML_ROWS = 8 << 20, /* bytes of the list of packages */
};

/* A package with its results on all images. */
struct html_row {
	const struct ledger_row *row;
	enum verdict verdict; /* the worst */
	enum gate gate; /* the worst */
	size_t bad; /* number of images with this verdict */
};

struct html_rows {
	struct html_row *list; /* worst first */
	size_t count, room;
};

struct page {
	FILE *out;
	struct arena *arena;
	const struct ledger *ledger;
	struct strings images; /* names, each once, in the order of the pairs */
	struct html_rows rows;
	struct remarks remarks;
	size_t size; /* bytes printed so far */
	size_t end; /* the size at which the part that is being printed is full */
};

/* Print; all arguments that come from an input must be results of
 * html_text or html_name. */
void html_put(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* TEXT escaped with quote() and then for HTML, in elements and in attributes with
 * quotes; "" for NULL. */
const char *html_text(struct page *page, const char *text);
const char *html_name(struct page *page, const char *name);
/* Prints a sentence about a finding as a paragraph; "no accepted proof: a: why; b: why"
 * as a list. */
void html_reason(struct page *page, const char *text);
/* The first names of NAMES as <code>, and how many more there are. */
const char *html_names(struct page *page, const struct strings *names, size_t most);
/* HEADLINE as the page's title, with WORD in place of its own before the ":". */
void html_headline(struct page *page, const char *word, const char *headline);
/* A link to the text of a rule; the plain id if there is no such rule. */
const char *html_rule(struct page *page, const char *id);
/* A bar whose parts are as long as COUNT, by enum verdict. */
void html_bar(struct page *page, const size_t count[VERDICT_COUNT]);
/* Begins a part that has room for BYTES. */
static inline void html_part(struct page *page, size_t bytes)
{
	page->end = page->size + bytes;
}

/* True while the part has room for what can be left out. */
static inline bool html_fits(const struct page *page)
{
	return page->size < page->end;
}

extern const char *const html_sign[VERDICT_COUNT];

/* How often each name was counted. */
struct tally {
	struct tally_row {
		const char *name;
		size_t count;
	} * list;
	size_t count, room;
	struct map places;
};

void tally_add(struct page *page, struct tally *tally, const char *name);
/* The highest counts first. */
void tally_sort(struct tally *tally);

/* A row of a chart: WORDS, the number COUNT, and a bar as long as COUNT is of MOST. */
void html_bar_row(struct page *page, const char *class, const char *words, size_t count,
		  size_t most);
/* Everything before <body>, with the style. */
void html_head(struct page *page, const char *headline);

/* The parts, in their own files, in the order of the page. */
void html_answer(struct page *page);
void html_images(struct page *page); /* nothing if html_answer() shows the only one */
void html_charts(struct page *page); /* nothing if there are none */
bool html_has_charts(const struct page *page);
void html_causes(struct page *page);
void html_packages(struct page *page);
void html_options(struct page *page); /* nothing for images of FreeBSD */
bool html_has_options(const struct page *page);
void html_symbols(struct page *page); /* nothing if there are none */
bool html_has_symbols(const struct page *page);
void html_waivers(struct page *page); /* nothing if none were given */
void html_rules(struct page *page);
/* Prints the data of the packages as JSON; returns a sentence about what was left
 * out, or NULL. */
const char *html_data(struct page *page);

#endif
