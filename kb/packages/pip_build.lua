-- Pip: building extensions, and extensions that do not fit.

return {
    about = "pip: building extensions, and extensions that do not fit",
    entries = {
        {
            id = "pip.wheel_build_failed", title = "The wheel of {package} could not be built",
            match = [[(?:Failed building wheel for |Could not build wheels for |]] ..
                [[Failed to build installable wheels for some pyproject.toml based projects \(?)(?<package>[\w.-]+)]],
            class = "missing setup", severity = "error", priority = 48,
            cause = "There is no ready wheel of {package} for this Python and platform, so pip compiled it, and " ..
                "that failed. The compiler's message stands above.",
            fix = "Use a version of {package} that has wheels for this Python (new Python releases lag behind for " ..
                "months), or install the compiler and headers that the message above misses.",
            commands = {
                "python -m pip install --only-binary :all: {package}",
                "python -m pip download --no-deps --only-binary :all: {package}",
            },
            docs = { "https://pip.pypa.io/en/stable/cli/pip_wheel/" },
            examples = {
                matches = {
                    "  ERROR: Failed building wheel for mysqlclient",
                    "ERROR: Could not build wheels for psycopg2, which is required to install " ..
                        "pyproject.toml-based projects",
                    "ERROR: Failed to build installable wheels for some pyproject.toml based projects (demo)",
                },
                rejects = { "Building wheel for demo (pyproject.toml): finished with status 'done'" },
            },
        },
        {
            id = "pip.no_bdist_wheel", title = "setuptools has no bdist_wheel here",
            match = [[error: invalid command 'bdist_wheel']],
            class = "missing setup", severity = "error", priority = 90,
            cause = "The build runs without isolation (or by an old pip), and the package `wheel`, which " ..
                "setuptools needed for this before 70.1, is not installed.",
            fix = "Install `wheel` beside setuptools, update setuptools, or let pip build in isolation.",
            commands = { "python -m pip install -U setuptools wheel" },
            docs = { "https://setuptools.pypa.io/en/latest/history.html" },
            examples = {
                matches = { "      error: invalid command 'bdist_wheel'" },
                rejects = { "running bdist_wheel" },
            },
        },
        {
            id = "pip.metadata_failed", title = "pip could not learn a package's metadata",
            match = [[(?:error: metadata-generation-failed|]] ..
                [[Command "python setup\.py egg_info" failed with error code \d+|]] ..
                [[python setup\.py egg_info did not run successfully)]],
            class = "code bug", severity = "error", priority = 36,
            cause = "The package's build script (setup.py or its backend) failed before anything was compiled. " ..
                "Its own traceback stands above.",
            fix = "Read the last line of that traceback. Very old packages fail with a new setuptools or Python: " ..
                "take a newer version, or build with older setuptools.",
            commands = { "python -m pip install -U pip setuptools wheel" },
            docs = { "https://pip.pypa.io/en/stable/reference/build-system/" },
            examples = {
                matches = {
                    "error: metadata-generation-failed",
                    "Command \"python setup.py egg_info\" failed with error code 1 in /tmp/pip-build-x/demo/",
                },
                rejects = { "Preparing metadata (setup.py): finished with status 'done'" },
            },
        },
        {
            id = "pip.subprocess_exited", title = "A build step that pip ran has failed",
            match = [[error: subprocess-exited-with-error]],
            class = "code bug", severity = "error", priority = 16,
            cause = "pip ran a package's build, and it failed. This line only announces it.",
            fix = "Read the block between \"[… lines of output]\" and \"[end of output]\" below.",
            docs = { "https://pip.pypa.io/en/stable/reference/build-system/" },
            examples = {
                matches = { "  error: subprocess-exited-with-error" },
                rejects = { "subprocess exited" },
            },
        },
        {
            id = "pip.python_header", title = "Python.h is missing",
            match = [[fatal error: ['"]?Python\.h['"]?(?:: No such file or directory| file not found)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "A C extension is compiled, but the headers of this Python are not installed.",
            fix = "Install them (`python3-dev`, `python3-devel`, on Alpine `python3-dev`), or use an interpreter " ..
                "from setup-python, which has them, or a version of the package with wheels.",
            commands = { "sudo apt-get install -y python3-dev build-essential" },
            docs = { "https://packaging.python.org/en/latest/guides/packaging-binary-extensions/" },
            examples = {
                matches = { "src/demo.c:1:10: fatal error: Python.h: No such file or directory" },
                rejects = { "#include <Python.h>" },
            },
        },
        {
            id = "pip.pg_config", title = "pg_config is missing, so psycopg2 cannot be built",
            match = [[Error: pg_config executable not found\.]],
            class = "missing setup", severity = "error", priority = 94,
            cause = "psycopg2 is compiled from source, which needs PostgreSQL's client library and headers.",
            fix = "Install `libpq-dev` and a compiler, or use `psycopg2-binary` (or psycopg 3 with its binary " ..
                "extra).",
            commands = { "sudo apt-get install -y libpq-dev gcc" },
            docs = { "https://www.psycopg.org/docs/install.html" },
            examples = {
                matches = { "Error: pg_config executable not found." },
                rejects = { "pg_config --version" },
            },
        },
        {
            id = "pip.mysql_config", title = "The MySQL client library is missing, so mysqlclient cannot be built",
            match = [[(?:mysql_config: (?:command )?not found|Can not find valid pkg-config name|]] ..
                [[OSError: mysql_config not found)]],
            class = "missing setup", severity = "error", priority = 94,
            cause = "mysqlclient is compiled from source, which needs the headers of MySQL or MariaDB, and " ..
                "pkg-config.",
            fix = "Install `default-libmysqlclient-dev` and `pkg-config`, or set MYSQLCLIENT_CFLAGS and " ..
                "MYSQLCLIENT_LDFLAGS by hand.",
            commands = { "sudo apt-get install -y default-libmysqlclient-dev pkg-config build-essential" },
            docs = { "https://github.com/PyMySQL/mysqlclient#install" },
            examples = {
                matches = { "/bin/sh: 1: mysql_config: not found", "Exception: Can not find valid pkg-config name." },
                rejects = { "Found mysql_config" },
            },
        },
        {
            id = "pip.msvc_required", title = "Microsoft Visual C++ is needed to build an extension",
            match = [[error: Microsoft Visual C\+\+ (?<version>[\d.]+) or greater is required]],
            class = "missing setup", severity = "error", priority = 94,
            cause = "A package without a wheel for this Python is compiled on Windows, where no build tools were " ..
                "found.",
            fix = "Take a version of the package with wheels for this Python, or a Python for which there are " ..
                "wheels. On a self-hosted runner install the C++ build tools.",
            commands = { "python -m pip install --only-binary :all: -r requirements.txt" },
            docs = { "https://wiki.python.org/moin/WindowsCompilers" },
            examples = {
                matches = {
                    "error: Microsoft Visual C++ 14.0 or greater is required. Get it with \"Microsoft C++ Build " ..
                        "Tools\": https://visualstudio.microsoft.com/visual-cpp-build-tools/",
                },
                rejects = { "Visual C++ 14.0 found" },
            },
        },
        {
            id = "pip.no_compiler", title = "No C compiler for a Python extension",
            match = [[error: (?:command '(?<command>[^']*(?:gcc|cc|clang|]] ..
                [[g\+\+)[^']*)' failed: (?:No such file or directory|None)|]] ..
                [[unable to execute '(?<tool>[^']*)': No such file)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "An extension is compiled, and the image has no compiler; slim and Alpine images come without.",
            fix = "Install one in this step or in the image (`build-essential`; Alpine `build-base`), or choose a " ..
                "version with wheels (on Alpine: musllinux wheels).",
            commands = { "apt-get update && apt-get install -y build-essential" },
            docs = { "https://packaging.python.org/en/latest/guides/packaging-binary-extensions/" },
            examples = {
                matches = {
                    "error: command 'gcc' failed: No such file or directory",
                    "error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory",
                },
                rejects = { "error: command '/usr/bin/gcc' failed with exit code 1" },
            },
        },
        {
            id = "pip.rust_required", title = "A package needs Rust to be built",
            match = [[(?:Cargo, the Rust package manager, is not installed or is not on PATH|]] ..
                [[error: can't find Rust compiler)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "A package with Rust code has no wheel for this Python and platform, or pip is too old to see " ..
                "it.",
            fix = "Update pip first, then take a version with wheels for this Python. Otherwise install Rust in " ..
                "this job.",
            commands = { "python -m pip install -U pip", "rustup toolchain install stable --profile minimal" },
            docs = { "https://cryptography.io/en/latest/installation/" },
            examples = {
                matches = {
                    "Cargo, the Rust package manager, is not installed or is not on PATH.",
                    "error: can't find Rust compiler",
                },
                rejects = { "Found Rust compiler 1.80" },
            },
        },
        {
            id = "pip.backend_unavailable", title = "The build backend cannot be imported",
            match = [[(?:BackendUnavailable: Cannot import '(?<backend>[\w.:]+)'|pip\S{0,200}BackendUnavailable)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "The project names a build backend in pyproject.toml that is not installed in the build " ..
                "environment; with `--no-build-isolation` it must be installed beforehand.",
            fix = "Add it to `build-system.requires`, correct `build-backend` (setuptools is " ..
                "`setuptools.build_meta`), or drop `--no-build-isolation`.",
            docs = { "https://pip.pypa.io/en/stable/reference/build-system/pyproject-toml/" },
            examples = {
                matches = { "pip._vendor.pyproject_hooks._impl.BackendUnavailable: Cannot import 'hatchling.build'" },
                rejects = { "build-backend = \"hatchling.build\"" },
            },
        },
        {
            id = "pip.flat_layout", title = "setuptools does not know which folder is the package",
            match = [=[error: Multiple top-level (?<what>packages|]=] ..
                [=[modules) discovered in a flat-layout: (?<names>\[[^\]]+\])]=],
            class = "code bug", severity = "error", priority = 92,
            cause = "setuptools found several {what} beside pyproject.toml ({names}) and refuses to guess which " ..
                "to ship. A new folder in the root is enough.",
            fix = "Name them: `[tool.setuptools] packages = [\"mypackage\"]` (or `py-modules`, or " ..
                "`[tool.setuptools.packages.find] include`), or move the code to `src/`.",
            docs = { "https://setuptools.pypa.io/en/latest/userguide/package_discovery.html" },
            examples = {
                matches = { "error: Multiple top-level packages discovered in a flat-layout: ['docs', 'demo']." },
                rejects = { "packages = find:" },
            },
        },
        {
            id = "pip.use_2to3", title = "{package} is too old for this setuptools",
            match = [[error in (?<package>\S+) setup command: use_2to3 is invalid]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "The release of {package} converts itself with 2to3, which setuptools 58 dropped.",
            fix = "Take a newer release of {package}. If there is none, build it with `setuptools<58`, without " ..
                "build isolation.",
            commands = {
                "python -m pip install 'setuptools<58' && python -m pip install --no-build-isolation {package}",
            },
            docs = { "https://setuptools.pypa.io/en/latest/history.html#v58-0-0" },
            examples = {
                matches = { "error in suds-jurko setup command: use_2to3 is invalid." },
                rejects = { "use_2to3=True" },
            },
        },
        {
            id = "pip.pyopenssl_mismatch", title = "pyOpenSSL and cryptography do not fit together",
            match = [[AttributeError: module 'lib' has no attribute '(?<attribute>X509_V_FLAG_\w+|]] ..
                [[OpenSSL_add_all_algorithms|SSL_\w+)']],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "cryptography was updated and no longer has `{attribute}`, which the installed (often the " ..
                "distribution's) pyOpenSSL uses.",
            fix = "Update both together, in a virtual environment rather than beside the system's packages.",
            commands = { "python -m pip install -U pyOpenSSL cryptography" },
            docs = { "https://www.pyopenssl.org/en/latest/changelog.html" },
            examples = {
                matches = { "AttributeError: module 'lib' has no attribute 'X509_V_FLAG_CB_ISSUER_CHECK'" },
                rejects = { "AttributeError: module 'library' has no attribute 'x'" },
            },
        },
        {
            id = "pip.numpy_abi", title = "An extension was built against another numpy",
            match = [[(?:numpy\.(?:dtype|ndarray|ufunc) size changed, may indicate binary incompatibility|]] ..
                [[A module that was compiled using NumPy 1\.x cannot be run in)]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "A compiled package and the installed numpy differ in their binary interface: mostly a " ..
                "package built for numpy 1 that now runs with numpy 2.",
            fix = "Update the package to a release for numpy 2, or pin `numpy<2` until there is one. If it was " ..
                "built here, rebuild without the cache.",
            commands = { "python -m pip install 'numpy<2'" },
            docs = { "https://numpy.org/doc/stable/dev/depending_on_numpy.html" },
            examples = {
                matches = {
                    "ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from " ..
                        "C header, got 88 from PyObject",
                    "A module that was compiled using NumPy 1.x cannot be run in",
                },
                rejects = { "numpy.dtype('int64')" },
            },
        },
        {
            id = "python.numpy_alias", title = "numpy no longer has this name",
            match = [[AttributeError: (?:module 'numpy' has no attribute '(?<alias>bool|int|float|complex|object|]] ..
                [[str|long|unicode|typeDict|asscalar|product|cumproduct|alltrue|in1d|trapz)'|]] ..
                [[`np\.(?<gone>\w+)` was removed in the NumPy 2\.0 release)]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "numpy 1.24 dropped the aliases of built-in types (np.int, np.bool …) and numpy 2 many old " ..
                "names. The code or a dependency still uses one.",
            fix = "Write the built-in (`int`, `bool`) or the name that the message gives, update the dependency " ..
                "at the top of the traceback, or pin an older numpy.",
            commands = { "ruff check --select NPY --fix" },
            docs = { "https://numpy.org/doc/stable/numpy_2_0_migration_guide.html" },
            examples = {
                matches = {
                    "AttributeError: module 'numpy' has no attribute 'bool'.",
                    "AttributeError: `np.float_` was removed in the NumPy 2.0 release. Use `np.float64` instead.",
                },
                rejects = { "AttributeError: module 'numpy' has no attribute 'boolean'" },
            },
        },
    },
}
