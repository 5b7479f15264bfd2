-- `uhost help`: the reference of primitives, their functions and types, as text that fits the terminal.
local command_line = require("lib.command_line")
local definitions = require("lib.definitions")
local pager = require("lib.pager")

local M = {}

local max_width = 100

-- Paragraphs are wrapped; examples and lists keep their lines.
local function write_prose(page, lines, indent, width)
    local paragraph, in_code = {}, false
    local function end_paragraph()
        if #paragraph == 0 then return end
        local text = table.concat(paragraph, " "):gsub("  +", " ")
        for _, line in ipairs(term.wrap(text, width - #indent)) do page(indent .. line) end
        paragraph = {}
    end
    for _, line in ipairs(lines) do
        if line:find("^```") then
            end_paragraph()
            in_code = not in_code
        elseif in_code then
            page(indent .. "    " .. term.style(line, "cyan"))
        elseif line == "" then
            end_paragraph()
            page("")
        elseif line:find("^[%-*] ") then
            end_paragraph()
            paragraph[1] = line
        else
            paragraph[#paragraph + 1] = line
        end
    end
    end_paragraph()
end

-- "name  type  text", with the text in a column of its own, or below where the names are long.
local function write_tags(page, title, tags, width)
    if #tags == 0 then return end
    page("")
    page(term.style(title, "bold"))
    for _, each in ipairs(tags) do
        local head = (each.name and each.name .. "  " or "") .. each.type
        for i, line in ipairs(term.wrap(head, width - 6)) do page((i == 1 and "  " or "      ") .. line) end
        if each.text ~= "" then write_prose(page, { each.text }, "      ", width) end
    end
end

local function tags_of(definition, tag)
    local list = {}
    for _, each in ipairs(definition.tags) do
        if each.tag == tag then list[#list + 1] = each end
    end
    return list
end

local function write_list(page, title, list, width)
    if #list == 0 then return end
    page("")
    page(term.style(title, "bold"))
    for _, each in ipairs(list) do
        page("  " .. each.signature)
        if each.summary ~= "" then write_prose(page, { each.summary }, "      ", width) end
    end
end

local function methods_of(primitive, name)
    local list = {}
    for _, each in ipairs(primitive.functions) do
        if each.name:sub(1, #name + 1) == name .. ":" then list[#list + 1] = each end
    end
    return list
end

local function write_definition(page, primitive, definition, width)
    page(term.style(definition.signature, "bold"))
    write_prose(page, definition.lines, "  ", width)
    if definition.type then
        page("")
        write_prose(page, { "It is: " .. definition.type }, "  ", width)
    end
    write_tags(page, "Parameters", tags_of(definition, "param"), width)
    write_tags(page, "Returns", tags_of(definition, "return"), width)
    write_tags(page, "Fields", tags_of(definition, "field"), width)
    if definition.kind == "type" then write_list(page, "Methods", methods_of(primitive, definition.name), width) end
end

local function write_primitive(page, primitive, width)
    page(term.style(primitive.name, "bold"))
    write_prose(page, primitive.lines, "  ", width)
    write_list(page, "Functions", primitive.functions, width)
    write_list(page, "Types", primitive.types, width)
end

local function write_overview(page, primitives, width)
    page("What scripts can use. `uhost help NAME` describes a primitive, a function or a type.")
    page("")
    for _, primitive in ipairs(primitives) do
        for i, line in ipairs(term.wrap(primitive.summary, width - 14)) do
            page(("  %-10s  %s"):format(i == 1 and primitive.name or "", line))
        end
    end
end

-- A word that several definitions have in common.
local function write_choice(page, topic, found, width)
    local list = {}
    for i, each in ipairs(found) do list[i] = each.definition end
    page(("Several things are called '%s'; give the whole name of one."):format(topic))
    write_list(page, "They are", list, width)
end

-- What has more to search than its own reference, and where that is.
local catalogues = { ["github.call"] = "uhost.github.operations" }

-- One operation with its parameters; many by name.
local function write_operations(page, found, width)
    if #found == 1 then
        local operation, tags = found[1], {}
        page(term.style(operation.id, "bold"))
        write_prose(page, { operation.summary }, "  ", width)
        page(("  %s %s"):format(operation.method, operation.path))
        for i, parameter in ipairs(operation.parameters) do
            local values = parameter.values and table.concat(parameter.values, "|")
            tags[i] = {
                name = parameter.name .. (parameter.is_required and "" or "?"), type = values or parameter.type,
                text = "",
            }
        end
        return write_tags(page, "Parameters", tags, width)
    end
    for _, operation in ipairs(found) do
        page(operation.id)
        write_prose(page, { operation.summary }, "    ", width)
    end
end

-- Whether a definition's name or description has all of the words.
local function has_words(definition, words)
    local text = (definition.name .. " " .. table.concat(definition.lines, " ")):lower()
    for word in words:lower():gmatch("%S+") do
        if not text:find(word, 1, true) then return false end
    end
    return true
end

-- Those whose name has the first word come before those that only mention it.
local function definitions_with(primitives, words)
    local named, mentioned = {}, {}
    local first = words:lower():match("%S+") or ""
    for _, primitive in ipairs(primitives) do
        for _, list in ipairs({ primitive.functions, primitive.types }) do
            for _, definition in ipairs(list) do
                if has_words(definition, words) then
                    local is_named = definition.name:lower():find(first, 1, true)
                    table.insert(is_named and named or mentioned, definition)
                end
            end
        end
    end
    for _, definition in ipairs(mentioned) do named[#named + 1] = definition end
    return named
end

local function search_reference(page, primitives, words, width)
    local found = definitions_with(primitives, words)
    if #found == 0 then
        uhost.fail("usage", ("nothing that scripts can use mentions '%s'"):format(words),
            { hint = "search for fewer words; uhost help github.call --search looks through GitHub's operations" })
    end
    write_list(page, ("Found %d"):format(#found), found, width)
end

local function search_catalogue(page, topic, words, width)
    local catalogue = catalogues[topic]
    if not catalogue then
        uhost.fail("usage", ("there is nothing to search below '%s'"):format(topic),
            { hint = "uhost help --search WORDS, or: uhost help github.call --search \"create release\"" })
    end
    local operations = require(catalogue)
    local exact = operations.find(words)
    local found = exact and { exact } or operations.search(words)
    if #found == 0 then
        uhost.fail("usage", ("no operation has the words '%s'"):format(words), { hint = "search for fewer words" })
    end
    write_operations(page, found, width)
end

local function fail_unknown(primitives, topic)
    local names = definitions.names(primitives)
    -- What is meant is as often the last word alone: "git.Comit", "Comit".
    local candidates = {}
    for _, name in ipairs(names) do
        candidates[#candidates + 1] = topic:find("[.:]") and name or name:match("[%w_]+$")
    end
    local hint, meant = uhost.suggest(topic, candidates)
    uhost.fail("usage", ("nothing is called '%s'"):format(topic),
        { hint = meant and hint or "uhost help lists the primitives" })
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local parser = command_line.parser("help", "Describe the primitives that scripts can use.", {
        "uhost help", "uhost help git", "uhost help git.Repository:log", "uhost help http.Response",
        "uhost help --search 'pull request'", "uhost help github.call --search \"create release\"",
    })
    parser:argument("topic", "A primitive, function or type; its last word is enough."):args("?")
    parser:option("--search", "List what has these words in its name or description; with github.call, GitHub's "
        .. "operations.")
    local options = parser:parse(arguments)
    local topic = options.topic
    local primitives, lines = definitions.all(), {}
    local width = math.min(term.width(), max_width)
    local function page(line) lines[#lines + 1] = line end
    if options.search and topic then
        search_catalogue(page, topic, options.search, width)
    elseif options.search then
        search_reference(page, primitives, options.search, width)
    elseif not topic then
        write_overview(page, primitives, width)
    else
        local found = definitions.find(primitives, topic)
        if #found == 0 then fail_unknown(primitives, topic) end
        local first = found[1]
        if not first.definition then
            write_primitive(page, first.primitive, width)
        elseif #found > 1 then
            write_choice(page, topic, found, width)
        else
            write_definition(page, first.primitive, first.definition, width)
        end
    end
    pager.show(table.concat(lines, "\n") .. "\n")
    return 0
end

return M
