// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/memory.h"
#include "base/numbers.h"
#include "devices/kernel_threads.h"
#include "devices/mountinfo.h"
#include "devices/namespaces.h"

#define OWN "/proc/self/ns/net"

/*
 * A sysfs shows the devices of the namespace it was mounted in. This mount is attached nowhere: nobody else sees it,
 * and it goes with its descriptor. It does not keep the namespace alive.
 */
static int mount_sysfs(bool writable)
{
	int context = syscall(SYS_fsopen, "sysfs", FSOPEN_CLOEXEC);
	int mount = -1;

	if (context < 0)
		return -1;
	if (!syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC,
				writable ? 0 : MOUNT_ATTR_RDONLY);
	close(context);
	return mount;
}

/* Whoever mounted /sys read-only, as container engines do, did not mean it to be written to by another way. */
static bool read_only_sys(void)
{
	struct statvfs status;

	return statvfs("/sys", &status) || (status.f_flag & ST_RDONLY);
}

bool namespaces_enter(struct namespaces *namespaces, uint32_t inode, const char *path)
{
	struct stat status;
	int fd;

	if (namespaces->current == inode)
		return true;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	/* The process behind the path may be another one by now. */
	if (fd >= 0 && !fstat(fd, &status) && status.st_ino == inode && !setns(fd, CLONE_NEWNET))
		namespaces->current = inode;
	if (fd >= 0)
		close(fd);
	return namespaces->current == inode;
}

void namespaces_leave(struct namespaces *namespaces)
{
	if (namespaces->current != namespaces->own && !setns(namespaces->home, CLONE_NEWNET))
		namespaces->current = namespaces->own;
}

static int open_sysfs(struct namespaces *namespaces, const struct netns *netns)
{
	int sysfs = -1;

	if (namespaces_enter(namespaces, netns->inode, netns->path))
		sysfs = mount_sysfs(namespaces->writable && !read_only_sys());
	/* Without CAP_SYS_ADMIN, /sys is as good for the namespace that this process is in. */
	if (sysfs < 0 && netns->inode == namespaces->own)
		sysfs = open("/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return sysfs;
}

static struct netns *find_or_add(struct namespaces *namespaces, uint32_t inode)
{
	struct netns *list;

	for (size_t i = 0; i < namespaces->count; i++)
		if (namespaces->list[i].inode == inode)
			return &namespaces->list[i];
	list = must(realloc(namespaces->list, (namespaces->count + 1) * sizeof(*list)));
	namespaces->list = list;
	list[namespaces->count] = (struct netns){.inode = inode, .sysfs = -1, .network = -1};
	return &list[namespaces->count++];
}

/* Takes note that `path` is the namespace `inode`. */
static void note(struct namespaces *namespaces, uint32_t inode, const char *path,
		 enum name_source source, const char *name)
{
	struct netns *netns = find_or_add(namespaces, inode);

	if (source > netns->source) {
		netns->source = source;
		snprintf(netns->name, sizeof(netns->name), "%s", name);
	}
	if (netns->tried)
		return;
	netns->tried = true;
	free(netns->path);
	netns->path = strdup(path);
	if (netns->path && netns->sysfs < 0)
		netns->sysfs = open_sysfs(namespaces, netns);
}

static uint32_t inode_of(const char *path)
{
	struct stat status;

	return stat(path, &status) ? 0 : status.st_ino;
}

static void find_mounted(struct namespaces *namespaces)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t room = 0;

	if (!mounts)
		return;
	while (getline(&line, &room, mounts) > 0) {
		static const char run[] = "/run/netns/";
		const char *named;
		uint32_t inode;
		char *path;

		if (!mountinfo_netns(line, &inode, &path))
			continue;
		named = strstr(path, run);
		if (named == path || (named && !strncmp(path, "/var/run/netns/", 15)))
			note(namespaces, inode, path, NAME_RUN, named + sizeof(run) - 1);
		else
			note(namespaces, inode, path, NAME_MOUNT, path);
	}
	free(line);
	fclose(mounts);
}

static void find_processes(struct namespaces *namespaces)
{
	DIR *proc = opendir("/proc");
	struct kernel_threads threads;
	struct dirent *entry;

	if (!proc)
		return;
	kernel_threads_read(&threads);
	while ((entry = readdir(proc))) {
		char path[NAME_MAX + sizeof("/proc//ns/net")], name[NAME_MAX + sizeof("pid ")];
		uint64_t pid;
		uint32_t inode;

		if (!number_read(entry->d_name, 1, INT32_MAX, &pid) ||
		    kernel_threads_has(&threads, pid))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/ns/net", entry->d_name);
		snprintf(name, sizeof(name), "pid %s", entry->d_name);
		inode = inode_of(path);
		if (inode)
			note(namespaces, inode, path, NAME_PROCESS, name);
	}
	kernel_threads_free(&threads);
	closedir(proc);
}

static void find_host(struct namespaces *namespaces)
{
	static const char init[] = "/proc/1/ns/net", self[] = OWN;
	uint32_t inode = inode_of(init);

	note(namespaces, inode ? inode : namespaces->own, inode ? init : self, NAME_HOST, "");
}

void namespaces_forget_sysfs(struct netns *netns)
{
	sysfs_cache_forget(&netns->known);
	if (netns->network >= 0)
		close(netns->network);
	if (netns->sysfs >= 0)
		close(netns->sysfs);
	netns->network = netns->sysfs = -1;
}

static void forget(struct netns *netns)
{
	namespaces_forget_sysfs(netns);
	link_table_free(&netns->links);
	free(netns->path);
}

void namespaces_find(struct namespaces *namespaces)
{
	size_t kept = 0;

	if (!namespaces->own) {
		namespaces->own = namespaces->current = inode_of(OWN);
		namespaces->home = open(OWN, O_RDONLY | O_CLOEXEC);
	}
	for (size_t i = 0; i < namespaces->count; i++) {
		namespaces->list[i].source = NAME_NONE;
		namespaces->list[i].tried = false;
	}
	find_host(namespaces);
	find_mounted(namespaces);
	find_processes(namespaces);
	namespaces_leave(namespaces);
	for (size_t i = 0; i < namespaces->count; i++) {
		if (namespaces->list[i].source == NAME_NONE)
			forget(&namespaces->list[i]);
		else
			namespaces->list[kept++] = namespaces->list[i];
	}
	namespaces->count = kept;
}
