-- Releases and tags.
local items = require("uhost.github.items")
local record = require("uhost.github.record")

return function(context, Repository)
    local client, check = context.client, context.check

    local asset_record = record.of({
        id = true, name = true, size_bytes = "size", downloads = "download_count", content_type = true, state = true,
        url = "browser_download_url", created_at = true, updated_at = true, digest = true,
    })

    local release_record = record.of({
        id = true, tag = "tag_name", name = true, body = true, is_draft = "draft", is_prerelease = "prerelease",
        author = "author.login", target = "target_commitish", url = "html_url", created_at = true, published_at = true,
        assets = record.list("assets", asset_record),
    })

    function Repository:releases()
        return items.of(client.each(self.path .. "/releases"), release_record)
    end

    function Repository:release(tag)
        local owner = "github.Repository:release"
        tag = check.value(owner, "tag", check.word, tag)
        local body = client.maybe(("%s/releases/tags/%s"):format(self.path, context.segment(owner, "tag", tag)))
        return body and release_record(body)
    end

    function Repository:latest_release()
        local body = client.maybe(self.path .. "/releases/latest")
        return body and release_record(body)
    end

    local tag_record = record.of({ name = true, commit = "commit.sha" })

    function Repository:tags()
        return items.of(client.each(self.path .. "/tags", { identity = "name" }), tag_record)
    end
end
