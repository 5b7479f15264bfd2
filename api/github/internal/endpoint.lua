-- Calls of a repository that are one exchange each, from what is said of them:
--
--   define("delete_label", { "DELETE /labels/{name}", kind = "label.delete", summary = "delete the label {name}" })
--
-- The first item has the method and the path below that of the repository; "//" begins one of the API itself. Names
-- in braces are arguments, in their order; {path*} takes slashes. Further fields:
--
--   also        names of arguments that are no part of the path
--   types       of arguments; without one, a name that ends in "id" or "number" is a positive whole number, and others
--               are texts that are not blank
--   options     fields of the last argument, with their types; required: those that must be there
--   names       how GitHub calls an argument or option: { is_draft = "draft" }
--   send        function(values, self): what is sent, in place of arguments and options by these names
--   record      turns the body into what the call returns
--   list        the field that has a page's items, or true when that is the page; identity, max, page_size: as for
--               client.list
--   absent      statuses that say that there is no such thing, besides 404
--   kind, summary  what the plan shows; the summary names values in braces
--   find        function(self, values, own, sent): what a call made whose answer was lost, see client.create
--   marked      the option into which a marker goes, by which `find` knows the thing: its name is `own`
--   prepare     function(self, values): what `find` is to know of the time before, given to it in the place of `own`
--   refused     statuses by which GitHub says that there is nothing to do: the call gives false
--   repeatable  whether to do it twice comes to the same, as for PUT, PATCH and DELETE without `find`
--   gives       function(self, body, values): the result, in place of the record
local markers = require("uhost.github.internal.markers")

local function is_number_name(name)
    return name == "id" or name:find("_id$") ~= nil or name:find("number$") ~= nil
end

-- What an argument looks like in a path or a summary.
local function written(value)
    return type(value) == "number" and ("%d"):format(value) or tostring(value)
end

-- A call as it was defined, with what follows from it.
local function read_definition(context, name, how)
    local check = context.check
    local call = { name = name, owner = "github.Repository:" .. name, how = how, arguments = {}, in_path = {} }
    call.method, call.template = how[1]:match("^(%u+) (.*)$")
    for argument, slashes in call.template:gmatch("{([%w_]+)(%*?)}") do
        table.insert(call.arguments, argument)
        call.in_path[argument] = slashes == "*" and context.segments or context.segment
    end
    for _, argument in ipairs(how.also or {}) do table.insert(call.arguments, argument) end
    call.types = {}
    for _, argument in ipairs(call.arguments) do
        call.types[argument] = how.types and how.types[argument] or is_number_name(argument) and check.id or check.word
    end
    call.options = { limit = how.list and check.id or nil }
    for option, kind in pairs(how.options or {}) do call.options[option] = kind end
    return call
end

return function(context, Repository)
    local client, check = context.client, context.check

    -- The arguments and options by name, as they were given.
    local function read_values(call, ...)
        local values = {}
        for i, argument in ipairs(call.arguments) do
            values[argument] = check.value(call.owner, argument, call.types[argument], (select(i, ...)))
        end
        local options = (select(#call.arguments + 1, ...))
        for name, value in pairs(check.options(call.owner, options, call.options, call.how.required)) do
            values[name] = value
        end
        return values
    end

    local function path_of(self, call, values)
        local path = call.template:gsub("{([%w_]+)%*?}", function(argument)
            return call.in_path[argument](call.owner, argument, written(values[argument]))
        end)
        return path:sub(1, 2) == "//" and path:sub(2) or self.path .. path
    end

    -- What goes into the query or the body.
    local function sent_by(self, call, values)
        local how = call.how
        if how.send then return how.send(values, self) end
        local sent = {}
        for name, value in pairs(values) do
            local is_sent = not call.in_path[name] and name ~= "limit" and name ~= "cut"
            if is_sent then sent[how.names and how.names[name] or name] = value end
        end
        return next(sent) ~= nil and sent or nil
    end

    local function planned_as(self, call, values)
        local summary = call.how.summary:gsub("{([%w_]+)}", function(name) return written(values[name] or "") end)
        return context.mutation(self, call.how.kind, values.number, summary)
    end

    local function result_of(self, call, body, values)
        if type(body) == "table" and body.planned then return body end
        if call.how.gives then return call.how.gives(self, body, values) end
        if call.how.record then return call.how.record(body) end
        return true
    end

    local function list(self, call, path, values)
        return client.list(path, {
            query = sent_by(self, call, values), list = call.how.list ~= true and call.how.list or nil,
            identity = call.how.identity, page_size = call.how.page_size, record = call.how.record,
            max = call.how.max, limit = values.limit,
        })
    end

    local function read(self, call, path, values)
        local absent = { 404, unpack(call.how.absent or {}) }
        local body = client.maybe(path, { query = sent_by(self, call, values), absent = absent })
        return body and result_of(self, call, body, values)
    end

    -- Puts a marker into the option that takes one; its name.
    local function mark(call, values)
        local option = call.how.marked
        if not option then return nil end
        local own = client.new_marker()
        values[option] = markers.body(call.owner, values[option], { own }, values.cut)
        return own
    end

    local function change(self, call, path, values)
        local how = call.how
        local own = how.prepare and how.prepare(self, values) or mark(call, values)
        local sent = sent_by(self, call, values)
        local is_deletion = call.method == "DELETE" and not how.find
        local request = {
            json = sent, mutates = planned_as(self, call, values), idempotent = how.repeatable, method = call.method,
            expects = how.record and "object" or nil, accepts = is_deletion and { 404 } or how.refused,
            find = how.find and function() return how.find(self, values, own, sent) end,
        }
        if how.find then return result_of(self, call, client.create(path, request), values) end
        local body, response = client.change(call.method, path, request)
        if is_deletion then return context.was_deleted(response, self.path) end
        if not response.ok and not response.planned then return false end
        return result_of(self, call, body, values)
    end

    return function(name, how)
        local call = read_definition(context, name, how)
        local perform = how.list and list or call.method == "GET" and read or change
        Repository[name] = function(self, ...)
            local values = read_values(call, ...)
            return perform(self, call, path_of(self, call, values), values)
        end
    end
end
