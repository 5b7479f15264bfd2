-- Names that a rule file uses and nobody defines, and globals that it assigns. They are found in its syntax tree, so
-- that code which no example reaches is looked at too.
local M = {}

local Reader = {}
Reader.__index = Reader

function Reader:is_local(name)
    local scope = self.scope
    while scope do
        if scope.names[name] then return true end
        scope = scope.outer
    end
    return false
end

function Reader:declare(nodes)
    for _, node in ipairs(nodes) do
        if node.tag == "Id" then self.scope.names[node[1]] = true end
    end
end

function Reader:inside(body)
    self.scope = { names = {}, outer = self.scope }
    body()
    self.scope = self.scope.outer
end

function Reader:block(statements)
    self:inside(function() self:all(statements) end)
end

function Reader:all(nodes)
    for _, node in ipairs(nodes) do
        if type(node) == "table" then self:visit(node) end
    end
end

local visit = {}

function Reader:visit(node)
    local handler = visit[node.tag]
    if handler then return handler(self, node) end
    self:all(node)
end

function visit.Id(self, node)
    if not self:is_local(node[1]) then self.use(node, nil) end
end

function visit.Index(self, node)
    local base, key = node[1], node[2]
    if base.tag == "Id" and key.tag == "String" and not self:is_local(base[1]) then
        return self.use(base, key)
    end
    self:all(node)
end

visit.Do = Reader.block

function visit.Local(self, node)
    if node[2] then self:all(node[2]) end
    self:declare(node[1])
end

function visit.Localrec(self, node)
    self:declare(node[1])
    self:all(node[2])
end

function visit.Set(self, node)
    self:all(node[2])
    for _, left in ipairs(node[1]) do
        if left.tag == "Id" then
            if not self:is_local(left[1]) then self.assign(left) end
        else
            self:all({ left[1], left[2] })
        end
    end
end

visit["Function"] = function(self, node)
    self:inside(function()
        self:declare(node[1])
        self:all(node[2])
    end)
end

function visit.While(self, node)
    self:visit(node[1])
    self:block(node[2])
end

visit["Repeat"] = function(self, node)
    self:inside(function()
        self:all(node[1])
        self:visit(node[2])
    end)
end

visit["If"] = function(self, node)
    for i = 1, #node, 2 do
        if node[i + 1] then
            self:visit(node[i])
            self:block(node[i + 1])
        else
            self:block(node[i])
        end
    end
end

function visit.Fornum(self, node)
    local last = node[#node]
    for i = 2, #node - 1 do self:visit(node[i]) end
    self:inside(function()
        self:declare({ node[1] })
        self:all(last)
    end)
end

function visit.Forin(self, node)
    self:all(node[2])
    self:inside(function()
        self:declare(node[1])
        self:all(node[3])
    end)
end

function visit.Goto() end
visit.Label = visit.Goto

-- Calls `use(node, field)` for every name that is no local of the file, with the node of a constant field after it
-- (`string.dump`) or nil, and `assign(node)` for every global that is assigned.
local function read_names(syntax, use, assign)
    local reader = setmetatable({ use = use, assign = assign }, Reader)
    reader:block(syntax)
end

--- A function that says why a rule cannot use a name, or nil when it can. It asks the sandbox.
---@return fun(name: string, field?: string): string?
function M.refusals()
    local handle = policy.load("allowed_names", { folder = fs.join(uhost.share, "scripts/lib/check/rules") })
    local known = {}
    return function(name, field)
        local key = field and name .. "." .. field or name
        if known[key] == nil then known[key] = handle:call("refusal", name, field) or false end
        return known[key] or nil
    end
end

-- "a rule has no 'print': return a reason …" is a message and a hint.
local function message_and_hint(refusal)
    local message, hint = refusal:match("^(.-): (.+)$")
    if message then return message, hint end
    message, hint = refusal:match("^(.-); (.+)$")
    return message or refusal, hint
end

--- Reports each such name once, where it is used first.
---@param file check.RuleFile
---@param refusal fun(name: string, field?: string): string?
function M.check(file, refusal)
    local seen, order = {}, {}
    local function note(node, rule, key, why)
        local entry = seen[rule .. key]
        if not entry then
            entry = { node = node, rule = rule, why = why, count = 0 }
            seen[rule .. key] = entry
            order[#order + 1] = entry
        end
        entry.count = entry.count + 1
    end
    read_names(file.source.tree, function(node, field)
        local why = refusal(node[1], field and field[1])
        if why then note(field and not refusal(node[1]) and field or node, "undefined-name", node[1], why) end
    end, function(node)
        note(node, "global", node[1],
            ("'%s' is assigned as a global; write `local %s`"):format(node[1], node[1]))
    end)
    for _, entry in ipairs(order) do
        local message, hint = message_and_hint(entry.why)
        if entry.count > 1 then message = ("%s (%d times)"):format(message, entry.count) end
        file:report(file.source:place(entry.node), entry.rule, message, hint)
    end
end

return M
