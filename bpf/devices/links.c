// SPDX-License-Identifier: MIT
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/grow.h"
#include "devices/links.h"

/* The kernel fills what it is offered, up to this (NLMSG_GOODSIZE and netlink_dump() in net/netlink/af_netlink.c). */
#define REPLY 32768

const char *const kind_names[KIND_COUNT] = {
	[KIND_OTHER] = "other",	      [KIND_PHYSICAL] = "physical", [KIND_LOOPBACK] = "loopback",
	[KIND_VETH] = "veth",	      [KIND_BRIDGE] = "bridge",	    [KIND_BOND] = "bond",
	[KIND_TEAM] = "team",	      [KIND_VLAN] = "vlan",	    [KIND_MACVLAN] = "macvlan",
	[KIND_IPVLAN] = "ipvlan",     [KIND_VRF] = "vrf",	    [KIND_IFB] = "ifb",
	[KIND_FAILOVER] = "failover", [KIND_TUN] = "tun",	    [KIND_WIREGUARD] = "wireguard",
};

static enum device_kind kind_of(const char *name)
{
	/* These have a character device on top, and are the same otherwise. */
	if (!strcmp(name, "macvtap"))
		return KIND_MACVLAN;
	if (!strcmp(name, "ipvtap"))
		return KIND_IPVLAN;
	for (enum device_kind kind = KIND_VETH; kind < KIND_COUNT; kind++)
		if (!strcmp(name, kind_names[kind]))
			return kind;
	return KIND_OTHER;
}

/* Of these, the link leads to the other end, which is not below. */
static bool comes_in_pairs(const char *kind)
{
	return !strcmp(kind, "veth") || !strcmp(kind, "netkit") || !strcmp(kind, "vxcan");
}

/* The text of an attribute, or NULL when it has none that ends within it. */
static const char *text_of(const struct rtattr *attribute)
{
	return attribute && memchr(RTA_DATA(attribute), '\0', RTA_PAYLOAD(attribute))
		       ? RTA_DATA(attribute)
		       : NULL;
}

static uint32_t number_of(const struct rtattr *attribute)
{
	uint32_t number = 0;

	if (attribute && RTA_PAYLOAD(attribute) >= sizeof(number))
		memcpy(&number, RTA_DATA(attribute), sizeof(number));
	return number;
}

/* The attribute of a type in a sequence of them, or NULL. */
static const struct rtattr *attribute_of(const struct rtattr *first, int length,
					 unsigned short type)
{
	for (const struct rtattr *at = first; RTA_OK(at, length); at = RTA_NEXT(at, length))
		if ((at->rta_type & NLA_TYPE_MASK) == type)
			return at;
	return NULL;
}

static const struct rtattr *nested(const struct rtattr *outer, unsigned short type)
{
	return outer ? attribute_of(RTA_DATA(outer), RTA_PAYLOAD(outer), type) : NULL;
}

static void add_link(struct links *links, const struct nlmsghdr *message)
{
	const struct ifinfomsg *info = NLMSG_DATA(message);
	const struct rtattr *first = IFLA_RTA(info);
	int length = IFLA_PAYLOAD(message);
	const char *kind =
		text_of(nested(attribute_of(first, length, IFLA_LINKINFO), IFLA_INFO_KIND));
	const struct rtattr *xdp = nested(attribute_of(first, length, IFLA_XDP), IFLA_XDP_ATTACHED);
	const char *name = text_of(attribute_of(first, length, IFLA_IFNAME));
	const struct rtattr *below = attribute_of(first, length, IFLA_LINK);
	struct link link = {
		.ifindex = info->ifi_index,
		.kind = kind				    ? kind_of(kind)
			: info->ifi_type == ARPHRD_LOOPBACK ? KIND_LOOPBACK
							    : KIND_OTHER,
		.up = info->ifi_flags & IFF_UP,
		.xdp = xdp && RTA_PAYLOAD(xdp) &&
		       *(const uint8_t *)RTA_DATA(xdp) != XDP_ATTACHED_NONE,
		.master = number_of(attribute_of(first, length, IFLA_MASTER)),
	};

	/* Of a device in another namespace the number means nothing here. */
	if (below && !(kind && comes_in_pairs(kind)) &&
	    !attribute_of(first, length, IFLA_LINK_NETNSID))
		link.below = number_of(below);
	if (link.below == link.ifindex)
		link.below = 0;
	if (name)
		snprintf(link.name, sizeof(link.name), "%s", name);
	links->list = grow(links->list, links->count, sizeof(*links->list));
	links->list[links->count++] = link;
}

bool links_take(struct links *links, const void *reply, size_t length, bool *whole)
{
	/* Padding may lack behind the last message. */
	for (size_t at = 0; at < length;) {
		const struct nlmsghdr *message = (const void *)((const char *)reply + at);

		if (length - at < sizeof(*message) || message->nlmsg_len < sizeof(*message) ||
		    message->nlmsg_len > length - at)
			return false;
		if (message->nlmsg_type == NLMSG_ERROR || message->nlmsg_flags & NLM_F_DUMP_INTR)
			*whole = false;
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
			return true;
		if (message->nlmsg_type == RTM_NEWLINK &&
		    NLMSG_PAYLOAD(message, 0) >= sizeof(struct ifinfomsg))
			add_link(links, message);
		at += NLMSG_ALIGN(message->nlmsg_len);
	}
	return false;
}

static int by_ifindex(const void *a, const void *b)
{
	uint32_t one = ((const struct link *)a)->ifindex, other = ((const struct link *)b)->ifindex;

	return one < other ? -1 : one > other;
}

void links_sort(struct links *links)
{
	if (links->count)
		qsort(links->list, links->count, sizeof(*links->list), by_ifindex);
	for (size_t i = 0; i < links->count; i++) {
		/* Not const: the list is ours. */
		struct link *master = (struct link *)links_find(links, links->list[i].master);

		if (master)
			master->leads = true;
	}
}

bool links_read(struct links *links)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg info;
		struct rtattr attribute;
		uint32_t filter;
	} request = {
		.header =
			{
				.nlmsg_len = sizeof(request),
				.nlmsg_type = RTM_GETLINK,
				.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			},
		.attribute =
			{
				.rta_len = RTA_LENGTH(sizeof(uint32_t)),
				.rta_type = IFLA_EXT_MASK,
			},
		.filter = RTEXT_FILTER_SKIP_STATS,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	char *reply = malloc(REPLY);
	ssize_t length = -1;
	bool whole = true;

	links->count = 0;
	if (fd >= 0 && reply)
		length = send(fd, &request, sizeof(request), 0);
	while (length > 0) {
		length = recv(fd, reply, REPLY, 0);
		if (length > 0 && links_take(links, reply, length, &whole))
			break;
	}
	free(reply);
	if (fd >= 0)
		close(fd);
	links_sort(links);
	return whole && length > 0;
}

void links_free(struct links *links)
{
	free(links->list);
	*links = (struct links){0};
}

const struct link *links_find(const struct links *links, uint32_t ifindex)
{
	const struct link wanted = {.ifindex = ifindex};

	return links->count ? bsearch(&wanted, links->list, links->count, sizeof(*links->list),
				      by_ifindex)
			    : NULL;
}

static void add_ifindex(struct text *text, size_t begin, uint32_t ifindex)
{
	text_format(text, "%s%u", text->length > begin ? "," : "", ifindex);
}

void links_add_lower(struct text *text, const struct links *links, const struct link *link)
{
	size_t begin = text->length;

	if (link->below)
		add_ifindex(text, begin, link->below);
	/* Of the many devices that a host may have, most lead none. */
	if (!link->leads)
		return;
	for (size_t i = 0; i < links->count; i++)
		if (links->list[i].master == link->ifindex)
			add_ifindex(text, begin, links->list[i].ifindex);
}
