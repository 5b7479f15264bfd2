-- The Lua half of `log_text`: streams, and what is read out of a log's text.
local native = ...

local M = {}

-- What gives the pieces of a stream: an http.Stream, anything else with `read`, or an iterator.
local function pieces_of(stream)
    if type(stream) == "function" then return stream end
    if type(stream) == "table" and type(stream.read) == "function" then
        return function() return stream:read() end
    end
    uhost.fail("argument", "log_text.open takes a path, or a table with 'stream' or 'text'", {
        hint = 'log_text.open("build.log"), log_text.open("-"), log_text.open({ stream = http.stream(url) })',
    })
end

local function text_once(text)
    uhost.check_argument(text, "text", "log_text.open", "string")
    return function()
        local piece = text
        text = nil
        return piece
    end
end

local function collect(options)
    local next_piece = options.text and text_once(options.text) or pieces_of(options.stream)
    local spool = native.open_spool(options.name or (options.text and "the text") or "the stream")
    return task.finally(function()
        for piece in next_piece do
            if type(piece) ~= "string" then
                uhost.fail("argument", ("the stream gave a %s, expected strings"):format(type(piece)))
            end
            spool:write(piece)
        end
        return spool:finish()
    end, function() spool:close() end)
end

function M.open(source)
    if type(source) == "string" then return native.open_log(source) end
    return collect(type(source) == "table" and source or {})
end

-- Loaded when they are first used.
local function later(module, name)
    return function(...) return require("uhost.log_text." .. module)[name](...) end
end

M.structure, M.step_at = later("structure", "read"), later("structure", "step_at")
M.mask, M.miner, M.each_line = later("templates", "mask"), later("templates", "miner"), later("templates", "each_line")
M.salient_lines, M.salience = later("salient", "lines"), later("salient", "weight")

return M
