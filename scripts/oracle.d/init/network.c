#include "exercise.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DATAGRAMS = 3, PORT_OUT = 9999, PORT_IN = 9998 };

struct message {
	struct nlmsghdr header;
	char body[512];
};

static void message_start(struct message *message, unsigned short type, const void *body,
			  size_t size)
{
	memset(message, 0, sizeof(*message));
	message->header.nlmsg_type = type;
	message->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	message->header.nlmsg_len = NLMSG_LENGTH(size);
	memcpy(message->body, body, size);
}

/* Returns the attribute, so that an outer one can be closed over inner ones. */
static struct rtattr *message_add(struct message *message, unsigned short type, const void *data,
				  size_t size)
{
	struct rtattr *attribute =
		(struct rtattr *)((char *)message + NLMSG_ALIGN(message->header.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(attribute), data, size);
	message->header.nlmsg_len =
		NLMSG_ALIGN(message->header.nlmsg_len) + RTA_ALIGN(attribute->rta_len);
	return attribute;
}

static int message_send(int socket, const struct message *message)
{
	struct message answer;
	const struct nlmsgerr *said = (const struct nlmsgerr *)answer.body;

	if (send(socket, message, message->header.nlmsg_len, 0) < 0 ||
	    recv(socket, &answer, sizeof(answer), 0) < 0)
		return errno;
	return answer.header.nlmsg_type == NLMSG_ERROR ? -said->error : EPROTO;
}

static int netlink_ask(int family, const struct message *message)
{
	int handle = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, family), error;

	if (handle < 0)
		return errno;
	error = message_send(handle, message);
	close(handle);
	return error;
}

static int link_change(unsigned short type, const char *name, const char *kind)
{
	struct ifinfomsg link = {0};
	struct message message;
	struct rtattr *info;

	message_start(&message, type, &link, sizeof(link));
	message_add(&message, IFLA_IFNAME, name, strlen(name) + 1);
	if (kind) {
		message.header.nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
		info = message_add(&message, IFLA_LINKINFO, NULL, 0);
		message_add(&message, IFLA_INFO_KIND, kind, strlen(kind));
		info->rta_len = (char *)&message + message.header.nlmsg_len - (char *)info;
	}
	return netlink_ask(NETLINK_ROUTE, &message);
}

static struct ifreq request_for(const char *name)
{
	struct ifreq request = {0};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	return request;
}

static int link_raise(int socket, const char *name)
{
	struct ifreq request = request_for(name);
	struct sockaddr_in *address = (struct sockaddr_in *)&request.ifr_addr;

	address->sin_family = AF_INET;
	address->sin_addr.s_addr = inet_addr("10.9.8.1");
	if (ioctl(socket, SIOCSIFADDR, &request) < 0)
		return errno;
	request = request_for(name);
	if (ioctl(socket, SIOCGIFFLAGS, &request) < 0)
		return errno;
	request.ifr_flags |= IFF_UP | IFF_RUNNING;
	return ioctl(socket, SIOCSIFFLAGS, &request) < 0 ? errno : 0;
}

static int datagrams_send(int socket, const char *name)
{
	struct sockaddr_in everyone = {.sin_family = AF_INET,
				       .sin_port = htons(PORT_OUT),
				       .sin_addr.s_addr = htonl(INADDR_BROADCAST)};
	int on = 1;

	if (setsockopt(socket, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) < 0 ||
	    setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, name, strlen(name) + 1) < 0)
		return errno;
	for (int i = 0; i < DATAGRAMS; i++)
		if (sendto(socket, "oracle", 6, 0, (struct sockaddr *)&everyone, sizeof(everyone)) <
		    0)
			return errno;
	return 0;
}

static int link_drive(const char *name)
{
	int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), error;

	if (handle < 0)
		return errno;
	error = link_raise(handle, name);
	if (!error)
		error = datagrams_send(handle, name);
	close(handle);
	return error;
}

int exercise_link(const char *kind)
{
	int error = link_change(RTM_NEWLINK, "oracle0", kind);

	if (!error)
		error = link_drive("oracle0");
	if (!error)
		error = link_change(RTM_DELLINK, "oracle0", NULL);
	return error;
}

/* IPv4, UDP, 10.9.8.2 -> 10.9.8.1, five bytes; the header's checksum at 10 is filled in */
static int packet_inject(int tun)
{
	unsigned char packet[] = {0x45, 0,  0, 33, 0, 1,  0,   0,   64,	 17,  0,
				  0,	10, 9, 8,  2, 10, 9,   8,   1,	 18,  52,
				  0,	0,  0, 13, 0, 0,  'h', 'e', 'l', 'l', 'o'};
	unsigned sum = 0;

	packet[22] = PORT_IN >> 8;
	packet[23] = PORT_IN & 0xff;
	for (int i = 0; i < 20; i += 2)
		sum += packet[i] << 8 | packet[i + 1];
	sum = ~((sum & 0xffff) + (sum >> 16));
	packet[10] = sum >> 8 & 0xff;
	packet[11] = sum & 0xff;
	return write(tun, packet, sizeof(packet)) == sizeof(packet) ? 0 : EIO;
}

static int packet_received(int tun)
{
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(PORT_IN)};
	struct timeval patience = {.tv_sec = 2};
	int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), error = 0;
	char text[64];

	if (handle < 0)
		return errno;
	if (bind(handle, (struct sockaddr *)&here, sizeof(here)) < 0 ||
	    setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
		error = errno;
	if (!error)
		error = packet_inject(tun);
	if (!error && recv(handle, text, sizeof(text), 0) != 5)
		error = EBADMSG;
	close(handle);
	return error;
}

int exercise_tun(void)
{
	struct ifreq request = request_for("oracle0");
	int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC), error = 0;
	char packet[2048];

	if (tun < 0)
		return errno;
	request.ifr_flags = IFF_TUN | IFF_NO_PI;
	if (ioctl(tun, TUNSETIFF, &request) < 0)
		error = errno;
	if (!error)
		error = link_drive("oracle0");
	if (!error && read(tun, packet, sizeof(packet)) < 0)
		error = errno;
	if (!error)
		error = packet_received(tun);
	close(tun);
	return error;
}

int exercise_nfnetlink(int queue)
{
	struct nfgenmsg to = {0};
	struct nfqnl_msg_config_cmd bind = {.command = NFQNL_CFG_CMD_BIND};
	struct message message;
	int handle;

	if (queue) {
		message_start(&message, NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_CONFIG, &to, sizeof(to));
		message_add(&message, NFQA_CFG_CMD, &bind, sizeof(bind));
		return netlink_ask(NETLINK_NETFILTER, &message);
	}
	handle = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	if (handle < 0)
		return errno;
	close(handle);
	return 0;
}
