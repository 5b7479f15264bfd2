-- Which GraphQL documents change something, as graphql-js sees it and as uhost does.
local servers = require("support.servers")

local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")

-- Documents made by servers/github/graphql/documents.mjs: { document, operation_name, mutates }, where `mutates` is
-- what graphql-js finds; nil for what it cannot parse.
local function documents()
    local script = here .. "/servers/github/graphql/documents.mjs"
    return json.decode(process.run({ "node", script, check = true, max_output_bytes = 2 ^ 24 }).stdout,
        { omit_null = true })
end

-- Which of the documents (by position) reach GitHub under a dry run, and how often each is sent when GitHub fails.
local function treatment(list)
    return servers.in_folder(function(folder)
        fs.write(folder .. "/documents.json", json.encode(list))
        local code = [[
            local list, sent = json.decode(fs.read(os.getenv("FILE")), { omit_null = true }), json.array()
            for i, each in ipairs(list) do
                sent[i] = 0
                http.intercept(function()
                    sent[i] = sent[i] + 1
                    return { status = os.getenv("FAIL") and 502 or 200, body = '{"data": {}}' }
                end, function()
                    pcall(github.graphql, each.document, nil, { operation_name = each.operation_name })
                end)
            end
            print("sent " .. json.encode(sent))]]
        local function run(arguments, fail)
            local result = servers.uhost(code, { arguments = arguments, max_output_bytes = 2 ^ 24, env = {
                FILE = folder .. "/documents.json", FAIL = fail, UHOST_GITHUB_BACKOFF_S = "0.0001",
                GITHUB_TOKEN = false, GH_TOKEN = false, GITHUB_ACTIONS = false,
            } })
            assert.equal(0, result.code, result.stderr)
            return json.decode(result.stdout:match("sent (%b[])"))
        end
        return run({ "--dry-run" }), run({}, "1")
    end)
end

describe("a GraphQL document", function()
    it("goes through the plan, and is not repeated, exactly when it has a mutation", function()
        local list = documents()
        assert.is_true(#list >= 200)
        local dry, failing = treatment(list)
        local mutations = 0
        for i, each in ipairs(list) do
            if each.mutates ~= nil then
                assert.equal(each.mutates and 0 or 1, dry[i], each.document)
                assert.equal(each.mutates and 1 or 5, failing[i], each.document)
                mutations = mutations + (each.mutates and 1 or 0)
            end
        end
        assert.is_true(mutations >= 50 and mutations <= #list - 50, mutations)
    end)

    it("that cannot be parsed goes through the plan", function()
        local list = {}
        for _, text in ipairs({ "query {", "{ a } }", "type A { b: C }", "query { a ] }", "{ a \1 }", "mutate { a }",
            '{ a(b: "unfinished) }', "# mutation" }) do
            list[#list + 1] = { document = text }
        end
        list[#list + 1] = { document = "query A { a }", operation_name = "B" }
        local dry = treatment(list)
        for i, each in ipairs(list) do assert.equal(0, dry[i], each.document) end
    end)
end)

describe("github.graphql_pages", function()
    local query = "query($after: String) { a { nodes { n } pageInfo { hasNextPage endCursor } } }"

    -- The nodes of a connection whose pages `answer(after)` gives as { nodes, hasNextPage, endCursor }.
    local function nodes_of(answer)
        return http.intercept(function(request)
            local page = answer(json.decode(request.body, { omit_null = true }).variables.after)
            return { body = json.encode({ data = { a = {
                nodes = json.array(page[1]), pageInfo = { hasNextPage = page[2], endCursor = page[3] or json.null },
            } } }) }
        end, function()
            local list = {}
            for node in github.graphql_pages(query, { connection = "a" }) do list[#list + 1] = node.n end
            return list
        end)
    end

    it("reads all pages of a connection, in order", function()
        local pages = { first = { { { n = 1 }, json.null, { n = 2 } }, true, "x" }, x = { {}, true, "y" },
            y = { { { n = 3 } }, false } }
        assert.same({ 1, 2, 3 }, nodes_of(function(after) return pages[after or "first"] end))
    end)

    it("ends where the pages do not advance", function()
        local ok, err = pcall(nodes_of, function() return { { { n = 1 } }, true, "x" } end)
        assert.is_false(ok)
        assert.equal("github.protocol", err.kind)
    end)
end)
