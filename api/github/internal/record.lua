-- What GitHub answers, as records: the fields that are documented, with nil where GitHub has null.
local M = {}

-- A value of decoded JSON, with nil for null.
function M.known(value)
    if value == json.null then return nil end
    return value
end

-- The field at a path of names ("user.login"); nil where anything on the way is missing or null.
function M.at(body, path)
    for name in path:gmatch("[^.]+") do
        if type(body) ~= "table" then return nil end
        body = body[name]
    end
    return M.known(body)
end

-- A function that turns a body into a record of the kind `name`. `fields` has for each field its path in the body, true
-- when that is the field's own name, or a function of the body. What a dry run gives in place of a body passes through.
function M.of(name, fields)
    local field_names = {}
    for field in pairs(fields) do field_names[#field_names + 1] = field end
    local make = uhost.record(name, field_names)
    return function(body)
        if body.planned then return body end
        local result = make({})
        for field, source in pairs(fields) do
            if type(source) == "function" then
                result[field] = source(body)
            else
                result[field] = M.at(body, source == true and field or source)
            end
        end
        return result
    end
end

-- A function that gives the list at a path, each item turned by `convert`, or one field of each when that is a path.
function M.list(path, convert)
    return function(body)
        local list = json.array()
        for i, item in ipairs(M.at(body, path) or {}) do
            if type(convert) == "string" then
                list[i] = type(item) == "table" and M.at(item, convert) or item
            else
                list[i] = convert(item)
            end
        end
        return list
    end
end

return M
