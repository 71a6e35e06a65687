"""The kernel's system calls, decided about one by one (linux/unistd.h, asm/unistd_64.h up to Linux 6.17).

Each line of a table: name, number on x86_64, number on aarch64; None where an architecture has no such call. What no
table has is not there for student code (ENOSYS): so libc falls back to what is.
"""

# What is allowed, or not, by its arguments: see `sandbox.isolation.seccomp`.
WEIGHED = """
clock_getres 229 114
clock_gettime 228 113
clock_nanosleep 230 115
clone 56 220
clone3 435 435
fcntl 72 25
flock 73 32
futex 202 98
getpgid 121 155
getpriority 140 141
getsid 124 156
ioctl 16 29
kill 62 129
madvise 28 233
mmap 9 222
prctl 157 167
preadv2 327 286
prlimit64 302 261
pwritev2 328 287
sched_getaffinity 204 123
sched_getattr 315 275
sched_getparam 143 121
sched_getscheduler 145 120
sched_rr_get_interval 148 127
sched_setaffinity 203 122
sched_setattr 314 274
sched_setparam 142 118
sched_setscheduler 144 119
socketpair 53 199
tgkill 234 131
tkill 200 130
"""

# Its own memory; mmap and madvise are weighed.
MEMORY = """
brk 12 214
mprotect 10 226
mremap 25 216
msync 26 227
munmap 11 215
"""

# Files: which ones is for the root file system and Landlock to say.
FILES = """
access 21 None
chdir 80 49
close 3 57
close_range 436 436
creat 85 None
dup 32 23
dup2 33 None
dup3 292 24
faccessat 269 48
faccessat2 439 439
fallocate 285 47
fchdir 81 50
fdatasync 75 83
fgetxattr 193 10
flistxattr 196 13
fstat 5 80
fsync 74 82
ftruncate 77 46
getcwd 79 17
getdents 78 None
getdents64 217 61
getxattr 191 8
lgetxattr 192 9
link 86 None
linkat 265 37
listxattr 194 11
llistxattr 195 12
lseek 8 62
lstat 6 None
mkdir 83 None
mkdirat 258 34
newfstatat 262 79
open 2 None
openat 257 56
pipe 22 None
pipe2 293 59
pread64 17 67
preadv 295 69
pwrite64 18 68
pwritev 296 70
read 0 63
readlink 89 None
readlinkat 267 78
readv 19 65
rename 82 None
renameat 264 38
renameat2 316 276
rmdir 84 None
sendfile 40 71
stat 4 None
statx 332 291
symlink 88 None
symlinkat 266 36
truncate 76 45
umask 95 166
unlink 87 None
unlinkat 263 35
write 1 64
writev 20 66
"""

# Waiting: for time, for signals, and for its own descriptors and threads.
WAITING = """
alarm 37 None
epoll_create 213 None
epoll_create1 291 20
epoll_ctl 233 21
epoll_pwait 281 22
epoll_pwait2 441 441
epoll_wait 232 None
eventfd 284 None
eventfd2 290 19
getitimer 36 102
nanosleep 35 101
pause 34 None
poll 7 None
ppoll 271 73
pselect6 270 72
restart_syscall 219 128
rt_sigaction 13 134
rt_sigpending 127 136
rt_sigprocmask 14 135
rt_sigreturn 15 139
rt_sigsuspend 130 133
rt_sigtimedwait 128 137
sched_get_priority_max 146 125
sched_get_priority_min 147 126
sched_yield 24 124
select 23 None
setitimer 38 103
sigaltstack 131 132
timerfd_create 283 85
timerfd_gettime 287 87
timerfd_settime 286 86
wait4 61 260
waitid 247 95
"""

# What a process asks and tells about itself.
ITSELF = """
arch_prctl 158 None
exit 60 93
exit_group 231 94
getcpu 309 168
getegid 108 177
geteuid 107 175
getgid 104 176
getgroups 115 158
getpgrp 111 None
getpid 39 172
getppid 110 173
getrandom 318 278
getresgid 120 150
getresuid 118 148
getrlimit 97 163
getrusage 98 165
gettid 186 178
gettimeofday 96 169
getuid 102 174
membarrier 324 283
rseq 334 293
set_robust_list 273 99
set_tid_address 218 96
setrlimit 160 164
time 201 None
times 100 153
uname 63 160
"""

# The two ends of a pair of sockets; socketpair is weighed.
OWN_SOCKETS = """
getpeername 52 205
getsockname 51 204
getsockopt 55 209
recvfrom 45 207
sendto 44 206
shutdown 48 210
"""

# Landlock lets a process change the owner, mode and times of files that it may not even read, and without a mount
# namespace the disk is everybody's. With a root file system of its own these are allowed: shutil.copy uses them.
ATTRIBUTES = """
chmod 90 None
chown 92 None
fchmod 91 52
fchmodat 268 53
fchmodat2 452 452
fchown 93 55
fchownat 260 54
fremovexattr 199 16
fsetxattr 190 7
fstatfs 138 44
futimesat 261 None
lchown 94 None
lremovexattr 198 15
lsetxattr 189 6
removexattr 197 14
setxattr 188 5
statfs 137 43
utime 132 None
utimensat 280 88
utimes 235 None
"""

# New processes and programs, and other groups for this one.
PROCESSES = """
execve 59 221
execveat 322 281
fork 57 None
setpgid 109 154
setsid 112 157
vfork 58 None
"""

# Reaching into other processes, asking about them, or slowing them down.
OTHERS = """
capget 125 90
get_robust_list 274 100
ioprio_get 252 31
ioprio_set 251 30
kcmp 312 272
migrate_pages 256 238
move_pages 279 239
pidfd_getfd 438 438
pidfd_open 434 434
pidfd_send_signal 424 424
process_madvise 440 440
process_mrelease 448 448
process_vm_readv 310 270
process_vm_writev 311 271
ptrace 101 117
rt_sigqueueinfo 129 138
rt_tgsigqueueinfo 297 240
setpriority 141 140
"""

# Sockets. Descriptors on their way in a message (sendmsg) are counted for the user, so that they tell, and use up.
SOCKETS = """
accept 43 202
accept4 288 242
bind 49 200
connect 42 203
listen 50 201
recvmmsg 299 243
recvmsg 47 212
sendmmsg 307 269
sendmsg 46 211
setsockopt 54 208
socket 41 198
"""

# What two processes share that may only read the same files: watches on them, and what the system keeps of them in
# memory. Besides what makes the whole machine wait (sync), and what tells how it is doing (sysinfo).
SHARED = """
cachestat 451 451
fadvise64 221 223
fanotify_init 300 262
fanotify_mark 301 263
inotify_add_watch 254 27
inotify_init 253 None
inotify_init1 294 26
inotify_rm_watch 255 28
mincore 27 232
readahead 187 213
sync 162 81
sync_file_range 277 84
syncfs 306 267
sysinfo 99 179
"""

# Memory that RLIMIT_AS doesn't count, and what there is only so much of for a user or for the whole machine.
HOARDS = """
io_cancel 210 3
io_destroy 207 1
io_getevents 208 4
io_pgetevents 333 292
io_setup 206 0
io_submit 209 2
memfd_create 319 279
memfd_secret 447 447
mlock 149 228
mlock2 325 284
mlockall 151 230
mq_getsetattr 245 185
mq_notify 244 184
mq_open 240 180
mq_timedreceive 243 183
mq_timedsend 242 182
mq_unlink 241 181
msgctl 71 187
msgget 68 186
msgrcv 70 188
msgsnd 69 189
munlock 150 229
munlockall 152 231
semctl 66 191
semget 64 190
semop 65 193
semtimedop 220 192
shmat 30 196
shmctl 31 195
shmdt 67 197
shmget 29 194
timer_create 222 107
timer_delete 226 111
timer_getoverrun 225 109
timer_gettime 224 108
timer_settime 223 110
"""

# Other rights and users for itself, and things in folders that aren't files.
RIGHTS = """
capset 126 91
mknod 133 None
mknodat 259 33
seccomp 317 277
setfsgid 123 152
setfsuid 122 151
setgid 106 144
setgroups 116 159
setregid 114 143
setresgid 119 149
setresuid 117 147
setreuid 113 145
setuid 105 146
"""

# The system itself, and large parts of the kernel in which holes are found year by year.
SYSTEM = """
_sysctl 156 None
acct 163 89
add_key 248 217
adjtimex 159 171
bpf 321 280
chroot 161 51
clock_adjtime 305 266
clock_settime 227 112
delete_module 176 106
finit_module 313 273
fsconfig 431 431
fsmount 432 432
fsopen 430 430
fspick 433 433
init_module 175 105
io_uring_enter 426 426
io_uring_register 427 427
io_uring_setup 425 425
ioperm 173 None
iopl 172 None
kexec_file_load 320 294
kexec_load 246 104
keyctl 250 219
lookup_dcookie 212 18
modify_ldt 154 None
mount 165 40
mount_setattr 442 442
move_mount 429 429
name_to_handle_at 303 264
open_by_handle_at 304 265
open_tree 428 428
perf_event_open 298 241
personality 135 92
pivot_root 155 41
quotactl 179 60
quotactl_fd 443 443
reboot 169 142
request_key 249 218
setdomainname 171 162
sethostname 170 161
setns 308 268
settimeofday 164 170
swapoff 168 225
swapon 167 224
sysfs 139 None
syslog 103 116
umount2 166 39
unshare 272 97
uselib 134 None
userfaultfd 323 282
ustat 136 None
vhangup 153 58
"""

# What is there for nobody. A flag of openat2, in memory where no filter sees it, tells which files others looked for.
ABSENT = """
afs_syscall copy_file_range create_module epoll_ctl_old epoll_wait_old file_getattr file_setattr futex_requeue
futex_wait futex_waitv futex_wake get_kernel_syms get_mempolicy get_thread_area getpmsg getxattrat landlock_add_rule
landlock_create_ruleset landlock_restrict_self listmount listxattrat lsm_get_self_attr lsm_list_modules
lsm_set_self_attr map_shadow_stack mbind mseal nfsservctl open_tree_attr openat2 pkey_alloc pkey_free pkey_mprotect
putpmsg query_module remap_file_pages removexattrat security set_mempolicy set_mempolicy_home_node set_thread_area
setxattrat signalfd signalfd4 splice statmount tee tuxcall vmsplice vserver
"""

ALLOWED = (MEMORY, FILES, WAITING, ITSELF, OWN_SOCKETS)
REFUSED = (PROCESSES, OTHERS, SOCKETS, SHARED, HOARDS, RIGHTS, SYSTEM)

ARCHITECTURES = ("x86_64", "aarch64")


def numbers(table: str, architecture: str) -> dict[str, int]:
    """A table's system calls on one architecture.

    Parameters
    ----------
    table : str
        One of this module's tables.
    architecture : str
        One of `ARCHITECTURES`.

    Returns
    -------
    dict from name to int
    """
    column = 1 + ARCHITECTURES.index(architecture)
    rows = [line.split() for line in table.split("\n") if line]
    return {row[0]: int(row[column]) for row in rows if row[column] != "None"}
