-- `github.call`: any operation of GitHub's REST API by its name in GitHub's own description.
local owner = "github.call"

-- What comes with a body that is sent as it is, where the caller does not say.
local default_type = "application/octet-stream"

return function(client, check)
    local fields = {
        repository = check.any, limit = check.id, accept = check.word, file = check.word, body = check.text,
        content_type = check.word, timeout_s = check.seconds, statuses = check.table, find = check.any,
    }

    local function known_operation(id)
        local operations = require("uhost.github.operations")
        local operation = operations.find(check.value(owner, "operation", check.word, id))
        if operation then return operation, operations end
        uhost.fail("argument", ("GitHub has no operation '%s'"):format(id:sub(1, 100)), {
            hint = uhost.suggest(id, operations.ids()) .. "; `uhost help github.call --search WORDS` finds them",
        })
    end

    local function values_of(parameters, repository)
        local values = {}
        if repository then values.owner, values.repo = repository:match("^(.*)/(.*)$") end
        for name, value in pairs(check.value(owner, "parameters", check.table, parameters or {})) do
            values[name] = value
        end
        return values
    end

    local function headers_of(operation, options)
        if not operation.is_raw then
            if options.body or options.content_type then
                check.refuse(owner, options.body and "body" or "content_type",
                    ("nothing with %s, whose body is made of its parameters"):format(operation.id), "a text")
            end
            return nil
        end
        check.value(owner, "body", check.text, options.body)
        return { ["Content-Type"] = options.content_type or default_type }
    end

    local function mutation(operation, path, options)
        if operation.reads then return false end
        return {
            kind = "github.call", target = options.repository or path,
            summary = ("%s (%s %s)"):format(operation.id, operation.method, path),
        }
    end

    local function takes_page_size(operation)
        for _, parameter in ipairs(operation.parameters) do
            if parameter.name == "per_page" then return true end
        end
        return false
    end

    -- `send(method, path, request)` is what github.request does.
    return function(send, id, parameters, options, check_repository)
        options = check.options(owner, options, fields)
        local repository = options.repository and check_repository(options.repository, owner)
        local operation, operations = known_operation(id)
        local path, query, body = operations.request(operation, values_of(parameters, repository))
        if operation.list and not options.file and not options.accept then
            return client.list(path, {
                query = query, list = operation.list ~= "" and operation.list or nil, limit = options.limit,
                page_size = takes_page_size(operation),
            })
        end
        if options.limit then check.refuse(owner, "limit", ("nothing: %s is not a list"):format(id), options.limit) end
        return send(operation.method, path, {
            query = query, json = body, body = options.body, headers = headers_of(operation, options),
            accept = options.accept, file = options.file, timeout_s = options.timeout_s, statuses = options.statuses,
            find = options.find, mutates = mutation(operation, path, options), target = options.repository,
            endpoint = operation.is_upload and "uploads" or nil,
        })
    end
end
