-- Who the token is, and whose marked text is taken for ours.
local record = require("uhost.github.record")

-- Who may have planted a marker that is believed: people who can write to the repository.
-- https://docs.github.com/en/graphql/reference/enums#commentauthorassociation
local writers = { OWNER = true, MEMBER = true, COLLABORATOR = true }

-- REST's /user refuses the tokens of apps (those of workflows are such); GraphQL tells both kinds who they are. The
-- repository tells which of an app's installations asks.
local question = [[query($owner: String!, $name: String!) {
    viewer { login }
    repository(owner: $owner, name: $name) { id }
}]]

return function(graphql)
    local M = {}
    local known

    -- The login of the token's account; of an app "name[bot]", as in REST. Raises what prevents GitHub from telling:
    -- one's own text taken for a stranger's would be written once more.
    function M.login(repository)
        if not known then
            local owner, name = repository:match("^(.*)/(.*)$")
            known = record.at(graphql(question, { owner = owner, name = name }), "viewer.login")
        end
        return known
    end

    -- Whether the author of an issue or comment is the token's own account, or may write to the repository.
    function M.trusts(repository, body)
        local author = record.at(body, "user.login")
        if not author then return false end
        return author == M.login(repository) or writers[record.at(body, "author_association") or ""] == true
    end

    return M
end
