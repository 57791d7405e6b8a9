/* SPDX-License-Identifier: ISC */
/* Tests the HTML page: the answer, the order and data of packages, what is left out, and that no
 * input text becomes markup. */
#include "gate_ledger.h"

#include "report/html/html.h"

static void the_worst_package_comes_first(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	ledger_cell(&made, 0, "kmod-a", VERDICT_SAFE, GATE_PASS);
	ledger_cell(&made, 1, "kmod-b", VERDICT_SAFE, GATE_PASS);
	ledger_bad(&made, 1, "kmod-c", "machine", "wrong");
	char *text = ledger_text(&made, "html");
	assert_memory_equal(text, "<!doctype html>\n", 16);
	has(text,
	    "<span class=\"word\">Fail</span> <span class=\"headline\">1 of 3 packages unsafe");
	has(text, "\"images\":[\"router0\",\n\"router1\"]");
	has(text, "\"texts\":[\"kmod-c\",\n\"1\",\n\"feed/"
		  "kmod-c.ipk\",\n\"machine\",\n\"foo\",\n\"wrong\"");
	has(text, "\"findings\":[[3,3,-1,4,-1,-1,-1,-1,5,-1,-1,0]]");
	has(text, "\"cells\":[[3,2,-1,3,5,[],[0],[],1],\n[1,0,8,-1,-1,[],[],[],1]]");
	has(text, "\"rows\":[[0,0,1,2,[-1,0]],\n[0,6,1,7,[1,-1]],\n[0,9,1,10,[-1,1]]]");
	free(text);
	arena_free(&made.arena);
}

static void nothing_fails(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	ledger_cell(&made, 0, "kmod-a", VERDICT_SAFE, GATE_PASS);
	char *text = ledger_text(&made, "html");
	has(text, "<span class=\"word\">Pass</span>");
	has(text, "Nothing fails.");
	has_not(text, "Omitted");
	has_not(text, "<section id=\"symbols\">");
	has_not(text, "<section id=\"waivers\">");
	free(text);
	arena_free(&made.arena);
}

static void names_stay_text(void **state)
{
	static const char hostile[] = "</script><img src=x onerror=alert(1)>\"'&\xe2\x80\xae\x01";
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	ledger_bad(&made, 0, hostile, "machine", hostile)->needs = (struct strings){0};
	made.ledger.pairs.list[0].card.release = hostile;
	char *text = ledger_text(&made, "html");
	has_not(text, "<img");
	has_not(text, "\xe2\x80\xae");
	has(text, "&lt;/script&gt;&lt;img src=x "
		  "onerror=alert(1)&gt;&quot;&#39;&amp;\\xe2\\x80\\xae\\x01");
	has(text,
	    "\"\\u003c/script\\u003e\\u003cimg src=x onerror=alert(1)\\u003e\\u0022\\u0027\\u0026");
	free(text);
	arena_free(&made.arena);
}

static void the_size_is_bounded_and_said(void **state)
{
	enum { COUNT = 20000 };
	struct gate_ledger made;
	const char *long_text;

	(void)state;
	ledger_setup(&made);
	char *letters = arena_get(&made.arena, 4096);
	memset(letters, 'x', 4095);
	long_text = letters;
	for (size_t i = 0; i < COUNT; i++)
		ledger_bad(&made, 0, arena_format(&made.arena, "kmod-%05zu%s", i, long_text + 3900),
			   "machine", arena_format(&made.arena, "%zu %s", i, long_text));
	char *text = ledger_text(&made, "html");
	assert_true(made.size < (2 << 20) + HTML_DETAILS + 2 * HTML_ROWS + (1 << 20));
	has(text, "Omitted for lack of space: the findings of ");
	has(text, "The report in YAML has them all.");
	free(text);
	arena_free(&made.arena);
}

static void a_shard_without_pairs_is_a_page(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	made.ledger.pairs.count = 0;
	made.ledger.plan = "plan.yaml";
	made.ledger.shard = made.ledger.shards = 2;
	char *text = ledger_text(&made, "html");
	has(text, "No package was judged.");
	has(text, "\"rows\":[]}</script>");
	free(text);
	arena_free(&made.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_package_comes_first),
		cmocka_unit_test(nothing_fails),
		cmocka_unit_test(names_stay_text),
		cmocka_unit_test(the_size_is_bounded_and_said),
		cmocka_unit_test(a_shard_without_pairs_is_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
