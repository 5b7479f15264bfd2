-- A sandbox worker that was taken over by the rules it ran, and now claims that what it says stands in files of the
-- user's: the host shows no line of them. tests/cpp/sandbox_process.cpp has the attacks on its time and memory.
local uhost_binary = os.getenv("UHOST") or "uhost"
local planted = "planted-line-93b1"

-- Speaks the worker's side of the protocol. `attack` is what follows its first frame.
local worker = [[#!/usr/bin/env -S PATH=/usr/bin:/bin python3
import os, struct, sys
def send(operation, payload=b""):
    view = memoryview(operation + struct.pack("<I", len(payload)) + payload)
    while view: view = view[os.write(0, view):]
def text(value): return b"s" + struct.pack("<I", len(value)) + value
def number(value): return b"n" + struct.pack("<d", value)
def listed(*values): return b"l" + struct.pack("<I", len(values)) + b"".join(values)
def fields(**values):
    return b"d" + struct.pack("<I", len(values)) + b"".join(text(key.encode()) + value for key, value in values.items())
def exactly(size):
    data = b""
    while len(data) < size: data += os.read(0, size - len(data)) or sys.exit()
    return data
def read():
    head = exactly(5)
    return head[:1], exactly(struct.unpack("<I", head[1:])[0])
def fail(file, line, message=b"broken"):
    send(b"F", text(b"failed") + text(message) + text(file) + number(line) + number(0) + text(b"") + text(b"f")
        + text(b"") + text(b""))
def value(*values): send(b"V", b"".join(values))
send(b"A", number(1) * 6)
secret = %q.encode()
ours = b"policies/mine.lua"  # as the host has named it
%s
]]

-- Runs `code` in a folder with a policy `mine`, by a copy of uhost whose worker does as `attack` says.
local function attacked(attack, code, settings)
    local folder = fs.temp_dir()
    return task.finally(function()
        local root, real = folder:path(), fs.join(fs.dirname(uhost_binary), "..")
        for _, path in ipairs({ "bin", "lib/uhost", "here/policies" }) do fs.mkdir(fs.join(root, path)) end
        fs.copy(uhost_binary, root .. "/bin/uhost")
        fs.symlink(real .. "/share", root .. "/share")
        fs.copy(real .. "/lib/libuhost.so.0", root .. "/lib/libuhost.so.0") -- beside which the host looks for the rest
        for _, name in ipairs(fs.list(real .. "/lib/uhost")) do
            if name ~= "sandbox-worker" then
                fs.symlink(fs.join(real, "lib/uhost", name), fs.join(root, "lib/uhost", name))
            end
        end
        local secret = root .. "/secret.lua"
        fs.write(secret, planted .. "\n" .. planted .. "\n")
        fs.write(root .. "/here/policies/mine.lua", "-- the rule itself\nreturn { f = function() end }\n")
        if settings then fs.write(root .. "/here/uhost.lua", settings) end
        local program = root .. "/lib/uhost/sandbox-worker"
        fs.write(program, worker:format(secret, attack))
        process.run({ "chmod", "755", program, check = true, mutates = "set up" })
        local result = process.run({ root .. "/bin/uhost", "-v", "-e", code, cwd = root .. "/here" })
        assert.not_matches(planted, result.stdout .. result.stderr, 1, true)
        return result
    end, function() folder:close() end)
end

local load = "policy.load('mine')"
local loads = [[
read()
value(fields(), listed(), text(b"f"), number(1), text(b"@" + ours))
read()
]]

describe("a sandbox worker that was taken over", function()
    it("shows a line of a rule file where that is what failed", function()
        local result = attacked("read()\nfail(ours, 1)", load)
        assert.matches("policies/mine.lua:1: f failed: broken", result.stderr, 1, true)
        assert.matches("the rule itself", result.stderr, 1, true)
    end)

    it("gets no line of another file shown, whatever place it names", function()
        for _, place in ipairs({
            "secret", "b'@' + secret", "b'./../secret.lua'", "os.path.dirname(ours) + b'/../../secret.lua'",
            "ours + b'\\0' + secret", "b'policies/../../secret.lua'",
        }) do
            local result = attacked(("read()\nfail(%s, 1)"):format(place), load)
            assert.matches("policies/mine.lua: f failed: broken", result.stderr, 1, true)
            assert.not_matches("mine.lua:1", result.stderr, 1, true)
        end
        for _, line in ipairs({ "-1", "1e300", "float('nan')", "0.5" }) do
            assert.matches("broken", attacked(("read()\nfail(ours, %s)"):format(line), load).stderr, 1, true)
        end
    end)

    it("cannot have functions, or lines that ran, in another file", function()
        local died = "sent what cannot be read"
        for _, chunk in ipairs({ "b'@' + secret", "secret", "b'@' + ours + b'/../../../secret.lua'", "b''" }) do
            local function forged(frame) return frame:format(chunk) end
            local functions = forged("read()\nvalue(fields(), listed(), text(b'f'), number(1), text(%s))")
            assert.matches(died, attacked(functions, load).stderr, 1, true)
            local traced = loads .. forged("value(number(1), b'0', number(1), text(%s), number(1), number(1))")
            assert.matches(died, attacked(traced, load .. ":trace('f')").stderr, 1, true)
        end
    end)

    it("cannot say that data comes from another file", function()
        for _, origin in ipairs({
            "fields(key=text(b'f'), layer=text(secret))", "fields(key=text(b'f'), layer=number(9))",
            "fields(key=number(1), layer=number(1))", "text(secret)",
        }) do
            local result = attacked(("read()\nvalue(fields(), listed(%s))"):format(origin), load)
            assert.matches("sent what cannot be read", result.stderr, 1, true)
        end
    end)

    it("is given no source but that of rules, and sends none on", function()
        local result = attacked([[
read()
for name in (b"../secret", b"../../secret", secret, secret[:-4], b"..%2Fsecret", b"x\0y"):
    send(b"W", text(name))
    operation, answer = read()
    if operation != b"N": fail(ours, 1, b"got " + answer)
fail(ours, 1, b"got nothing")]], load)
        assert.matches("got nothing", result.stderr, 1, true)
    end)

    it("is not believed about a knowledge base, nor about settings", function()
        local attack = "read()\nfail(secret, 1)\nfail(b'@' + secret, 2)"
        local result = attacked(attack, "kb.load{ paths = { 'policies/mine.lua' }, cache = false }")
        assert.matches("mine.lua: f failed: broken", result.stderr, 1, true)
        result = attacked(attack, "print(1)", "return { color = 'never' }")
        assert.matches("uhost.lua", result.stderr, 1, true)
        assert.equal(2, result.code)
    end)
end)
