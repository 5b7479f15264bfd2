-- What all reports in SARIF 2.1.0 share. https://docs.oasis-open.org/sarif/sarif/v2.1.0/
local M = {}

--- What GitHub's code scanning takes: it refuses a file with more results.
M.most_results = 25000

--- A path from the repository's root as a relative URI (RFC 3986); file names are bytes.
---@param path string
---@return string
function M.uri(path)
    return (path:gsub("[^/]+", http.encode))
end

--- Text that stays text: SARIF takes [x](y) for a link and {0} for a placeholder.
---@param text string
---@return string
function M.plain(text)
    return (term.visible(text):gsub("%s+", " "):gsub("[\\%[%]]", "\\%0"):gsub("{(%d+)}", "{{%1}}"))
end

--- "OutOfSync" for "out_of_sync" and "out-of-sync".
---@param id string
---@return string
function M.name(id)
    return (("_" .. id):gsub("[_%-](%l)", string.upper))
end

--- The run's account of itself.
---@param left_out integer  results that are not in it
---@return table
function M.invocation(left_out)
    local made = { executionSuccessful = true }
    if left_out > 0 then
        local text = ("%d more results are left out: a run has at most %d."):format(left_out, M.most_results)
        made.toolExecutionNotifications = json.array({ { level = "warning", message = { text = text } } })
    end
    return made
end

--- One run as a document, with a line feed at its end.
---@param run table
---@return string
function M.document(run)
    local log = {
        ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json", version = "2.1.0", runs = json.array({ run }),
    }
    return json.encode(log, { indent = 2, invalid_utf8 = "replace" }) .. "\n"
end

return M
