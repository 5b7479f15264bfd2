-- Measures json.decode against lua-cjson on large documents, and checks that both give the same values.
-- Prints for each: name, seconds of ours, seconds of the peer, ratio, target, same answer; separated by tabs.
local cjson = require("cjson")

local rounds = 9
local words = {}
for word in ("internal compiler error panicked at query stack during expected found trait impl"):gmatch("%S+") do
    words[#words + 1] = word
end

-- The same documents on every run and machine.
math.randomseed(20260131)
local random = math.random

local function prose(count)
    local pieces = {}
    for i = 1, count do
        local word = words[random(#words)]
        if random(12) == 1 then word = word .. "\\n" end
        if random(40) == 1 then word = '\\"' .. word .. '\\"' end
        if random(60) == 1 then word = "→ é" .. word end
        if random(200) == 1 then word = "\\u00fc\\ud83d\\ude00" .. word end
        pieces[i] = word
    end
    return table.concat(pieces, " ")
end

-- What GitHub answers for a page of issues, many times over.
local function issues(count)
    local api, list = "https://api.github.com", {}
    for i = 1, count do
        local login, labels = "user" .. random(100), {}
        for k = 1, random(5) - 1 do
            labels[k] = ('{"id":%d,"url":"%s/labels/A-%s","name":"A-%s","color":"f7e101","default":false}'):format(
                random(9999), api, words[k], words[k])
        end
        list[i] = ([[{"url":"%s/issues/%d","id":%d,"number":%d,"title":"%s","user":{"login":"%s","id":%d,
            "avatar_url":"https://avatars.example.com/u/%d?v=4","url":"%s/users/%s","type":"User","site_admin":false},
            "labels":[%s],"state":"open","locked":false,"assignee":null,"assignees":[],"milestone":null,"comments":%d,
            "created_at":"2024-01-%02dT12:00:00Z","body":"%s"}]]):format(api, i, i * 7919, i, prose(8), login,
            random(9999), random(9999), api, login, table.concat(labels, ","), random(30), random(28),
            prose(random(200)))
    end
    return "[" .. table.concat(list, ",\n") .. "]"
end

local function measurements(count)
    local list = {}
    for i = 1, count do
        list[i] = ('{"x":%d.%06d,"y":%d,"spans":[%d,%d,%d]}'):format(
            random(999), random(999999), random(32768), i, i * 2, i * 3)
    end
    return "[" .. table.concat(list, ",") .. "]"
end

local function logs(count)
    local list = {}
    for i = 1, count do
        list[i] = ('{"line":%d,"text":"%s"}'):format(i, prose(random(30)))
    end
    return "[" .. table.concat(list, ",\n") .. "]"
end

local function same(a, b)
    if type(a) ~= "table" or type(b) ~= "table" then return a == b end
    for key, value in pairs(a) do
        if not same(value, b[key]) then return false end
    end
    for key in pairs(b) do
        if a[key] == nil then return false end
    end
    return true
end

local function seconds_of(decode, text)
    collectgarbage()
    local begin = time.monotonic()
    local value = decode(text)
    return time.monotonic() - begin, value
end

-- In turns; the fastest run of each counts.
local function compare(name, text)
    local ours, peer, equal = math.huge, math.huge, true
    for round = 1, rounds do
        local our_time, our_value = seconds_of(json.decode, text)
        local peer_time, peer_value = seconds_of(cjson.decode, text)
        ours, peer = math.min(ours, our_time), math.min(peer, peer_time)
        if round == 1 then equal = same(our_value, peer_value) end
    end
    print(("json.decode of %s, %.1f MB\t%.4f\t%.4f\t%.2f\t<= 1.00\t%s"):format(
        name, #text / 1e6, ours, peer, ours / peer, equal and "yes" or "no"))
end

compare("issues", issues(4000))
compare("measurements", measurements(100000))
compare("log lines", logs(40000))
