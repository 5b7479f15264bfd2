-- Who is responsible: teams, and what the file CODEOWNERS says.
local record = require("uhost.github.internal.record")

local places = { ".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS" }  -- the first counts

-- A pattern of CODEOWNERS by its segments: as one of .gitignore, but without "!" and "[…]"; "/*" at its end means files
-- directly there.
local function read_pattern(pattern)
    local rule = {
        segments = {}, is_folder = pattern:sub(-1) == "/", is_flat = pattern:sub(-2) == "/*",
    }
    if not pattern:find("/.") then rule.segments[1] = "**" end  -- anywhere
    for segment in pattern:gmatch("[^/]+") do
        if segment ~= "**" then
            segment = segment:gsub("[%^%$%(%)%%%.%[%]%+%-]", "%%%0"):gsub("%*+", "[^/]*"):gsub("%?", "[^/]")
            segment = "^" .. segment .. "$"
        end
        table.insert(rule.segments, segment)
    end
    return rule
end

-- Whether the rest of a rule holds for the rest of a path: for it itself, or for a folder that it is in.
local function fits(rule, path, at_rule, at_path)
    local segment = rule.segments[at_rule]
    if not segment then
        if at_path > #path then return not rule.is_folder end
        return not rule.is_flat
    end
    if segment ~= "**" then
        return at_path <= #path and path[at_path]:find(segment) ~= nil and fits(rule, path, at_rule + 1, at_path + 1)
    end
    if at_rule == #rule.segments then return at_path <= #path end
    for position = at_path, #path do
        if fits(rule, path, at_rule + 1, position) then return true end
    end
    return false
end

local function split(path)
    local segments = {}
    for segment in path:gmatch("[^/]+") do segments[#segments + 1] = segment end
    return segments
end

-- A space in a pattern has a backslash before it.
local function read_rules(text)
    local rules = {}
    for line in (text .. "\n"):gmatch("([^\r\n]*)\r?\n") do
        local pattern, rest = line:gsub("\\ ", "\4"):match("^%s*([^#%s]%S*)(.*)$")
        if pattern then
            local rule = read_pattern((pattern:gsub("\4", " ")))
            rule.owners = json.array()
            for owner in rest:gsub("%s#.*$", ""):gmatch("%S+") do table.insert(rule.owners, owner) end
            table.insert(rules, rule)
        end
    end
    return rules
end

local function owners_of(rules, path)
    local segments = split(path)
    for i = #rules, 1, -1 do
        if fits(rules[i], segments, 1, 1) then return rules[i].owners end
    end
    return json.array()
end

return function(context, Repository)
    local client, check, define = context.client, context.check, context.define

    define("teams", {
        "GET /teams", list = true,
        record = record.of("github.Team", {
            id = true, slug = true, name = true, description = true, permission = true, url = "html_url",
        }),
    })

    -- A team is "team", of the repository's organization, or "organization/team", as CODEOWNERS has it.
    function Repository:team_members(team, options)
        local owner = "github.Repository:team_members"
        team = check.value(owner, "team", check.word, team)
        options = check.options(owner, options, {
            role = check.one_of("member", "maintainer", "all"), limit = check.id,
        })
        local organization, slug = team:match("^@?([^/]+)/([^/]+)$")
        local path = ("/orgs/%s/teams/%s/members"):format(
            context.segment(owner, "team", organization or self.name:match("^[^/]+")),
            context.segment(owner, "team", slug or team))
        return client.list(path, {
            query = { role = options.role }, record = function(body) return body.login end, limit = options.limit,
        })
    end

    -- For each path its owners, as the last rule that fits has them; an empty list for none. nil without a CODEOWNERS.
    function Repository:code_owners(paths, options)
        local owner = "github.Repository:code_owners"
        paths = check.value(owner, "paths", check.words, paths)
        options = check.options(owner, options, { ref = check.word })
        local text
        for _, place in ipairs(places) do
            text = text or self:contents(place, { ref = options.ref })
        end
        if type(text) ~= "string" then return nil end
        local rules, result = read_rules(text), {}
        for _, path in ipairs(paths) do result[path] = owners_of(rules, path) end
        return result
    end
end
