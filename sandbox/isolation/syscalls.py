"""System calls that student code has no use for, with their numbers (linux/unistd.h, asm/unistd_64.h).

Each line: name, number on x86_64, number on aarch64; None where an architecture has no such call.
"""

# Past this one (mseal, Linux 6.10) the two architectures would number alike, and nothing is known here: not there.
NEWEST = 462

# What grading takes apart case by case, see `sandbox.isolation.seccomp`.
WEIGHED = """
clone 56 220
clone3 435 435
ioctl 16 29
kill 62 129
prctl 157 167
prlimit64 302 261
rt_sigqueueinfo 129 138
rt_tgsigqueueinfo 297 240
sched_setaffinity 203 122
sched_setattr 314 274
sched_setparam 142 118
sched_setscheduler 144 119
socketpair 53 199
tgkill 234 131
"""

# New processes and programs.
PROCESSES = """
fork 57 None
vfork 58 None
execve 59 221
execveat 322 281
"""

# Reaching into other processes, or slowing them down.
OTHERS = """
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
setpriority 141 140
tkill 200 130
"""

# Sockets; socketpair is weighed.
SOCKETS = """
accept 43 202
accept4 288 242
bind 49 200
connect 42 203
listen 50 201
socket 41 198
"""

# Memory that RLIMIT_AS doesn't count, and that may outlive the process.
HOARDS = """
memfd_create 319 279
memfd_secret 447 447
mq_open 240 180
msgget 68 186
semget 64 190
shmget 29 194
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
fanotify_init 300 262
fanotify_mark 301 263
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
listmount 458 458
lookup_dcookie 212 18
modify_ldt 154 None
mount 165 40
mount_setattr 442 442
move_mount 429 429
name_to_handle_at 303 264
nfsservctl 180 42
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
statmount 457 457
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

# Landlock lets a process change the owner, mode and times of files that it may not even read. A root file system of its
# own doesn't, so these are refused only without one: shutil.copy uses them.
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
futimesat 261 None
lchown 94 None
lremovexattr 198 15
lsetxattr 189 6
removexattr 197 14
setxattr 188 5
utime 132 None
utimensat 280 88
utimes 235 None
"""

ARCHITECTURES = ("x86_64", "aarch64")


def numbers(table: str, architecture: str) -> dict[str, int]:
    """A table's system calls on one architecture.

    Parameters
    ----------
    table : str
        One of this module's texts.
    architecture : str
        One of `ARCHITECTURES`.

    Returns
    -------
    dict from name to int
    """
    column = 1 + ARCHITECTURES.index(architecture)
    rows = [line.split() for line in table.split("\n") if line]
    return {row[0]: int(row[column]) for row in rows if row[column] != "None"}
