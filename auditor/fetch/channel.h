/* SPDX-License-Identifier: ISC */
/* channel - messages between two processes of this program over a connected pair of sockets. A
 * message is a kind, a body, and at most one file descriptor (unix(7), SCM_RIGHTS):
 *
 *     u32 kind | u32 size of the body | body      in the machine's byte order */
#ifndef KMODAUDIT_CHANNEL_H
#define KMODAUDIT_CHANNEL_H

#include "base/arena.h"

enum { MESSAGE_MOST = 128 << 20 };

struct message {
	uint32_t kind;
	struct span body;
	int fd; /* -1: none; the receiver closes it */
};

/* False if the other end is gone. The descriptor stays open. */
CHECKED bool message_send(int channel, const struct message *message);
/* Waits for a message. Its body is in ARENA, and a NUL follows it. False if the other
 * end is gone or sent a larger one than MESSAGE_MOST. */
CHECKED bool message_receive(int channel, struct arena *arena, struct message *ret);

/* A body that is written or read item by item. */
struct parcel {
	uint8_t *list;
	size_t count, room;
};

void parcel_number(struct arena *arena, struct parcel *parcel, uint64_t number);
/* TEXT may be NULL. */
void parcel_text(struct arena *arena, struct parcel *parcel, const char *text);
struct span parcel_body(const struct parcel *parcel);
/* Take the next item from REST. False, with RET untouched, if there is none. */
CHECKED bool parcel_take_number(struct span *rest, uint64_t *ret);
CHECKED bool parcel_take_text(struct arena *arena, struct span *rest, const char **ret);

#endif
