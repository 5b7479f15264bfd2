-- Node.js: modules, versions and memory.

-- The versions of Node in which these became globals.
local GLOBALS_SINCE = {
    fetch = "18", Headers = "18", Request = "18", Response = "18", FormData = "18", structuredClone = "17",
    crypto = "19", File = "20", CustomEvent = "19", WebSocket = "22", navigator = "21", ReadableStream = "18",
    BroadcastChannel = "18", AbortController = "15", globalThis = "12",
}

return {
    about = "Node.js: modules, versions and memory",
    entries = {
        {
            id = "node.module_not_found", title = "Node cannot find '{module}'",
            match = [[Error: Cannot find module '(?<module>[^']+)']],
            class = "missing setup", severity = "error", priority = 76,
            cause = "`require` found no `{module}`. A bare name is a package that is not installed here; a path " ..
                "is a file that is not there (not built, not committed, or another spelling: only on Linux " ..
                "do upper and lower case differ).",
            fix = "For a package, add it to package.json and let `npm ci` run before this step. For a file, build " ..
                "first, and compare the case of the name with `git ls-files`.",
            commands = { "npm ls {module}" },
            docs = { "https://nodejs.org/api/modules.html" },
            suggest = function(captures)
                if captures.module:match("^[./]") or captures.module:match("^%a:\\") then
                    return "It is a path: look whether the file is committed, or made by a build step that did not run."
                elseif captures.module:match("^@rollup/rollup%-") or captures.module:match("^@esbuild/") then
                    return "It is an optional package for one platform: the lock file was made on another. " ..
                        "Remove node_modules and package-lock.json, install again, and commit the new lock file."
                end
            end,
            examples = {
                matches = { "Error: Cannot find module 'express'", "Error: Cannot find module './dist/index.js'" },
                rejects = { "Error: Cannot find the module" },
            },
        },
        {
            id = "node.esm_module_not_found", title = "Node cannot find {module}",
            match = [[\[ERR_MODULE_NOT_FOUND\]: Cannot find (?<kind>package|module) '(?<module>[^']+)']],
            class = "missing setup", severity = "error", priority = 77,
            cause = "An `import` found no {kind} `{module}`. Unlike `require`, imports of files need the " ..
                "extension (`./a.js`).",
            fix = "Install the package, build the file first, or write the full file name with its extension.",
            docs = { "https://nodejs.org/api/esm.html#mandatory-file-extensions" },
            examples = {
                matches = {
                    "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'chalk' imported from " ..
                        "/home/runner/work/demo/demo/a.mjs",
                },
                rejects = { "code: 'ERR_MODULE_NOT_FOUND'" },
            },
        },
        {
            id = "node.require_esm", title = "A package is an ES module, but is loaded with require()",
            match = [[(?:\[ERR_REQUIRE_ESM\]: )?(?:require\(\) of ES Module |]] ..
                [[Must use import to load ES Module: )(?<file>\S+)]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "`{file}` is an ES module, and this Node (before 22.12) cannot `require` it. Usually a " ..
                "dependency became ESM-only in a new major version.",
            fix = "Pin the last major version with CommonJS (chalk 4, node-fetch 2, execa 5 …), use `await " ..
                "import()`, or raise Node to 22.12 or later.",
            docs = { "https://nodejs.org/api/errors.html#err_require_esm" },
            examples = {
                matches = {
                    "Error [ERR_REQUIRE_ESM]: require() of ES Module " ..
                        "/home/runner/work/demo/demo/node_modules/chalk/source/index.js from " ..
                        "/home/runner/work/demo/demo/a.js not supported.",
                    "Error [ERR_REQUIRE_ESM]: Must use import to load ES Module: /home/runner/work/demo/demo/b.mjs",
                },
                rejects = { "import chalk from 'chalk'" },
            },
        },
        {
            id = "node.import_outside_module", title = "An ES module is run as CommonJS",
            match = [[SyntaxError: (?:Cannot use import statement outside a module|Unexpected token '?export'?)]],
            class = "code bug", severity = "error", priority = 84,
            cause = "The file has `import` or `export`, but Node (or Jest) takes it for CommonJS: package.json " ..
                "has no `\"type\": \"module\"`, the name is not .mjs, or a dependency's ESM is not transformed.",
            fix = "Set `\"type\": \"module\"` or rename to .mjs. In Jest, transform the package " ..
                "(`transformIgnorePatterns`) or use its CommonJS build.",
            docs = { "https://nodejs.org/api/packages.html#determining-module-system" },
            examples = {
                matches = {
                    "SyntaxError: Cannot use import statement outside a module",
                    "SyntaxError: Unexpected token 'export'",
                },
                rejects = { "SyntaxError: Unexpected token '?'" },
            },
        },
        {
            id = "node.not_exported", title = "The package does not export that path",
            match = [[(?:\[ERR_PACKAGE_PATH_NOT_EXPORTED\]: Package subpath '(?<path>[^']+)' is not defined by ]] ..
                [["exports" in (?<file>\S+)|SyntaxError: The requested module '(?<module>[^']+)' does not ]] ..
                [[provide an export named '(?<name>[^']+)')]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "The code reaches into a package for something that its installed version does not export.",
            fix = "Import from the documented entry, or pin the version that had the path or name.",
            docs = { "https://nodejs.org/api/packages.html#exports" },
            examples = {
                matches = {
                    "Error [ERR_PACKAGE_PATH_NOT_EXPORTED]: Package subpath './lib/tokenize' is not defined by " ..
                        "\"exports\" in " ..
                        "/home/runner/work/demo/demo/node_modules/postcss-safe-parser/node_modules/postcss/package" ..
                        ".json",
                    "SyntaxError: The requested module 'lodash-es' does not provide an export named 'foo'",
                },
                rejects = { "\"exports\": { \".\": \"./index.js\" }" },
            },
        },
        {
            id = "node.heap_out_of_memory", title = "Node ran out of heap",
            match = [[(?:FATAL ERROR: .{0,80}|\] )?JavaScript heap out of memory]],
            class = "infrastructure", severity = "error", priority = 92,
            cause = "V8 reached its limit for the heap (2 to 4 GB, or less by the machine's memory) in a bundler, " ..
                "type checker or test run.",
            fix = "Raise it with NODE_OPTIONS=--max-old-space-size, staying below the runner's memory (16 GB on " ..
                "public, 7 GB on private repositories' hosted Linux runners). If the need grew suddenly, look for " ..
                "a leak; Jest: `--workerIdleMemoryLimit`.",
            commands = { "node -e 'console.log(v8.getHeapStatistics().heap_size_limit / 2**20)'" },
            docs = { "https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "More heap for Node",
                yaml = "env:\n" ..
                    "  NODE_OPTIONS: --max-old-space-size=6144\n",
            },
            examples = {
                matches = {
                    "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
                    "FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap " ..
                        "out of memory",
                    "FATAL ERROR: CALL_AND_RETRY_LAST Allocation failed - JavaScript heap out of memory",
                },
                rejects = { "heap limit 4096 MB" },
            },
        },
        {
            id = "node.openssl_unsupported", title = "An old bundler meets OpenSSL 3",
            match = [[error:0308010C:digital envelope routines::unsupported]],
            class = "version mismatch", severity = "error", priority = 94,
            cause = "Node 17 and later come with OpenSSL 3, which no longer has the MD4 hash that webpack 4 (and " ..
                "tools on it: older Angular, Vue CLI, react-scripts 4) uses.",
            fix = "Update to webpack 5, or stop-gap: NODE_OPTIONS=--openssl-legacy-provider, or Node 16.",
            docs = { "https://nodejs.org/en/blog/release/v17.0.0" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Stop-gap until webpack 5",
                yaml = "env:\n" ..
                    "  NODE_OPTIONS: --openssl-legacy-provider\n",
            },
            examples = {
                matches = { "Error: error:0308010C:digital envelope routines::unsupported" },
                rejects = {
                    "opensslErrorStack: [ 'error:03000086:digital envelope routines::initialization error' ]",
                },
            },
        },
        {
            id = "node.native_module_version", title = "A compiled module is of another Node version",
            match = [[(?:was compiled against a different Node\.js version using|]] ..
                [[Module version mismatch\. Expected \d+)]],
            class = "cache corruption", severity = "error", priority = 92,
            cause = "A native addon in node_modules was built for another Node; mostly node_modules was restored " ..
                "from a cache whose key lacks the Node version.",
            fix = "Rebuild (`npm rebuild`), and cache `~/.npm` (as setup-node does) instead of node_modules, or " ..
                "put the Node version into the key.",
            commands = { "npm rebuild" },
            docs = { "https://nodejs.org/en/about/previous-releases" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Cache downloads, not node_modules",
                yaml = "- uses: actions/setup-node@v4\n" ..
                    "  with:\n" ..
                    "    node-version: 20\n" ..
                    "    cache: npm\n" ..
                    "- run: npm ci\n",
            },
            examples = {
                matches = { "was compiled against a different Node.js version using" },
                rejects = { "NODE_MODULE_VERSION 115" },
            },
        },
        {
            id = "node.syntax_too_new", title = "This Node is too old for the syntax",
            match = [[SyntaxError: (?:Unexpected token '?(?<token>\?\?=|\|\|=|&&=|\?\.|\?|\.)'?$|]] ..
                [[Invalid or unexpected token|Unexpected identifier 'assert')]],
            class = "matrix gap", severity = "error", priority = 84,
            cause = "A file uses newer JavaScript than this Node has: `?.` and `??` came with 14, `??=` with 15, " ..
                "`#private in` with 16. Mostly a dependency dropped the old Node.",
            fix = "Raise Node in this job, or pin the dependency to a version for the old one. See its `engines`.",
            commands = { "node --version" },
            docs = { "https://node.green/" },
            examples = {
                matches = {
                    "SyntaxError: Unexpected token '?'",
                    "SyntaxError: Unexpected token '.'",
                    "SyntaxError: Unexpected token '??='",
                },
                rejects = { "SyntaxError: Unexpected token < in JSON at position 0" },
            },
        },
        {
            id = "node.json_is_html", title = "JSON was expected, something else came",
            match = [[(?:SyntaxError: )?(?:Unexpected token '?<'?,? (?:in JSON at position \d+|]] ..
                [["<.{0,80}is not valid JSON)|Unexpected end of JSON input|JSON\.parse: unexpected character)]],
            class = "flaky", severity = "error", priority = 72,
            cause = "A response or file that should be JSON begins with `<` (an HTML error page of a server or " ..
                "proxy), or is empty or cut short.",
            fix = "Print status and body of the request before parsing. If it is a file, look whether the step " ..
                "that writes it was interrupted.",
            commands = { "curl -sSi URL | head -20" },
            docs = { "https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Errors/JSON_bad_parse" },
            examples = {
                matches = {
                    "SyntaxError: Unexpected token < in JSON at position 0",
                    "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
                    "SyntaxError: Unexpected end of JSON input",
                },
                rejects = { "SyntaxError: Unexpected token '?'" },
            },
        },
        {
            id = "node.read_of_undefined", title = "Property of {value} was read",
            match = [[TypeError: Cannot (?<verb>read|set) propert(?:y|]] ..
                [[ies) (?:'(?<property>[^']+)' )?of (?<value>undefined|null)]],
            class = "code bug", severity = "error", priority = 62,
            cause = "The code took an object for granted where {value} came.",
            fix = "The first frame below that is not in node_modules names the place. Look at where the value " ..
                "comes from: missing data, variable or an update of a library that returns another shape.",
            docs = { "https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Errors/Unexpected_type" },
            examples = {
                matches = {
                    "TypeError: Cannot read properties of undefined (reading 'map')",
                    "TypeError: Cannot read property 'map' of undefined",
                },
                rejects = { "TypeError: Failed to fetch" },
            },
        },
        {
            id = "node.reference_error", title = "{name} is not defined",
            match = [[ReferenceError: (?<name>[\w$]+) is not defined]],
            class = "code bug", severity = "error", priority = 64,
            cause = "Nothing of the name `{name}` is in scope: a misspelling, a global of another environment " ..
                "(browser, Jest, ES modules have no `require` or `__dirname`), or one that this Node is too old for.",
            fix = "Import it, choose the right environment for the tests, or raise Node.",
            commands = { "node --version" },
            docs = { "https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Errors/Not_defined" },
            suggest = function(captures)
                local since = GLOBALS_SINCE[captures.name]
                if since then return "`" .. captures.name .. "` is a global since Node " .. since .. "." end
                if captures.name == "document" or captures.name == "window" then
                    return "It belongs to browsers: choose the environment `jsdom` for these tests."
                end
            end,
            examples = {
                matches = { "ReferenceError: fetch is not defined", "ReferenceError: document is not defined" },
                rejects = { "error TS2304: Cannot find name 'fetch'." },
            },
        },
        {
            id = "node.type_error", title = "{what} is not a function",
            match = [[TypeError: (?<what>[\w$.()\[\]"' ]{1,80}) is not a (?:function|constructor)]],
            class = "code bug", severity = "error", priority = 56,
            cause = "`{what}` exists but cannot be called: another version of a package exports something else, a " ..
                "default import meets a CommonJS module, or it is misspelt.",
            fix = "Print what was imported, and compare the installed version (`npm ls`) with the last green run.",
            commands = { "npm ls --depth=0" },
            docs = { "https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Errors/Not_a_function" },
            examples = {
                matches = { "TypeError: util.isArray is not a function", "TypeError: Foo is not a constructor" },
                rejects = { "TypeError: Cannot read properties of undefined (reading 'map')" },
            },
        },
        {
            id = "node.uncaught", title = "A Node program ended with {type}",
            match = {
                [[^(?:Uncaught )?(?<type>(?:\w*Error)(?: \[\w+\])?): (?<message>\S.{0,200})]],
                [[^Node\.js v(?<version>\d+\.\d+\.\d+)]],
            },
            within = 40,
            class = "code bug", severity = "error", priority = 40,
            cause = "An error that nobody caught: {message}",
            fix = "The first frame below the message that is in the project's own code is where to look.",
            docs = { "https://nodejs.org/api/errors.html" },
            examples = {
                matches = {
                    "Error: no stock\n    at Object.<anonymous> (/home/runner/work/demo/demo/a.js:1:7)\n\nNode.js " ..
                        "v20.20.2",
                },
                rejects = { "Error: no stock\n    at Object.<anonymous> (/home/runner/work/demo/demo/a.js:1:7)" },
            },
        },
        {
            id = "node.unhandled_rejection", title = "A promise was rejected and nobody caught it",
            match = [[(?:UnhandledPromiseRejection: This error originated either by|]] ..
                [[UnhandledPromiseRejectionWarning: )]],
            class = "code bug", severity = "error", priority = 56,
            cause = "Since Node 15 an unhandled rejection ends the process. The reason stands in the message " ..
                "itself or above.",
            fix = "Await the promise or add a `catch` where it is made; fix the reason given.",
            docs = { "https://nodejs.org/api/cli.html#--unhandled-rejectionsmode" },
            examples = {
                matches = {
                    "[UnhandledPromiseRejection: This error originated either by throwing inside of an async " ..
                        "function without a catch block, or by rejecting a promise which was not handled with " ..
                        ".catch().",
                    "(node:2113) UnhandledPromiseRejectionWarning: Error: boom",
                },
                rejects = { "process.on('unhandledRejection', handler)" },
            },
        },
        {
            id = "node.too_many_open_files", title = "Too many files are open",
            match = [[(?:EMFILE: too many open files|ENFILE: file table overflow)]],
            class = "infrastructure", severity = "error", priority = 84,
            cause = "The process reached the limit of open files, often a watcher or many parallel reads and writes.",
            fix = "Do not watch in CI (`CI=true`, `--watch=false`), limit parallelism, or raise the limit with " ..
                "`ulimit -n`.",
            commands = { "ulimit -n 65536" },
            docs = { "https://nodejs.org/api/errors.html#common-system-errors" },
            examples = {
                matches = { "Error: EMFILE: too many open files, open '/home/runner/work/demo/demo/a.js'" },
                rejects = { "open files (-n) 1024" },
            },
        },
        {
            id = "node.watchers_exhausted", title = "No file watchers are left",
            match = [[ENOSPC: System limit for number of file watchers reached]],
            class = "infrastructure", severity = "error", priority = 90,
            cause = "The kernel's limit of inotify watches is used up by a watcher (it is not about disk space).",
            fix = "Run without watching in CI, or raise `fs.inotify.max_user_watches`.",
            commands = { "sudo sysctl fs.inotify.max_user_watches=524288" },
            docs = { "https://man7.org/linux/man-pages/man7/inotify.7.html" },
            examples = {
                matches = {
                    "Error: ENOSPC: System limit for number of file watchers reached, watch " ..
                        "'/home/runner/work/demo/demo/src'",
                },
                rejects = { "ENOSPC: no space left on device, write" },
            },
        },
        {
            id = "node.gyp_python", title = "node-gyp needs Python",
            match = [[gyp ERR! find Python(?! checking)|]] ..
                [[gyp ERR! stack Error: Could not find any Python installation]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "A native addon is compiled, and node-gyp found no Python that it can use.",
            fix = "Install Python 3, or a version of the package with prebuilt binaries for this Node.",
            commands = { "npm config set python \"$(which python3)\"" },
            docs = { "https://github.com/nodejs/node-gyp#installation" },
            examples = {
                matches = {
                    "gyp ERR! stack Error: Could not find any Python installation to use",
                    "gyp ERR! find Python Python is not set from command line or npm configuration",
                },
                rejects = { "gyp info find Python using Python version 3.11.7" },
            },
        },
        {
            id = "node.gyp_build_failed", title = "A native addon could not be compiled",
            match = [[gyp ERR! (?:build error|configure error|stack Error: `?(?<tool>make|]] ..
                [[\S*MSBuild\.exe)`? failed with exit code|stack Error: not found: make)]],
            class = "missing setup", severity = "error", priority = 58,
            cause = "npm compiled a native addon from source, since there is no prebuilt binary for this Node and " ..
                "platform; the compiler's message stands above.",
            fix = "Use a version of the package that has binaries for this Node version (new majors of Node need " ..
                "new releases), or install a compiler (`build-essential`, `python3`).",
            commands = { "npm ls --all | grep -i -B3 node-gyp" },
            docs = { "https://github.com/nodejs/node-gyp#installation" },
            examples = {
                matches = { "gyp ERR! build error", "gyp ERR! stack Error: not found: make" },
                rejects = { "gyp info ok" },
            },
        },
    },
}
