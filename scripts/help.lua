-- uhost help: the reference of primitives, read from their definition files.
local command_line = require("lib.command_line")
local definitions = require("lib.definitions")

local parser = command_line.parser("help", "Describe the primitives that scripts can use.", {
    "uhost help", "uhost help git", "uhost help git.open",
})
parser:argument("topic", "A primitive, or one of its functions."):args("?")
local topic = parser:parse().topic

local function print_comment(lines)
    for _, line in ipairs(lines) do
        if not line:match("^@class") and not line:match("^@meta") then print("  " .. line) end
    end
end

local function each_room()
    local rooms = {}
    for _, name in ipairs(fs.list(uhost.share .. "/api")) do
        local folder = uhost.share .. "/api/" .. name
        if fs.exists(folder .. "/definition.lua") then table.insert(rooms, definitions.read(folder)) end
    end
    return rooms
end

local function list_rooms()
    print("Primitives; see one with: uhost help NAME\n")
    for _, room in ipairs(each_room()) do print(("  %-10s %s"):format(room.name, room.summary)) end
end

local function show_room(room)
    print(room.name)
    print_comment(room.lines)
    print()
    for _, entry in ipairs(room.functions) do print(("  %s\n      %s"):format(entry.signature, entry.summary)) end
end

local function show_function(room, wanted)
    local found = false
    for _, entry in ipairs(room.functions) do
        if entry.name == wanted or entry.name:gsub("^[%w_]+%.([%u])", "%1") == wanted then
            print(entry.signature)
            print_comment(entry.lines)
            found = true
        end
    end
    return found
end

if not topic then return list_rooms() end
local room_name = topic:match("^[%w_]+")
for _, room in ipairs(each_room()) do
    if topic == room.name then return show_room(room) end
    if room.name == room_name and show_function(room, topic) then return end
end
uhost.fail("usage", ("nothing is called '%s'"):format(topic), { hint = "uhost help lists the primitives" })
