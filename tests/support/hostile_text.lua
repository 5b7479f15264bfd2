-- Strings made of what each format of a report, or what shows it, takes for its own.
local M = {}

M.list = {
    "<script>alert(1)</script>", "</td></table><h1>x", "&lt;b&gt; &amp;", "\"'><img src=x onerror=alert(1)>",
    "a|b|c", "| --- |", "`code`", "``", "*b* _i_ **b** __b__ ~~s~~", "[x](javascript:alert(1))",
    "![i](https://e.org/i.png)", "[ref]: https://e.org", "# h", "- item", "+ item", "* item", "1. item",
    "1) item", "> quote", "---", "===", ":--", "    code", "```\ncode\n```", "@octocat", "#123", "GH-123",
    "o/r#123", "https://e.org/x_y_z", "www.e.org", "me@e.org", "<https://e.org>", "$x^2$", "=1+1", "+1",
    "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
    "\r\n=1", "a,b", "a\"b", "two\nlines", "crlf\r\nline", " padded ",
    "\27[31mred", "\\", "\\|", "a\\", "ünï 日本", "[^1]", "<!-- c", "&#64;x", "|", "a|\nb", "!", "", " ",
    "\226\128\174rtl", "::error::x", "- [ ] task", "<br>", "a  \nb", "%s %d %%", "'quoted", "-5", "3.14",
}

--- All of `list`, and random strings of their pieces.
function M.each(check)
    for _, text in ipairs(M.list) do check(text) end
    math.randomseed(3)
    for _ = 1, 150 do
        local pieces = {}
        for i = 1, math.random(2, 4) do pieces[i] = M.list[math.random(#M.list)] end
        check(table.concat(pieces, ({ "", " ", "\n" })[math.random(3)]))
    end
end

return M
