-- What git keeps, written and read without a clone: blobs, trees, commits, refs and tags; and single files.
local record = require("uhost.github.internal.record")

return function(context, Repository)
    local client, check, define, native = context.client, context.check, context.define, context.native

    local function id_of(_, body) return body.sha end

    -- The same content has the same id: to write it twice changes nothing.

    define("blob", {
        "GET /git/blobs/{sha}", gives = function(_, body) return native.decode_base64(body.content) end,
    })
    define("create_blob", {
        "POST /git/blobs", also = { "content" }, types = { content = check.text }, kind = "git.blob",
        summary = "write a blob", repeatable = true, gives = id_of,
        send = function(values) return { content = native.encode_base64(values.content), encoding = "base64" } end,
    })

    local types = { blob = "file", tree = "dir", commit = "submodule" }

    context.tree_entry = record.of("github.TreeEntry", {
        path = true, id = "sha", mode = true, size_bytes = "size",
        type = function(body)
            return record.at(body, "mode") == "120000" and "symlink" or types[record.at(body, "type")]
        end,
    })

    define("tree", {
        "GET /git/trees/{ref}", options = { recursive = check.flag },
        send = function(values) return values.recursive and { recursive = "1" } or nil end,
        record = record.of("github.Tree", {
            id = "sha", is_cut = "truncated", entries = record.list("tree", context.tree_entry),
        }),
    })

    local entry_fields = {
        path = check.word, mode = check.one_of("100644", "100755", "040000", "160000", "120000"),
        type = check.one_of("blob", "tree", "commit"),
        id = check.either("an id, or false to remove it", check.word, check.flag), content = check.text,
    }

    local function tree_entry(owner, entry)
        entry = check.options(owner, entry, entry_fields, { "path" })
        local id = entry.id
        if id == false then id = json.null end
        return {
            path = entry.path, mode = entry.mode or "100644", type = entry.type or "blob", sha = id,
            content = entry.content,
        }
    end

    define("create_tree", {
        "POST /git/trees", also = { "entries" }, types = { entries = check.table }, options = { base = check.word },
        kind = "git.tree", summary = "write a tree", repeatable = true, gives = id_of,
        send = function(values)
            local list = json.array()
            for i, entry in ipairs(values.entries) do
                list[i] = tree_entry("github.Repository:create_tree", entry)
            end
            return { tree = list, base_tree = values.base }
        end,
    })

    local function read_person(value)
        return type(value) == "table" and type(value.name) == "string" and type(value.email) == "string" and {
            name = value.name, email = value.email, date = value.time and check.time.read(value.time) or nil,
        } or nil
    end

    local person = { expected = "a table with name, email and maybe time", read = read_person }

    define("create_commit", {
        "POST /git/commits", kind = "git.commit", summary = "write a commit", repeatable = true, gives = id_of,
        options = {
            message = check.text, tree = check.word, parents = check.words, author = person, committer = person,
        },
        required = { "message", "tree" },
    })

    -- Refs

    local ref_record = record.of("github.Ref", { name = "ref", id = "object.sha", type = "object.type" })

    define("ref", { "GET /git/ref/{name*}", record = ref_record })
    define("refs", {
        "GET /git/matching-refs/{prefix*}", list = true, identity = "ref", page_size = false, record = ref_record,
    })

    local function find_ref(self, values)
        local path = ("%s/git/ref/%s"):format(self.path, context.segments("ref", "name", values.name))
        local body = client.maybe(path, { cache = false })
        return body and body.object.sha == values.sha and body or nil
    end

    define("create_ref", {
        "POST /git/refs", also = { "name", "sha" }, kind = "ref.create", summary = "make the ref {name} at {sha}",
        record = ref_record, find = find_ref,
        send = function(values) return { ref = "refs/" .. values.name, sha = values.sha } end,
    })
    define("update_ref", {
        "PATCH /git/refs/{name*}", also = { "sha" }, options = { force = check.flag }, kind = "ref.update",
        summary = "move the ref {name} to {sha}", record = ref_record,
    })

    -- GitHub finds it invalid to delete what is not there, and also what may not be deleted.
    function Repository:delete_ref(name)
        local owner = "github.Repository:delete_ref"
        name = check.value(owner, "name", check.word, name)
        local path = ("%s/git/refs/%s"):format(self.path, context.segments(owner, "name", name))
        local _, response = client.change("DELETE", path, {
            accepts = { 404, 422 },
            mutates = context.mutation(self, "ref.delete", nil, ("delete the ref %s"):format(name)),
        })
        local is_left = response.status == 422 and self:ref(name) ~= nil
        if is_left then context.raise_refusal(response, ("the ref %s"):format(name)) end
        return context.was_deleted(response, self.path)
    end

    local annotated = { message = check.text, tagger = person, type = check.one_of("commit", "tree", "blob") }

    -- With a message, an annotated tag: an object, to which the ref leads.
    function Repository:create_tag(name, sha, options)
        local owner = "github.Repository:create_tag"
        name = check.value(owner, "name", check.word, name)
        sha = check.value(owner, "sha", check.word, sha)
        options = check.options(owner, options, annotated)
        if not options.message then return self:create_ref("tags/" .. name, sha) end
        local body = client.change("POST", self.path .. "/git/tags", {
            json = {
                tag = name, object = sha, message = options.message, type = options.type or "commit",
                tagger = options.tagger,
            },
            idempotent = true, expects = "object",
            mutates = context.mutation(self, "git.tag", nil, ("write the tag %s"):format(name)),
        })
        return self:create_ref("tags/" .. name, body.planned and sha or body.sha)
    end

    -- Single files

    local change_record = record.of("github.FileChange", {
        path = "content.path", id = "content.sha", commit = "commit.sha",
    })

    -- The newest commit of a branch that changed a path.
    local function last_commit(self, values)
        local list = client.get(self.path .. "/commits", {
            query = { path = values.path, sha = values.branch, per_page = 1 }, cache = false,
        })
        return list[1] and { sha = list[1].sha, message = list[1].commit.message }
    end

    -- What a change made whose answer was lost: its commit has the message, and the file the content.
    local function find_change(self, values, _, sent)
        local path = ("%s/contents/%s"):format(self.path, context.segments("contents", "path", values.path))
        local body = client.maybe(path, { query = { ref = values.branch }, cache = false })
        local is_done = not body and not sent.content
            or body and sent.content and native.decode_base64(body.content or "") == values.content
        local commit = is_done and last_commit(self, values)
        if not commit or commit.message ~= values.message then return nil end
        return { content = body, commit = commit }
    end

    local fields = { message = check.word, branch = check.word, sha = check.word, author = person, committer = person }

    define("write_contents", {
        "PUT /contents/{path*}", also = { "content" }, types = { content = check.text }, options = fields,
        required = { "message" }, kind = "contents.write", summary = "write {path}: {message}",
        record = change_record, find = find_change,
        send = function(values)
            return {
                message = values.message, content = native.encode_base64(values.content), sha = values.sha,
                branch = values.branch, author = values.author, committer = values.committer,
            }
        end,
    })
    define("delete_contents", {
        "DELETE /contents/{path*}", options = fields, required = { "message", "sha" }, kind = "contents.delete",
        summary = "delete {path}: {message}", record = change_record, find = find_change,
    })
end
