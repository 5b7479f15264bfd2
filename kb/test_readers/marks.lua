-- Results of tests as many runners mark them, read where no reader of the runner knows more: a status or mark before a
-- test's name, in a column beside it, or behind it. A mark of failure counts where the same kind of mark says elsewhere
-- that something passed.

-- What stands before a line: time, the level of a log, a container.
local before = [[^\s*+(?:\[?\d[\d:.,TZ-]{4,30}\]?:? ++|[\w.-]+ +\| ++){0,2}]]

-- The lines of a test's own: those that are indented below it.
local indented = { within = 12, stop = [[^\S|^\s{0,12}(?:[✓✔√✅✗✘✖×❌]|\([√✓Xx]\)|\[.{1,6}\] )]] }

-- What ends in a word of failure and is no test: a check of configure, a module or task of a build, a log's own line.
local no_test = [[(?!checking |-- |\[?(?:INFO|ERROR|WARN)|BUILD\b|[Bb]uild |[Tt]ask |[:>]|make\b)]]
-- A name that is one word.
local word = [=[(?![^:]*ing\b)[A-Za-z_][\w./:#\[\]()<>-]*[\w)\]>]]=]

local base = {
    about = "results of tests as many runners mark them",
    test_readers = {
        {
            id = "tests.status_columns", shared = true,
            patterns = {
                test = {
                    match = before .. [[\|? *(?:FAIL(?:ED|URE)?|ERROR|KO|NOT ?OK|[Ff]ailed|[Ff]ail|✗|✘|✖|❌) *\| *+]]
                        .. [[(?<name>[^|\s](?:[^|]*[^|\s])?) *(?:\| *+(?<message>[^|\s](?:[^|]*[^|\s])?)? *]]
                            .. [[(?:\|.*)?)?$]],
                    name = "{name}", message = "{message}", keep = 5000, supporting = true,
                },
                passed = { match = before .. [[\|? *(?:PASS(?:ED)?|OK|SUCCESS|[Pp]assed|[Pp]ass|✓|✔|✅) *\| *\S]],
                    gives = "context", proves = true, keep = 1 },
            },
            examples = { matches = {
                "PASS | walks the forest |\nFAIL | walks the tree | expected 3, got 4\nPASS | counts leaves |",
            } },
            gives = { { failed = { "walks the tree" }, messages = { "expected 3, got 4" } } },
        },
        {
            id = "tests.table_columns", shared = true,
            patterns = {
                test = {
                    match = before .. [[\|? *(?<name>[^|\s](?:[^|]{0,200}?[^|\s])??)(?: *\| *| {2,}|\t)(?:FAIL(?:ED]]
                        .. [[|URE)?|ERROR|KO]]
                        .. [[|NOT ?OK|[Ff]ailed|[Ff]ail|✗|✘|✖|❌)]]
                        .. [[(?:(?: *\| *| {2,}|\t)(?:[\d.:]+ ?\w{0,4}\b *\|? *)?(?<message>[^|]*[^|\s])?.*)?\s*$]],
                    name = "{name}", message = "{message}", keep = 5000, supporting = true,
                },
                passed = { match = before .. [[\|? *[^|\s](?:[^|]{0,200}?[^|\s])??(?: *\| *| {2,}|\t)(?:PASS(?:ED)?]]
                    .. [[|OK|SUCCESS]]
                    .. [[|[Pp]assed|[Pp]ass|✓|✔|✅)(?:\s*\|| {2,}|\t|\s*$)]],
                    gives = "context", proves = true, keep = 1 },
            },
            examples = { matches = {
                "| test      | status | time |\n| forest    | PASS   | 0.1s |\n| tree.walk | FAIL   | 0.2s |",
                "Test          Result   Duration\nforest        passed   0.1s\ntree.walk     failed   0.2s",
            } },
            gives = { { failed = { "tree.walk" } }, { failed = { "tree.walk" } } },
        },
        {
            id = "tests.mark_first", shared = true,
            patterns = {
                test = {
                    match = before .. [[(?:[✗✘✖×❌] ?|\([Xx]\) |\[(?:FAIL(?:ED)?|KO|[-✗✘✖×]|!!)\] |FAIL(?:ED)?: )\s*]]
                        .. [[(?<name>(?!.* \((?:skipped|disabled|pending)\))[^\s\d].*?)(?: [-–(]?\d[\d.,]* ?(?:ms]]
                        .. [[|s|sec)\)?)?(?:: (?<message>\S.*))?\s*$]],
                    name = "{name}", message = "{message}", keep = 5000, supporting = true, below = indented,
                },
                passed = { match = before .. [[(?:[✓✔√✅] ?|\([√✓]\) |\[(?:PASS(?:ED)?| ?OK ?|[+✓✔√])\] |PASS(?:ED)?: )]]
                    .. [=[\s*[^\s\d]]=], gives = "context", proves = true, keep = 1 },
                counts = { match = [[^\s*(?<words>(?:\d+ (?:tests? |checks? )?(?:passed|failed|skipped|errors?)]]
                    .. [[(?:, |; | \| )?){2,})\W*(?:(?:in|\() ?[\d.]++(?: ?\w+)?\)?)?$]],
                    gives = "counts", counting = "last", supporting = true },
            },
            examples = { matches = {
                " (√) walks the forest (10ms)\n (X) walks the tree (12ms)\n     expected 3, got 4\n"
                    .. " (√) counts leaves (1ms)",
                "✅ walks the forest\n❌ walks the tree: expected 3, got 4\n2 passed, 1 failed",
                "[ OK ] walks the forest\n[FAIL] walks the tree\n   expected 3, got 4\n[ OK ] counts leaves",
            } },
            gives = {
                { failed = { "walks the tree" }, messages = { "expected 3, got 4" } },
                { total = 3, passed = 2, skipped = 0, failed = { "walks the tree" }, messages = { "expected 3, got"
                    .. " 4" } },
                { failed = { "walks the tree" }, messages = { "expected 3, got 4" } },
            },
        },
        {
            id = "tests.mark_last", shared = true,
            patterns = {
                test = {
                    match = before .. no_test .. [[(?:(?<name>]] .. word .. [[)(?: |: ?)|]]
                        .. [[(?<title>\S(?:.{0,200}?[^.])??) ?\.{3,} ?)]]
                        .. [=[\[?(?:FAILED|FAIL|FAILURE|NOT OK|KO|not ok|failed)\]?]=]
                        .. [=[(?:(?::| -)? *[(\[](?<message>(?=[^)\]]*[^)\]\s\d.ms])[^)\]]*)[)\]])?]=]
                        .. [=[(?: *[(\[][^)\]]*[)\]])?\s*$]=],
                    name = { "{name}", "{title}" }, message = "{message}", keep = 5000, supporting = true,
                    below = indented,
                },
                passed = { match = before .. no_test .. [[(?:]] .. word .. [[(?: |: ?)|\S(?:.{0,200}?[^.])?? ?\.{3,}]]
                    .. [[ ?)]]
                    .. [=[\[?(?:PASSED|PASS|SUCCESS|OK|ok|passed)\]?(?: *[(\[][^)\]]*[)\]])?\s*$]=],
                    gives = "context", proves = true, keep = 1 },
            },
            examples = { matches = {
                "walks the forest ... ok\nwalks the tree ... FAILED\ncounts leaves ... ok",
                "tree/forest: PASS\ntree/walk: FAIL (expected 3, got 4)\ntree/leaves: PASS",
            } },
            gives = {
                { failed = { "walks the tree" } },
                { failed = { "tree/walk" }, messages = { "expected 3, got 4" } },
            },
        },
        {
            id = "tests.mozilla", framework = "Mozilla's harness",
            patterns = {
                unexpected = {
                    match = [[\bTEST-UNEXPECTED-[A-Z]+ \| (?<name>[^|]*[^|\s])(?: \| (?<message>\S(?:.*?\S)??))?\s*$]],
                    name = "{name}", message = "{message}", keep = 10000,
                    below = { within = 6, stop = [[\b(?:TEST|PROCESS)-[A-Z-]{1,60} \|]], take = [[^(?!)]],
                        locate = [[(?<file>(?<![\w./-])[\w./-]+\.\w+):(?<line>\d+)]] },
                },
                crash = {
                    match = [[\bPROCESS-CRASH \| (?<name>[^|]*[^|\s])(?: \| (?<message>\S(?:.*?\S)??))?\s*$]],
                    name = "{name}", message = "{message}", keep = 1000,
                },
            },
            examples = { matches = {
                "TEST-START | dom/walk.html\nTEST-PASS | dom/walk.html | leaf\nTEST-UNEXPECTED-FAIL | dom/walk.html | "
                    .. "walked all - got 3, expected 4\n    is@tests/simple.js:51:14\nTEST-OK | dom/walk.html | to"
                    .. "ok 3ms\n"
                    .. "PROCESS-CRASH | dom/climb.html | application crashed [@ tree::climb]",
            } },
            gives = { {
                framework = "Mozilla's harness", failed = { "dom/walk.html", "dom/climb.html" },
                messages = { "walked all - got 3, expected 4", "application crashed [@ tree::climb]" },
                places = { "tests/simple.js:51", "" },
            } },
        },
    },
}

return base
