-- `api/yaml` beside the reader of GitHub's own parser of workflows, on real and generated documents: the same documents
-- are valid, with the same values at the same places.
local expect = require("support.expect")
local peers = require("support.peers")

-- [ line, column, value ] of each scalar, and the brackets of collections, as the peer has them.
local function events_of(node, out)
    if node.kind == "scalar" then
        local value = node.value
        if type(value) == "number" and (value ~= value or math.abs(value) == math.huge) then
            value = value ~= value and "NaN" or value > 0 and "Infinity" or "-Infinity"
        end
        out[#out + 1] = { node.line, node.column, value }
    elseif node.kind == "sequence" then
        out[#out + 1] = "["
        for _, item in ipairs(node.items) do events_of(item, out) end
        out[#out + 1] = "]"
    else
        out[#out + 1] = "{"
        for _, entry in ipairs(node.entries) do
            out[#out + 1] = { entry.key.line, entry.key.column, entry.key.text }
            events_of(entry.value, out)
        end
        out[#out + 1] = "}"
    end
    return out
end

-- Without the places of what is written nowhere.
local function comparable(events)
    local list = {}
    for i, event in ipairs(events) do
        if type(event) == "table" and (event[3] == json.null or event[3] == nil) then
            list[i] = "null"
        else
            list[i] = json.encode(event)
        end
    end
    return table.concat(list, " ")
end

local function check(documents)
    local missing = peers.missing()
    if missing then return pending(missing) end
    local files, names = {}, tables.sorted_keys(documents)
    for i, name in ipairs(names) do files[("%05d.yml"):format(i)] = documents[name] end
    expect.in_folder(files, function(folder)
        local paths = {}
        for i in ipairs(names) do paths[i] = ("%s/%05d.yml"):format(folder, i) end
        for i, theirs in ipairs(peers.commands("yaml", unpack(paths))) do
            local text = documents[names[i]]
            local ok, root = pcall(yaml.parse, text)
            assert.equal(theirs.errors == 0, ok, ("%s:\n%s\n%s"):format(names[i], text, tostring(root)))
            if ok then
                assert.equal(comparable(theirs.events), comparable(events_of(root, {})), names[i] .. ":\n" .. text)
            end
        end
    end)
end

local scalars = { "a", "build", "3.10", "1", "-1", "0x1F", "0o17", "010", "1e3", ".5", ".inf", "-.inf", "true",
    "false", "True", "yes", "on", "null", "~", "", "2026-01-31", "a b c", "a: b", "'it''s'", "'a: b # c'", '"x\\ty"',
    '"\\u00e9"', '"a # b"', "ubuntu-24.04", "${{ github.ref }}", "a#b", "-x", "1.2.3", "+1",
    "|\n%s  line one\n%s    two\n", ">-\n%s  folded\n%s  text\n", "|+\n%s  kept\n\n", "!!str 3", "0.0",
    "1_000", "1:30", "=", "a,b", "é ü" }

-- Documents of block and flow style, from a seed.
local function generator(seed)
    math.randomseed(seed)
    local function pick(list) return list[math.random(#list)] end
    local block
    local function inline()
        local text
        repeat
            text = pick(scalars)
        until text ~= "" and not text:find("^a: b") and not text:find("[{},\n]")
        return text
    end
    local function flow()
        if math.random(2) == 1 then return "[" .. inline() .. ", " .. inline() .. "]" end
        return "{ k1: " .. inline() .. ", 'k 2': [" .. inline() .. "] }"
    end
    local function value(indent, depth)
        local choice = math.random(10)
        if depth > 0 and choice <= 4 then return "\n" .. block(indent .. "  ", depth - 1) end
        if choice == 5 then return " " .. flow() .. "\n" end
        local text
        repeat text = pick(scalars) until text ~= "a: b"
        text = text:gsub("%%s", indent)
        local comment = not text:find("\n") and math.random(6) == 1 and " # note" or ""
        return (text == "" and "" or " " .. text) .. comment .. (text:find("\n$") and "" or "\n")
    end
    function block(indent, depth)
        local out, is_list = {}, math.random(3) == 1
        for i = 1, math.random(4) do
            if math.random(8) == 1 then out[#out + 1] = indent .. "# about it\n" end
            if is_list then
                out[#out + 1] = indent .. "-" .. value(indent, depth)
            else
                local key = ("%s%d"):format(pick({ "on", "key", "steps-", "'q' ", '"d"' }):gsub("' $", "'"), i)
                if key:find("['\"]") then key = ('"q%d"'):format(i) end
                out[#out + 1] = indent .. key .. ":" .. value(indent, depth)
            end
        end
        return table.concat(out)
    end
    return block("", 3)
end

describe("yaml.parse beside GitHub's own parser", function()
    it("reads generated documents the same", function()
        local documents = {}
        for seed = 1, 400 do
            documents[("seed %d"):format(seed)] = generator(seed)
        end
        check(documents)
    end)

    it("agrees on which documents are wrong", function()
        check({ tab = "a:\n\t- b", open = "a: [1, 2", bracket = "a: ]", colon = "a: b: c",
            indent = "a:\n  b: 1\n c: 2",
            quote = "a: 'x", list = "- a\nb: c", fine = "a: &x 1\nb: *x", anchor = "a: &x\n  b: 1",
            cut = "a: |\n  x", stripped = "a: |-\n  x", folded = "a: >\n  x\n  y", percent = "a: %x", at = "a: @x",
            directive = "%YAML 1.2\n---\na: 1", marker = "---\na: 1\n...\n" })
    end)

    it("reads the project's own workflows, and those of others, the same", function()
        local documents, root = {}, fs.join(uhost.share, "..")
        for _, folder in ipairs({ os.getenv("UHOST_SOURCE") or root, "." }) do
            local workflows = folder .. "/.github/workflows"
            for _, name in ipairs(fs.exists(workflows) and fs.list(workflows) or {}) do
                if name:find("%.ya?ml$") then documents[name] = fs.read(fs.join(workflows, name)) end
            end
        end
        local data = fs.join(os.getenv("UHOST_SOURCE") or ".", "../shared/data/workflow_pairs_dev.tar.xz")
        if fs.exists(data) then
            local folder = fs.temp_dir()
            process.run({ "tar", "xf", data, "-C", folder:path(), check = true })
            for path, type in fs.walk(folder:path()) do
                local text = type == "file" and path:find("before%.yml$") and fs.read(path)
                if text then documents[path] = text end
            end
            folder:close()
        end
        check(documents)
    end)
end)
