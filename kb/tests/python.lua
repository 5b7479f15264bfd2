-- Pytest and other runners of Python tests.

return {
    about = "pytest and other runners of Python tests",
    entries = {
        {
            id = "pytest.fixture_missing", title = "There is no fixture '{fixture}'",
            match = [[fixture '(?<fixture>\w+)' not found]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "A test asks for the fixture `{fixture}`, which neither a conftest.py above it nor a plugin " ..
                "provides.",
            fix = "Install the plugin that brings it (mocker: pytest-mock, benchmark: pytest-benchmark, " ..
                "httpx_mock: pytest-httpx, client: pytest-django or pytest-flask), or move the fixture to a " ..
                "conftest.py of a folder above the test.",
            commands = { "python -m pytest --fixtures" },
            docs = { "https://docs.pytest.org/en/stable/how-to/fixtures.html" },
            examples = {
                matches = { "E       fixture 'mocker' not found" },
                rejects = { "available fixtures: cache, capfd, monkeypatch" },
            },
        },
        {
            id = "pytest.unrecognized_arguments", title = "pytest does not know {arguments}",
            match = [[(?:pytest|py\.test|__main__\.py|pytest\.py|]] ..
                [[-c): error: unrecognized arguments: (?<arguments>--?\S+)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The option `{arguments}` belongs to a plugin that is not installed in this job (--cov: " ..
                "pytest-cov, -n: pytest-xdist, --timeout: pytest-timeout, --reruns: pytest-rerunfailures); it may " ..
                "stand in `addopts`.",
            fix = "Add the plugin to the test requirements.",
            commands = { "python -m pip install pytest-cov" },
            docs = { "https://docs.pytest.org/en/stable/how-to/plugins.html" },
            examples = {
                matches = {
                    "pytest: error: unrecognized arguments: --cov=demo",
                    "__main__.py: error: unrecognized arguments: -n4",
                },
                rejects = { "usage: pytest [options] [file_or_dir] [file_or_dir] [...]" },
            },
        },
        {
            id = "pytest.no_tests", title = "pytest found no tests",
            match = [[(?<!=)=+ no tests (?:ran|collected) in [\d.]+s]],
            class = "code bug", severity = "error", priority = 58,
            cause = "pytest collected nothing and ends with exit code 5: the path or `-k`/`-m` expression fits no " ..
                "test, or the names do not follow `python_files`.",
            fix = "Run `pytest --collect-only` with the same arguments and see what is left out. If having no " ..
                "tests is fine here, accept exit code 5.",
            commands = { "python -m pytest --collect-only -q" },
            docs = { "https://docs.pytest.org/en/stable/reference/exit-codes.html" },
            examples = {
                matches = { "============================ no tests ran in 0.01s =============================" },
                rejects = { "============================ 3 passed in 0.01s =============================" },
            },
        },
        {
            id = "pytest.import_mismatch", title = "Two test files have the same module name",
            match = [[import file mismatch:]],
            class = "code bug", severity = "error", priority = 88,
            cause = "Two test modules of the same base name lie in folders without `__init__.py`, or stale .pyc " ..
                "files of another checkout are there.",
            fix = "Put an `__init__.py` into the test folders, rename one file, or use `--import-mode=importlib`; " ..
                "remove `__pycache__` if it was restored from a cache.",
            commands = { "find . -name __pycache__ -prune -exec rm -rf {} +" },
            docs = { "https://docs.pytest.org/en/stable/explanation/goodpractices.html" },
            examples = {
                matches = { "import file mismatch:" },
                rejects = { "import file matched" },
            },
        },
        {
            id = "pytest.conftest_import", title = "conftest.py could not be imported",
            match = [[ImportError while loading conftest '(?<file>[^']+)']],
            class = "code bug", severity = "error", priority = 70,
            cause = "pytest imports `{file}` before any test, and that failed; the reason is in the last line of " ..
                "the traceback below.",
            fix = "Mostly a module is not installed or the package itself is not on the path. Install the test " ..
                "requirements and the package (`pip install -e .`).",
            docs = {
                "https://docs.pytest.org/en/stable/reference/fixtures.html#conftest-py-sharing-fixtures-across-mul" ..
                    "tiple-files",
            },
            examples = {
                matches = { "ImportError while loading conftest '/home/runner/work/demo/demo/tests/conftest.py'." },
                rejects = { "rootdir: /home/runner/work/demo/demo, configfile: conftest.py" },
            },
        },
        {
            id = "pytest.collection_error", title = "{file} could not be collected",
            match = [[ERROR collecting (?<file>[\w./\\-]+\.py)]],
            class = "code bug", severity = "error", priority = 46,
            cause = "Importing the test file `{file}` raised an error, so none of its tests ran.",
            fix = "The exception stands at the end of this section; fix that.",
            commands = { "python -c 'import runpy; runpy.run_path(\"{file}\")'" },
            docs = { "https://docs.pytest.org/en/stable/how-to/failures.html" },
            examples = {
                matches = { "____________________ ERROR collecting tests/test_a.py ____________________" },
                rejects = { "collecting ... collected 3 items" },
            },
        },
        {
            id = "pytest.path_missing", title = "pytest cannot find {path}",
            match = [[ERROR: (?:file or directory not found|not found): (?<path>\S+)]],
            class = "code bug", severity = "error", priority = 90,
            cause = "The path or test id `{path}` given to pytest does not exist in this checkout.",
            fix = "Correct the path (it is taken from the step's working folder), or the test's name after `::`.",
            commands = { "git ls-files | grep -i test" },
            docs = { "https://docs.pytest.org/en/stable/how-to/usage.html" },
            examples = {
                matches = {
                    "ERROR: file or directory not found: test/unit",
                    "ERROR: not found: /home/runner/work/demo/demo/tests/test_a.py::test_gone",
                },
                rejects = { "ERROR: usage" },
            },
        },
        {
            id = "pytest.unknown_marker", title = "Marker '{marker}' is not registered",
            match = [['(?<marker>\w+)' not found in `markers` configuration option]],
            class = "code bug", severity = "error", priority = 82,
            cause = "With `--strict-markers` (or `--strict`), every marker must be declared, and `{marker}` is not.",
            fix = "Declare it under `markers` in pyproject.toml, pytest.ini or setup.cfg, or correct the spelling.",
            docs = { "https://docs.pytest.org/en/stable/how-to/mark.html" },
            examples = {
                matches = { "'slow' not found in `markers` configuration option" },
                rejects = { "PytestUnknownMarkWarning: Unknown pytest.mark.slow - is this a typo?" },
            },
        },
        {
            id = "pytest.timeout", title = "A test took longer than {seconds} s",
            match = [[Failed: Timeout \(?>(?<seconds>[\d.]+)s\)?]],
            class = "flaky", severity = "error", priority = 78,
            cause = "pytest-timeout ended a test after {seconds} s. The stack it printed shows where the test was " ..
                "waiting.",
            fix = "See what the test waits for: a port, a lock, a service that never came up. If it is only slow " ..
                "on shared runners, give it `@pytest.mark.timeout`.",
            commands = { "python -m pytest --durations=20" },
            docs = { "https://github.com/pytest-dev/pytest-timeout" },
            examples = {
                matches = {
                    "E       Failed: Timeout (>10.0s) from pytest-timeout.",
                    "E       Failed: Timeout >1.0s",
                },
                rejects = { "timeout: 10.0s" },
            },
        },
        {
            id = "pytest.worker_crashed", title = "A pytest-xdist worker died",
            match = [[(?:worker '(?<worker>gw\d+)' crashed while running '(?<test>[^']+)'|]] ..
                [[\[gw\d+\] node down: Not properly terminated)]],
            class = "flaky", severity = "error", priority = 76,
            cause = "The process that ran the test ended without a word: a crash in an extension, `os._exit`, or " ..
                "the kernel took its memory away.",
            fix = "Run that test alone with `-p no:xdist -X faulthandler`. If memory is short, use fewer workers " ..
                "(`-n 2`).",
            commands = { "python -X faulthandler -m pytest -p no:xdist" },
            docs = { "https://pytest-xdist.readthedocs.io/en/stable/crash.html" },
            examples = {
                matches = {
                    "worker 'gw1' crashed while running 'tests/test_a.py::test_big'",
                    "[gw0] node down: Not properly terminated",
                },
                rejects = { "[gw0] linux -- Python 3.11.7" },
            },
        },
        {
            id = "pytest.async_plugin", title = "Asynchronous tests need a plugin",
            match = [[async def functions are not natively supported]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "pytest met `async def` tests and has no plugin for them in this job.",
            fix = "Install pytest-asyncio (and mark the tests, or set `asyncio_mode = auto`), or anyio's plugin.",
            commands = { "python -m pip install pytest-asyncio" },
            docs = { "https://pytest-asyncio.readthedocs.io/en/stable/" },
            examples = {
                matches = { "async def functions are not natively supported." },
                rejects = { "plugins: asyncio-0.23.5" },
            },
        },
        {
            id = "pytest.internal_error", title = "pytest itself failed",
            match = [[INTERNALERROR> (?<message>[A-Za-z_.]*(?:Error|Exception|Exit)[^:]*: .{1,200})]],
            class = "code bug", severity = "error", priority = 68,
            cause = "An exception in pytest, a plugin or a conftest.py hook stopped the run: {message}",
            fix = "The frames marked INTERNALERROR name the plugin. Pin the version of the last green run, or run " ..
                "with `-p no:NAME` to be sure.",
            commands = { "python -m pytest -p no:cacheprovider" },
            docs = { "https://docs.pytest.org/en/stable/how-to/plugins.html" },
            examples = {
                matches = { "INTERNALERROR> AttributeError: 'Session' object has no attribute 'x'" },
                rejects = { "INTERNALERROR> Traceback (most recent call last):" },
            },
        },
        {
            id = "pytest.assertion", title = "An assertion of a test does not hold",
            match = [[^E\s+(?<message>assert .{1,200}|AssertionError.{0,200})]],
            class = "code bug", severity = "error", priority = 50,
            cause = "A test compared what it got with what it expected: `{message}`.",
            fix = "The lines marked `E` and the `>` line above show both sides. If the code is right, the test " ..
                "must follow; if only one platform or version fails, look at what differs there.",
            commands = { "python -m pytest --lf -x" },
            docs = { "https://docs.pytest.org/en/stable/how-to/assert.html" },
            examples = {
                matches = { "E       assert 2 == 3", "E   AssertionError: expected call not found." },
                rejects = { "E       fixture 'mocker' not found" },
            },
        },
        {
            id = "pytest.hypothesis_flaky", title = "Hypothesis: the same input does not give the same result",
            match = [[hypothesis\.errors\.(?<kind>Flaky\w*|DeadlineExceeded|FailedHealthCheck)\b]],
            class = "flaky", severity = "error", priority = 80,
            cause = "Hypothesis raised {kind}. A deadline means that one example was slower than 200 ms, which " ..
                "shared runners are at times; Flaky means that the test depends on something besides its input.",
            fix = "Use a profile for CI without deadline (`settings.register_profile(\"ci\", deadline=None)`), " ..
                "and remove hidden state (time, order, globals) from the test.",
            docs = { "https://hypothesis.readthedocs.io/en/latest/" },
            examples = {
                matches = {
                    "hypothesis.errors.DeadlineExceeded: Test took 312.41ms, which exceeds the deadline of 200.00ms",
                },
                rejects = { "import hypothesis.errors" },
            },
        },
        {
            id = "python.coverage_too_low", title = "Coverage is below the limit",
            match = [[(?:FAIL Required test coverage of (?<wanted>[\d.]+)% not reached\. Total coverage: ]] ..
                [[(?<actual>[\d.]+)%|Coverage failure: total of (?<total>[\d.]+) is less than ]] ..
                [[fail-under=(?<limit>[\d.]+))]],
            class = "code bug", severity = "error", priority = 44,
            cause = "All tests may have passed; the run failed because less of the code is covered than the " ..
                "configuration demands.",
            fix = "Add tests for the new code (`coverage report -m` lists the missing lines), or, deliberately, " ..
                "change `fail_under`. With a matrix, combine the data of all jobs before judging it.",
            commands = { "coverage report --show-missing --skip-covered" },
            docs = { "https://coverage.readthedocs.io/en/latest/config.html#report-fail-under" },
            examples = {
                matches = {
                    "FAIL Required test coverage of 90% not reached. Total coverage: 85.71%",
                    "Coverage failure: total of 57 is less than fail-under=80",
                },
                rejects = { "Required test coverage of 90% reached. Total coverage: 95.00%" },
            },
        },
    },
}
