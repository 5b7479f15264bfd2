-- The list of a fleet's repositories: one to a line, with arguments of its own.
local M = {}

local max_list_bytes, max_lines, max_shown = 4 * 1024 * 1024, 100000, 60
local schemes = tables.set({ "https", "http", "ssh", "git", "file" })

---@class fleet.Repository
---@field name string  as people know it: "owner/name", its address, or its path as it is written
---@field url string  what git is given; of a folder its absolute path
---@field arguments string[]  for this repository only
---@field line integer

local function refuse(place, message, hint)
    uhost.fail("usage", ("%s: %s"):format(place, message), { hint = hint, details = { place = place } })
end

local function shown(word) return "'" .. term.truncate(term.visible(word), max_shown) .. "'" end

-- The words of a line. Quotes hold blanks together, within a word too: key="two words".
local function words_of(text, place)
    local words, word, quote = {}, nil, nil
    for character in text:gmatch(".") do
        if quote then
            if character == quote then quote = nil else word = word .. character end
        elseif character == '"' or character == "'" then
            quote, word = character, word or ""
        elseif character == " " or character == "\t" then
            words[#words + 1], word = word, nil
        elseif character == "#" and not word then
            break
        else
            word = (word or "") .. character
        end
    end
    if quote then refuse(place, "a quotation mark is not closed", "add the second " .. quote) end
    words[#words + 1] = word
    return words
end

local function argument_of(word, place)
    local key, value = word:match("^([%a][%w_%-]*)=(.*)$")
    if not key then
        refuse(place, ("%s is no argument"):format(shown(word)), "write key=value, which becomes --key value")
    end
    return "--" .. key, value
end

-- What git would take for an option, a program to run ("ext::…"), or for nothing at all is no address.
local function url_of(word, place)
    local scheme, rest = word:match("^(%a[%w%+%.%-]*)://(.*)$")
    if scheme then
        if not schemes[scheme:lower()] then
            refuse(place, ("%s has a scheme that git is not given"):format(shown(word)),
                "https, http, ssh, git or file")
        end
        if rest:match("^[^/]*:[^/]*@") then
            refuse(place, "the address has a password in it",
                "take it out: GITHUB_TOKEN and git's credential helpers are asked for logins")
        end
        return rest ~= "" and word or nil
    end
    if word:find("^[%w_][%w_%.%-]*@[%w][%w%.%-]*:[^%-:].*$") then return word end
end

local function is_home(word)
    local name = word:match("^[%w][%w_%-]*/([%w_%.%-]+)$")
    return name ~= nil and name ~= "." and name ~= ".."
end

local function github_server() return ((os.getenv("GITHUB_SERVER_URL") or "https://github.com"):gsub("/+$", "")) end

local function address_of(word, folder, place)
    if word:find("^%.?%.?/") or word == "." or word == ".." then
        local path = fs.absolute(word:sub(1, 1) == "/" and word or fs.join(folder, word))
        local status = fs.stat(path)
        if not status or status.type ~= "directory" then
            refuse(place, ("there is no folder %s"):format(term.visible(path)), "paths begin at the list's own folder")
        end
        return word, path
    end
    if is_home(word) then return word, ("%s/%s"):format(github_server(), word) end
    local url = url_of(word, place)
    if url then return github.repository_of(url) or url, url end
    refuse(place, ("%s is no repository"):format(shown(word)), "write OWNER/NAME, an address, or a path with ./ or /")
end

local function read_line(text, folder, place)
    if text:find("[%z\1-\8\11-\31\127]") then
        refuse(place, "the line has control characters", "it has to be a text file, in UTF-8")
    end
    local words = words_of(text, place)
    if #words == 0 then return nil end
    local name, url = address_of(words[1], folder, place)
    local arguments = {}
    for i = 2, #words do
        local option, value = argument_of(words[i], place)
        arguments[#arguments + 1], arguments[#arguments + 2] = option, value
    end
    return { name = name, url = url, arguments = arguments }
end

--- Reads a list. Raises `usage`, with the line's number.
---@param text string
---@param source string  what the list is called
---@param folder string  where its paths begin
---@return fleet.Repository[]
function M.parse(text, source, folder)
    local list, seen, number = {}, {}, 0
    text = text:gsub("^\239\187\191", "")
    for line in (text .. "\n"):gmatch("([^\n]*)\n") do
        number = number + 1
        local place = ("%s:%d"):format(source, number)
        if number > max_lines then refuse(place, "the list is too long", ("%d lines at most"):format(max_lines)) end
        local repository = read_line(line:gsub("\r$", ""), folder, place)
        if repository then
            local key = repository.url .. "\n" .. table.concat(repository.arguments, "\n")
            if seen[key] then
                refuse(place, ("%s is listed already, in line %d"):format(shown(repository.name), seen[key]),
                    "remove one of the lines, or give them different arguments")
            end
            seen[key], repository.line = number, number
            list[#list + 1] = repository
        end
    end
    if #list == 0 then
        refuse(source, "the list names no repository", "write a line for each: OWNER/NAME, an address or a path")
    end
    return list
end

--- Reads the list in a file, or from standard input for "-". Raises `usage`.
---@param path string
---@return fleet.Repository[]
function M.read(path)
    if path == "-" then return M.parse(io.read("*a") or "", "standard input", fs.cwd()) end
    local status = fs.stat(path)
    if not status then refuse(path, "there is no such file", "write a line for each repository: OWNER/NAME") end
    if status.type == "directory" then refuse(path, "this is a folder", "name a file") end
    return M.parse(fs.read(path, { limit_bytes = max_list_bytes }), path, fs.dirname(fs.absolute(path)))
end

return M
