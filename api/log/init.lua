-- Levels, fields and workflow commands; lines leave through the native half.
local native = ...

local M = {}

-- The least verbosity that shows a level, its label, and its colour.
local levels = {
    debug = { verbosity = 1, label = "debug: ", color = "\27[2m" },
    info = { verbosity = 0, label = "", color = nil },
    warn = { verbosity = -1, label = "warning: ", color = "\27[33m" },
    error = { verbosity = -1, label = "error: ", color = "\27[1;31m" },
}
local commands = { debug = "debug", info = "notice", warn = "warning", error = "error" }

local in_actions, color, timestamps = native.in_actions(), native.color(), native.timestamps()
local verbosity = uhost.verbosity
if in_actions and os.getenv("RUNNER_DEBUG") == "1" then verbosity = math.max(verbosity, 1) end

-- As GitHub documents them for workflow commands; masked before, since escaping would hide a secret from the mask.
local function escape_data(text)
    local escapes = { ["%"] = "%25", ["\r"] = "%0D", ["\n"] = "%0A" }
    return (native.visible(uhost.mask(text)):gsub("[%%\r\n]", escapes))
end

local function escape_property(text)
    local escapes = { ["%"] = "%25", ["\r"] = "%0D", ["\n"] = "%0A", [":"] = "%3A", [","] = "%2C" }
    return (native.visible(uhost.mask(tostring(text))):gsub("[%%\r\n:,]", escapes))
end

local function field_value(value)
    local text = tostring(value)
    if text ~= "" and not text:find('[%s%c"=]') then return text end
    return '"' .. text:gsub('[\\"]', "\\%0"):gsub("\n", "\\n") .. '"'
end

local function with_fields(message, fields)
    if fields == nil then return message end
    for _, name in ipairs(require("uhost.tables").sorted_keys(fields)) do
        message = ("%s %s=%s"):format(message, tostring(name), field_value(fields[name]))
    end
    return message
end

-- What any value says for itself; of an error, its remedy as well.
local function text_of(value)
    if uhost.is_error(value) and value.hint then return ("%s\nhint: %s"):format(value.message, value.hint) end
    return tostring(value)
end

local function publish(level, message, fields)
    local texts = {}
    for name, value in pairs(fields or {}) do texts[tostring(name)] = tostring(value) end
    uhost.publish("log", { level = level, message = text_of(message), fields = texts })
end

local function check_fields(fields, owner)
    if fields ~= nil and type(fields) ~= "table" then
        local message = "bad argument #2 'fields' to '%s': expected a table, got %s"
        uhost.fail("argument", message:format(owner, type(fields)))
    end
end

local function write(level, text)
    local shape = levels[level]
    local stamp = timestamps and os.date("!%Y-%m-%dT%H:%M:%SZ ") or ""
    local line = stamp .. shape.label .. text:gsub("\n", "\n  ")
    if color and shape.color then
        native.write_line(line, shape.color, "\27[0m")
    else
        native.write_line(line)
    end
end

function M.enabled(level)
    local shape = levels[level]
    if not shape then
        uhost.fail("argument", ("there is no level '%s'"):format(tostring(level)),
            { hint = "levels are debug, info, warn and error" })
    end
    return verbosity >= shape.verbosity
end

for level in pairs(levels) do
    M[level] = function(message, fields)
        check_fields(fields, "log." .. level)
        if not M.enabled(level) then return end
        publish(level, message, fields)
        local text = with_fields(text_of(message), fields)
        if in_actions and level ~= "info" then
            native.write_command(("::%s::%s"):format(commands[level], escape_data(text)))
        else
            write(level, text)
        end
    end
end

local properties = { { "file", "file" }, { "line", "line" }, { "end_line", "endLine" }, { "column", "col" },
    { "end_column", "endColumn" }, { "title", "title" } }

local function annotation_command(annotation, level, text)
    local list = {}
    for _, property in ipairs(properties) do
        local value = annotation[property[1]]
        if value ~= nil then list[#list + 1] = property[2] .. "=" .. escape_property(value) end
    end
    local head = #list > 0 and " " .. table.concat(list, ",") or ""
    return ("::%s%s::%s"):format(commands[level], head, escape_data(text))
end

function M.annotation(annotation)
    if type(annotation) ~= "table" or annotation.message == nil then
        uhost.fail("argument", "log.annotation needs a message",
            { hint = 'log.annotation{ level = "error", file = "a.rs", line = 3, message = "…" }' })
    end
    local level = annotation.level or "error"
    if not M.enabled(level) then return end
    local text = text_of(annotation.message)
    publish(level, text, { file = annotation.file, line = annotation.line, title = annotation.title })
    if in_actions then return native.write_command(annotation_command(annotation, level, text)) end
    local place = annotation.file and tostring(annotation.file) or ""
    if annotation.file and annotation.line then place = place .. ":" .. annotation.line end
    if annotation.file and annotation.line and annotation.column then place = place .. ":" .. annotation.column end
    if annotation.title then text = annotation.title .. ": " .. text end
    write(level, place == "" and text or place .. ": " .. text)
end

-- The runner knows no groups within groups.
local group_is_open = false

local function close_group(ok, first, ...)
    group_is_open = false
    native.write_command("::endgroup::")
    if not ok then error(first, 0) end
    return first, ...
end

function M.group(title, body, ...)
    if type(body) ~= "function" then
        local message = "bad argument #2 'body' to 'log.group': expected a function, got %s"
        uhost.fail("argument", message:format(type(body)))
    end
    if not in_actions or group_is_open then
        if M.enabled("info") then
            native.write_line(tostring(title), color and "\27[1m" or "", color and "\27[0m" or "")
        end
        return body(...)
    end
    group_is_open = true
    native.write_command("::group::" .. escape_data(tostring(title)))
    return close_group(pcall(body, ...))
end

return M
