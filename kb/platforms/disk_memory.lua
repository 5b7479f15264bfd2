-- Disk, memory, processes and limits of a machine.

return {
    about = "Disk, memory, processes and limits of a machine",
    entries = {
        {
            id = "disk.full", title = "The disk is full",
            match = [[(?:No space left on device|ENOSPC: no space left on device|]] ..
                [[There is not enough space on the disk|not enough space on the disk|disk I/O error: No space|]] ..
                [[You are running out of disk space)]],
            unless = [[System limit for number of file watchers]],
            class = "infrastructure", severity = "error", priority = 92,
            cause = "A file system of the runner has no room (or no inodes) left. Hosted Linux runners leave some " ..
                "14 GB free at the start; images, caches and build trees fill them.",
            fix = "Free what is not needed at the start (Android SDK, .NET, Haskell: some 25 GB), prune Docker, " ..
                "build less at once, or take a larger runner. `df -h` and `df -i` in a step that always runs show " ..
                "which disk.",
            commands = {
                "df -h && df -i && du -xh --max-depth=2 / 2>/dev/null | sort -h | tail -20",
                "docker system prune -af",
            },
            docs = { "https://github.com/actions/runner-images/issues/2840" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Room on a hosted Linux runner",
                yaml = "- name: Free disk space\n" ..
                    "  run: |\n" ..
                    "    sudo rm -rf /usr/local/lib/android /usr/share/dotnet /opt/ghc /usr/local/.ghcup\n" ..
                    "    docker image prune -af\n" ..
                    "    df -h\n",
            },
            examples = {
                matches = {
                    "write /var/lib/docker/tmp/x: no space left on device: No space left on device",
                    "OSError: [Errno 28] No space left on device",
                    "System.IO.IOException: No space left on device : " ..
                        "'/home/runner/runners/2.311.0/_diag/Worker_20240501.log'",
                    "npm error ENOSPC: no space left on device, write",
                    "##[warning]You are running out of disk space. The runner will stop working when the machine " ..
                        "runs out of disk space. Free space left: 0 MB",
                    "cp: error writing 'big.img': No space left on device",
                },
                rejects = { "Error: ENOSPC: System limit for number of file watchers reached, watch '/src'" },
            },
        },
        {
            id = "disk.full_lowercase", title = "The disk is full",
            match = [[(?<!ENOSPC): no space left on device]],
            class = "infrastructure", severity = "error", priority = 90,
            cause = "A Go or Rust program, mostly Docker, met a full file system on the runner.",
            fix = "Prune images and build caches, free what the job does not need, or take a larger runner.",
            commands = { "docker system df && docker system prune -af", "df -h" },
            docs = { "https://docs.docker.com/engine/manage-resources/pruning/" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Room on a hosted Linux runner",
                yaml = "- name: Free disk space\n" ..
                    "  run: sudo rm -rf /usr/local/lib/android /usr/share/dotnet && docker image prune -af\n",
            },
            examples = {
                matches = { "failed to register layer: write /usr/lib/libx.so: no space left on device" },
                rejects = { "ENOSPC: no space left on device, write" },
            },
        },
        {
            id = "disk.quota", title = "A disk quota is used up",
            match = [[[Dd]isk quota exceeded|EDQUOT]],
            class = "infrastructure", severity = "error", priority = 88,
            cause = "The user's or project's quota of that file system is reached, though the disk may have room.",
            fix = "Remove old files of that user, or ask for more.",
            commands = { "quota -s" },
            docs = { "https://man7.org/linux/man-pages/man1/quota.1.html" },
            examples = {
                matches = { "OSError: [Errno 122] Disk quota exceeded" },
                rejects = { "quota: none" },
            },
        },
        {
            id = "disk.read_only", title = "The file system is read-only",
            match = [[(?:Read-only file system|EROFS: read-only file system)]],
            class = "infrastructure", severity = "error", priority = 84,
            cause = "Something writes where it may not: a mount with `:ro`, a container with a read-only root, " ..
                "macOS's system volume, or a disk that failed and was remounted.",
            fix = "Write to `$RUNNER_TEMP` or a mounted folder. On a self-hosted machine look at `dmesg` for disk " ..
                "errors.",
            commands = { "mount | grep ' ro[,)]'" },
            docs = { "https://docs.docker.com/engine/storage/bind-mounts/" },
            examples = {
                matches = {
                    "touch: cannot touch '/usr/x': Read-only file system",
                    "Error: EROFS: read-only file system, mkdir '/data'",
                },
                rejects = { "mounted read-write" },
            },
        },
        {
            id = "disk.io_error", title = "The disk or network mount failed",
            match = [[(?:: Input/output error|Stale file handle|Structure needs cleaning|]] ..
                [[Transport endpoint is not connected)]],
            class = "infrastructure", severity = "error", priority = 78,
            cause = "The storage below the file system failed: a broken disk, a network mount that went away, or " ..
                "a FUSE program that died.",
            fix = "Nothing in the project; check the machine, and run on another.",
            commands = { "dmesg | tail -50" },
            docs = { "https://man7.org/linux/man-pages/man3/errno.3.html" },
            examples = {
                matches = {
                    "cat: /mnt/data/a: Input/output error",
                    "ls: cannot access '/mnt/nfs': Stale file handle",
                },
                rejects = { "input and output are fine" },
            },
        },
        {
            id = "memory.killed", title = "A process was killed, mostly for lack of memory",
            match = [[(?:\b(?<pid>\d+) Killed {5,}(?<command>\S.{0,160})|signal: 9, SIGKILL|]] ..
                [[: Killed signal terminated program (?<program>\S+)|^(?:\S+: (?:line \d+: )?)?Killed$)]],
            class = "infrastructure", severity = "error", priority = 86,
            cause = "The kernel ended a process with SIGKILL. In CI that is nearly always the OOM killer: all " ..
                "memory of the machine or container was used.",
            fix = "Run less at once (`make -j2`, `pytest -n 2`, NODE_OPTIONS=--max-old-space-size), raise the " ..
                "container's limit, add swap, or take a larger runner.",
            commands = { "free -h && dmesg | grep -i -E 'oom|killed process'" },
            docs = { "https://docs.kernel.org/admin-guide/mm/concepts.html#oom-killer" },
            examples = {
                matches = {
                    "/home/runner/work/_temp/a.sh: line 2:  2113 Killed                  python train.py",
                    "c++: fatal error: Killed signal terminated program cc1plus",
                    "Killed",
                },
                rejects = { "Killed 3 mutants of 4" },
            },
        },
        {
            id = "memory.exit_137", title = "Exit code 137: the process was killed",
            match = [[(?:exit(?:ed)?(?: with)?(?: code| status)?:? ?137\b|code 137\b)]],
            class = "infrastructure", severity = "error", priority = 68,
            cause = "137 is 128 + 9: SIGKILL. Mostly the OOM killer of the machine or of a container with a " ..
                "memory limit; `docker stop` and time limits end so too.",
            fix = "Give it more memory or run less at once. `docker inspect` shows whether it was memory " ..
                "(`OOMKilled`).",
            commands = { "docker inspect --format '{{.State.OOMKilled}}' CONTAINER" },
            docs = { "https://docs.docker.com/engine/containers/resource_constraints/" },
            examples = {
                matches = {
                    "##[error]Process completed with exit code 137.",
                    "ERROR: process \"/bin/sh -c npm run build\" did not complete successfully: exit code: 137",
                },
                rejects = { "exit code 1" },
            },
        },
        {
            id = "memory.kernel_oom", title = "The kernel ended {process} because memory ran out",
            match = [[(?:Out of memory: Killed process (?<pid>\d+) \((?<process>[^)]+)\)|]] ..
                [[Memory cgroup out of memory: Kill(?:ed)? process (?<number>\d+) \((?<name>[^)]+)\))]],
            class = "infrastructure", severity = "error", priority = 92,
            cause = "The machine (or the container's limit) had no memory left, and the kernel chose this process.",
            fix = "Use less at once or a larger runner; raise the container's limit.",
            commands = { "free -h" },
            docs = { "https://docs.kernel.org/admin-guide/mm/concepts.html#oom-killer" },
            examples = {
                matches = {
                    "[ 1234.567] Out of memory: Killed process 2113 (node) total-vm:4194304kB, anon-rss:3145728kB",
                },
                rejects = { "memory: 7 GB free" },
            },
        },
        {
            id = "memory.cannot_allocate", title = "Memory could not be allocated",
            match = [[(?:Cannot allocate memory|ENOMEM: |virtual memory exhausted: |(?:what\(\):  |]] ..
                [[instance of ')std::bad_alloc|^(?:E\s+)?MemoryError\b|DefaultCPUAllocator: (?:can't|]] ..
                [[not enough) (?:allocate )?memory|numpy\.(?:core\._exceptions\._ArrayMemoryError|]] ..
                [[_core\._exceptions\._ArrayMemoryError))]],
            class = "infrastructure", severity = "error", priority = 84,
            cause = "The system gave no more memory: all is used, an address-space limit (`ulimit -v`) is set, or " ..
                "a size was reckoned wrongly (negative or huge).",
            fix = "See how much was asked for. Use less at once, smaller data in tests, or a larger runner.",
            commands = { "free -h; ulimit -a" },
            docs = { "https://man7.org/linux/man-pages/man3/malloc.3.html" },
            examples = {
                matches = {
                    "OSError: [Errno 12] Cannot allocate memory",
                    "virtual memory exhausted: Cannot allocate memory",
                    "MemoryError",
                    "RuntimeError: [enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't " ..
                        "allocate memory: you tried to allocate 6442450944 bytes.",
                },
                rejects = { "allocated memory: 12 MB" },
            },
        },
        {
            id = "memory.cuda", title = "The graphics card's memory is used up",
            match = [[(?:CUDA out of memory|CUDA error: out of memory|torch\.(?:cuda\.)?OutOfMemoryError)]],
            class = "infrastructure", severity = "error", priority = 88,
            cause = "A model or batch does not fit into the card's memory, or another job on this machine holds " ..
                "part of it.",
            fix = "Use a smaller batch, and give each job its own card (CUDA_VISIBLE_DEVICES).",
            commands = { "nvidia-smi" },
            docs = { "https://docs.pytorch.org/docs/stable/notes/cuda.html#memory-management" },
            examples = {
                matches = { "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB" },
                rejects = { "CUDA memory: ok" },
            },
        },
        {
            id = "memory.shared_memory", title = "The container's shared memory is too small",
            match = [[(?:insufficient shared memory \(shm\)|could not resize shared memory segment|]] ..
                [[/dev/shm.{0,60}(?:too small|No space))]],
            class = "infrastructure", severity = "error", priority = 90,
            cause = "/dev/shm of a Docker container has 64 MB by default, which data loaders, PostgreSQL and " ..
                "Chrome exceed.",
            fix = "Start the container with `--shm-size=2g` (or `--ipc=host`).",
            docs = { "https://docs.docker.com/reference/cli/docker/container/run/" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "More shared memory for the job's container",
                yaml = "container:\n" ..
                    "  image: python:3.12\n" ..
                    "  options: --shm-size=2g\n",
            },
            examples = {
                matches = {
                    "ERROR: Unexpected bus error encountered in worker. This might be caused by insufficient " ..
                        "shared memory (shm).",
                    "ERROR:  could not resize shared memory segment \"/PostgreSQL.1\" to 67128672 bytes: No space " ..
                        "left on device",
                },
                rejects = { "shm size 64m" },
            },
        },
        {
            id = "process.limit", title = "No more processes or threads can be started",
            match = [[(?:fork: (?:retry: )?Resource temporarily unavailable|pthread_create failed|]] ..
                [[can't start new thread|unable to create (?:new )?native thread|]] ..
                [[OpenBLAS blas_thread_init: pthread_create failed)]],
            class = "infrastructure", severity = "error", priority = 84,
            cause = "The limit of processes (`ulimit -u`, a container's pids limit) or the memory for stacks is " ..
                "reached; old Docker versions refuse newer images' clone3 call with the same words.",
            fix = "Use fewer threads (OMP_NUM_THREADS, OPENBLAS_NUM_THREADS), raise the limit, or update Docker.",
            commands = { "ulimit -u; cat /sys/fs/cgroup/pids.max" },
            docs = { "https://man7.org/linux/man-pages/man2/setrlimit.2.html" },
            examples = {
                matches = {
                    "bash: fork: retry: Resource temporarily unavailable",
                    "RuntimeError: can't start new thread",
                },
                rejects = { "thread started" },
            },
        },
        {
            id = "process.open_files", title = "The limit of open files is reached",
            match = [[(?:\[Errno 24\] Too many open files|: [Tt]oo many open files)]],
            unless = [[EMFILE]],
            class = "infrastructure", severity = "error", priority = 82,
            cause = "The process opened more files or sockets than `ulimit -n` lets it (1024 as a rule, 256 on " ..
                "macOS), often because some are never closed.",
            fix = "Close what is opened; raise the limit for the step if so many are truly needed.",
            commands = { "ulimit -n 65536" },
            docs = { "https://man7.org/linux/man-pages/man2/setrlimit.2.html" },
            examples = {
                matches = { "OSError: [Errno 24] Too many open files: 'a.txt'" },
                rejects = { "open files (-n) 1024" },
            },
        },
        {
            id = "process.segfault", title = "A program crashed with a segmentation fault",
            match = [[(?:Segmentation fault(?: \(core dumped\))?|signal SIGSEGV|SIGSEGV: |]] ..
                [[[Ee]xit(?:ed)?(?: with)?(?: code| status)?:? ?139\b)]],
            unless = [[Fatal Python error]],
            class = "code bug", severity = "error", priority = 62,
            cause = "A program read or wrote memory that is not its own: a bug in native code, libraries that do " ..
                "not fit together, or a stack that ran out.",
            fix = "Get a stack trace: run it under gdb (`gdb -batch -ex run -ex bt --args …`) or build with " ..
                "-fsanitize=address. If only CI fails, compare versions of system libraries.",
            commands = { "gdb -batch -ex run -ex bt --args PROGRAM" },
            docs = { "https://man7.org/linux/man-pages/man7/signal.7.html" },
            examples = {
                matches = {
                    "/home/runner/work/_temp/a.sh: line 1:  2113 Segmentation fault      (core dumped) ./demo",
                    "##[error]Process completed with exit code 139.",
                },
                rejects = { "no segmentation" },
            },
        },
        {
            id = "process.illegal_instruction",
            title = "The program uses instructions that this processor does not have",
            match = [[(?:Illegal instruction|signal SIGILL|SIGILL: )(?: *\(core dumped\))?]],
            class = "matrix gap", severity = "error", priority = 82,
            cause = "It was built for a newer processor (-march=native, AVX-512) than the one this job got: " ..
                "hosted runners differ, and a cache carries builds from one to another.",
            fix = "Do not build with -march=native in CI, or put the processor's model into the cache key.",
            commands = { "lscpu | grep -i 'model name'" },
            docs = { "https://gcc.gnu.org/onlinedocs/gcc/x86-Options.html" },
            examples = {
                matches = {
                    "/home/runner/work/_temp/a.sh: line 1:  2113 Illegal instruction     (core dumped) ./demo",
                },
                rejects = { "instruction count 12" },
            },
        },
    },
}
