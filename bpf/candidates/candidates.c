// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include "base/grow.h"
#include "base/memory.h"
#include "base/numbers.h"
#include "candidates/candidates.h"

/* The kernel counts the queues of a device in 16 bits (skb->queue_mapping). */
#define QUEUE_MOST 0xffff
#define BLANKS " \t\r\n"
#define HOW "Write ID NETNS:IFINDEX:QUEUE=LIST ..., and a semicolon between candidates."

#define invalid(failure, ...) fail(failure, "SHADOW_INVALID", "shadow", HOW, __VA_ARGS__)

static struct assignment *add(struct candidates *candidates)
{
	candidates->list =
		grow(candidates->list, candidates->assignments, sizeof(*candidates->list));
	return &candidates->list[candidates->assignments++];
}

static int read_assignment(struct candidates *candidates, const char *word, struct failure *failure)
{
	struct assignment assignment = {.candidate = candidates->count - 1};
	uint64_t netns, ifindex, queue;
	const char *at = word;

	if (!number_take(&at, UINT32_MAX, &netns) ||
	    !number_take_behind(&at, ':', INT32_MAX, &ifindex) ||
	    !number_take_behind(&at, ':', QUEUE_MOST, &queue) || *at++ != '=' || !ifindex)
		return invalid(failure, "\"%.80s\" is no NETNS:IFINDEX:QUEUE=LIST", word);
	if (mask_read_list(&assignment.mask, at))
		return invalid(failure, "\"%.80s\" is no list of CPUs", at);
	assignment.netns = netns;
	assignment.ifindex = ifindex;
	assignment.queue = queue;
	*add(candidates) = assignment;
	return 0;
}

static int read_candidate(struct candidates *candidates, char *text, struct failure *failure)
{
	char *rest, *word = strtok_r(text, BLANKS, &rest);
	uint64_t id;

	if (!word)
		return 0;
	if (candidates->count == RPS_CANDIDATES)
		return invalid(failure, "there are more than %d candidates", RPS_CANDIDATES);
	if (!number_read(word, 0, UINT32_MAX, &id))
		return invalid(failure, "\"%.80s\" is no number of a candidate", word);
	candidates->ids[candidates->count++] = id;
	while ((word = strtok_r(NULL, BLANKS, &rest)))
		if (read_assignment(candidates, word, failure))
			return -1;
	return 0;
}

int candidates_read(struct candidates *candidates, char *text, struct failure *failure)
{
	char *rest, *part;

	*candidates = (struct candidates){0};
	for (part = strtok_r(text, ";", &rest); part; part = strtok_r(NULL, ";", &rest)) {
		if (!read_candidate(candidates, part, failure))
			continue;
		candidates_free(candidates);
		return -1;
	}
	return 0;
}

static bool in_namespace(const struct device *device, const char *netns)
{
	char inode[16];

	if (!netns)
		return !device->netns_name[0];
	snprintf(inode, sizeof(inode), "%u", device->netns);
	return !strcmp(netns, inode) || !strcmp(netns, device->netns_name);
}

static const struct device *named(const struct devices *devices, const char *name,
				  const char *netns)
{
	for (size_t i = 0; i < devices->count; i++)
		if (!strcmp(devices->list[i].name, name) && in_namespace(&devices->list[i], netns))
			return &devices->list[i];
	return NULL;
}

#define SYNTAX "Write NAME:QUEUE=LIST, such as eth0:0=0-3,8-11, or NAME=LIST for all queues."

/* Takes "NAME:QUEUE=LIST" or "NAME=LIST" apart; `queue` is -1 for all queues. */
static int take_apart(char *word, int *queue, struct mask *mask, struct failure *failure)
{
	char *list = strchr(word, '='), *colon;
	uint64_t number;

	if (!list || list == word)
		return fail(failure, "USAGE", "options", SYNTAX,
			    "--what-if \"%.80s\" has no device or no list of CPUs", word);
	*list++ = '\0';
	if (mask_read_list(mask, list))
		return fail(failure, "USAGE", "options", SYNTAX,
			    "--what-if \"%.80s\" is no list of CPUs", list);
	*queue = -1;
	colon = strchr(word, ':');
	if (!colon)
		return 0;
	*colon++ = '\0';
	if (!number_read(colon, 0, QUEUE_MOST, &number))
		return fail(failure, "USAGE", "options", SYNTAX,
			    "--what-if \"%.80s\" is no number of a queue", colon);
	*queue = number;
	return 0;
}

static int assign_named(struct candidates *candidates, char *word, const char *netns,
			const struct devices *devices, struct failure *failure)
{
	struct assignment assignment = {.candidate = candidates->count - 1};
	const struct device *device;
	bool any = false;
	int queue = -1;

	if (take_apart(word, &queue, &assignment.mask, failure))
		return -1;
	device = named(devices, word, netns);
	if (!device) {
		fail(failure, "NO_DEVICE", "options", "ip link lists them.",
		     "--what-if: there is no device %.80s", word);
		return 1;
	}
	assignment.netns = device->netns;
	assignment.ifindex = device->ifindex;
	for (unsigned int i = 0; i < device->queue_count; i++) {
		assignment.queue = device->queues[i].rx;
		if (queue >= 0 && queue != (int)assignment.queue)
			continue;
		*add(candidates) = assignment;
		any = true;
	}
	if (any)
		return 0;
	fail(failure, "NO_DEVICE", "options", "They are numbered from 0.",
	     "--what-if: %.80s has no receive queue %d", word, queue);
	return 1;
}

int candidates_add(struct candidates *candidates, const char *written, const char *netns,
		   const struct devices *devices, struct failure *failure)
{
	char *copy, *rest, *word;
	int result = 0;

	if (candidates->count == RPS_CANDIDATES)
		return fail(failure, "USAGE", "options", SYNTAX, "--what-if may be given %d times",
			    RPS_CANDIDATES);
	candidates->ids[candidates->count] = candidates->count + 1;
	candidates->count++;
	copy = must(strdup(written));
	for (word = strtok_r(copy, BLANKS, &rest); word && result >= 0;
	     word = strtok_r(NULL, BLANKS, &rest)) {
		int assigned = assign_named(candidates, word, netns, devices, failure);

		result = assigned ?: result;
	}
	free(copy);
	return result;
}

void candidates_free(struct candidates *candidates)
{
	free(candidates->list);
	*candidates = (struct candidates){0};
}
