-- A diagnosis by others' readers: SARIF by its official schema, HTML by html-validate with its rules on accessibility.
local servers = require("support.servers")
local peers = require("support.peers")
local model = require("support.diagnose_model")
local hostile = require("support.hostile_text").list

local function each_result(check)
    check(model.plain())
    check(model.unknown())
    check({ reports = {}, nothing = "No job of run 1 of o/n has failed.", is_known = true })
    local first = model.report({ model.finding(), model.finding({ id = "disk.full", line_number = 30 }) }, {
        tests = model.tests({ "a", "b" }), diagnostics = {
            { line_number = 2, file = "src/b.rs", line = 3, column = 1, severity = "warning", message = "unused" } },
    })
    check(model.result({ first, model.report({ model.finding() }, { name = "other" }), model.unknown().reports[1] }))
    for _, text in ipairs(hostile) do check(model.hostile(text)) end
end

-- Writes every result in a format to a file of its own, and gives the files to `check(files)`.
local function with_files(format, check)
    servers.in_folder(function(folder)
        local files = {}
        each_result(function(result)
            files[#files + 1] = ("%s/%d.%s"):format(folder, #files + 1, format)
            fs.write(files[#files], require("lib.diagnose.main").render(result, format))
        end)
        check(files)
    end)
end

describe("a diagnosis", function()
    it("is SARIF 2.1.0 by its schema", function()
        if peers.missing() then return pending(peers.missing()) end
        with_files("sarif", function(files) assert.equal("", peers.problems("sarif", unpack(files))) end)
    end)

    it("is HTML that stands by itself, and that everybody can use", function()
        if peers.missing() then return pending(peers.missing()) end
        with_files("html", function(files) assert.equal("", peers.problems("html", unpack(files))) end)
    end)
end)
