-- Keys and certificates: whether they are whole, and until when they hold. What is in them goes to openssl by its
-- standard input, and is never shown.
local M = {}

local command_timeout_s = 10

local function openssl(input, ...)
    local ok, result = pcall(process.run, { "openssl", stdin = input, timeout_s = command_timeout_s, ... })
    if ok then return result end
    if uhost.is_error(result) and result.kind:find("^process%.") then return nil end
    error(result, 0)
end

-- Blocks of PEM: { label, text }; nil and why for a text that is none, such as one that lost its line ends.
local function blocks_of(text)
    local list = {}
    local line = "%-%-%-%-%-"
    local block = line .. "BEGIN ([%u%d ]+)" .. line .. "(.-)" .. line .. "END ([%u%d ]+)" .. line
    for label, body, label_at_end in text:gmatch(block) do
        if label ~= label_at_end then return nil, "its beginning and its end differ" end
        if not body:find("^\r?\n") or not body:find("\n$") then return nil, "it has lost its line ends" end
        if body:gsub("\n[%w%-]+: [^\n]*", ""):find("[^%w+/=%s]") then return nil, "it is not base64" end
        local whole = ("-----BEGIN %s-----%s-----END %s-----\n"):format(label, body, label)
        list[#list + 1] = { label = label, text = whole }
    end
    if #list == 0 then return nil, "it is not PEM" end
    return list
end

local function end_of(certificate)
    local result = openssl(certificate, "x509", "-noout", "-enddate", "-dateopt", "iso_8601")
    if not result then return nil, "openssl is not installed" end
    local at = result.code == 0 and result.stdout:match("notAfter=([%d%-]+ [%d:]+)Z")
    if not at then return nil, "openssl cannot read it" end
    return time.parse(at:gsub(" ", "T") .. "Z")
end

local function expiry_problem(at, days_left)
    local days = (at - time.now()) / 86400
    if days < 0 then return ("it has expired at %s"):format(time.iso(at)) end
    if days < days_left then return ("it expires in %d days, at %s"):format(days, time.iso(at)) end
end

local function problem_of_block(block, days_left)
    if block.label:find("CERTIFICATE$") and block.label ~= "CERTIFICATE REQUEST" then
        local at, why = end_of(block.text)
        return at and expiry_problem(at, days_left) or why
    end
    if not block.label:find("PRIVATE KEY$") or block.label == "OPENSSH PRIVATE KEY" then return nil end
    if block.label:find("ENCRYPTED") or block.text:find("ENCRYPTED", 1, true) then return nil end
    local result = openssl(block.text, "pkey", "-noout")
    if not result then return "openssl is not installed" end
    return result.code ~= 0 and "openssl cannot read the key" or nil
end

-- The text that a check is about: of a variable, or of a file.
local function text_of(check)
    if check.name then
        local value = os.getenv(check.name)
        return value and value:find("%S") and value or nil, check.name, ("%s is not set"):format(check.name)
    end
    return fs.read(check.path), check.path, ("there is no %s"):format(check.path)
end

--- A key or certificate, in a variable (`name`) or a file (`path`).
function M.pem(check)
    local text, what, missing = text_of(check)
    if not text then return missing end
    local blocks, why = blocks_of(text)
    for _, block in ipairs(blocks or {}) do why = why or problem_of_block(block, check.days_left or 14) end
    return why and ("%s: %s"):format(what, why) or nil
end

--- The certificate that a server shows.
function M.tls(check)
    local host, port = check.host, check.port or 443
    local shown = openssl("", "s_client", "-connect", ("%s:%d"):format(host, port), "-servername", host,
        "-verify_return_error", "-verify_hostname", host)
    if not shown then return "openssl is not installed" end
    local certificate = shown.stdout:match("%-%-%-%-%-BEGIN CERTIFICATE.-END CERTIFICATE%-%-%-%-%-")
    local verdict = shown.stdout:match("Verify return code: %d+ %(([^)\n]*)%)")
        or shown.stderr:match("verify error:num=%d+:([^\n]*)")
    if not certificate then return ("%s shows no certificate on port %d"):format(host, port) end
    if shown.code ~= 0 or verdict and verdict ~= "ok" then
        return ("the certificate of %s does not hold: %s"):format(host, verdict or "it was refused")
    end
    local at, why = end_of(certificate .. "\n")
    local problem = at and expiry_problem(at, check.days_left or 14) or why
    return problem and ("the certificate of %s: %s"):format(host, problem) or nil
end

return M
