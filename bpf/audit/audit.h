/* SPDX-License-Identifier: MIT */
/*
 * Who writes rps_cpus. To attach what tells that takes nearly as long as a trace takes to begin, and no trace waits for it: a
 * process that does nothing else attaches it while this one traces already. It shares this one's descriptors, so that
 * what it has attached stays when it ends, and has the capabilities that this one has given up. What makes counting fast
 * (tracer/device_events.h) it attaches first.
 */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include <stdint.h>
#include <sys/types.h>
#include "abi/mask_write.h"
#include "audit/auditor.h"
#include "audit/ring.h"
#include "tracer/counters.h"

struct audit {
	struct audit_work *work; /* shared with the other process; NULL: there is none */
	pid_t auditor;		 /* the other process; 0: it has ended, or was never there */
	int ended;		 /* readable once it has; -1 when that was heard */
	int go;			 /* it waits for this */
	bool known;		 /* what came of it */
	struct auditor_outcome outcome;
	struct ring ring;
	const uint64_t *lost;	      /* NULL: writes cannot be told */
	uint64_t lost_before;	      /* when news were asked for last */
	bool told;		      /* what came of it was news once */
	int fdinfo[AUDITOR_PROGRAMS]; /* see process/fdinfo.h; 0: none */
};

/*
 * Starts the other process while there are capabilities. `btf` is as for kernel_btf_read(), the rest for device_events_attach(),
 * with `regions` 0 for none.
 */
void audit_start(struct audit *audit, const struct kernel_btf *btf, int regions,
		 const struct counters *counters);

/* Lets it begin. */
void audit_go(struct audit *audit);

/* Takes over what it has attached, once `ended` can be read. */
void audit_hear(struct audit *audit);

/* Whether device_events_attach() has succeeded: the rest may take a while longer. */
bool audit_has_device_events(const struct audit *audit);

/* Whether there is anything to tell that was not there the last time. */
bool audit_news(struct audit *audit);

/* Copies a record of the ring, which ends with the last CPU of its mask, and begins with as much as there is of it. */
void audit_record(struct rps_write *write, const void *record, size_t length);

typedef void (*write_fn)(void *context, const struct rps_write *write);

/* Visits the writes that were not taken yet, in the order in which they were handed over. */
void audit_take(struct audit *audit, write_fn visit, void *context);

/* Writes that were not seen, or found no room because nobody took those before. */
uint64_t audit_lost(const struct audit *audit);

/* The run is about to end: the other process need not begin any more. */
void audit_cancel(struct audit *audit);

/* The same, and waits until that process has ended. */
void audit_stop(struct audit *audit);

#endif
