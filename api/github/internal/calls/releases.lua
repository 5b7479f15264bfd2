-- Releases, their notes and their files.
local markers = require("uhost.github.internal.markers")
local record = require("uhost.github.internal.record")

-- Of a file that is sent: GitHub takes 2 GiB.
local max_asset_bytes = 2 ^ 31
local content_types = {
    gz = "application/gzip", json = "application/json", sha256 = "text/plain", sig = "application/pgp-signature",
    tgz = "application/gzip", txt = "text/plain", xz = "application/x-xz", zip = "application/zip",
    zst = "application/zstd",
}

return function(context, Repository)
    local client, check, define, mutation = context.client, context.check, context.define, context.mutation

    local asset_record = record.of("github.Asset", {
        id = true, name = true, label = true, size_bytes = "size", downloads = "download_count", content_type = true,
        state = true, url = "browser_download_url", created_at = true, updated_at = true, digest = true,
    })

    local release_record = record.of("github.Release", {
        id = true, tag = "tag_name", name = true, is_draft = "draft", is_prerelease = "prerelease",
        author = "author.login", target = "target_commitish", url = "html_url", created_at = true, published_at = true,
        assets = record.list("assets", asset_record),
        body = function(body) return record.at(body, "body") and markers.without(body.body) end,
    })

    define("releases", { "GET /releases", list = true, record = release_record })
    define("release", { "GET /releases/tags/{tag}", record = release_record })
    define("latest_release", { "GET /releases/latest", record = release_record })
    define("tags", {
        "GET /tags", list = true, identity = "name",
        record = record.of("github.Tag", { name = true, commit = "commit.sha" }),
    })

    local fields = {
        tag = check.word, name = check.word, body = check.text, target = check.word, is_draft = check.flag,
        is_prerelease = check.flag, is_latest = check.flag, cut = check.flag,
    }

    local function body_of(values, body)
        local is_latest
        if values.is_latest ~= nil then is_latest = tostring(values.is_latest) end
        return {
            tag_name = values.tag, name = values.name, body = body, target_commitish = values.target,
            draft = values.is_draft, prerelease = values.is_prerelease, make_latest = is_latest,
            generate_release_notes = values.generate_notes,
        }
    end

    local new_release = { generate_notes = check.flag }
    for name, kind in pairs(fields) do new_release[name] = kind end

    define("create_release", {
        "POST /releases", kind = "release.create", summary = "make the release {tag}", options = new_release,
        required = { "tag" }, record = release_record, marked = "body",
        send = function(values) return body_of(values, values.body) end,
        find = function(self, _, own) return client.find_marked(self.path .. "/releases", own) end,
    })

    -- A new body keeps the markers of the old one.
    define("update_release", {
        "PATCH /releases/{id}", kind = "release.update", summary = "change the release {id}", options = fields,
        record = release_record,
        send = function(values, self)
            if not values.body then return body_of(values) end
            local old = client.get(("%s/releases/%d"):format(self.path, values.id), { cache = false })
            local names = markers.names(record.at(old, "body"))
            return body_of(values, markers.body("github.Repository:update_release", values.body, names, values.cut))
        end,
    })

    define("delete_release", {
        "DELETE /releases/{id}", kind = "release.delete", summary = "delete the release {id}",
    })

    local notes_fields = { tag = check.word, previous_tag = check.word, target = check.word }

    function Repository:release_notes(options)
        options = check.options("github.Repository:release_notes", options, notes_fields, { "tag" })
        local body = client.change("POST", self.path .. "/releases/generate-notes", {
            json = {
                tag_name = options.tag, previous_tag_name = options.previous_tag, target_commitish = options.target,
            },
            mutates = false, idempotent = true, expects = "object",
        })
        return { name = body.name, body = body.body }
    end

    -- Files

    define("delete_asset", {
        "DELETE /releases/assets/{id}", kind = "asset.delete", summary = "delete the file {id} of a release",
    })

    -- An upload that broke off leaves a file that is not whole, under its name: it has to go before the next attempt.
    local function find_asset(self, release_id, name, size_bytes)
        local path = ("%s/releases/%d/assets"):format(self.path, release_id)
        for body in client.each(path, { cache = false }) do
            if body.name == name then
                if body.state == "uploaded" and body.size == size_bytes then return body end
                self:delete_asset(body.id)
            end
        end
    end

    local asset_fields = { name = check.word, label = check.word, content_type = check.word }

    function Repository:upload_asset(release_id, file, options)
        local owner = "github.Repository:upload_asset"
        release_id = check.value(owner, "release_id", check.id, release_id)
        file = check.value(owner, "file", check.word, file)
        options = check.options(owner, options, asset_fields)
        local size_bytes = fs.stat(file).size_bytes
        if size_bytes >= max_asset_bytes then check.refuse(owner, "file", "a file of less than 2 GiB", file) end
        local name = options.name or fs.basename(file)
        local body = client.create(("%s/releases/%d/assets"):format(self.path, release_id), {
            endpoint = "uploads", query = { name = name, label = options.label }, body_file = file, timeout_s = 0,
            headers = {
                ["Content-Type"] = options.content_type or content_types[name:match("%.(%w+)$") or ""]
                    or "application/octet-stream",
            },
            expects = "object",
            mutates = mutation(self, "asset.upload", nil, ("add the file %s to release %d"):format(name, release_id)),
            find = function() return find_asset(self, release_id, name, size_bytes) end,
        })
        return asset_record(body)
    end

    function Repository:download_asset(id, file)
        local owner = "github.Repository:download_asset"
        id = check.value(owner, "id", check.id, id)
        file = check.value(owner, "file", check.word, file)
        return context.download(("%s/releases/assets/%d"):format(self.path, id), file, "application/octet-stream")
    end
end
