// SPDX-License-Identifier: MIT
/* Has a process make system calls: injectSyscall PID NUMBER,ARGUMENT,… … Prints what each returns, in one line. x86_64 only. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

/* The process was stopped in a system call, so that the instruction before is `syscall`. */
#define SYSCALL_LENGTH 2

static long make(pid_t pid, const struct user_regs_struct *saved, char *words)
{
	struct user_regs_struct regs = *saved;
	unsigned long long *const arguments[] = {&regs.rax, &regs.rdi, &regs.rsi,
						 &regs.rdx, &regs.r10, &regs.r8};
	char *word = strtok(words, ",");

	for (size_t i = 0; i < sizeof(arguments) / sizeof(*arguments); i++) {
		*arguments[i] = word ? strtoull(word, NULL, 0) : 0;
		word = strtok(NULL, ",");
	}
	regs.rip -= SYSCALL_LENGTH;
	regs.orig_rax = -1;
	if (ptrace(PTRACE_SETREGS, pid, NULL, &regs) ||
	    ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) || waitpid(pid, NULL, 0) != pid ||
	    ptrace(PTRACE_GETREGS, pid, NULL, &regs)) {
		perror("ptrace");
		exit(1);
	}
	return regs.rax;
}

int main(int argc, char **argv)
{
	pid_t pid = argc > 1 ? atoi(argv[1]) : 0;
	struct user_regs_struct saved;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) || ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) ||
	    waitpid(pid, NULL, 0) != pid || ptrace(PTRACE_GETREGS, pid, NULL, &saved)) {
		perror("ptrace");
		return 1;
	}
	for (int i = 2; i < argc; i++)
		printf("%ld%c", make(pid, &saved, argv[i]), i + 1 < argc ? ' ' : '\n');
	ptrace(PTRACE_SETREGS, pid, NULL, &saved);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return 0;
}
