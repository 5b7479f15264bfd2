-- Packages of the system: apt, apk, dnf, Homebrew, Chocolatey.

return {
    about = "Packages of the system: apt, apk, dnf, Homebrew, Chocolatey",
    entries = {
        {
            id = "apt.package_missing", title = "apt knows no package {package}",
            match = [[E: (?:Unable to locate package|Package '(?=[^']+' has no installation candidate)|]] ..
                [[Couldn't find any package by (?:glob|regex)) ?'?(?<package>[\w.+:-]+)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "The lists of this machine have no `{package}`: they were never fetched (`apt-get update`), " ..
                "the release names it otherwise, or it is in a component or PPA that is not enabled.",
            fix = "Run `apt-get update` in the same step, and look the name up for this release.",
            commands = { "sudo apt-get update && apt-cache policy {package}" },
            docs = { "https://packages.ubuntu.com/" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Fetch the lists before installing",
                yaml = "- run: sudo apt-get update && sudo apt-get install -y PACKAGE\n",
            },
            examples = {
                matches = {
                    "E: Unable to locate package libfoo-dev",
                    "E: Package 'python-pip' has no installation candidate",
                },
                rejects = { "Package libfoo-dev is already the newest version" },
            },
        },
        {
            id = "apt.version_missing", title = "{package} is not there in version {version}",
            match = [[E: Version '(?<version>[^']+)' for '(?<package>[^']+)' was not found]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "Distributions keep only the newest version of a package for each release, so a pinned " ..
                "{version} vanishes with the next update.",
            fix = "Drop the exact pin, or pin with a wildcard (`{package}=1.2*`); to keep one version for good, " ..
                "keep the file yourself.",
            commands = { "apt-cache madison {package}" },
            docs = { "https://manpages.debian.org/apt-get" },
            examples = {
                matches = { "E: Version '7.88.1-10+deb12u4' for 'curl' was not found" },
                rejects = { "curl is already the newest version (7.88.1-10+deb12u5)." },
            },
        },
        {
            id = "apt.stale_lists", title = "The package lists are out of date",
            match = [[(?:E: Failed to fetch \S+\s+404\s+Not Found|Err:\d+ .{1,200}\b404\s+Not Found)]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "The lists were fetched some time ago, and the mirror has newer versions by now and no longer " ..
                "the old ones. Or the release has been moved to the archive (its end of life).",
            fix = "Run `apt-get update` right before the installation, in the same RUN of a Dockerfile. For old " ..
                "releases use archive.debian.org or old-releases.ubuntu.com, better a newer image.",
            commands = { "sudo apt-get update" },
            docs = { "https://docs.docker.com/build/building/best-practices/#apt-get" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Fresh lists",
                yaml = "- run: sudo apt-get update && sudo apt-get install -y PACKAGE\n",
            },
            examples = {
                matches = {
                    "E: Failed to fetch " ..
                        "http://archive.ubuntu.com/ubuntu/pool/main/c/curl/curl_7.68.0-1ubuntu2.4_amd64.deb  404  " ..
                        "Not Found [IP: 91.189.91.39 80]",
                },
                rejects = { "Get:1 http://archive.ubuntu.com/ubuntu focal InRelease [265 kB]" },
            },
        },
        {
            id = "apt.lock_held", title = "Another process holds apt's lock",
            match = [[E: (?:Could not get lock|Unable to acquire the dpkg frontend lock|]] ..
                [[Unable to lock (?:the administration|directory)) ?(?<file>/\S+?)?(?:[.:,]|$| )]],
            class = "flaky", severity = "error", priority = 88,
            cause = "apt or the automatic upgrades of the image are running at the same time.",
            fix = "Wait for it: `apt-get -o DPkg::Lock::Timeout=120 install …`.",
            commands = { "sudo apt-get -o DPkg::Lock::Timeout=120 update" },
            docs = { "https://manpages.debian.org/apt-get" },
            examples = {
                matches = {
                    "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1234 (apt-get)",
                },
                rejects = { "Acquired the lock" },
            },
        },
        {
            id = "apt.release_missing", title = "The repository has no such release",
            match = [[E: The repository '(?<repository>[^']+)' (?:does not have a Release file|]] ..
                [[no longer has a Release file|is not signed)]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "`{repository}` does not serve this release (a PPA without it, or one past its end of life), " ..
                "or its key is missing.",
            fix = "Remove the source, or use the release that it serves; add its key under /etc/apt/keyrings with " ..
                "`signed-by`.",
            docs = { "https://wiki.debian.org/DebianRepository/UseThirdParty" },
            examples = {
                matches = {
                    "E: The repository 'http://ppa.launchpad.net/x/y/ubuntu noble Release' does not have a " ..
                        "Release file.",
                },
                rejects = { "Hit:1 http://archive.ubuntu.com/ubuntu noble InRelease" },
            },
        },
        {
            id = "apt.key_missing", title = "A repository's signature cannot be checked",
            match = [[(?:NO_PUBKEY (?<key>[0-9A-F]{8,40})|EXPKEYSIG (?<expired>[0-9A-F]{8,40}))]],
            class = "missing setup", severity = "warning", priority = 44,
            cause = "The key that signs the repository is not known here or has expired.",
            fix = "Fetch the project's current key into /etc/apt/keyrings and name it in `signed-by`.",
            docs = { "https://wiki.debian.org/DebianRepository/UseThirdParty" },
            examples = {
                matches = {
                    "W: GPG error: https://example.org stable InRelease: The following signatures couldn't be " ..
                        "verified because the public key is not available: NO_PUBKEY 0123456789ABCDEF",
                },
                rejects = { "gpg: key imported" },
            },
        },
        {
            id = "apt.hash_mismatch", title = "A package list or package does not match its hash",
            match = [[(?:Hash Sum mismatch|File has unexpected size \(\d+ != \d+\)\. Mirror sync in progress)]],
            class = "flaky", severity = "error", priority = 82,
            cause = "The mirror was being updated while apt read it, or a proxy gave old files.",
            fix = "Run again; clear the lists if it stays.",
            commands = { "sudo rm -rf /var/lib/apt/lists/* && sudo apt-get update" },
            docs = { "https://manpages.debian.org/apt-get" },
            examples = {
                matches = {
                    "E: Failed to fetch " ..
                        "http://archive.ubuntu.com/ubuntu/dists/jammy/main/binary-amd64/Packages.xz  Hash Sum " ..
                        "mismatch",
                },
                rejects = { "hash sum ok" },
            },
        },
        {
            id = "apt.unmet_dependencies", title = "Packages cannot be installed together",
            match = [[(?:The following packages have unmet dependencies|]] ..
                [[E: Unable to correct problems, you have held broken packages|E: Unmet dependencies)]],
            class = "version mismatch", severity = "error", priority = 82,
            cause = "A package wants versions that the enabled repositories do not have: packages of another " ..
                "release, a PPA, or a held one.",
            fix = "See \"Depends: … but … is to be installed\" below; remove the foreign source, or install the " ..
                "version that fits.",
            commands = { "apt-cache policy PACKAGE" },
            docs = { "https://manpages.debian.org/apt-get" },
            examples = {
                matches = { "The following packages have unmet dependencies:" },
                rejects = { "0 upgraded, 3 newly installed" },
            },
        },
        {
            id = "apt.dpkg_failed", title = "dpkg could not set up a package",
            match = [[(?:dpkg: error processing (?:package|archive) (?<package>\S+)|]] ..
                [[E: Sub-process /usr/bin/dpkg returned an error code \((?<code>\d+)\))]],
            class = "infrastructure", severity = "error", priority = 60,
            cause = "A package's own script failed, or it overwrites files of another. Its words stand above.",
            fix = "Read them; services that cannot start in a container want a policy-rc.d, questions want " ..
                "DEBIAN_FRONTEND=noninteractive.",
            docs = { "https://manpages.debian.org/dpkg" },
            examples = {
                matches = {
                    "dpkg: error processing package mysql-server-8.0 (--configure):",
                    "E: Sub-process /usr/bin/dpkg returned an error code (1)",
                },
                rejects = { "Setting up mysql-server-8.0" },
            },
        },
        {
            id = "apk.unsatisfiable", title = "apk finds no such package",
            match = [[ERROR: unable to select packages|^\s*(?<package>[\w.+-]+) \(no such package\)]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "Alpine's release has no such package or version; it keeps only the newest of each.",
            fix = "Look the name up for this release, and do not pin exact versions.",
            docs = { "https://pkgs.alpinelinux.org/packages" },
            examples = {
                matches = { "ERROR: unable to select packages:" },
                rejects = { "(1/3) Installing curl (8.5.0-r0)" },
            },
        },
        {
            id = "dnf.repository_unavailable", title = "dnf or yum reaches no repository, or knows no package",
            match = [[(?:Failed to download metadata for repo '(?<repository>[^']+)'|]] ..
                [[Cannot find a valid baseurl for repo: (?<baseurl>\S+)|]] ..
                [[Error: Unable to find a match: (?<package>.{1,80})|No match for argument: (?<argument>\S+))]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "The release is past its end (CentOS 7 and 8 moved to vault.centos.org), the mirror is down, " ..
                "or the package is in a repository that is not enabled (EPEL, CRB).",
            fix = "Use a supported image (Rocky, Alma, UBI), or point the sources at the vault; enable EPEL for " ..
                "what is in it.",
            commands = { "dnf repolist --all" },
            docs = { "https://www.centos.org/centos-linux-eol/" },
            examples = {
                matches = {
                    "Error: Failed to download metadata for repo 'appstream': Cannot prepare internal mirrorlist: " ..
                        "No URLs in mirrorlist",
                    "Error: Unable to find a match: libfoo-devel",
                },
                rejects = { "Metadata cache created." },
            },
        },
        {
            id = "brew.failed", title = "Homebrew could not install something",
            match = [[(?:Error: No (?:available formula|formulae or casks|similarly named formulae)\b.{0,100}|]] ..
                [[Error: The `brew link` step did not complete successfully|Error: \S+: no bottle available!|]] ..
                [[Error: (?<formula>\S+) has been disabled because)]],
            class = "missing setup", severity = "error", priority = 76,
            cause = "The formula is gone, renamed, disabled or not built for this macOS, or a file of another " ..
                "program is in its way (python.org's links on GitHub's macOS images).",
            fix = "Check with `brew info`, `brew update` first, and `brew link --overwrite` where files of the " ..
                "image are in the way.",
            commands = { "brew update && brew info FORMULA" },
            docs = { "https://docs.brew.sh/Troubleshooting" },
            examples = {
                matches = {
                    "Error: No available formula with the name \"openssl@1.0\".",
                    "Error: The `brew link` step did not complete successfully",
                },
                rejects = { "==> Pouring cmake--3.28.bottle.tar.gz" },
            },
        },
        {
            id = "choco.failed", title = "Chocolatey could not install a package",
            match = [[(?:Chocolatey installed \d+/\d+ packages?\. (?<failed>[1-9]\d*) packages? failed|]] ..
                [[(?<package>(?<!\S)\S+) (?:was )?not found with the source\(s\) listed)]],
            class = "flaky", severity = "error", priority = 72,
            cause = "The package's download failed (the community repository limits requests), or there is none " ..
                "of that name.",
            fix = "Run again; keep installers in a cache, or use winget or what the image has already.",
            docs = { "https://docs.chocolatey.org/en-us/troubleshooting/" },
            examples = {
                matches = { "Chocolatey installed 0/1 packages. 1 packages failed." },
                rejects = { "Chocolatey installed 1/1 packages." },
            },
        },
    },
}
