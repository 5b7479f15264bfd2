-- What `uhost upstream` asks of the policy `resolution_rules`.
local text = { type = "string" }
local texts = { type = "list", of = text }
local yes_or_no = { type = "boolean", default = false }

-- Those of `repo:merge_trees` that a rule can resolve.
local kinds = {
    "content", "add_add", "modify_delete", "rename_delete", "rename_rename", "rename_add", "directory_rename",
}

local generic = {
    "equal_but_for_spaces", "spacing_only", "contained", "superset", "adjacent_edits", "words", "sorted_insertion",
    "similar_insertions", "both_insertions", "deletion", "larger_change",
}

local actions = {
    "insert_after_pattern", "append_to_list", "take_ours", "take_theirs", "accept_deletion", "union", "both_in_order",
    "keep_theirs_reapply_ours", "token_merge", "regenerate", "rename", "suggest",
}

local example = {
    type = "table", fields = {
        path = text, base = text, ours = text, theirs = text, gives = { type = "any", required = true },
    },
}

local rule = {
    type = "table", fields = {
        id = text, name = { type = "string", required = true },
        file = { type = "string", default = "**" },
        kinds = { type = "list", default = { "content", "add_add" }, of = { type = "string", enum = kinds } },
        when = { type = "function" }, resolve = { type = "function" },
        action = { type = "string", enum = actions },
        safe = yes_or_no, drops = yes_or_no,
        after = { type = "regex" }, lines = texts,
        list = { type = "regex" }, items = texts, separator = { type = "string", default = "," }, sorted = yes_or_no,
        identifiers = { type = "table", of = text },
        take = { type = "string", enum = { "ours", "theirs" }, default = "theirs" },
        command = texts, verify = texts,
        examples = { type = "list", default = {}, of = example },
    },
}

local path = {
    type = "table", fields = {
        id = text, file = { type = "string", required = true },
        take = { type = "string", required = true, enum = { "ours", "theirs", "regenerate" } },
        command = texts,
    },
}

-- What an action cannot do without.
local needs = {
    insert_after_pattern = { "after", "lines" }, append_to_list = { "list", "items" }, rename = { "identifiers" },
    regenerate = { "command" },
}

-- What is wrong with rules whose fields are right one by one.
local function check(data, functions)
    local problems = {}
    local function add(position, message)
        problems[#problems + 1] = { path = ("rules[%d]"):format(position), message = message,
            hint = "policies/README.md of uhost lists the actions" }
    end
    for i, entry in ipairs(type(data.rules) == "table" and data.rules or {}) do
        if type(entry) == "table" then
            if not entry.action and not functions[("rules.%d.resolve"):format(i)] then
                add(i, "has neither an action nor a function 'resolve'")
            end
            for _, name in ipairs(needs[entry.action] or {}) do
                if entry[name] == nil then add(i, ("has no '%s', which %s needs"):format(name, entry.action)) end
            end
        end
    end
    return problems
end

return {
    check = check,
    -- What runs the examples of the rules.
    examples = "lib.upstream.resolution.examples",
    fields = {
        paths = { type = "list", default = {}, of = path },
        rules = { type = "list", default = {}, of = rule },
        generic = { type = "list", default = {}, of = { type = "table", fields = {
            id = { type = "string", required = true, enum = generic }, safe = yes_or_no,
        } } },
    },
}
