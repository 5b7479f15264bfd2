-- Jest, Mocha, Vitest, Karma, browsers, bundlers and TypeScript.

return {
    about = "Jest, Mocha, Vitest, Karma, browsers, bundlers and TypeScript",
    entries = {
        {
            id = "jest.timeout", title = "A Jest or Vitest test took longer than {ms} ms",
            match = [[(?:Exceeded timeout of|Async callback was not invoked within the|(?:Test|]] ..
                [[Hook) timed out in) (?<ms>\d+) ?ms]],
            class = "flaky", severity = "error", priority = 74,
            cause = "A promise did not settle or `done` was not called in time. On shared runners, slow start of " ..
                "servers and browsers is a usual reason.",
            fix = "Find out what it waits for (fake timers, an open port, a missing await). If it is merely slow, " ..
                "give this test its own timeout.",
            commands = { "npx jest --detectOpenHandles --runInBand" },
            docs = { "https://jestjs.io/docs/jest-object#jestsettimeouttimeout" },
            examples = {
                matches = { "thrown: \"Exceeded timeout of 5000 ms for a test.", "Error: Test timed out in 5000ms." },
                rejects = { "Jest did not exit one second after the test run has completed." },
            },
        },
        {
            id = "mocha.timeout", title = "A Mocha test took longer than {ms} ms",
            match = [[[Tt]imeout of (?<ms>\d+)ms exceeded\.]],
            class = "flaky", severity = "error", priority = 74,
            cause = "`done` was not called or the promise did not settle within {ms} ms.",
            fix = "See what the test waits for. Raise it with `this.timeout()` only where the work is truly long.",
            docs = { "https://mochajs.org/#timeouts" },
            examples = {
                matches = {
                    "Error: Timeout of 2000ms exceeded. For async tests and hooks, ensure \"done()\" is called; " ..
                        "if returning a Promise, ensure it resolves.",
                    "     Error: timeout of 60000ms exceeded. Ensure the done() callback is being called in this " ..
                        "test.",
                },
                rejects = { "✓ waits (2000ms)" },
            },
        },
        {
            id = "jest.environment_missing", title = "{environment} is not installed",
            match = [[Test environment (?<environment>jest-environment-[\w-]+|[\w/@-]+) cannot be found]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "Since Jest 28 the environments are packages of their own, and `{environment}` is not among " ..
                "the dependencies.",
            fix = "Install it in the version of Jest.",
            commands = { "npm install --save-dev {environment}" },
            docs = { "https://jestjs.io/docs/configuration#testenvironment-string" },
            examples = {
                matches = {
                    "● Validation Error: Test environment jest-environment-jsdom cannot be found. Make sure the " ..
                        "testEnvironment configuration option points to an existing node module.",
                },
                rejects = { "testEnvironment: jsdom" },
            },
        },
        {
            id = "jest.unexpected_token", title = "Jest cannot parse a file",
            match = [[Jest encountered an unexpected token|SyntaxError: .{0,80}transformIgnorePatterns]],
            class = "code bug", severity = "error", priority = 80,
            cause = "A file is not plain CommonJS JavaScript and no transform takes it: TypeScript or JSX without " ..
                "Babel, CSS or images, or an ES module in node_modules. \"Details\" below names it.",
            fix = "Configure `transform`, map assets with `moduleNameMapper`, and except ESM packages from " ..
                "`transformIgnorePatterns`.",
            docs = { "https://jestjs.io/docs/code-transformation" },
            examples = {
                matches = { "    Jest encountered an unexpected token" },
                rejects = { "SyntaxError: Unexpected token '?'" },
            },
        },
        {
            id = "jest.snapshot_ci", title = "A snapshot is missing or out of date",
            match = [[(?:New snapshot was not written\. The update flag must be explicitly passed|]] ..
                [[(?<failed>(?<!\d)\d+) snapshots? failed(?: from| in|\.)|Snapshot `(?<name>[^`]+)` mismatched)]],
            class = "code bug", severity = "error", priority = 86,
            cause = "In CI, snapshots are compared and never written. The output changed on purpose and the " ..
                "snapshot was not committed, or it differs by machine (time, path, locale).",
            fix = "Look at the differences; if they are meant, update locally and commit the snapshot files.",
            commands = { "npx jest -u" },
            docs = { "https://jestjs.io/docs/snapshot-testing" },
            examples = {
                matches = {
                    "New snapshot was not written. The update flag must be explicitly passed to write a new " ..
                        "snapshot.",
                    " › 1 snapshot failed.",
                },
                rejects = { "Snapshots:   1 passed, 1 total" },
            },
        },
        {
            id = "jest.no_tests", title = "No tests were found",
            match = [[(?:No tests found, exiting with code 1|No test files found, exiting with code 1|]] ..
                [[Error: No test files found|Your test suite must contain at least one test)]],
            class = "code bug", severity = "error", priority = 84,
            cause = "The patterns of the configuration fit no file here, or a test file has no `test()` in it.",
            fix = "Compare `testMatch` and the folder the step runs in. If it is fine for a package to have none, " ..
                "use `--passWithNoTests`.",
            commands = { "npx jest --listTests" },
            docs = { "https://jestjs.io/docs/cli#--passwithnotests" },
            examples = {
                matches = {
                    "No tests found, exiting with code 1",
                    "Your test suite must contain at least one test.",
                    "Error: No test files found: \"test/**/*.spec.js\"",
                },
                rejects = { "No tests found related to files changed since last commit." },
            },
        },
        {
            id = "jest.coverage_threshold", title = "Coverage is below the threshold",
            match = [[(?:Jest: ".{1,200}" coverage threshold for (?<kind>\w+) \((?<wanted>[\d.]+)%\) not met: ]] ..
                [[(?<actual>[\d.]+)%|ERROR: Coverage for (?<metric>\w+) \((?<has>[\d.]+)%\) does not meet ]] ..
                [[(?:global )?threshold \((?<needs>[\d.]+)%\))]],
            class = "code bug", severity = "error", priority = 40,
            cause = "The tests passed, but less of the code is covered than the configuration demands.",
            fix = "Test the new code, or change the threshold deliberately.",
            docs = { "https://jestjs.io/docs/configuration#coveragethreshold-object" },
            examples = {
                matches = {
                    "Jest: \"global\" coverage threshold for branches (80%) not met: 71.42%",
                    "ERROR: Coverage for lines (78.5%) does not meet global threshold (90%)",
                },
                rejects = { "All files | 100 | 100 |" },
            },
        },
        {
            id = "jest.open_handles", title = "Jest does not end",
            match = [[Jest did not exit one second after the test run has completed|]] ..
                [[A worker process has failed to exit gracefully]],
            class = "code bug", severity = "warning", priority = 40,
            cause = "Something is still open after the tests: a server, a timer, a database connection. The job " ..
                "may then hang until its time limit.",
            fix = "Close it in `afterAll`. `--detectOpenHandles` names it; `--forceExit` hides it.",
            commands = { "npx jest --detectOpenHandles" },
            docs = { "https://jestjs.io/docs/cli#--detectopenhandles" },
            examples = {
                matches = { "Jest did not exit one second after the test run has completed." },
                rejects = { "Ran all test suites." },
            },
        },
        {
            id = "karma.no_browser", title = "Karma has no browser",
            match = [[(?:No binary for (?<browser>\w+) browser on your platform|Cannot start (?<name>Chrome\w*|]] ..
                [[Firefox\w*|\w*Headless\w*)|Can not load "Chrome\w*", it is not registered)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "Karma could not start the browser: not installed, CHROME_BIN wrong, or a sandbox that does " ..
                "not work in the container.",
            fix = "Use ChromeHeadless with `--no-sandbox` in containers, install Chrome and set CHROME_BIN.",
            docs = { "https://karma-runner.github.io/latest/config/browsers.html" },
            examples = {
                matches = {
                    "ERROR [launcher]: No binary for ChromeHeadless browser on your platform.",
                    "ERROR [launcher]: Cannot start ChromeHeadless",
                },
                rejects = { "INFO [launcher]: Starting browser ChromeHeadless" },
            },
        },
        {
            id = "karma.disconnected", title = "The browser went silent",
            match = [[Disconnected.{0,20}, because no message in (?<ms>\d+) ms|Disconnected, because no message in]],
            class = "flaky", severity = "error", priority = 76,
            cause = "Karma heard nothing from the browser for the given time: it hangs in a long compile, an " ..
                "endless loop, or lacks memory.",
            fix = "Raise `browserNoActivityTimeout`, give the job more memory, and see which spec ran last.",
            docs = { "https://karma-runner.github.io/latest/config/configuration-file.html" },
            examples = {
                matches = {
                    "HeadlessChrome 120.0.0 (Linux 0.0.0) WARN: Disconnected (0 times), because no message in " ..
                        "30000 ms.",
                },
                rejects = { "Connected on socket" },
            },
        },
        {
            id = "playwright.browser_missing", title = "Playwright's browsers are not installed",
            match = [[(?:Executable doesn't exist at (?<path>\S+)|]] ..
                [[Please run the following command to download new browsers)]],
            class = "missing setup", severity = "error", priority = 95,
            cause = "The browser for this Playwright version is not there: the install step is missing, or a " ..
                "cache keeps those of another version.",
            fix = "Run `npx playwright install --with-deps` in this job, with Playwright's version in the cache key.",
            commands = { "npx playwright install --with-deps" },
            docs = { "https://playwright.dev/docs/ci" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Install the browsers before the tests",
                yaml = "- run: npx playwright install --with-deps\n",
            },
            examples = {
                matches = {
                    "browserType.launch: Executable doesn't exist at " ..
                        "/home/runner/.cache/ms-playwright/chromium-1105/chrome-linux/chrome",
                },
                rejects = { "Downloading Chromium 123.0" },
            },
        },
        {
            id = "playwright.host_libraries", title = "Libraries that the browser needs are missing",
            match = [[Host system is missing dependencies to run browsers|]] ..
                [[error while loading shared libraries: (?<library>libnss3|libatk\S*|libgbm\S*|libasound\S*|]] ..
                [[libcups\S*)\.so]],
            class = "missing setup", severity = "error", priority = 94,
            cause = "The image lacks system libraries of the browser (libnss3, libgbm1, libasound2 …); slim " ..
                "containers do.",
            fix = "Install them, or use Playwright's own image.",
            commands = { "npx playwright install-deps" },
            docs = { "https://playwright.dev/docs/docker" },
            examples = {
                matches = {
                    "║ Host system is missing dependencies to run browsers. ║",
                    "/root/.cache/puppeteer/chrome: error while loading shared libraries: libnss3.so: cannot open " ..
                        "shared object file: No such file or directory",
                },
                rejects = { "Host system is fine" },
            },
        },
        {
            id = "puppeteer.launch_failed", title = "Chrome could not be started",
            match = [[(?:Failed to launch the browser process!|]] ..
                [[Could not find Chrome \(ver\. (?<version>[\d.]+)\)|]] ..
                [[Running as root without --no-sandbox is not supported|No usable sandbox!)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "Puppeteer found no browser (its download was skipped or cached away), or the browser refuses " ..
                "to run as root or without user namespaces (Ubuntu 23.10 and later restrict them).",
            fix = "Run `npx puppeteer browsers install chrome`, and start it with `--no-sandbox` in containers " ..
                "and CI.",
            commands = { "npx puppeteer browsers install chrome" },
            docs = { "https://pptr.dev/troubleshooting" },
            examples = {
                matches = {
                    "Error: Failed to launch the browser process!",
                    "Error: Could not find Chrome (ver. 121.0.6167.85). This can occur if either",
                    "[0101/000000.000000:FATAL:zygote_host_impl_linux.cc(117)] No usable sandbox!",
                },
                rejects = { "Browser launched" },
            },
        },
        {
            id = "selenium.driver_mismatch", title = "ChromeDriver and Chrome do not fit together",
            match = [[session not created: This version of ChromeDriver only supports Chrome version ]] ..
                [[(?<version>\d+)]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "The driver is for Chrome {version}, but the runner's browser is another; images update it " ..
                "weekly.",
            fix = "Let Selenium Manager (Selenium 4.6 and later) or browser-actions/setup-chrome choose both, and " ..
                "do not pin the driver alone.",
            docs = { "https://www.selenium.dev/documentation/selenium_manager/" },
            examples = {
                matches = {
                    "selenium.common.exceptions.SessionNotCreatedException: Message: session not created: This " ..
                        "version of ChromeDriver only supports Chrome version 114",
                },
                rejects = { "ChromeDriver was started successfully." },
            },
        },
        {
            id = "selenium.chrome_crashed", title = "Chrome did not start for Selenium",
            match = [[DevToolsActivePort file doesn't exist|(?:chromedriver|]] ..
                [[geckodriver)'? (?:executable )?needs to be (?:in PATH|available in the path)|]] ..
                [[unknown error: Chrome failed to start]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "The browser ended at once (root without `--no-sandbox`, a small /dev/shm) or the driver is " ..
                "not installed.",
            fix = "Start Chrome with `--headless=new --no-sandbox --disable-dev-shm-usage`, and install the " ..
                "driver in this job.",
            docs = { "https://www.selenium.dev/documentation/webdriver/troubleshooting/errors/" },
            examples = {
                matches = {
                    "selenium.common.exceptions.WebDriverException: Message: unknown error: DevToolsActivePort " ..
                        "file doesn't exist",
                    "selenium.common.exceptions.WebDriverException: Message: 'chromedriver' executable needs to " ..
                        "be in PATH.",
                },
                rejects = { "DevTools listening on ws://127.0.0.1:9222" },
            },
        },
        {
            id = "cypress.binary_missing", title = "Cypress's binary is missing",
            match = [[The cypress npm package is installed, but the Cypress binary is missing]],
            class = "cache corruption", severity = "error", priority = 94,
            cause = "The package came from a cache of node_modules, but its binary (~/.cache/Cypress) did not.",
            fix = "Cache `~/.cache/Cypress` too, or run `npx cypress install`.",
            commands = { "npx cypress install" },
            docs = { "https://docs.cypress.io/app/references/advanced-installation" },
            examples = {
                matches = { "The cypress npm package is installed, but the Cypress binary is missing." },
                rejects = { "Cypress verified" },
            },
        },
        {
            id = "bundler_js.cannot_resolve", title = "The bundler cannot find '{module}'",
            match = [[(?:Module not found: Error: Can't resolve|Rollup failed to resolve import|]] ..
                [[\[ERROR\] Could not resolve|Failed to resolve import) ["'](?<module>[^"']+)]],
            class = "code bug", severity = "error", priority = 82,
            cause = "An import names a file or package that is not there. On Linux the case of file names counts, " ..
                "which macOS and Windows forgive.",
            fix = "Install the package, or compare the spelling with `git ls-files`.",
            commands = { "git ls-files | grep -i NAME" },
            docs = { "https://webpack.js.org/configuration/resolve/" },
            examples = {
                matches = {
                    "Module not found: Error: Can't resolve './Button' in '/home/runner/work/demo/demo/src'",
                    "[vite]: Rollup failed to resolve import \"axios\" from " ..
                        "\"/home/runner/work/demo/demo/src/main.ts\".",
                    "✘ [ERROR] Could not resolve \"lodash\"",
                },
                rejects = { "Module parsed" },
            },
        },
        {
            id = "react_scripts.warnings_as_errors", title = "Warnings count as errors because CI=true",
            match = [[Treating warnings as errors because process\.env\.CI = true]],
            class = "code bug", severity = "error", priority = 90,
            cause = "react-scripts fails the build on ESLint warnings when CI is set, as all CI systems do. The " ..
                "warnings stand below.",
            fix = "Fix the warnings. To let them pass: `CI=false npm run build`.",
            docs = { "https://create-react-app.dev/docs/adding-custom-environment-variables/" },
            examples = {
                matches = { "Treating warnings as errors because process.env.CI = true." },
                rejects = { "Compiled with warnings." },
            },
        },
        {
            id = "typescript.module_not_found", title = "TypeScript cannot find '{module}'",
            match = [[error TS(?:2307|7016|2792): (?:Cannot find module|]] ..
                [[Could not find a declaration file for module) '(?<module>[^']+)']],
            class = "missing setup", severity = "error", priority = 80,
            cause = "There is no such module, or it has no type declarations: not installed in this job, not " ..
                "built yet (project references), or `@types/…` is missing.",
            fix = "Install it and its types, or build the package it comes from first (`tsc -b`).",
            commands = { "npm ls {module}" },
            docs = { "https://www.typescriptlang.org/docs/handbook/modules/reference.html" },
            examples = {
                matches = {
                    "src/a.ts(1,17): error TS2307: Cannot find module 'left-pad' or its corresponding type " ..
                        "declarations.",
                    "src/a.ts:1:17 - error TS7016: Could not find a declaration file for module 'x'. '/x.js' " ..
                        "implicitly has an 'any' type.",
                },
                rejects = { "error TS2304: Cannot find name 'x'." },
            },
        },
        {
            id = "typescript.error", title = "TypeScript {code}: {message}",
            match = [[error (?<code>TS(?!2307|7016|2792)\d{4,5}): (?<message>.{1,160})]],
            class = "code bug", severity = "error", priority = 64,
            cause = "The type checker refuses the code. If nobody touched it, a dependency's types changed, or " ..
                "another TypeScript version was installed.",
            fix = "Fix the place that is named. Compare the versions of typescript and @types packages with the " ..
                "last green run; install from the lock file.",
            commands = { "npx tsc --noEmit" },
            docs = { "https://www.typescriptlang.org/tsconfig/" },
            examples = {
                matches = {
                    "src/a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.",
                    "src/a.ts:1:7 - error TS2304: Cannot find name 'foo'.",
                },
                rejects = { "Found 0 errors. Watching for file changes." },
            },
        },
    },
}
