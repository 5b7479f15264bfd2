-- The path of a file as reports show it.

---One of uhost's own files from its shared folder on, a path below the current folder without it, any other whole.
---@param path string
---@return string
return function(path)
    local whole = fs.absolute(path)
    for _, folder in ipairs({ fs.absolute(uhost.share), fs.cwd() }) do
        local below = folder == "/" and "/" or folder .. "/"
        if whole:sub(1, #below) == below then return whole:sub(#below + 1) end
    end
    return whole
end
