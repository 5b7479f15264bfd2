-- Python: what older or newer versions no longer or not yet have.

-- What to write in place of what was removed.
local REPLACEMENTS = {
    ["inspect.getargspec"] = "`inspect.getfullargspec` or `inspect.signature`",
    ["inspect.formatargspec"] = "`inspect.signature`",
    ["pkgutil.ImpImporter"] = "a newer setuptools and pip: `python -m pip install -U pip setuptools`",
    ["asyncio.coroutine"] = "`async def`",
    ["unittest.makeSuite"] = "`unittest.defaultTestLoader.loadTestsFromTestCase`",
    ["ssl.wrap_socket"] = "`ssl.SSLContext.wrap_socket`",
    ["ssl.match_hostname"] = "nothing: `SSLContext` checks host names itself",
    ["time.clock"] = "`time.perf_counter`",
    ["cgi.escape"] = "`html.escape`",
    ["fractions.gcd"] = "`math.gcd`",
    ["platform.linux_distribution"] = "the `distro` package",
    ["ast.Str"] = "`ast.Constant`",
    ["ast.Num"] = "`ast.Constant`",
    ["locale.format"] = "`locale.format_string`",
    ["gettext.lgettext"] = "`gettext.gettext`",
    ["base64.encodestring"] = "`base64.encodebytes`",
    ["base64.decodestring"] = "`base64.decodebytes`",
    ["typing.io"] = "`typing.IO`",
    ["importlib.find_loader"] = "`importlib.util.find_spec`",
    ["configparser.SafeConfigParser"] = "`configparser.ConfigParser`",
}

return {
    about = "Python: what older or newer versions no longer or not yet have",
    entries = {
        {
            id = "python.distutils_removed", title = "distutils is gone since Python 3.12",
            match = [[No module named '?distutils(?:\.[\w.]+)?'?]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "Something imports `distutils`, which Python 3.12 removed. Often it is an old setup.py or " ..
                "build tool, such as numpy.distutils or node-gyp before 10.",
            fix = "Install setuptools, which brings a replacement, update the package that imports it, or stay on " ..
                "Python 3.11 until it is fixed.",
            commands = { "python -m pip install -U setuptools" },
            docs = { "https://docs.python.org/3/whatsnew/3.12.html#distutils" },
            examples = {
                matches = {
                    "ModuleNotFoundError: No module named 'distutils'",
                    "ModuleNotFoundError: No module named 'distutils.msvccompiler'",
                },
                rejects = { "DeprecationWarning: The distutils package is deprecated and slated for removal" },
            },
        },
        {
            id = "python.stdlib_module_removed", title = "Module '{module}' left the standard library",
            match = [[No module named '(?<module>imp|asyncore|asynchat|smtpd|cgi|cgitb|telnetlib|pipes|crypt|]] ..
                [[imghdr|sndhdr|audioop|nntplib|xdrlib|aifc|chunk|uu|spwd|nis|mailcap|msilib|ossaudiodev|sunau|]] ..
                [[lib2to3|parser|symbol|formatter|binhex)']],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "`{module}` was part of the standard library and was removed (3.12 took imp, asyncore, " ..
                "asynchat and smtpd; 3.13 the deprecated ones such as cgi, telnetlib and pipes). The interpreter " ..
                "is newer than the code.",
            fix = "Update the dependency that imports `{module}`, or install its replacement from PyPI (for " ..
                "example legacy-cgi, audioop-lts, standard-telnetlib). Until then pin an older Python in this job.",
            docs = { "https://peps.python.org/pep-0594/", "https://docs.python.org/3/whatsnew/3.12.html#removed" },
            examples = {
                matches = {
                    "ModuleNotFoundError: No module named 'imp'",
                    "ModuleNotFoundError: No module named 'cgi'",
                },
                rejects = {
                    "ModuleNotFoundError: No module named 'important'",
                    "ModuleNotFoundError: No module named 'cgi.x'",
                },
            },
        },
        {
            id = "python.pkg_resources_missing", title = "pkg_resources is not there",
            match = [[No module named '?(?:pkg_resources|setuptools)(?:\.[\w.]+)?'?]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "The code needs setuptools, but the environment has none: virtual environments of Python 3.12 " ..
                "and newer come without, and setuptools 82 no longer has pkg_resources.",
            fix = "Declare setuptools where it is needed (`build-system.requires`, or the requirements), pinned " ..
                "below 82 if pkg_resources is used at run time; better, move to importlib.metadata and " ..
                "importlib.resources.",
            commands = { "python -m pip install 'setuptools<82'" },
            docs = { "https://setuptools.pypa.io/en/latest/pkg_resources.html" },
            examples = {
                matches = {
                    "ModuleNotFoundError: No module named 'pkg_resources'",
                    "ModuleNotFoundError: No module named 'setuptools'",
                },
                rejects = { "UserWarning: pkg_resources is deprecated as an API." },
            },
        },
        {
            id = "python.collections_abc", title = "Abstract classes moved to collections.abc",
            match = [[(?:cannot import name '(?<name>\w+)' from 'collections'|]] ..
                [[module 'collections' has no attribute '(?<attribute>[A-Z]\w+)')]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "Python 3.10 no longer has the abstract classes (Mapping, Iterable, Callable …) in " ..
                "`collections`; they are in `collections.abc`. Mostly an old dependency imports them.",
            fix = "Update the package at the top of the traceback. In your own code import from `collections.abc`.",
            docs = { "https://docs.python.org/3/whatsnew/3.10.html#removed" },
            examples = {
                matches = {
                    "ImportError: cannot import name 'Mapping' from 'collections' " ..
                        "(/usr/lib/python3.10/collections/__init__.py)",
                    "AttributeError: module 'collections' has no attribute 'Callable'",
                },
                rejects = { "ImportError: cannot import name 'x' from 'collections_extended' (/x.py)" },
            },
        },
        {
            id = "python.attribute_removed", title = "{module}.{attribute} was removed from Python",
            match = [[AttributeError: module '(?<module>inspect|pkgutil|asyncio|unittest|ssl|time|cgi|fractions|]] ..
                [[platform|ast|locale|gettext|base64|typing|importlib|configparser|gc|array|string|os|]] ..
                [[threading)' has no attribute '(?<attribute>getargspec|formatargspec|ImpImporter|coroutine|]] ..
                [[async|makeSuite|wrap_socket|match_hostname|clock|escape|gcd|linux_distribution|dist|Str|Num|]] ..
                [[NameConstant|format|lgettext|encodestring|decodestring|io|find_loader|SafeConfigParser|]] ..
                [[get_event_loop_policy|errno|getcwdu|letters|maketrans)']],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "`{module}.{attribute}` existed in older Pythons and was removed. The interpreter of this job " ..
                "is newer than the code or the dependency that uses it.",
            fix = "Update the package at the top of the traceback, or replace the call. Until then pin the older " ..
                "Python.",
            docs = { "https://docs.python.org/3/whatsnew/index.html" },
            suggest = function(captures)
                local instead = REPLACEMENTS[captures.module .. "." .. captures.attribute]
                if instead then return "Use " .. instead .. "." end
            end,
            examples = {
                matches = {
                    "AttributeError: module 'inspect' has no attribute 'getargspec'. Did you mean: 'getargs'?",
                    "AttributeError: module 'pkgutil' has no attribute 'ImpImporter'. Did you mean: 'zipimporter'?",
                    "AttributeError: module 'time' has no attribute 'clock'",
                },
                rejects = { "AttributeError: module 'mypackage' has no attribute 'clock'" },
            },
        },
        {
            id = "python.module_attribute", title = "{module} has no '{attribute}'",
            match = [[AttributeError: module '(?<module>[\w.]+)' has no attribute '(?<attribute>\w+)']],
            class = "version mismatch", severity = "error", priority = 66,
            cause = "The installed `{module}` has no `{attribute}`: a newer or older version than the code was " ..
                "written for, or a local file named like the module.",
            fix = "Compare the installed version with the last green run, and pin it or adapt the code. Print " ..
                "`{module}.__file__` to see which file was imported.",
            commands = { "python -c 'import {module}; print({module}.__file__)'", "python -m pip freeze" },
            docs = { "https://docs.python.org/3/library/exceptions.html#AttributeError" },
            examples = {
                matches = { "AttributeError: module 'pandas' has no attribute 'Panel'" },
                rejects = { "AttributeError: 'Response' object has no attribute 'panel'" },
            },
        },
        {
            id = "python.unexpected_keyword", title = "{function}() does not know the argument '{argument}'",
            match = [[TypeError: (?<function>[\w.<>]+)\(\) got an unexpected keyword argument '(?<argument>\w+)']],
            class = "version mismatch", severity = "error", priority = 68,
            cause = "`{function}` takes no `{argument}`. When neither side was changed here, a dependency was " ..
                "updated: one package passes an argument that the other's installed version no longer or not yet " ..
                "takes.",
            fix = "See which two packages meet in the last two frames, and pin the one that changed. Compare `pip " ..
                "freeze` with that of the last green run.",
            commands = { "python -m pip freeze" },
            docs = { "https://docs.python.org/3/library/exceptions.html#TypeError" },
            examples = {
                matches = { "TypeError: Client.__init__() got an unexpected keyword argument 'proxies'" },
                rejects = { "TypeError: f() missing 1 required positional argument: 'x'" },
            },
        },
        {
            id = "python.type_union_too_old", title = "`X | None` needs Python 3.10",
            match = [[TypeError: unsupported operand type\(s\) for \|: '(?:type|_GenericAlias|ABCMeta|EnumMeta|]] ..
                [[EnumType|types\.GenericAlias|_SpecialForm|NoneType)' and ']],
            class = "matrix gap", severity = "error", priority = 88,
            cause = "An annotation such as `int | None` is evaluated by a Python older than 3.10, which does not " ..
                "know it.",
            fix = "Put `from __future__ import annotations` at the top of the file, or write `Optional[int]`. If " ..
                "the old version is not supported any more, take it out of the matrix and raise `requires-python`.",
            docs = { "https://peps.python.org/pep-0604/" },
            examples = {
                matches = { "TypeError: unsupported operand type(s) for |: 'type' and 'NoneType'" },
                rejects = { "TypeError: unsupported operand type(s) for |: 'str' and 'int'" },
            },
        },
        {
            id = "python.generic_alias_too_old", title = "`list[int]` needs Python 3.9",
            match = [[TypeError: '(?:type|ABCMeta|_?[A-Z]\w+Meta)' object is not subscriptable]],
            class = "matrix gap", severity = "error", priority = 86,
            cause = "An annotation such as `list[int]` or `dict[str, int]` runs on Python 3.8 or older, where " ..
                "built-in types cannot be subscripted.",
            fix = "Use `typing.List` and its like or `from __future__ import annotations`, or drop the old Python " ..
                "from the matrix and say so in `requires-python`.",
            docs = { "https://peps.python.org/pep-0585/" },
            examples = {
                matches = {
                    "TypeError: 'type' object is not subscriptable",
                    "E   TypeError: 'ABCMeta' object is not subscriptable",
                },
                rejects = { "TypeError: 'NoneType' object is not subscriptable" },
            },
        },
        {
            id = "python.mutable_default", title = "Mutable default of the dataclass field {field}",
            match = [[ValueError: mutable default <class '(?<type>[\w.]+)'> for field (?<field>\w+) is not allowed]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "A dataclass gives the field `{field}` an unhashable default of `{type}`. Python 3.11 refuses " ..
                "more of these than 3.10 did (everything without `__hash__`).",
            fix = "Write `field(default_factory=…)`. If the class belongs to a dependency, update it.",
            docs = { "https://docs.python.org/3/library/dataclasses.html#mutable-default-values" },
            examples = {
                matches = {
                    "ValueError: mutable default <class 'list'> for field items is not allowed: use default_factory",
                },
                rejects = { "ValueError: mutable sequence expected" },
            },
        },
        {
            id = "python.print_statement", title = "Python 2 code run by Python 3",
            match = [[SyntaxError: (?:Missing parentheses in call to '(?<word>print|exec)'|]] ..
                [[multiple exception types must be parenthesized)]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "The file is written for Python 2, and a Python 3 runs or byte-compiles it.",
            fix = "Take a version of the package for Python 3, or port the file (`python -m lib2to3`, `2to3`). If " ..
                "Python 2 is really meant, call it by name in a container that has it.",
            docs = { "https://docs.python.org/3/howto/pyporting.html" },
            examples = {
                matches = { "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?" },
                rejects = { "SyntaxError: invalid syntax" },
            },
        },
    },
}
