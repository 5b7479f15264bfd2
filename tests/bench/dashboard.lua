-- Measures `uhost dashboard` for 50,000 builds of seven steps each: writing the site, and opening the page with all of
-- them in Chromium until its charts are drawn. The answer that is compared: how many builds the page says it shows.
--
-- Prints: name, seconds of ours, "-", "-", target in seconds, same answer; separated by tabs. No other program makes
-- these pages, so there is no peer.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
local metrics_store = require("lib.metrics.store")

local uhost_binary = os.getenv("UHOST") or "uhost"
local builds, rounds = 50000, 3

local scratch = fs.temp_dir()
local state, site = scratch:path() .. "/state", scratch:path() .. "/site"

-- Durations spread by a third, and jump by a tenth in the middle.
local fill = { [[
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
    INSERT INTO metrics_runs SELECT i, 'o/n', 'github', i, 'ci.yml', 'push', CASE i %% 3 WHEN 0 THEN 'topic-' || i %% 40
        ELSE 'main' END, printf('%%040x', i), i, 1, NULL, CASE i %% 9 WHEN 0 THEN 'failure' ELSE 'success' END,
        'https://github.com/o/n/actions/runs/' || i, unixepoch() - (%d - i) * 600, NULL, NULL, 5,
        600 + i * 7919 %% 200, ''
    FROM n]], [[
    INSERT INTO metrics_jobs SELECT id, id, key, 1, 'build', 'linux', 'x86_64', '', 'ubuntu-latest', conclusion, '',
        created_at, created_at, created_at, queue_s, duration_s * (1 + 0.1 * (id > %d / 2)) FROM metrics_runs]], [[
    WITH s(position, step, share) AS (VALUES (1, 'Set up', 0.02), (2, 'Check out', 0.03), (3, 'Restore cache', 0.05),
        (4, 'Configure', 0.1), (5, 'Compile', 0.5), (6, 'Test', 0.25), (7, 'Upload', 0.05))
    INSERT INTO metrics_steps SELECT id, position, step, 'success', started_at, duration_s * share
    FROM metrics_jobs, s]] }

local function fill_store()
    fs.mkdir(state)
    local store = db.open(state .. "/metrics.sqlite")
    metrics_store.prepare(store)
    store:execute(fill[1]:format(builds, builds))
    store:execute(fill[2]:format(builds))
    store:execute(fill[3])
    store:close()
end

local function fastest(body)
    local best
    for _ = 1, rounds do
        local began = time.monotonic()
        body()
        best = math.min(best or math.huge, time.monotonic() - began)
    end
    return best
end

local open_page = [[
import puppeteer from "puppeteer-core";
const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
let best = Infinity, note;
for (let round = 0; round < 3; round++) {
    const began = performance.now();
    await page.goto("file://" + process.argv[1]);
    await page.waitForFunction("document.documentElement.dataset.ready");
    best = Math.min(best, (performance.now() - began) / 1000);
    note = await page.$eval(".note", (element) => element.textContent);
}
await browser.close();
console.log(JSON.stringify({ seconds: best, note }));
]]

local function row(name, seconds, target, same)
    print(("%s\t%.3f\t-\t-\t%s\t%s"):format(name, seconds, target, same and "yes" or "no"))
end

fill_store()
local written = fastest(function()
    process.run{ uhost_binary, "dashboard", "--out", site, env = { UHOST_STATE = state }, check = true }
end)
row(("dashboard of %d builds"):format(builds), written, "1 s", fs.exists(site .. "/builds.html"))
local opened = json.decode(process.run{ "node", "--input-type=module", "-e", open_page, site .. "/builds.html",
    cwd = here .. "/../e2e/peers", check = true }.stdout)
row(("page of %d builds in Chromium"):format(builds), opened.seconds, "2 s", opened.note:find("^50,000 runs") ~= nil)
scratch:close()
