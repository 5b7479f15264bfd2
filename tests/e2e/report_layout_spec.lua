-- How HTML reports look in a browser, at the widths of a phone, a half and a whole screen.
local expect = require("support.expect")
local audit_world = require("support.audit_world")

local widths = { 400, 900, 1600 }

-- Measures pages in frames of these widths. Media queries within a frame see its width.
local measuring = [[
<!doctype html><meta charset="utf-8"><title>not measured</title><body>
<script type="application/json" id="pages">%s</script>
<script>
const lines = element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return new Set([...range.getClientRects()].filter(box => box.width).map(box => Math.round(box.top / 8))).size;
};
const texts = (page, selector) => [...page.querySelectorAll(selector)];
const measure = (page, width) => ({
  width,
  overflow: page.documentElement.scrollWidth - width,
  broken: texts(page, "th, td:first-child a, .unbroken").filter(each => lines(each) > 1).map(each => each.textContent),
  outside: texts(page, ".unbroken").filter(each => {
    const cell = each.closest("td");
    return cell && each.getBoundingClientRect().right > cell.getBoundingClientRect().right;
  }).map(each => each.textContent),
  columns: texts(page, "table").map(table => ({
    titles: texts(table, "th").map(each => each.textContent).join("|"),
    widths: texts(table, "th").map(each => Math.round(each.getBoundingClientRect().width)).join(" "),
  })),
});
const {pages, widths} = JSON.parse(document.getElementById("pages").textContent);
const loaded = pages.flatMap(page => widths.map(width => new Promise(resolve => {
  const frame = document.createElement("iframe");
  frame.style = `border: 0; height: 800px; width: ${width}px`;
  frame.onload = () => resolve(measure(frame.contentDocument, width));
  frame.srcdoc = page;
  document.body.append(frame);
})));
Promise.all(loaded).then(found => {
  document.body.textContent = "";
  document.title = btoa(unescape(encodeURIComponent(JSON.stringify(found))));
});
</script>]]

-- What the browser measures of HTML documents, for each document and width.
local function measured(documents)
    local data = json.encode({ pages = documents, widths = widths }):gsub("<", "\\u003c")
    local page = measuring:gsub("%%s", function() return data end)
    return expect.in_folder({ ["page.html"] = page }, function(folder)
        local dom = process.run({
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-dev-shm-usage", "--user-data-dir=" .. folder .. "/profile", "--virtual-time-budget=10000",
            "--dump-dom", "file://" .. folder .. "/page.html", check = true, timeout_s = 120, stderr = "discard",
        }).stdout
        local encoded = assert(dom:match("<title>([%w+/=]+)</title>"), "the browser measured nothing")
        return json.decode(process.run({ "base64", "-d", stdin = encoded, check = true }).stdout)
    end)
end

local function wide_report()
    local report = report.new({ title = "tests/" .. ("a_very_long_name/"):rep(12) })
    report:heading("In " .. ("folder/"):rep(30)):text(("word"):rep(60))
    report:facts({ { ("name"):rep(20), ("value"):rep(40) } })
    report:table({ columns = { "Issue", "Count", "Since" }, rows = {
        { { text = "#105", url = "https://example.org/105" }, 12, "2026-10-01" },
    } })
    report:table({ columns = { "Issue", "Count", "Since" }, rows = {
        { { text = "organisation/repo#123456", url = "https://example.org/6" }, 12345678, "2026-10-01" },
    } })
    report:code({ ("x"):rep(300) })
    return report:render("html")
end

describe("an HTML report in a browser", function()
    local pages

    lazy_setup(function()
        local demo = audit_world.run({ "-q", "monthly_audit", "--demo", "--format", "html" }).stdout
        local diagnosis = audit_world.run({ "-q", "diagnose", "--no-store", "--format", "html",
            (os.getenv("UHOST_SOURCE") or fs.cwd()) .. "/tests/fixtures/logs/gcc_types.log" }).stdout
        pages = measured({ demo, diagnosis, wide_report() })
    end)

    it("keeps links, dates and column titles on one line, within their cells", function()
        for _, page in ipairs(pages) do
            assert.same({}, page.broken, page.width)
            assert.same({}, page.outside, page.width)
        end
    end)

    it("gives tables with the same columns the same widths", function()
        local tables = 0
        for _, page in ipairs(pages) do
            local widths_of = {}
            for _, each in ipairs(page.columns) do
                tables = tables + 1
                widths_of[each.titles] = widths_of[each.titles] or each.widths
                assert.equal(widths_of[each.titles], each.widths, each.titles)
            end
        end
        assert.is_true(tables >= 3 * 8, tables)
    end)

    it("does not scroll sideways, however long its words are", function()
        for _, page in ipairs(pages) do assert.is_true(page.overflow <= 0, page.width) end
    end)
end)
