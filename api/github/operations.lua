-- The operations of GitHub's REST API by the names that its own description gives them: operations.tsv, which
-- operations.mjs makes. The table is read when an operation is first asked for.
local M = {}

---@class github.Parameter
---@field name string
---@field place "path"|"query"|"body"
---@field type string  "string", "integer", "number", "boolean", "array", "object" or "any"
---@field values? string[]  what it may be, where that is known
---@field is_required boolean
---@field is_nullable boolean
---@field has_slashes boolean  of a path: takes several segments

---@class github.Operation
---@field id string  "issues/create"
---@field method string
---@field path string  "/repos/{owner}/{repo}/issues"
---@field summary string
---@field parameters github.Parameter[]  in the order of path, query and body
---@field list? string  of a list: the field that has the items of a page, "" where the page is the list
---@field reads boolean  whether it changes nothing
---@field is_raw boolean  whether its body is sent as it is
---@field is_open boolean  whether its body takes other names as well
---@field is_upload boolean  whether it is at the server for uploads

local text

local function whole()
    text = text or "\n" .. fs.read(uhost.share .. "/api/github/operations.tsv")
    return text
end

local function read_parameter(place, word)
    local name, mark, sign, type, nullable = word:match("^([^!:=]+)(!?)([:=])(.-)(%??)$")
    local parameter = {
        name = name, place = place, type = type, is_required = mark == "!", is_nullable = nullable == "?",
        has_slashes = false,
    }
    if sign == "=" then
        parameter.type, parameter.values = "string", {}
        for value in type:gmatch("[^|]+") do table.insert(parameter.values, value) end
    end
    return parameter
end

local function read_path(path, parameters)
    return (path:gsub("{([%w_%-]+)([^}]*)}", function(name, rest)
        local is_plain = rest == "" or rest == "*"
        local parameter = read_parameter("path", name .. "!" .. (is_plain and ":string" or rest))
        parameter.has_slashes = rest == "*"
        table.insert(parameters, parameter)
        return "{" .. name .. "}"
    end))
end

local function read_line(line)
    local id, method, path, flags, query, body, summary =
        line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    local parameters = {}
    path = read_path(path, parameters)
    for word in query:gmatch("%S+") do table.insert(parameters, read_parameter("query", word)) end
    for word in body:gmatch("%S+") do table.insert(parameters, read_parameter("body", word)) end
    flags = " " .. flags .. " "
    local function has(flag) return flags:find(" " .. flag .. " ", 1, true) ~= nil end
    return {
        id = id, method = method, path = path, summary = summary, parameters = parameters,
        list = flags:match(" list=(%S+)") or (has("list") and "" or nil),
        reads = method == "GET" or has("reads"), is_raw = has("raw"), is_open = has("open"),
        is_upload = has("uploads"),
    }
end

--- The operation of that name; nil when GitHub has none.
---@param id string
---@return github.Operation?
function M.find(id)
    local _, last = whole():find("\n" .. id .. "\t", 1, true)
    if not last then return nil end
    return read_line(id .. "\t" .. text:match("^[^\n]*", last + 1))
end

--- The names of all operations.
---@return string[]
function M.ids()
    local ids = {}
    for id in whole():gmatch("\n([^\t]+)\t") do ids[#ids + 1] = id end
    return ids
end

--- The operations that have each of the words in their name, path, parameters or summary; those with all words in name
--- and summary first.
---@param words string  "create release"
---@return github.Operation[]
function M.search(words)
    local wanted, found, rank = {}, {}, {}
    for word in words:lower():gmatch("%S+") do wanted[#wanted + 1] = word end
    local function has_all(subject)
        for _, word in ipairs(wanted) do
            if not subject:find(word, 1, true) then return false end
        end
        return true
    end
    for line in whole():gmatch("[^\n]+") do
        if has_all(line:lower()) then
            local operation = read_line(line)
            rank[operation] = has_all((operation.id .. " " .. operation.summary):lower()) and 1 or 2
            found[#found + 1] = operation
        end
    end
    table.sort(found, function(a, b)
        if rank[a] ~= rank[b] then return rank[a] < rank[b] end
        return a.id < b.id
    end)
    return found
end

-- Calling one

local checks = {
    string = function(value) return type(value) == "string" end,
    boolean = function(value) return type(value) == "boolean" end,
    number = function(value) return type(value) == "number" end,
    integer = function(value) return type(value) == "number" and value % 1 == 0 end,
    array = function(value) return type(value) == "table" and (#value > 0 or next(value) == nil) end,
    object = function(value) return type(value) == "table" and #value == 0 end,
    any = function() return true end,
}

local function is_one_of(values, value)
    for _, each in ipairs(values) do
        if each == value then return true end
    end
    return false
end

-- What a parameter takes, for messages.
local function expected(parameter)
    if parameter.values then return "one of " .. table.concat(parameter.values, ", ") end
    local article = parameter.type:find("^[aeiou]") and "an " or "a "
    return parameter.type == "any" and "a value" or article .. parameter.type
end

local function takes(parameter, value)
    if value == json.null then return parameter.is_nullable end
    if parameter.values then return is_one_of(parameter.values, value) end
    -- A list in a query is also written as one text.
    if parameter.place == "query" and parameter.type == "array" then return type(value) ~= "boolean" end
    return checks[parameter.type](value)
end

local function refuse(operation, name, message, hint)
    uhost.fail("argument", ("%s: '%s' %s"):format(operation.id, tostring(name):sub(1, 100), message), { hint = hint })
end

local function by_name(operation)
    local known, names = {}, {}
    for i, parameter in ipairs(operation.parameters) do
        known[parameter.name], names[i] = parameter, parameter.name
    end
    return known, names
end

local function as_segment(operation, parameter, value)
    local written = parameter.type == "integer" and ("%d"):format(value) or value
    if not parameter.has_slashes then
        if written == "" or written:match("^%.+$") then refuse(operation, parameter.name, "names nothing") end
        return http.encode(written)
    end
    local pieces = {}
    for piece in written:gmatch("[^/]+") do
        if piece == "." or piece == ".." then refuse(operation, parameter.name, "has a segment '" .. piece .. "'") end
        pieces[#pieces + 1] = http.encode(piece)
    end
    return table.concat(pieces, "/")
end

--- The request that calls the operation: its path, query and body. Raises `argument` for a parameter that it does not
--- take ("did you mean"), that is missing, or that has another type.
---@param operation github.Operation
---@param values table<string, any>
---@return string path, table query, table? body
function M.request(operation, values)
    local known, names = by_name(operation)
    local query, segments, body = {}, {}, nil
    for name, value in pairs(values) do
        local parameter = known[name]
        if not parameter and not operation.is_open then
            refuse(operation, name, "is not a parameter", uhost.suggest(tostring(name), names))
        end
        if parameter and not takes(parameter, value) then
            refuse(operation, name, ("is %s"):format(expected(parameter)))
        end
        if not parameter or parameter.place == "body" then
            body = body or {}
            body[name] = parameter and parameter.type == "array" and value ~= json.null and json.array(value) or value
        elseif parameter.place == "query" then
            query[name] = value
        end
    end
    for _, parameter in ipairs(operation.parameters) do
        local value = values[parameter.name]
        if value == nil and parameter.is_required then
            refuse(operation, parameter.name, "is missing", ("it is %s"):format(expected(parameter)))
        end
        if parameter.place == "path" then segments[parameter.name] = as_segment(operation, parameter, value) end
    end
    return (operation.path:gsub("{([%w_%-]+)}", segments)), query, body
end

return M
