-- Feeds of releases: RSS 2.0, RSS 1.0 and Atom (RFC 4287). A feed is written by somebody else; what cannot be read of
-- an entry is left out of it.
local M = {}

local max_bytes = 32 * 1024 ^ 2
local max_entries = 10000
local max_title_bytes, max_text_bytes = 500, 200000

---@class upstream.FeedEntry
---@field title string
---@field link? string
---@field published? string  ISO 8601, UTC; nil when the feed's own date cannot be read
---@field text string  its HTML, or ""

local months = { jan = 1, feb = 2, mar = 3, apr = 4, may = 5, jun = 6, jul = 7, aug = 8, sep = 9, oct = 10, nov = 11,
    dec = 12 }
-- Of RFC 822; military zones mean nothing that could be relied on (RFC 2822, 4.3).
local zones = { UT = 0, GMT = 0, UTC = 0, Z = 0, EST = -5, EDT = -4, CST = -6, CDT = -5, MST = -7, MDT = -6, PST = -8,
    PDT = -7 }

-- "Thu, 09 Jan 2025 12:00:00 +0100"; the day's name and the seconds may be missing, and the year has two digits in old
-- feeds.
local function rfc822_date(text)
    local day, month, year, hour, minute, rest = text:match("(%d%d?) (%a%a%a)%a* (%d%d+) (%d%d):(%d%d)(.*)$")
    month = month and months[month:lower()]
    if not month then return nil end
    local second, zone = rest:match("^:(%d%d)%s*(.-)%s*$")
    zone = zone or rest:match("^%s*(.-)%s*$")
    local sign, hours, minutes = zone:match("^([+-])(%d%d):?(%d%d)")
    local offset_s
    if sign then
        offset_s = (tonumber(hours) * 60 + tonumber(minutes)) * 60 * (sign == "-" and -1 or 1)
    else
        offset_s = (zones[zone] or 0) * 3600
    end
    year = tonumber(year)
    if year < 100 then year = year + (year < 70 and 2000 or 1900) end
    local ok, instant = pcall(time.from_parts, { year = year, month = month, day = tonumber(day), hour = tonumber(hour),
        minute = tonumber(minute), second = tonumber(second) or 0 })
    return ok and instant - offset_s or nil
end

local function read_date(text)
    text = (text or ""):match("^%s*(.-)%s*$")
    local ok, instant = pcall(time.parse, text)
    instant = ok and instant or rfc822_date(text)
    return instant and time.iso(instant) or nil
end

local function first_text(element, ...)
    for _, name in ipairs({ ... }) do
        local text = xml.text(xml.first(element, name))
        if text and text:find("%S") then return text:match("^%s*(.-)%s*$") end
    end
end

-- Atom has links as attributes, and several of them.
local function link_of(element)
    local fallback
    for _, link in ipairs(xml.all(element, "link")) do
        local address = link.attributes.href or xml.text(link):match("^%s*(.-)%s*$")
        local relation = link.attributes.rel
        if address ~= "" and (not relation or relation == "alternate") then return address end
        fallback = fallback or address ~= "" and address or nil
    end
    return fallback
end

local function is_web_address(text) return text ~= nil and text:find("^https?://[^%s<>\"']+$") ~= nil end

local function read_entry(element)
    local title = first_text(element, "title") or ""
    local link = link_of(element)
    return {
        title = title:gsub("%s+", " "):sub(1, max_title_bytes),
        link = is_web_address(link) and link or nil,
        published = read_date(first_text(element, "published", "pubDate", "date", "updated")),
        text = (first_text(element, "encoded", "content", "description", "summary") or ""):sub(1, max_text_bytes),
    }
end

-- The elements of entries: of Atom in the root, of RSS in its channel, of RSS 1.0 beside it.
local function entries_of(root)
    local name = root.name:match("[^:]+$"):lower()
    if name == "feed" then return xml.all(root, "entry") end
    if name ~= "rss" and name ~= "rdf" then return nil end
    local channel = xml.first(root, "channel")
    local items = channel and xml.all(channel, "item") or {}
    return #items > 0 and items or xml.all(root, "item")
end

--- Reads a feed. Raises `upstream.feed` for anything else, such as the page of a login.
---@param text string
---@return upstream.FeedEntry[]
function M.read(text)
    local ok, root = pcall(xml.decode, text, { max_bytes = max_bytes })
    local elements = ok and entries_of(root)
    if not elements then
        local beginning = text:sub(1, 1000):lower()
        local is_page = beginning:find("<html", 1, true) or beginning:find("<!doctype html", 1, true)
        local message = is_page and "the address gives a web page, not a feed" or "this is no RSS or Atom feed"
        uhost.fail("upstream.feed", message,
            { hint = "check feed.url in policies/upstream.lua", native = not ok and tostring(root) or nil })
    end
    local entries = {}
    for i = 1, math.min(#elements, max_entries) do entries[i] = read_entry(elements[i]) end
    return entries
end

return M
