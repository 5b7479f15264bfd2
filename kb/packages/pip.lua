-- Pip: finding, building and installing distributions.

return {
    about = "pip: finding, building and installing distributions",
    entries = {
        {
            id = "pip.no_versions", title = "pip found no version at all of {requirement}",
            match = [[ERROR: Could not find a version that satisfies the requirement (?<requirement>.{1,200}?) ]] ..
                [[\(from versions: none\)]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "The index has nothing under this name that fits this interpreter. The name is wrong, the " ..
                "index was not reached (see warnings above: proxy, TLS, `--no-index`), or no file fits this " ..
                "Python and platform.",
            fix = "Check the spelling on PyPI. If warnings about connections stand above, fix those. If there " ..
                "are only wheels for other Pythons, choose one of them for this job. Private packages need " ..
                "`--extra-index-url` and its credentials.",
            commands = { "python -m pip index versions {requirement}", "python -m pip debug --verbose" },
            docs = { "https://pip.pypa.io/en/stable/topics/more-dependency-resolution/" },
            examples = {
                matches = {
                    "ERROR: Could not find a version that satisfies the requirement numpyy (from versions: none)",
                },
                rejects = {
                    "ERROR: Could not find a version that satisfies the requirement requests==99.0 (from " ..
                        "versions: 0.2.0, 0.2.1)",
                },
            },
        },
        {
            id = "pip.index_unreachable", title = "pip could not reach the package index",
            match = {
                [[Retrying \(Retry\(total=\d{1,500}.{1,80}after connection broken by '(?<error>\w+)\(]],
                [[Could not find a version that satisfies the requirement (?<requirement>\S.{0,200}?) \(from ]] ..
                    [[versions: none\)]],
            },
            within = 12,
            class = "infrastructure", severity = "error", priority = 92,
            cause = "The index did not answer ({error}, see the warnings), so pip knows no version of " ..
                "{requirement}. The package itself may be fine.",
            fix = "Fix the connection: name server, proxy (HTTPS_PROXY), certificates, or the index's address. " ..
                "If the job is not meant to have a network, give pip the files (`--no-index --find-links`).",
            commands = { "python -m pip config list", "curl -sSI https://pypi.org/simple/" },
            docs = { "https://pip.pypa.io/en/stable/topics/configuration/" },
            examples = {
                matches = {
                    "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) " ..
                        "after connection broken by " ..
                        "'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f>: " ..
                        "Failed to establish a new connection: [Errno -2] Name or service not known')': " ..
                        "/simple/requests/\nERROR: Could not find a version that satisfies the requirement " ..
                        "requests>=2.31 (from versions: none)",
                },
                rejects = {
                    "ERROR: Could not find a version that satisfies the requirement hare==2.1 (from versions: none)",
                },
            },
        },
        {
            id = "pip.version_not_found", title = "There is no version that fits {requirement}",
            match = [[Could not find a version that satisfies the requirement (?<requirement>.{1,200}?) \(from ]] ..
                [[versions: (?<first>\d[^,)]*)]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "The package exists, but none of its versions that fit this interpreter satisfies " ..
                "`{requirement}`. It was yanked, not yet released, or needs a newer or older Python than this job's.",
            fix = "Look at the versions in the line and at lines that begin with \"Ignored the following versions " ..
                "that require a different python version\". Loosen the pin, or change the Python of this job.",
            docs = { "https://pip.pypa.io/en/stable/topics/dependency-resolution/" },
            examples = {
                matches = {
                    "ERROR: Could not find a version that satisfies the requirement requests==99.0 (from " ..
                        "versions: 0.2.0, 0.2.1, 2.31.0)",
                },
                rejects = {
                    "ERROR: Could not find a version that satisfies the requirement numpyy (from versions: none)",
                },
            },
        },
        {
            id = "pip.no_matching_distribution", title = "No distribution of {requirement}",
            match = [[No matching distribution found for (?<requirement>\S.{0,200})]],
            class = "missing setup", severity = "error", priority = 60,
            cause = "pip has no file that satisfies `{requirement}` for this interpreter. The line above says " ..
                "which versions it saw.",
            fix = "Correct the name or version, or run this job on a Python that the package supports.",
            docs = { "https://pip.pypa.io/en/stable/cli/pip_install/" },
            examples = {
                matches = { "ERROR: No matching distribution found for numpyy" },
                rejects = { "Looking for matching distribution" },
            },
        },
        {
            id = "pip.ignored_python_versions", title = "Versions left out because they need another Python",
            match = [[Ignored the following (?:yanked )?versions(?: that require a different python version)?: ]] ..
                [[(?<first>\S+)]],
            class = "matrix gap", severity = "note", priority = 45,
            cause = "pip skipped versions whose `Requires-Python` does not fit this interpreter ({first} …). What " ..
                "is left may be too old.",
            fix = "If the requirement that failed below needs one of them, use a newer Python in this job or a " ..
                "lower requirement.",
            docs = { "https://packaging.python.org/en/latest/guides/dropping-older-python-versions/" },
            examples = {
                matches = {
                    "ERROR: Ignored the following versions that require a different python version: 1.3.0 " ..
                        "Requires-Python >=3.9; 1.3.1 Requires-Python >=3.9",
                },
                rejects = { "ERROR: No matching distribution found for pandas==2.2.0" },
            },
        },
        {
            id = "pip.requires_python", title = "{package} needs another Python: {actual} is not in {wanted}",
            match = [[Package '(?<package>[^']+)' requires a different Python: (?<actual>[\d.]{1,100}\w*) not in ]] ..
                [['(?<wanted>[^']+)']],
            class = "matrix gap", severity = "error", priority = 90,
            cause = "`{package}` declares `Requires-Python {wanted}`; this job runs {actual}.",
            fix = "Take {actual} out of the matrix if the package gave it up, or lower its `requires-python`; the " ..
                "other way round, raise the version that setup-python installs.",
            docs = { "https://packaging.python.org/en/latest/specifications/core-metadata/#requires-python" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Test only versions that the package supports",
                yaml = "strategy:\n" ..
                    "  matrix:\n" ..
                    "    python-version: ['3.10', '3.11', '3.12', '3.13']\n",
            },
            examples = {
                matches = { "ERROR: Package 'demo' requires a different Python: 3.7.16 not in '>=3.8'" },
                rejects = { "Requires-Python: >=3.8" },
            },
        },
        {
            id = "pip.externally_managed", title = "The system's Python is managed by the distribution",
            match = [[error: externally-managed-environment]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "`pip install` was aimed at the system's interpreter, which belongs to apt (or Homebrew) and " ..
                "says so (PEP 668). Debian 12, Ubuntu 23.04 and later, and Homebrew all do.",
            fix = "Install into a virtual environment, or use setup-python. In a throw-away container " ..
                "`--break-system-packages` is acceptable too.",
            commands = { "python3 -m venv .venv && . .venv/bin/activate && pip install -r requirements.txt" },
            docs = { "https://peps.python.org/pep-0668/" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "An interpreter of the job's own",
                yaml = "- uses: actions/setup-python@v5\n" ..
                    "  with:\n" ..
                    "    python-version: '3.12'\n",
            },
            examples = {
                matches = { "error: externally-managed-environment" },
                rejects = { "× This environment is managed by us" },
            },
        },
        {
            id = "pip.conflicting_dependencies", title = "Requirements contradict each other",
            match = [[(?:Cannot install (?<packages>.{1,300}?) because these package versions have conflicting ]] ..
                [[dependencies|ERROR: ResolutionImpossible)]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "No set of versions satisfies all requirements together. \"The conflict is caused by\" above " ..
                "or below lists who asks for what.",
            fix = "Loosen the narrower of the two pins, or update the package that holds the old one back. A " ..
                "constraints file of the last green run shows what moved.",
            commands = { "python -m pip install --dry-run -r requirements.txt" },
            docs = {
                "https://pip.pypa.io/en/stable/topics/dependency-resolution/#dealing-with-dependency-conflicts",
            },
            examples = {
                matches = {
                    "ERROR: Cannot install -r requirements.txt (line 2) and urllib3==1.25 because these package " ..
                        "versions have conflicting dependencies.",
                    "ERROR: ResolutionImpossible: for help visit " ..
                        "https://pip.pypa.io/en/latest/topics/dependency-resolution/#dealing-with-dependency-confl" ..
                        "icts",
                },
                rejects = { "Resolving dependencies" },
            },
        },
        {
            id = "pip.inconsistent_environment", title = "Installed packages contradict each other",
            match = [[pip's dependency resolver does not currently take into account all the packages that are ]] ..
                [[installed]],
            class = "version mismatch", severity = "warning", priority = 28,
            cause = "What was installed now breaks the requirement of something installed before. pip continues; a " ..
                "later import may fail for it.",
            fix = "Install everything in one `pip install`, so that pip sees all requirements, and check with " ..
                "`pip check`.",
            commands = { "python -m pip check" },
            docs = { "https://pip.pypa.io/en/stable/cli/pip_check/" },
            examples = {
                matches = {
                    "ERROR: pip's dependency resolver does not currently take into account all the packages that " ..
                        "are installed. This behaviour is the source of the following dependency conflicts.",
                },
                rejects = { "pip's resolver took 3 s" },
            },
        },
        {
            id = "pip.hash_mismatch", title = "A downloaded package does not match its hash",
            match = [[THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE]],
            class = "cache corruption", severity = "error", priority = 90,
            cause = "The file that came is not the one the requirements were locked to: cut short, changed by a " ..
                "mirror or proxy, a stale cache, or replaced on the index.",
            fix = "Clear pip's cache and try again. If it stays, compare with the hashes on PyPI before you " ..
                "regenerate the lock; a changed file under the same version is a warning sign.",
            commands = { "python -m pip cache purge", "pip-compile --generate-hashes" },
            docs = { "https://pip.pypa.io/en/stable/topics/secure-installs/" },
            examples = {
                matches = {
                    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have " ..
                        "updated the package versions, please update the hashes.",
                },
                rejects = { "Collecting hashes" },
            },
        },
        {
            id = "pip.hashes_required", title = "A requirement lacks its hash",
            match = [[In --require-hashes mode, all requirements must have (?:their versions pinned|hashes)|]] ..
                [[Hashes are required in --require-hashes mode]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "One requirement has hashes, so pip wants them for all, also for dependencies that are not " ..
                "listed.",
            fix = "Regenerate the file with all dependencies and hashes.",
            commands = { "pip-compile --generate-hashes --allow-unsafe" },
            docs = { "https://pip.pypa.io/en/stable/topics/secure-installs/" },
            examples = {
                matches = {
                    "ERROR: In --require-hashes mode, all requirements must have their versions pinned with ==. " ..
                        "These do not:",
                    "ERROR: Hashes are required in --require-hashes mode, but they are missing from some " ..
                        "requirements here. Here is a list of those requirements along with the hashes their " ..
                        "downloaded archives actually had.",
                },
                rejects = { "pip install --require-hashes -r requirements.txt" },
            },
        },
        {
            id = "pip.requirements_missing", title = "Requirements file {file} is not there",
            match = [[Could not open requirements file: \[Errno 2\] No such file or directory: '(?<file>[^']+)']],
            class = "code bug", severity = "error", priority = 92,
            cause = "pip was told to read `{file}`, which is not in the working folder: the checkout did not run, " ..
                "the file was moved, or the step runs in another folder.",
            fix = "Check that a checkout comes first and that `working-directory` fits; correct the name otherwise.",
            commands = { "git ls-files '*requirements*'" },
            docs = { "https://pip.pypa.io/en/stable/reference/requirements-file-format/" },
            examples = {
                matches = {
                    "ERROR: Could not open requirements file: [Errno 2] No such file or directory: " ..
                        "'requirements-dev.txt'",
                },
                rejects = { "pip install -r requirements-dev.txt" },
            },
        },
        {
            id = "pip.not_a_project", title = "The folder is not a Python project",
            match = [[(?:ERROR: Directory '(?<folder>[^']+)' is not installable|]] ..
                [[ERROR: (?<url>\S+) does not appear to be a Python project)[.:] (?:File 'setup\.py' not found|]] ..
                [[[Nn]either)]],
            class = "code bug", severity = "error", priority = 92,
            cause = "There is neither a setup.py nor a pyproject.toml in the folder that pip was told to install.",
            fix = "Run the step in the folder of the project (`working-directory`), check out the repository " ..
                "first, or correct the path.",
            docs = { "https://pip.pypa.io/en/stable/topics/local-project-installs/" },
            examples = {
                matches = {
                    "ERROR: Directory '.' is not installable. Neither 'setup.py' nor 'pyproject.toml' found.",
                    "ERROR: file:///home/runner/work/demo/demo does not appear to be a Python project: neither " ..
                        "'setup.py' nor 'pyproject.toml' found.",
                },
                rejects = { "Directory '.' is installable" },
            },
        },
        {
            id = "pip.no_pip", title = "This Python has no pip",
            match = [[(?<python>(?<!\S)\S*python[\d.]*(?:\.exe)?): No module named pip\b]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "`{python}` was built or packaged without pip: Debian's python3 keeps it in `python3-pip`, " ..
                "`uv venv` makes environments without.",
            fix = "Install `python3-pip`, run `python -m ensurepip --upgrade`, or use `uv pip`.",
            commands = { "python -m ensurepip --upgrade" },
            docs = { "https://pip.pypa.io/en/stable/installation/" },
            examples = {
                matches = { "/usr/bin/python3: No module named pip" },
                rejects = { "ModuleNotFoundError: No module named 'pipes'" },
            },
        },
        {
            id = "pip.invalid_requirement", title = "pip cannot read a requirement: {requirement}",
            match = [[(?:ERROR: Invalid requirement: |InvalidRequirement: |]] ..
                [[InvalidVersion: Invalid version: )(?<requirement>.{1,120})]],
            class = "code bug", severity = "error", priority = 84,
            cause = "A line of a requirements file, or a version in a package's metadata, is not in the form that " ..
                "pip and packaging take (PEP 508 and 440). A leftover merge marker or `=` for `==` is usual; very " ..
                "old packages have such versions too.",
            fix = "Correct the line. If a dependency has the malformed version, pin another release of it.",
            docs = { "https://peps.python.org/pep-0508/", "https://peps.python.org/pep-0440/" },
            examples = {
                matches = {
                    "ERROR: Invalid requirement: 'requests=2.31': Expected end or semicolon (after name and no " ..
                        "valid version specifier)",
                    "packaging.version.InvalidVersion: Invalid version: '0.1-dev-r3'",
                },
                rejects = { "Requirement already satisfied: requests" },
            },
        },
        {
            id = "pip.git_missing", title = "pip needs git for a requirement",
            match = [[Cannot find command 'git' - do you have 'git' installed]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "A requirement is of the form `git+https://…`, and this image has no git.",
            fix = "Install git before pip runs, or depend on a released version.",
            commands = { "apt-get update && apt-get install -y git" },
            docs = { "https://pip.pypa.io/en/stable/topics/vcs-support/" },
            examples = {
                matches = { "ERROR: Cannot find command 'git' - do you have 'git' installed and in your PATH?" },
                rejects = { "Cloning https://github.com/psf/requests.git" },
            },
        },
        {
            id = "pip.ssl_missing", title = "This Python has no ssl module",
            match = [[(?:Can't connect to HTTPS URL because the SSL module is not available|]] ..
                [[pip is configured with locations that require TLS/SSL, however the ssl module in Python is not ]] ..
                [[available)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The interpreter was compiled without OpenSSL (its headers were missing, or too old), so pip " ..
                "reaches no index.",
            fix = "Install `libssl-dev` before Python is compiled (pyenv), or use a ready interpreter.",
            commands = { "python -c 'import ssl; print(ssl.OPENSSL_VERSION)'" },
            docs = { "https://github.com/pyenv/pyenv/wiki#suggested-build-environment" },
            examples = {
                matches = {
                    "WARNING: pip is configured with locations that require TLS/SSL, however the ssl module in " ..
                        "Python is not available.",
                },
                rejects = { "import ssl" },
            },
        },
    },
}
