-- Results as JUnit XML, in the form that CI servers read: one suite for each file.
local M = {}

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }
local attribute_entities = { ["\n"] = "&#10;", ["\r"] = "&#13;", ["\t"] = "&#9;" }
-- A report is for reading; what is longer is in the log.
local longest_message = 64 * 1024

-- U+FFFD in place of what XML 1.0 does not allow: control characters, surrogates, U+FFFE, U+FFFF, malformed UTF-8.
local replacement = "\239\191\189"

local function code_point_length(text, at)
    local first, second, third, fourth = text:byte(at, at + 3)
    local function continues(byte) return byte ~= nil and byte >= 0x80 and byte < 0xC0 end
    if first < 0x80 then return (first >= 0x20 or first == 9 or first == 10 or first == 13) and 1 or nil end
    if first >= 0xC2 and first < 0xE0 then return continues(second) and 2 or nil end
    if first >= 0xE0 and first < 0xF0 then
        if not continues(second) or not continues(third) then return nil end
        if first == 0xE0 and second < 0xA0 or first == 0xED and second >= 0xA0 then return nil end
        if first == 0xEF and second == 0xBF and third >= 0xBE then return nil end
        return 3
    end
    if first >= 0xF0 and first < 0xF5 then
        if not continues(second) or not continues(third) or not continues(fourth) then return nil end
        if first == 0xF0 and second < 0x90 or first == 0xF4 and second >= 0x90 then return nil end
        return 4
    end
    return nil
end

---Text with everything that XML cannot hold replaced.
---@param text string
---@return string
function M.valid(text)
    if not text:find("[%z\1-\8\11\12\14-\31\128-\255]") then return text end
    local out, at = {}, 1
    while at <= #text do
        local plain = text:match("^[\9\10\13\32-\127]+", at)
        local length = plain and #plain or code_point_length(text, at)
        out[#out + 1] = length and text:sub(at, at + length - 1) or replacement
        at = at + (length or 1)
    end
    return table.concat(out)
end

local function content(text) return (M.valid(text):gsub('[&<>"]', entities)) end
local function attribute(text) return (content(text):gsub("[\n\r\t]", attribute_entities)) end

local function seconds(value) return ("%.3f"):format(math.max(0, value)) end

local element_of = { failed = "failure", error = "error" }

-- Colours are for terminals.
local function plain(text) return (text:gsub("\27%[[%d;]*m", ""):gsub("\27%]8;;[^\27]*\27\\", "")) end

local function write_case(out, result)
    local class = result.shown:gsub("%.lua$", "")
    out[#out + 1] = ('    <testcase name="%s" classname="%s" time="%s"'):format(
        attribute(result.name), attribute(class), seconds(result.time_s))
    local message = plain(result.message or ""):sub(1, longest_message)
    local first_line = message:match("[^\n]*")
    if result.status == "passed" then
        out[#out + 1] = "/>\n"
    elseif result.status == "skipped" then
        out[#out + 1] = ('>\n      <skipped message="%s"/>\n    </testcase>\n'):format(attribute(message))
    else
        local element = element_of[result.status]
        local place = result.line and ("%s:%d"):format(result.shown, result.line) or result.shown
        out[#out + 1] = ('>\n      <%s message="%s" type="%s">%s</%s>\n    </testcase>\n'):format(
            element, attribute(first_line), element, content(place .. "\n" .. message), element)
    end
end

local function counts(results)
    local count = { tests = #results, failed = 0, error = 0, skipped = 0, time_s = 0 }
    for _, result in ipairs(results) do
        if count[result.status] then count[result.status] = count[result.status] + 1 end
        count.time_s = count.time_s + result.time_s
    end
    return count
end

local function count_attributes(count)
    return ('tests="%d" failures="%d" errors="%d" skipped="%d" time="%s"'):format(
        count.tests, count.failed, count.error, count.skipped, seconds(count.time_s))
end

local function suites_of(results)
    local suites, by_file = {}, {}
    for _, result in ipairs(results) do
        if not by_file[result.shown] then
            by_file[result.shown] = { name = result.shown, results = {} }
            suites[#suites + 1] = by_file[result.shown]
        end
        table.insert(by_file[result.shown].results, result)
    end
    return suites
end

---The report as text.
---@param results TestResult[]  with `shown`, the file as reports call it
---@param started string  ISO 8601
---@return string
function M.render(results, started)
    local out = { '<?xml version="1.0" encoding="UTF-8"?>\n' }
    local all = counts(results)
    out[#out + 1] = ('<testsuites name="uhost test" tests="%d" failures="%d" errors="%d" time="%s">\n'):format(
        all.tests, all.failed, all.error, seconds(all.time_s))
    for _, suite in ipairs(suites_of(results)) do
        out[#out + 1] = ('  <testsuite name="%s" %s timestamp="%s">\n'):format(
            attribute(suite.name), count_attributes(counts(suite.results)), started:gsub("Z$", ""))
        for _, result in ipairs(suite.results) do write_case(out, result) end
        out[#out + 1] = "  </testsuite>\n"
    end
    out[#out + 1] = "</testsuites>\n"
    return table.concat(out)
end

return M
