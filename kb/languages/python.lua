-- Python: imports, syntax, and what stops a script.

-- Distributions whose name on PyPI differs from the module's.
local DISTRIBUTIONS = {
    yaml = "PyYAML", cv2 = "opencv-python-headless", sklearn = "scikit-learn", PIL = "Pillow", bs4 = "beautifulsoup4",
    dateutil = "python-dateutil", attr = "attrs", Crypto = "pycryptodome", dotenv = "python-dotenv", git = "GitPython",
    skimage = "scikit-image", jwt = "PyJWT", MySQLdb = "mysqlclient", psycopg2 = "psycopg2-binary", serial = "pyserial",
    usb = "pyusb", zmq = "pyzmq", docx = "python-docx", pptx = "python-pptx", magic = "python-magic", gi = "PyGObject",
    OpenSSL = "pyOpenSSL", socks = "PySocks", websocket = "websocket-client", markdown = "Markdown",
    ruamel = "ruamel.yaml",
    google = "protobuf (or a google-… package)", github = "PyGithub", jose = "python-jose", wx = "wxPython",
    win32api = "pywin32", win32con = "pywin32", pythoncom = "pywin32", fitz = "PyMuPDF",
    Levenshtein = "python-Levenshtein",
    pkg_resources = "setuptools", setuptools = "setuptools", nacl = "PyNaCl", telegram = "python-telegram-bot",
}
-- Debian's packages of libraries that wheels load.
local LIBRARIES = {
    ["libGL.so.1"] = "libgl1 (or use opencv-python-headless)", ["libgthread-2.0.so.0"] = "libglib2.0-0",
    ["libgomp.so.1"] = "libgomp1", ["libSM.so.6"] = "libsm6", ["libXrender.so.1"] = "libxrender1",
    ["libpq.so.5"] = "libpq5", ["libsndfile.so.1"] = "libsndfile1", ["libEGL.so.1"] = "libegl1",
    ["libmysqlclient.so.21"] = "libmysqlclient21", ["libxkbcommon.so.0"] = "libxkbcommon0",
}

return {
    about = "Python: imports, syntax, and what stops a script",
    entries = {
        {
            id = "python.module_not_found", title = "Python module '{module}' is not installed",
            match = [[(?:ModuleNotFoundError|ImportError): No module named '?(?<module>[\w.]+)'?]],
            class = "missing setup", severity = "error", priority = 75,
            cause = "Python found no module `{module}` on its path. Either its distribution is not installed in " ..
                "the interpreter that ran, or the project itself is not installed and the folder with it is not " ..
                "on the path.",
            fix = "Add the distribution that has `{module}` to the requirements of this job, and install with the " ..
                "same interpreter that runs the code. If `{module}` is your own package, install it (`pip install " ..
                "-e .`) or run from the repository's root.",
            commands = { "python -m pip install -e .", "python -c 'import sys; print(sys.executable, sys.path)'" },
            docs = { "https://docs.python.org/3/library/exceptions.html#ModuleNotFoundError" },
            suggest = function(captures)
                local name = DISTRIBUTIONS[captures.module:match("^[^.]+")]
                if name then return "`" .. captures.module .. "` comes from " .. name .. " on PyPI." end
            end,
            examples = {
                matches = {
                    "ModuleNotFoundError: No module named 'requests'",
                    "E   ModuleNotFoundError: No module named 'google.protobuf'",
                    "ImportError: No module named yaml",
                },
                rejects = {
                    "except ModuleNotFoundError:",
                    "ImportError: cannot import name 'Mapping' from 'collections'",
                },
            },
        },
        {
            id = "python.cannot_import_name", title = "'{name}' is not in {module}",
            match = [[ImportError: cannot import name '?(?<name>\w+)'? from '(?<module>[\w.]+)']],
            unless = [[partially initialized module]],
            class = "version mismatch", severity = "error", priority = 72,
            cause = "The module `{module}` was found but has no `{name}`: another version than the code expects, " ..
                "or a file of the same name that shadows it.",
            fix = "Look at the path at the end of the line to see which `{module}` was taken. Pin a version that " ..
                "has `{name}`, or change the import to where it lives now.",
            commands = { "python -m pip freeze" },
            docs = { "https://docs.python.org/3/reference/import.html" },
            examples = {
                matches = {
                    "ImportError: cannot import name 'url_quote' from 'werkzeug.urls' " ..
                        "(/opt/venv/lib/python3.11/site-packages/werkzeug/urls.py)",
                },
                rejects = {
                    "ImportError: cannot import name 'a' from partially initialized module 'b' (most likely due " ..
                        "to a circular import) (/b.py)",
                },
            },
        },
        {
            id = "python.circular_import", title = "Circular import of {module}",
            match = [[(?:cannot import name '(?<name>\w+)' from )?partially initialized module ]] ..
                [['(?<module>[\w.]+)'.{0,500}\(most likely due to a circular import]],
            class = "code bug", severity = "error", priority = 85,
            cause = "`{module}` imports something that imports `{module}` again before it is complete. A script " ..
                "named like the module it imports (random.py, email.py) does the same.",
            fix = "Move the import into the function that needs it, or move what both need to a third module. If " ..
                "the file is named like a library, rename it.",
            docs = {
                "https://docs.python.org/3/faq/programming.html#what-are-the-best-practices-for-using-import-in-a-" ..
                    "module",
            },
            examples = {
                matches = {
                    "ImportError: cannot import name 'a' from partially initialized module 'b' (most likely due " ..
                        "to a circular import) (/b.py)",
                    "AttributeError: partially initialized module 'random' has no attribute 'choice' (most likely " ..
                        "due to a circular import)",
                },
                rejects = { "ImportError: cannot import name 'a' from 'b' (/b.py)" },
            },
        },
        {
            id = "python.none_attribute", title = "None where an object with '{attribute}' was expected",
            match = [[AttributeError: 'NoneType' object has no attribute '(?<attribute>\w+)']],
            class = "code bug", severity = "error", priority = 62,
            cause = "A call gave None, and the code went on to use `.{attribute}` of it: a lookup without a " ..
                "result, a function without `return`, or a regular expression that did not match.",
            fix = "The frame above names the expression. Find out why it is None here (a missing variable, file " ..
                "or service differs between CI and your machine), and handle that case.",
            docs = { "https://docs.python.org/3/library/exceptions.html#AttributeError" },
            examples = {
                matches = { "E       AttributeError: 'NoneType' object has no attribute 'group'" },
                rejects = { "AttributeError: 'Response' object has no attribute 'group'" },
            },
        },
        {
            id = "python.environment_variable", title = "The environment variable {variable} is not set",
            match = {
                [[(?:os\.py"|<frozen os>"), line \d+, in __getitem__]],
                [[KeyError: '(?<variable>[A-Za-z_][A-Za-z0-9_]*)']],
            },
            within = 4,
            class = "missing setup", severity = "error", priority = 90,
            cause = "The program reads `os.environ[\"{variable}\"]`, and the job does not set it. Secrets are " ..
                "empty in runs from forks, and variables of one step are unknown in the next unless written to " ..
                "`$GITHUB_ENV`.",
            fix = "Set it under `env:`, or read it with a default: `os.environ.get(\"{variable}\", …)`.",
            docs = { "https://docs.python.org/3/library/os.html#os.environ" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Set the variable for the job",
                yaml = "env:\n" ..
                    "  {variable}: ${{ secrets.{variable} }}\n",
            },
            examples = {
                matches = { "  File \"<frozen os>\", line 679, in __getitem__\nKeyError: 'RELEASE_TOKEN'" },
                rejects = { "  File \"/home/runner/work/demo/demo/a.py\", line 3, in load\nKeyError: 'name'" },
            },
        },
        {
            id = "python.exception", title = "A Python program ended with {type}",
            match = {
                [[^Traceback \(most recent call last\):]],
                [[^(?<type>[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|NotFound|Timeout|]] ..
                    [[Refused)): (?<message>\S.{0,200})]],
            },
            within = 60,
            unless = [[^(?:ERROR|FAIL): ]],
            class = "code bug", severity = "error", priority = 26,
            cause = "An exception that nobody caught: {message}",
            fix = "The last `File …, line …` above the message is where it was raised, the last of them in the " ..
                "project's own code where to look first.",
            docs = { "https://docs.python.org/3/tutorial/errors.html" },
            examples = {
                matches = {
                    "Traceback (most recent call last):\n  File \"a.py\", line 3, in <module>\n    raise " ..
                        "ValueError(\"no stock\")\nValueError: no stock",
                },
                rejects = { "ValueError: no stock" },
            },
        },
        {
            id = "python.object_attribute", title = "'{type}' has no attribute '{attribute}'",
            match = [[AttributeError: (?:type object )?'(?<type>(?!NoneType')[\w.]+)'(?: object)? has no ]] ..
                [[attribute '(?<attribute>\w+)']],
            class = "code bug", severity = "error", priority = 58,
            cause = "The object has no `{attribute}`: misspelt, removed by a newer version of the library it " ..
                "comes from, or an object of another type than expected.",
            fix = "Read the frame above the line. If the class comes from a library, look in its change log for " ..
                "`{attribute}` and pin or adapt; otherwise follow where the object came from.",
            docs = { "https://docs.python.org/3/library/exceptions.html#AttributeError" },
            examples = {
                matches = {
                    "AttributeError: 'DataFrame' object has no attribute 'append'",
                    "AttributeError: type object 'Config' has no attribute 'load'. Did you mean: 'loads'?",
                },
                rejects = { "AttributeError: 'NoneType' object has no attribute 'append'" },
            },
        },
        {
            id = "python.syntax_error", title = "Python syntax error: {message}",
            match = [[^(?:E\s{1,100})?\s*SyntaxError: (?<message>invalid syntax|f-string|unterminated|EOL while|]] ..
                [[EOF while|unexpected EOF|'.{1,3}' was never closed|invalid decimal|expected |cannot assign|]] ..
                [[positional argument follows|invalid character|unmatched|closing parenthesis|'return' outside|]] ..
                [['await' outside|duplicate argument|from __future__|Generator expression|non-default argument|]] ..
                [[keyword argument repeated|illegal target|bytes can only|future feature|parameter without)]],
            class = "code bug", severity = "error", priority = 74,
            cause = "Python could not parse a file. The `File …, line …` above names it. Valid code of a newer " ..
                "Python (match, walrus, f-strings with quotes inside, `except*`) gives the same on an older one.",
            fix = "Fix the line, or if only the older versions of the matrix fail, use syntax that they have or " ..
                "drop them.",
            commands = { "python -m compileall -q ." },
            docs = { "https://docs.python.org/3/tutorial/errors.html#syntax-errors" },
            examples = {
                matches = {
                    "SyntaxError: invalid syntax",
                    "E   SyntaxError: '(' was never closed",
                    "SyntaxError: f-string: unmatched '('",
                },
                rejects = {
                    "SyntaxError: Unexpected token '?'",
                    "SyntaxError: Missing parentheses in call to 'print'",
                },
            },
        },
        {
            id = "python.indentation", title = "Indentation error in Python",
            match = [[(?:IndentationError: (?<message>\w.+\w)|TabError: inconsistent use of tabs)]],
            class = "code bug", severity = "error", priority = 80,
            cause = "A block is indented wrongly, or tabs and spaces are mixed; often left by a merge.",
            fix = "Fix the line named above, and let a formatter run before commits.",
            commands = { "python -m compileall -q ." },
            docs = { "https://docs.python.org/3/reference/lexical_analysis.html#indentation" },
            examples = {
                matches = {
                    "IndentationError: unexpected indent",
                    "IndentationError: expected an indented block after 'if' statement on line 3",
                    "TabError: inconsistent use of tabs and spaces in indentation",
                },
                rejects = { "E999 indentation is fine" },
            },
        },
        {
            id = "python.recursion", title = "Recursion without an end",
            match = [[RecursionError: maximum recursion depth exceeded]],
            class = "code bug", severity = "error", priority = 72,
            cause = "A function calls itself, directly or over others, more often than Python allows (1000 deep " ..
                "by default).",
            fix = "The repeating frames in the traceback show the circle. Give it an end; raising the limit only " ..
                "helps data that is truly that deep.",
            docs = { "https://docs.python.org/3/library/exceptions.html#RecursionError" },
            examples = {
                matches = { "RecursionError: maximum recursion depth exceeded while calling a Python object" },
                rejects = { "sys.setrecursionlimit(10000)" },
            },
        },
        {
            id = "python.file_not_found", title = "{path} does not exist",
            match = [[(?:FileNotFoundError|IOError): \[Errno 2\] No such file or directory: u?['"](?<path>[^'"]+)]],
            class = "code bug", severity = "error", priority = 64,
            cause = "The program opened `{path}`, or started it as a command, and it is not there. A relative " ..
                "path is taken from the folder the job runs in, which may be another than on your machine.",
            fix = "Check that `{path}` is committed (not in .gitignore), made by an earlier step, or installed; " ..
                "build paths from `__file__` instead of the working folder.",
            commands = { "git ls-files --error-unmatch '{path}'" },
            docs = { "https://docs.python.org/3/library/exceptions.html#FileNotFoundError" },
            examples = {
                matches = {
                    "FileNotFoundError: [Errno 2] No such file or directory: 'data/input.json'",
                    "E   FileNotFoundError: [Errno 2] No such file or directory: \"it's.txt\"",
                },
                rejects = { "OSError: [Errno 28] No space left on device" },
            },
        },
        {
            id = "python.permission", title = "No permission for {path}",
            match = [[PermissionError: \[Errno 13\] Permission denied: b?['"](?<path>[^'"]+)]],
            class = "permission", severity = "error", priority = 72,
            cause = "The user of the job may not write or run `{path}`. Files left by a container that ran as " ..
                "root, and system folders, are the usual ones.",
            fix = "Write to the workspace or `$RUNNER_TEMP`, install into a virtual environment, or run the " ..
                "container with `--user $(id -u):$(id -g)`.",
            commands = { "ls -ld '{path}'", "id" },
            docs = { "https://docs.python.org/3/library/exceptions.html#PermissionError" },
            examples = {
                matches = {
                    "PermissionError: [Errno 13] Permission denied: '/usr/local/lib/python3.11/site-packages/x'",
                },
                rejects = { "bash: ./run.sh: Permission denied" },
            },
        },
        {
            id = "python.shared_library_missing", title = "Shared library {library} is missing",
            match = [[ImportError: (?<library>lib[\w.+-]+\.so[\w.]*): cannot open shared object file: No such ]] ..
                [[file or directory]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "A Python package loads the system library `{library}`, which this image does not have.",
            fix = "Install the system package that has `{library}` before the tests.",
            commands = { "sudo apt-get install -y apt-file && sudo apt-file update && apt-file search {library}" },
            docs = { "https://packages.debian.org/index" },
            suggest = function(captures)
                local name = LIBRARIES[captures.library]
                if name then return "On Debian and Ubuntu: " .. name .. "." end
            end,
            examples = {
                matches = { "ImportError: libGL.so.1: cannot open shared object file: No such file or directory" },
                rejects = { "ImportError: No module named 'libGL'" },
            },
        },
        {
            id = "python.crash", title = "The Python interpreter crashed: {why}",
            match = [[Fatal Python error: (?<why>[\w ]+)]],
            class = "code bug", severity = "error", priority = 78,
            cause = "The interpreter itself ended ({why}): a C extension has a bug or was built for another " ..
                "version, or the stack ran out.",
            fix = "The frames after the line show the Python call that was running. Update or reinstall the " ..
                "extension it calls, without a cache of old wheels.",
            commands = {
                "python -X faulthandler -m pytest -x",
                "python -m pip install --no-cache-dir --force-reinstall PACKAGE",
            },
            docs = { "https://docs.python.org/3/library/faulthandler.html" },
            examples = {
                matches = { "Fatal Python error: Segmentation fault", "Fatal Python error: Aborted" },
                rejects = { "python: error: unrecognized arguments" },
            },
        },
    },
}
