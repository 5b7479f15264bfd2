-- Tox, Poetry, uv, conda, Django and publishing to PyPI.

return {
    about = "tox, Poetry, uv, conda, Django and publishing to PyPI",
    entries = {
        {
            id = "tox.interpreter_missing", title = "tox finds no interpreter {python}",
            match = [[(?:InterpreterNotFound:|could not find python interpreter with spec\(s\):) (?<python>\S+)]],
            class = "matrix gap", severity = "error", priority = 88,
            cause = "An environment of tox needs a Python that is not installed in this job. With " ..
                "`skip_missing_interpreters` it is skipped, otherwise it fails.",
            fix = "Install it with setup-python in the same job, or let each matrix job run only its own " ..
                "environment (tox-gh, tox-gh-actions).",
            docs = { "https://tox.wiki/en/latest/config.html#skip_missing_interpreters" },
            examples = {
                matches = {
                    "ERROR: InterpreterNotFound: python3.9",
                    "py39: skipped because could not find python interpreter with spec(s): py39",
                },
                rejects = { "py311: OK" },
            },
        },
        {
            id = "poetry.lock_outdated", title = "poetry.lock does not belong to pyproject.toml",
            match = [[(?:pyproject\.toml changed significantly since poetry\.lock was last generated|]] ..
                [[poetry\.lock is not up to date with pyproject\.toml)]],
            class = "code bug", severity = "error", priority = 95,
            cause = "pyproject.toml was changed and poetry.lock was not committed with it.",
            fix = "Run `poetry lock` with the same Poetry version as this job and commit the file.",
            commands = { "poetry lock", "poetry check --lock" },
            docs = { "https://python-poetry.org/docs/cli/#lock" },
            examples = {
                matches = {
                    "pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` " ..
                        "to fix the lock file.",
                    "Error: poetry.lock is not up to date with pyproject.toml. Run `poetry lock [--no-update]` to " ..
                        "fix it.",
                },
                rejects = { "Installing dependencies from lock file" },
            },
        },
        {
            id = "poetry.solving_failed", title = "Poetry finds no versions that fit together",
            match = [[(?:\([<>=^~!*\d][^)]{0,80}\).{0,400}version solving failed\.|]] ..
                [[The current project's (?:supported Python range|]] ..
                [[Python requirement) \((?<range>[^)]+)\) is not compatible)]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "The requirements contradict each other, or the project's Python range is wider than that of " ..
                "a dependency.",
            fix = "Read the \"Because\" lines. Mostly the project's `python` must be narrowed (`>=3.9,<3.13`), or " ..
                "one pin loosened.",
            docs = { "https://python-poetry.org/docs/faq/" },
            examples = {
                matches = {
                    "So, because demo depends on numpy (>=2), version solving failed.",
                    "The current project's supported Python range (>=3.8) is not compatible with some of the " ..
                        "required packages Python requirement:",
                },
                rejects = { "Resolving dependencies... (0.4s)",
                    "Because shop depends on http ^1.0.0, version solving failed." },
            },
        },
        {
            id = "pipenv.lock_outdated", title = "Pipfile.lock is out of date",
            match = [[Your Pipfile\.lock \((?<actual>\w+)\) is out of date\.? ?Expected: \((?<wanted>\w+)\)]],
            class = "code bug", severity = "error", priority = 92,
            cause = "Pipfile changed after Pipfile.lock was made, and `pipenv install --deploy` refuses that.",
            fix = "Run `pipenv lock` and commit both files.",
            commands = { "pipenv lock" },
            docs = { "https://pipenv.pypa.io/en/latest/" },
            examples = {
                matches = { "Your Pipfile.lock (2f3c4d) is out of date. Expected: (a1b2c3)." },
                rejects = { "Installing dependencies from Pipfile.lock (2f3c4d)..." },
            },
        },
        {
            id = "uv.no_solution", title = "uv finds no versions that fit together",
            match = [[No solution found when resolving (?<what>dependencies|tool dependencies|]] ..
                [[script dependencies|build dependencies|[\w ]+)]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "The requirements contradict each other, or no version fits this Python; the \"Because\" " ..
                "lines below say which.",
            fix = "Loosen the pin that they name, or raise `requires-python`. A package that lives on another " ..
                "index needs `--index`.",
            commands = { "uv pip compile pyproject.toml" },
            docs = { "https://docs.astral.sh/uv/concepts/resolution/" },
            examples = {
                matches = { "  × No solution found when resolving dependencies:" },
                rejects = { "Resolved 12 packages in 3ms" },
            },
        },
        {
            id = "uv.lock_outdated", title = "uv.lock needs to be updated",
            match = [[The lockfile at `(?<file>[^`]+)` needs to be updated, but `?--(?<flag>locked|frozen)]],
            class = "code bug", severity = "error", priority = 95,
            cause = "pyproject.toml changed and `{file}` was not committed with it.",
            fix = "Run `uv lock` and commit the file.",
            commands = { "uv lock" },
            docs = { "https://docs.astral.sh/uv/concepts/projects/sync/" },
            examples = {
                matches = {
                    "error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided. To update " ..
                        "the lockfile, run `uv lock`.",
                },
                rejects = { "warning: `uv.lock` was ignored" },
            },
        },
        {
            id = "uv.no_environment", title = "uv pip has no environment to install into",
            match = [[No virtual environment found(?:;| for| at) .{0,80}]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "`uv pip` installs only into a virtual environment unless told otherwise, and there is none.",
            fix = "Create one (`uv venv`), or pass `--system` (`UV_SYSTEM_PYTHON=1`), which is fine on a " ..
                "throw-away runner.",
            commands = { "uv venv && uv pip install -r requirements.txt" },
            docs = { "https://docs.astral.sh/uv/pip/environments/" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Install into the interpreter of setup-python",
                yaml = "env:\n" ..
                    "  UV_SYSTEM_PYTHON: '1'\n",
            },
            examples = {
                matches = {
                    "error: No virtual environment found; run `uv venv` to create an environment, or pass " ..
                        "`--system` to install into a non-virtual environment",
                },
                rejects = { "Using virtual environment at .venv" },
            },
        },
        {
            id = "conda.unsatisfiable", title = "conda finds no packages that fit together",
            match = [[(?:PackagesNotFoundError: The following packages are not available|]] ..
                [[LibMambaUnsatisfiableError: |UnsatisfiableError: The following specifications|]] ..
                [[nothing provides (?<name>\S+) needed by)]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "A package is not in the configured channels for this platform, or the pins contradict each " ..
                "other.",
            fix = "Check the name and platform on anaconda.org, add the channel (mostly conda-forge), and loosen " ..
                "pins with build strings, which differ by platform.",
            commands = { "conda search -c conda-forge NAME" },
            docs = { "https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-channels.html" },
            examples = {
                matches = {
                    "PackagesNotFoundError: The following packages are not available from current channels:",
                    "LibMambaUnsatisfiableError: Encountered problems while solving:",
                },
                rejects = { "Solving environment: ...working... done" },
            },
        },
        {
            id = "conda.http_error", title = "conda could not reach its channel",
            match = [[CondaHTTPError: HTTP (?<status>\d{3}) (?<why>.{1,60}?) for url <(?<url>[^>]+)>]],
            class = "flaky", severity = "error", priority = 74,
            cause = "A download from {url} failed with {status} ({why}).",
            fix = "000 and 5xx pass with a retry (`conda config --set remote_max_retries 6`); 404 means a channel " ..
                "that does not exist, 403 one that wants credentials.",
            commands = { "conda config --set remote_max_retries 6" },
            docs = { "https://docs.conda.io/projects/conda/en/stable/user-guide/configuration/settings.html" },
            examples = {
                matches = {
                    "CondaHTTPError: HTTP 000 CONNECTION FAILED for url " ..
                        "<https://repo.anaconda.com/pkgs/main/linux-64/current_repodata.json>",
                },
                rejects = { "HTTP 200 OK" },
            },
        },
        {
            id = "django.improperly_configured", title = "Django's settings are incomplete",
            match = [[django\.core\.exceptions\.ImproperlyConfigured: (?<message>.{1,200})]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "Django refused its settings: {message}",
            fix = "Set DJANGO_SETTINGS_MODULE and the variables that the settings read (SECRET_KEY, DATABASE_URL) " ..
                "in the job's `env`. In runs from forks, secrets are empty: give tests a default.",
            docs = { "https://docs.djangoproject.com/en/stable/topics/settings/" },
            examples = {
                matches = {
                    "django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.",
                },
                rejects = { "from django.core.exceptions import ImproperlyConfigured" },
            },
        },
        {
            id = "django.migrations_missing", title = "Models were changed without a migration",
            match = [[(?:Your models in app\(s\): .{1,120} have changes that are not yet reflected in a ]] ..
                [[migration|^Migrations for '(?<app>\w+)':)]],
            class = "code bug", severity = "error", priority = 84,
            cause = "`makemigrations --check` found model changes without a migration.",
            fix = "Run `python manage.py makemigrations` and commit the file.",
            commands = { "python manage.py makemigrations --check --dry-run" },
            docs = { "https://docs.djangoproject.com/en/stable/ref/django-admin/#makemigrations" },
            examples = {
                matches = {
                    "Your models in app(s): 'shop' have changes that are not yet reflected in a migration, and so " ..
                        "won't be applied.",
                    "Migrations for 'shop':",
                },
                rejects = { "Running migrations:" },
            },
        },
        {
            id = "python.event_loop", title = "asyncio has no event loop here",
            match = [[RuntimeError: (?:There is no current event loop in thread '(?<thread>[^']+)'|]] ..
                [[Event loop is closed|asyncio\.run\(\) cannot be called from a running event loop|]] ..
                [[This event loop is already running)]],
            class = "version mismatch", severity = "error", priority = 76,
            cause = "Code asks for an event loop outside of one, or uses one that was closed. Python 3.14 no " ..
                "longer makes a loop on request, 3.12 warned; test plugins close theirs after each test.",
            fix = "Use `asyncio.run()` or `asyncio.get_running_loop()`, make sessions and locks inside the " ..
                "running loop, and update the async test plugin.",
            docs = { "https://docs.python.org/3/library/asyncio-eventloop.html" },
            examples = {
                matches = {
                    "RuntimeError: There is no current event loop in thread 'MainThread'.",
                    "RuntimeError: Event loop is closed",
                },
                rejects = { "event loop started" },
            },
        },
        {
            id = "pypi.file_exists", title = "This version is on PyPI already",
            match = [[(?:File already exists|This filename has already been used).{0,200}|]] ..
                [[HTTPError: 400 .{0,80}upload\.pypi\.org.{0,80}]],
            class = "code bug", severity = "error", priority = 94,
            cause = "A file of this name was uploaded before; PyPI never lets one be replaced, not even after it " ..
                "was deleted.",
            fix = "Raise the version and release again. To let a repeated run pass, use `--skip-existing` " ..
                "(`skip-existing: true`).",
            docs = { "https://pypi.org/help/#file-name-reuse" },
            patch = {
                file = ".github/workflows/release.yml",
                description = "Pass over files that are published already",
                yaml = "- uses: pypa/gh-action-pypi-publish@release/v1\n" ..
                    "  with:\n" ..
                    "    skip-existing: true\n",
            },
            examples = {
                matches = {
                    "HTTPError: 400 Bad Request from https://upload.pypi.org/legacy/",
                    "         File already exists ('demo-1.0-py3-none-any.whl', with blake2_256 hash 'ab').",
                },
                rejects = { "Uploading demo-1.0-py3-none-any.whl" },
            },
        },
        {
            id = "pypi.forbidden", title = "PyPI refuses the upload",
            match = [[(?:Invalid or non-existent authentication information|HTTPError: 403 .{0,60}pypi\.org|]] ..
                [[Trusted publishing exchange failure|isn't allowed to upload to project '(?<project>[^']+)')]],
            class = "permission", severity = "error", priority = 93,
            cause = "The token is missing, expired, of another project, or the trusted publisher on PyPI names " ..
                "another repository, workflow file or environment.",
            fix = "For trusted publishing give the job `id-token: write` and compare owner, repository, file name " ..
                "and environment with PyPI's settings. For tokens, the user is `__token__`.",
            docs = { "https://docs.pypi.org/trusted-publishers/troubleshooting/" },
            patch = {
                file = ".github/workflows/release.yml",
                description = "Let the job ask for an identity token",
                yaml = "permissions:\n" ..
                    "  id-token: write\n" ..
                    "  contents: read\n",
            },
            examples = {
                matches = {
                    "Invalid or non-existent authentication information. See https://pypi.org/help/#invalid-auth " ..
                        "for more information.",
                    "Trusted publishing exchange failure:",
                },
                rejects = { "Uploading distributions to https://upload.pypi.org/legacy/" },
            },
        },
    },
}
