/* SPDX-License-Identifier: ISC */
/* Sends and receives messages, and packs numbers and texts into their bodies: a number
 * is 8 bytes, a text is its length plus one (0: NULL) and its bytes. */
#include "fetch/channel.h"
#include "base/array.h"

#include <errno.h>
#include <sys/socket.h>

/* What sendmsg(2) and recvmsg(2) need for one descriptor. */
union passed {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr aligned;
};

bool message_send(int channel, const struct message *message)
{
	uint32_t head[2] = {message->kind, (uint32_t)message->body.size};
	struct iovec piece = {head, sizeof head};
	struct msghdr header = {.msg_iov = &piece, .msg_iovlen = 1};
	union passed passed = {.bytes = {0}};
	ssize_t put;

	if (message->body.size > MESSAGE_MOST)
		return false;
	if (message->fd >= 0) {
		header.msg_control = passed.bytes;
		header.msg_controllen = sizeof passed.bytes;

		struct cmsghdr *part = CMSG_FIRSTHDR(&header);

		part->cmsg_level = SOL_SOCKET;
		part->cmsg_type = SCM_RIGHTS;
		part->cmsg_len = CMSG_LEN(sizeof message->fd);
		memcpy(CMSG_DATA(part), &message->fd, sizeof message->fd);
	}
	do
		put = sendmsg(channel, &header, MSG_NOSIGNAL);
	while (put < 0 && errno == EINTR);
	if (put != (ssize_t)sizeof head)
		return false;
	for (struct span rest = message->body; rest.size > 0;) {
		put = send(channel, rest.data, rest.size, MSG_NOSIGNAL);
		if (put < 0 && errno != EINTR)
			return false;
		rest = span_skip(rest, put > 0 ? (uint64_t)put : 0);
	}
	return true;
}

bool message_receive(int channel, struct arena *arena, struct message *ret)
{
	uint32_t head[2];
	struct iovec piece = {head, sizeof head};
	union passed passed;
	struct msghdr header = {.msg_iov = &piece,
				.msg_iovlen = 1,
				.msg_control = passed.bytes,
				.msg_controllen = sizeof passed.bytes};
	ssize_t got;

	do
		got = recvmsg(channel, &header, MSG_WAITALL | MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got != (ssize_t)sizeof head || head[1] > MESSAGE_MOST)
		return false;

	uint8_t *body = arena_raw(arena, (size_t)head[1] + 1);
	const struct cmsghdr *part = CMSG_FIRSTHDR(&header);
	int fd = -1;

	if (part && part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS &&
	    part->cmsg_len == CMSG_LEN(sizeof fd))
		memcpy(&fd, CMSG_DATA(part), sizeof fd);
	body[head[1]] = '\0';
	*ret = (struct message){head[0], span_from(body, head[1]), fd};
	for (size_t have = 0; have < head[1];) {
		got = recv(channel, body + have, head[1] - have, 0);
		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		have += got > 0 ? (size_t)got : 0;
	}
	return true;
}

static void parcel_bytes(struct arena *arena, struct parcel *parcel, const void *bytes, size_t size)
{
	const uint8_t *from = bytes;

	for (size_t i = 0; i < size; i++)
		*array_add(arena, parcel) = from[i];
}

void parcel_number(struct arena *arena, struct parcel *parcel, uint64_t number)
{
	parcel_bytes(arena, parcel, &number, sizeof number);
}

void parcel_text(struct arena *arena, struct parcel *parcel, const char *text)
{
	parcel_number(arena, parcel, text ? strlen(text) + 1 : 0);
	parcel_bytes(arena, parcel, text, text ? strlen(text) : 0);
}

struct span parcel_body(const struct parcel *parcel)
{
	return span_from(parcel->list, parcel->count);
}

bool parcel_take_number(struct span *rest, uint64_t *ret)
{
	if (rest->size < sizeof *ret)
		return false;
	memcpy(ret, rest->data, sizeof *ret);
	*rest = span_skip(*rest, sizeof *ret);
	return true;
}

bool parcel_take_text(struct arena *arena, struct span *rest, const char **ret)
{
	struct span text;
	uint64_t size = 0;

	if (!parcel_take_number(rest, &size))
		return false;
	if (size == 0) {
		*ret = NULL;
		return true;
	}
	if (!span_cut(*rest, 0, size - 1, &text))
		return false;
	*ret = arena_string(arena, text);
	*rest = span_skip(*rest, size - 1);
	return true;
}
