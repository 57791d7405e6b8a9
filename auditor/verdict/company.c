/* SPDX-License-Identifier: ISC */
/* Computes what is installed together with each package. A chain of packages can be as
 * long as a feed, so no circle lists all that it needs: it joins the lists of the
 * circles that it uses directly and keeps the first COMPANY_LISTED packages. How many
 * there are in all is counted only where a text says it. */
#include "verdict/company.h"

static void first_take(struct arena *arena, const struct indexes *from, struct indexes *list)
{
	for (size_t i = 0; i < from->count && i < COMPANY_LISTED; i++)
		*array_add(arena, list) = from->list[i];
}

static void wrong_take(struct companies *companies, size_t circle, size_t wrong)
{
	if (wrong < companies->wrong[circle])
		companies->wrong[circle] = wrong;
}

struct companies companies_of(struct arena *arena, const struct fold *fold)
{
	size_t count = fold->circles.count + 1;
	struct companies companies = {.fold = fold};

	companies.first = arena_get(arena, count * sizeof *companies.first);
	companies.wrong = arena_get(arena, count * sizeof *companies.wrong);
	companies.marks.of = arena_get(arena, count * sizeof *companies.marks.of);
	for (size_t i = 0; i < fold->circles.count; i++) {
		_cleanup_arena_ struct arena scratch = {0};
		struct indexes members = circle_members(&fold->circles, i);
		struct indexes needs = circle_needs(&fold->circles, i), list = {0};

		companies.wrong[i] = SIZE_MAX;
		first_take(&scratch, &members, &list);
		array_each(member, &members)
			if (checksum_wrong(&fold->judged[*member].findings))
				wrong_take(&companies, i, *member);
		array_each(need, &needs) {
			first_take(&scratch, &companies.first[*need], &list);
			wrong_take(&companies, i, companies.wrong[*need]);
		}
		indexes_unique(&list);
		first_take(arena, &list, &companies.first[i]);
	}
	return companies;
}

static size_t company_count(void *context)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct companies *companies = context;
	const struct circles *circles = &companies->fold->circles;
	struct indexes found =
		circle_reach(&scratch, circles, NULL, companies->asked, &companies->marks);
	size_t count = 0;

	array_each(circle, &found)
		count += circle_members(circles, *circle).count;
	return count;
}

struct company company_of(struct companies *companies, size_t circle)
{
	const struct indexes *first = &companies->first[circle];
	size_t wrong = companies->wrong[circle];

	companies->asked = circle;
	return (struct company){
		.list = first->list,
		.listed = first->count,
		.checksum = wrong == SIZE_MAX
				    ? NULL
				    : checksum_wrong(&companies->fold->judged[wrong].findings),
		.count = company_count,
		.context = companies};
}
