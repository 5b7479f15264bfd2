--- Headers with this Content-Type, unless they have one.
---@param headers table<string, string>
---@param content_type string
---@return table<string, string>
return function(headers, content_type)
    local all = { ["Content-Type"] = content_type }
    for name, value in pairs(headers) do
        if name:lower() == "content-type" then return headers end
        all[name] = value
    end
    return all
end
