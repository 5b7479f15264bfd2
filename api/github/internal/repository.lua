-- One repository of GitHub, as `github.repository` gives it. Its methods are in calls/, a file for each family.
local failures = require("uhost.github.internal.failures")

local families = {
    "issues", "comments", "ensure", "labels", "activity", "pulls", "code", "git_data", "actions", "dispatch",
    "releases", "checks", "deployments", "settings", "people", "scanning", "projects",
}

-- A segment of a path. Dots alone would address something else.
local function segment(owner, name, value)
    if value:match("^%.+$") then
        uhost.fail("argument", ("bad argument '%s' to '%s': '%s' names nothing"):format(name, owner, value))
    end
    return http.encode(value)
end

-- The words of a path that may have slashes.
local function segments(owner, name, value)
    local pieces = {}
    for piece in value:gmatch("[^/]+") do pieces[#pieces + 1] = segment(owner, name, piece) end
    return table.concat(pieces, "/")
end

-- Gives `repository(name)`, and `search`, which has the same records. `context` has `client`, `check` (arguments),
-- `graphql`, `issue_states`, `native`.
return function(context)
    local Repository, new_repository = uhost.class("github.Repository", {
        describe = function(self) return self.name end,
    })

    context.segment, context.segments = segment, segments

    -- What the plan shows of a change.
    function context.mutation(repository, kind, number, summary)
        return {
            kind = "github." .. kind, summary = summary,
            target = number and ("%s#%d"):format(repository.name, number) or repository.name,
        }
    end

    -- Raises what a refusal that a call had taken as an answer means after all.
    function context.raise_refusal(response, what)
        failures.raise({ what = what, url = response.url, token = context.native.token() }, response)
    end

    -- The result of a deletion that takes 404 as an answer: false for what is not there. Raises `github.not_found` when
    -- what should hold it, at the path `holder`, is not there either.
    function context.was_deleted(response, holder)
        if response.planned or response.ok then return true end
        context.client.get(holder, { cache = false })
        return false
    end

    -- Before looking again for what GitHub's lists may show a moment later. A recording has no later moment.
    function context.pause(look)
        if http.is_replay() then return end
        task.sleep((context.native.number_setting("backoff_s") or 0.5) * 2 ^ (look - 1))
    end

    context.define = require("uhost.github.internal.endpoint")(context, Repository)
    for _, family in ipairs(families) do require("uhost.github.internal.calls." .. family)(context, Repository) end

    function Repository:issue_states(numbers)
        return context.issue_states(numbers, { repository = self.name })
    end

    local M = { search = require("uhost.github.internal.calls.search")(context) }

    function M.repository(name)
        return new_repository({ name = name, path = "/repos/" .. name })
    end

    return M
end
