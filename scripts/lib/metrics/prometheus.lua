-- Prometheus's text format (https://prometheus.io/docs/instrumenting/exposition_formats/), and the Pushgateway.
local M = {}

local escapes = { ["\\"] = "\\\\", ["\n"] = "\\n", ["\""] = "\\\"" }

-- As short as it can be without another value being read.
local function number(value)
    local short = ("%.15g"):format(value)
    return tonumber(short) == value and short or ("%.17g"):format(value)
end

local function labels_text(labels, extra_name, extra_value)
    local parts = {}
    for _, name in ipairs(tables.sorted_keys(labels)) do
        parts[#parts + 1] = ('%s="%s"'):format(name, (labels[name]:gsub("[\\\n\"]", escapes)))
    end
    if extra_name then parts[#parts + 1] = ('%s="%s"'):format(extra_name, extra_value) end
    return "{" .. table.concat(parts, ",") .. "}"
end

local function write_sample(out, family, sample)
    local function line(suffix, labels, value)
        out[#out + 1] = ("%s%s%s %s\n"):format(family.name, suffix, labels, number(value))
    end
    if family.type == "gauge" then return line("", labels_text(sample.labels), sample.value) end
    for _, quantile in ipairs(sample.quantiles) do
        line("", labels_text(sample.labels, "quantile", quantile[1]), quantile[2])
    end
    line("_sum", labels_text(sample.labels), sample.sum)
    line("_count", labels_text(sample.labels), sample.count)
end

---@param families metrics.Family[]
---@return string
function M.text(families)
    local out = {}
    for _, family in ipairs(families) do
        out[#out + 1] = ("# HELP %s %s\n"):format(family.name, (family.help:gsub("[\\\n]", escapes)))
        out[#out + 1] = ("# TYPE %s %s\n"):format(family.name, family.type)
        for _, sample in ipairs(family.samples) do write_sample(out, family, sample) end
    end
    return table.concat(out)
end

local digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

-- Base64 for addresses, without padding: how the Pushgateway takes a value with a slash.
local function base64url(text)
    local encoded = text:gsub("..?.?", function(bytes)
        local a, b, c = bytes:byte(1, 3)
        local bits = a * 65536 + (b or 0) * 256 + (c or 0)
        local out = {}
        for i = 0, #bytes do
            local index = math.floor(bits / 64 ^ (3 - i)) % 64
            out[#out + 1] = digits:sub(index + 1, index + 1)
        end
        return table.concat(out)
    end)
    return encoded
end

--- Sends the text to a Pushgateway, in place of what it had of the repository.
---@param url string
---@param repository string
---@param text string
---@param user string?  of basic authentication
function M.push(url, repository, text, user)
    local target = ("%s/metrics/job/uhost/repository@base64/%s"):format(url:gsub("/+$", ""), base64url(repository))
    local response = http.put(target, {
        body = text, headers = { ["Content-Type"] = "text/plain; version=0.0.4; charset=utf-8" },
        credential = metrics.credential(url, user),
        mutates = { kind = "metrics.push", target = url, summary = ("send metrics of %s"):format(repository) },
    })
    if response.planned or response.ok then return end
    uhost.fail("metrics.push", ("the Pushgateway at %s answered with %d"):format(url, response.status),
        { hint = response.status == 401 and "set METRICS_TOKEN, and --user NAME where it wants basic authentication"
            or term.untrusted(response.body:match("[^\n]+") or "its log says more"):sub(1, 300),
            details = { status = response.status } })
end

return M
