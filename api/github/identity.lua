-- Who the token is, and whose marked text is taken for ours.
local record = require("uhost.github.record")

-- Who may have planted a marker that is believed: people who can write to the repository.
-- https://docs.github.com/en/graphql/reference/enums#commentauthorassociation
local writers = { OWNER = true, MEMBER = true, COLLABORATOR = true }

return function(client, graphql)
    local M = {}
    local known

    -- The login of the token's account; of an app "name[bot]". An app's token cannot ask for /user (403), yet GraphQL
    -- tells. nil for a request without a token.
    function M.login()
        if known then return known end
        local user = client.maybe("/user", { absent = { 401, 403, 404 } })
        known = user and record.at(user, "login")
        if not known then
            local ok, data = pcall(graphql, "query { viewer { login } }")
            known = ok and record.at(data, "viewer.login") or nil
        end
        return known
    end

    -- Whether the author of an issue or comment is the token's own account, or may write to the repository.
    function M.trusts(body)
        local author = record.at(body, "user.login")
        if not author then return false end
        local own = M.login()
        if own and (author == own or (record.at(body, "user.type") == "Bot" and author == own .. "[bot]")) then
            return true
        end
        return writers[record.at(body, "author_association") or ""] == true
    end

    return M
end
