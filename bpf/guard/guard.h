/* SPDX-License-Identifier: MIT */
/* --guard: writes rps_cpus as it is told, and takes it back unless somebody confirms. docs/protocol.md describes it. */
#ifndef GUARD_GUARD_H
#define GUARD_GUARD_H

#include "base/failure.h"

/* Returns -1 with `failure` set when the masks could not be written; then they are as they were found. */
int guard_run(struct failure *failure);

#endif
