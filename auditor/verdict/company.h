/* SPDX-License-Identifier: ISC */
/* company - what is installed together with each package, as far as texts say it: the
 * first packages of it and their number. Private to verdict/. */
#ifndef KMODAUDIT_COMPANY_H
#define KMODAUDIT_COMPANY_H

#include "verdict/fold.h"

struct companies {
	const struct fold *fold;
	/* by circle: the first packages of all that it needs and of itself, sorted,
	 * at most COMPANY_LISTED */
	struct indexes *first;
	/* by circle: the first of all these packages whose file has a wrong
	 * checksum; SIZE_MAX: none */
	size_t *wrong;
	struct marks marks;
	size_t asked; /* the circle of the last company_of */
};

/* The companies of all circles. The result is in ARENA. Time and memory grow with the
 * number of packages and needs. */
struct companies companies_of(struct arena *arena, const struct fold *fold);
/* The company of CIRCLE, valid until the next call. */
struct company company_of(struct companies *companies, size_t circle);

#endif
