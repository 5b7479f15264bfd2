-- What a machine was left with or set to: workspaces, package sources, emulators, address space.

return {
    about = "what a machine was left with or set to: workspaces, package sources, emulators, address space",
    entries = {
        {
            id = "actions.called_workflow", title = "A reusable workflow cannot be called",
            match = [[(?:[Ee]rror parsing called workflow|Error from called workflow)(?:]]
                .. [[ "?(?<workflow>[^\s":]{1,300}))?.{0,20}:? ?(?<why>.{0,300})]],
            class = "code bug", severity = "error", priority = 90,
            cause = "The caller and the workflow that it calls do not fit: the file is not there at that "
                .. "ref, has no `workflow_call` trigger, wants inputs, secrets or permissions that the "
                .. "caller does not give, or is private to another owner.",
            fix = "Read the rest of the message: correct path and ref, pass what is required (`with`, "
                .. "`secrets`), and grant in the caller at least the permissions that the called jobs "
                .. "declare.",
            docs = { "https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows" },
            examples = {
                matches = {
                    "Invalid workflow file: .github/workflows/ci.yml#L12: error parsing called workflow "
                        .. "\"acme/shared/.github/workflows/test.yml@v1\": workflow was not found.",
                },
                rejects = {
                    "Uses: acme/shared/.github/workflows/test.yml@refs/tags/v1",
                },
            },
        },
        {
            id = "actions.workspace_left_over", title = "Files of an earlier job cannot be removed",
            match = [[(?:File was unable to be removed Error: (?:EACCES|EPERM|EBUSY|ENOTEMPTY)|(?:EACCES]]
                .. [[|EPERM): (?:permission denied|operation not permitted), (?:unlink|rmdir]]
                .. [[|rm) '[^']{0,300}[/\\](?:_work|actions-runner)[/\\])]],
            class = "permission", severity = "error", priority = 90,
            cause = "The workspace of a self-hosted runner still has files of an earlier job which "
                .. "another user owns (a container ran as root) or another process holds.",
            fix = "Remove them once with the rights that they need; then run containers as the user of "
                .. "the runner, or clean up in a last step. Runners that are used once have no such "
                .. "leftovers.",
            commands = { "sudo chown -R \"$USER\" _work" },
            docs = { "https://docs.github.com/en/actions/how-tos/manage-runners/self-hosted-runners" },
            examples = {
                matches = {
                    "##[error]File was unable to be removed Error: EACCES: permission denied, rmdir "
                        .. "'/home/ci/actions-runner/_work/shop/shop/target'",
                },
                rejects = {
                    "rm: cannot remove '/tmp/x': Permission denied",
                },
            },
        },
        {
            id = "apt.release_info_changed", title = "A package source changed its {field}",
            match = [[Repository '(?<repository>[^']+)' changed its '(?<field>Origin|Label|Suite|Version]]
                .. [[|Codename)' value from '(?<before>[^']*)' to '(?<after>[^']*)']],
            unless = [[^N: Repository|This is expected]],
            class = "infrastructure", severity = "error", priority = 90,
            cause = "apt has other release information of this source than it now gives: a new release "
                .. "became stable, or somebody took the source over. It asks before it goes along.",
            fix = "If the change is announced, accept it in the job (`--allow-releaseinfo-change`), or "
                .. "make the image anew so that it has the new lists. If not, look at the source first.",
            commands = { "apt-get update --allow-releaseinfo-change" },
            docs = { "https://manpages.debian.org/apt-secure" },
            examples = {
                matches = {
                    "E: Repository 'http://deb.debian.org/debian buster InRelease' changed its 'Suite' "
                        .. "value from 'stable' to 'oldstable'",
                },
                rejects = {
                    "N: Repository 'http://deb.debian.org/debian bookworm InRelease' changed its "
                        .. "'Version' value from '12.4' to '12.5'",
                },
            },
        },
        {
            id = "qemu.loader_missing", title = "The emulator lacks the libraries of {architecture}",
            match = [[^qemu-(?<architecture>[\w-]{2,20}): Could not open '/lib\S*/ld-[^']{1,100}': No such file]],
            class = "matrix gap", severity = "error", priority = 90,
            cause = "A program for another processor runs under emulation, and the image has no C library for that "
                .. "processor: an image of the wrong platform, or a binary that was downloaded for another one.",
            fix = "Take the image of the platform that the program is for (`docker run --platform`, `platforms:` of "
                .. "the build action), or download the program for this one (`TARGETARCH` in a Dockerfile).",
            commands = { "docker inspect --format '{{.Architecture}}' IMAGE", "file PROGRAM" },
            docs = { "https://docs.docker.com/build/building/multi-platform/" },
            examples = {
                matches = {
                    "qemu-x86_64: Could not open '/lib64/ld-linux-x86-64.so.2': No such file or directory",
                },
                rejects = { "qemu-system-x86_64: Could not open 'disk.img': No such file or directory" },
            },
        },
        {
            id = "qemu.target_signal", title = "The emulator crashed, not the program",
            match = [[qemu: uncaught target signal (?<number>\d+) \((?<signal>[^)]{1,40})\)]],
            class = "infrastructure", severity = "error", priority = 88,
            cause = "A build for another architecture runs in emulation, and the emulated process died "
                .. "of {signal}: often a fault of the emulator itself or too little memory, seldom of "
                .. "the code.",
            fix = "Take a newer emulator (`tonistiigi/binfmt`), build on a machine of that "
                .. "architecture, or compile across and emulate nothing.",
            commands = { "docker run --privileged --rm tonistiigi/binfmt --install all" },
            docs = { "https://docs.docker.com/build/building/multi-platform/" },
            examples = {
                matches = {
                    "qemu: uncaught target signal 11 (Segmentation fault) - core dumped",
                },
                rejects = {
                    "qemu: terminating on signal 15",
                },
            },
        },
        {
            id = "loader.version_undefined", title = "A library lacks {symbol}, which the program was linked with",
            match = [[(?:symbol (?<name>\S+), )?version (?<symbol>(?:GLIBC|GLIBCXX|CXXABI|OPENSSL]]
                .. [[|GCC)_[\w.]+) not defined in file (?<library>\S+) with link time reference]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "At link time another {library} was found than at run time: an older one of the "
                .. "system, or one that conda, a bundle or LD_LIBRARY_PATH puts before it.",
            fix = "See which one is loaded, and let the newer one come first; or build on the oldest "
                .. "system that has to run it.",
            commands = { "LD_DEBUG=libs COMMAND 2>&1 | grep \"trying file\"" },
            docs = { "https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html" },
            examples = {
                matches = {
                    "./shop: symbol lookup error: ./libprice.so: undefined symbol: x, version "
                        .. "GLIBCXX_3.4.30 not defined in file libstdc++.so.6 with link time reference",
                },
                rejects = {
                    "version `GLIBC_2.38' not found (required by ./shop)",
                },
            },
        },
        {
            id = "asan.loops", title = "A sanitizer crashes over and over before main()",
            match = { [[^AddressSanitizer:DEADLYSIGNAL$]],
                [[^AddressSanitizer:DEADLYSIGNAL$]],
                [[^AddressSanitizer:DEADLYSIGNAL$]] },
            within = 3,
            class = "infrastructure", severity = "error", priority = 90,
            cause = "The kernel of the machine places memory with more randomness than the runtime of an "
                .. "older sanitizer can map; then it crashes within its own handler, without a report.",
            fix = "Lower the randomness (`vm.mmap_rnd_bits=28`) before the tests, or take a compiler "
                .. "from GCC 14 or Clang 18 on.",
            commands = { "sudo sysctl vm.mmap_rnd_bits=28" },
            docs = { "https://github.com/google/sanitizers/issues/1614" },
            examples = {
                matches = {
                    "AddressSanitizer:DEADLYSIGNAL\nAddressSanitizer:DEADLYSIGNAL\nAddressSanitizer:DEADL"
                        .. "YSIGNAL",
                },
                rejects = {
                    "AddressSanitizer:DEADLYSIGNAL\n====================================================="
                        .. "============\n==7==ERROR: AddressSanitizer: SEGV on unknown address",
                },
            },
        },
    },
}
