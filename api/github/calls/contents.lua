-- Files and folders as GitHub has them.
local record = require("uhost.github.record")

-- From here on GitHub's list of a folder may be cut; the tree of the commit has all.
local most_entries = 1000

return function(context, Repository)
    local client, check, native = context.client, context.check, context.native
    local owner = "github.Repository:contents"
    local tree_types = { blob = "file", tree = "dir", commit = "submodule" }

    local entry_record = record.of({
        name = true, path = true, type = true, size_bytes = "size", id = "sha", url = "html_url", target = true,
        submodule_url = "submodule_git_url",
    })

    local function entries_of_tree(self, id, folder)
        local body = client.get(("%s/git/trees/%s"):format(self.path, id))
        if body.truncated then
            log.warn(("GitHub cuts its list of the folder '%s' after %d entries"):format(folder, #body.tree))
        end
        local list = json.array()
        for i, entry in ipairs(body.tree) do
            list[i] = {
                name = entry.path, path = (folder == "" and "" or folder .. "/") .. entry.path, id = entry.sha,
                type = entry.mode == "120000" and "symlink" or tree_types[entry.type],
                size_bytes = record.known(entry.size),
            }
        end
        return list
    end

    local function entries_of(self, body, folder)
        local entries = record.at(body, "entries") or body
        if #entries >= most_entries and body.sha then return entries_of_tree(self, body.sha, folder) end
        return record.list("entries", entry_record)({ entries = entries })
    end

    -- Up to 1 MiB the content comes along in Base64; a larger one has to be asked for as it is.
    local function content_of(path, query, body)
        if record.at(body, "encoding") == "base64" then
            local content = native.decode_base64(body.content)
            if content then return content end
        end
        local _, response = client.get(path, {
            query = query, headers = { Accept = "application/vnd.github.raw+json" }, raw = true,
        })
        return response.body
    end

    function Repository:contents(path, options)
        if type(path) ~= "string" then check.refuse(owner, "path", "a path, \"\" for the root", path) end
        options = check.options(owner, options, { ref = check.word })
        local folder = path:gsub("^/+", ""):gsub("/+$", "")
        local address = ("%s/contents/%s"):format(self.path, context.segments(owner, "path", folder))
        local query = { ref = options.ref }
        local body = client.maybe(address, {
            query = query, headers = { Accept = "application/vnd.github.object+json" },
        })
        if not body then return nil end
        local kind = record.at(body, "type")
        if kind == "file" then return content_of(address, query, body) end
        if kind == "symlink" or kind == "submodule" then return entry_record(body) end
        return entries_of(self, body, folder)
    end
end
