/* wrap - text for people, in lines of at most WRAP_COLUMNS. */
#ifndef KMODAUDIT_WRAP_H
#define KMODAUDIT_WRAP_H

#include "base/arena.h"

enum { WRAP_COLUMNS = 100 };

/* TEXT with FIRST in front of its first line and REST in front of the others, each line ended. Words longer than a line
 * stay whole. TEXT must have been through quote(). */
const char *wrap(struct arena *arena, const char *first, const char *rest, const char *text);
/* The same in lines of at most MOST columns. */
const char *wrap_at(struct arena *arena, size_t most, const char *first, const char *rest, const char *text);

#endif
