-- Compiles the Lua files of share/ when uhost is built: uhost compile.lua SHARE OUTPUT
local share, output = arg[1], arg[2]

local index, texts = {}, {}

local function add(name, path)
    local source = fs.read(path)
    -- What does not compile says so when it is used; definitions are for people.
    local compiled = not source:find("^%-%-%-@meta") and loadstring(source, "=" .. path)
    if not compiled then return end
    local code = string.dump(compiled)
    index[#index + 1] = ("%s\t%d\t%d"):format(name, #source, #code)
    texts[#texts + 1] = source
    texts[#texts + 1] = code
end

for _, folder in ipairs({ "api", "scripts" }) do
    for path, kind in fs.walk(fs.join(share, folder)) do
        if kind == "file" and path:find("%.lua$") then add(path:sub(#share + 2), path) end
    end
end
-- Nearly every command needs it.
local argparse = package.searchpath("argparse", package.path)
if argparse then add(argparse, argparse) end
fs.write(output, ("uhost lua 1 %s %s\n%s\n\n%s"):format(jit.version, jit.arch, table.concat(index, "\n"),
    table.concat(texts)))
