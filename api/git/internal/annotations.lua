-- Reflogs and notes.
local program = require("uhost.git.internal.program")

local M = {}

local fields_of_entry = 5

function M.reflog(repository, ref)
    ref = program.word("Repository:reflog", "ref", ref or "HEAD", "a reference")
    if not repository:resolve(ref) then return {} end
    local text = program.ask(repository, "read the reflog of " .. ref, "log", "-g", "-z", "--date=unix",
        "--format=%H%x00%gD%x00%gs%x00%gn%x00%ge", ref, "--")
    local fields, entries = program.fields((text or "") .. "\0"), {}
    for first = 1, #fields - fields_of_entry + 1, fields_of_entry do
        entries[#entries + 1] = {
            id = fields[first], time = time.iso(tonumber(fields[first + 1]:match("@{(%d+)}$")) or 0),
            message = fields[first + 2], name = fields[first + 3], email = fields[first + 4],
        }
    end
    return entries
end

local function notes_ref(method, options)
    options = uhost.check_options(options, method, { "ref" })
    return "--ref=" .. program.word(method, "ref", options.ref or "commits", "a notes reference, such as 'review'")
end

local function object_of(repository, method, revision)
    program.word(method, "revision", revision, "a revision")
    return repository:resolve(revision) or uhost.fail("git.unknown_revision",
        ("nothing is called '%s'"):format(revision), { hint = "name a branch, a tag or an id" })
end

function M.note(repository, revision, options)
    local ref = notes_ref("Repository:note", options)
    local object = object_of(repository, "Repository:note", revision)
    return program.ask(repository, "read the note", "notes", ref, "show", object)
end

function M.notes(repository, options)
    local list = {}
    local ref = notes_ref("Repository:notes", options)
    local text = program.ask(repository, "list the notes", "notes", ref, "list") or ""
    for note, object in text:gmatch("(%x+) (%x+)") do list[#list + 1] = { object = object, note = note } end
    return list
end

function M.set_note(repository, revision, text, options)
    local method = "Repository:set_note"
    local ref, object = notes_ref(method, options), object_of(repository, method, revision)
    if not text then
        return program.command(repository, "set_note", "remove the note on " .. object, "notes", ref, "remove",
            "--ignore-missing", object)
    end
    if type(text) ~= "string" or not text:find("%S") then program.word(method, "text", "", "a text, or false") end
    program.command(repository, "set_note", "set the note on " .. object, "notes", ref, "add", "-f", "-m",
        uhost.mask(text), object)
end

return M
