-- `uhost types`: the definition files of the primitives are type files of lua-language-server as they are; an editor
-- only has to know where they are.
local command_line = require("lib.command_line")
local repository_root = require("lib.repository_root")

local M = {}

local file_name = ".luarc.json"

local function definitions_folder() return fs.absolute(fs.join(uhost.share, "api")) end

-- What the settings of lua-language-server need, over what is there.
local function merge(settings)
    settings["runtime.version"] = settings["runtime.version"] or "LuaJIT"
    local library = settings["workspace.library"]
    if type(library) == "string" then library = { library } end
    library = library or {}
    local folder, known = definitions_folder(), false
    for _, each in ipairs(library) do known = known or each == folder end
    if not known then library[#library + 1] = folder end
    settings["workspace.library"] = json.array(library)
    settings["workspace.checkThirdParty"] = false
    return settings
end

local function read(path)
    if not fs.exists(path) then return {} end
    local ok, settings = pcall(json.decode, fs.read(path))
    if ok and type(settings) == "table" then return settings end
    uhost.fail("usage", path .. " is not a JSON object, so it is left as it is",
        { hint = ("add %s to workspace.library in it by hand"):format(definitions_folder()) })
end

local function install()
    local path = repository_root.path(file_name)
    local text = json.encode(merge(read(path)), { indent = 2 }) .. "\n"
    if fs.exists(path) and fs.read(path) == text then return print(path .. " knows the types already") end
    fs.write(path, text)
    print(("%s: lua-language-server finds the types in %s"):format(path, definitions_folder()))
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local parser = command_line.parser("types",
        "Let an editor with lua-language-server know what scripts can use. Without --install, prints the folder of the "
        .. "type files.", { "uhost types", "uhost types --install", "uhost --dry-run types --install" })
    parser:flag("--install", ("Name that folder in %s, at the root of this repository."):format(file_name))
    if parser:parse(arguments).install then
        install()
    else
        print(definitions_folder())
    end
    return 0
end

return M
