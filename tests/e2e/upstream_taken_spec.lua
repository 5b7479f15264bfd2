-- What of a fork the project has taken, and how the analysis finds it.
local upstream = require("support.upstream")

local patch = { "pub fn casts(from: Type, to: Type) {", "    check_widening(from, to);",
    "    check_truncation(from, to);", "    report_lossy(from, to);", "}" }

-- The same lint in the fork, and in the project as release 1.4.0; both are texts of commits with their message.
local function with_taken(ours, theirs, settings, body)
    upstream.with_demo(function(world)
        local project, fork = git.open(world.project_folder), git.open(world.fork)
        local function commit(repo, ref, each)
            return repo:create_commit{ ref = ref, message = each.message, author = each.author or "Ada",
                author_email = "ada@x", time = each.time or 1770000000, files = each.files }
        end
        commit(fork, "refs/heads/fork", ours)
        commit(project, "refs/heads/main", theirs)
        project:create_tag("v1.4.0", "refs/heads/main")
        fork:fetch{ tags = "all" }
        local result = world.upstream("analyze", "--json", "1.4.0")
        assert.equal("", result.stderr)
        upstream.assert_schema("upstream_analyze", result.stdout)
        local analysis, findings = json.decode(result.stdout), {}
        for _, each in ipairs(analysis.safety) do findings[each.kind] = each.text end
        body(analysis.replay, findings, analysis)
        project:close()
        fork:close()
    end, settings)
end

local function text_with(replaced, by)
    local lines = {}
    for i, line in ipairs(patch) do lines[i] = i == replaced and by or line end
    return table.concat(lines, "\n") .. "\n"
end

describe("a commit of the fork that the project took", function()
    it("is dropped, with what differs, when author, time and subject are the same", function()
        with_taken({ message = "Lint casts", files = { ["src/casts.rs"] = text_with(3, "    strict();") } },
            { message = "Lint casts", files = { ["src/casts.rs"] = text_with(3, "    lenient();") } }, nil,
            function(replay, findings)
                local dropped = replay.dropped[1]
                assert.same({ "Lint casts", "tweaked", {} }, { dropped.subject, dropped.reason, replay.taken })
                assert.matches("strict.*lenient", dropped.difference)
                assert.matches('would drop "Lint casts": the project has it as %x+, changed', findings.commit_dropped)
            end)
    end)

    it("is found by its trailer, whatever else became of it", function()
        with_taken({ message = "Lint casts\n\nChange-Id: I1234", files = { ["src/casts.rs"] = text_with(3, "a();") } },
            { message = "Casts are checked\n\nChange-Id: I1234", author = "Bob", time = 1770009999,
                files = { ["src/casts.rs"] = "pub fn other() {}\n" } }, [[sync = { trailer = "Change-Id" }]],
            function(replay)
                assert.same({ "Lint casts", "trailer" }, { replay.dropped[1].subject, replay.dropped[1].reason })
                assert.matches("check_widening.*other", replay.dropped[1].difference)
            end)
    end)

    it("is reported with both patches when most of its lines are in a commit of another name", function()
        local theirs = { message = "Check casts, and more", author = "Bob", time = 1770009999, files = {
            ["src/casts.rs"] = text_with(3, "    lenient(from, to);"), ["README.md"] = "Casts are checked.\n" } }
        with_taken({ message = "Lint casts", files = { ["src/casts.rs"] = text_with() } }, theirs, nil,
            function(replay, findings)
                local taken = replay.taken[1]
                assert.same({ "Lint casts", "Check casts, and more", 75 },
                    { taken.subject, taken.upstream_subject, taken.shared_percent })
                assert.matches("check_truncation", taken.patch)
                assert.matches("lenient", taken.upstream_patch)
                assert.not_matches("README", taken.upstream_patch)
                assert.matches('the project may have "Lint casts" already: 75 %% of its lines are in %x+, '
                    .. '"Check casts, and more"', findings.commit_taken)
            end)
    end)

    it("leaves nothing to do where the file is the same afterwards", function()
        with_taken({ message = "Say more", files = { ["src/query.rs"] = "The same words.\n" } },
            { message = "Say it", author = "Bob", files = { ["src/query.rs"] = "The same words.\n" } }, nil,
            function(_, _, analysis)
                local file
                for _, each in ipairs(analysis.affected_files) do
                    if each.path == "src/query.rs" then file = each end
                end
                assert.same({ "SAFE", { "makes the fork's change, too" } }, { file.risk, file.changes })
            end)
    end)

    it("is not taken for one that changes the same file otherwise", function()
        with_taken({ message = "Lint casts", files = { ["src/casts.rs"] = text_with() } },
            { message = "Cast less", author = "Bob", files = { ["src/casts.rs"] = "pub fn cast_less() {}\n" } }, nil,
            function(replay, findings)
                assert.same({ {}, {}, nil }, { replay.dropped, replay.taken, findings.commit_taken })
            end)
    end)
end)
