-- The history of the demonstration: a small compiler's releases and a fork of the first, with every outcome of an
-- analysis, as `git fast-import` reads it.
local M = {}

local one_day_s = 86400

-- So many lines apart, changes have nothing to do with each other.
local function filler(name)
    local lines = {}
    for i = 1, 14 do lines[i] = ("    step(%q, %d);"):format(name, i) end
    return table.concat(lines, "\n")
end

local function with(text, old, new)
    local first, last = text:find(old, 1, true)
    return text:sub(1, first - 1) .. new .. text:sub(last + 1)
end

local passes = [[
pub fn analysis(tcx: Context) -> Result {
    check(tcx);
    borrow_check(tcx);
    Ok(())
}

pub fn provide(providers: &mut Providers) {
]] .. filler("provide") .. [[

    lints::provide(providers);
}
]]
local attributes = "pub static ATTRIBUTES: &[&str] = &[\n    \"inline\",\n    \"cold\",\n];\n"
local options = [[
pub fn options() -> Vec<Flag> {
    let mut flags = Vec::new();
    flags.push(flag("opt-level"));
]] .. filler("options") .. [[

    flags.push(flag("debug"));
    flags
}
]]
local lower = "pub fn lower(body: Body) -> Mir {\n    let mir = build(body);\n" .. filler("lower") .. "\n    mir\n}\n"
local types = "pub struct Type {\n    pub name: String,\n}\n\n" .. "pub fn size_of(ty: &Type) -> usize {\n"
    .. filler("types") .. "\n    0\n}\n"
local lints = "pub fn run_lints(tcx: Context) {\n    unused(tcx);\n}\n\n"
    .. "pub fn unused(tcx: Context) {\n    walk(tcx);\n}\n"
local driver = "pub fn compile(tcx: Context) {\n    run_lints(tcx);\n    finish(tcx);\n}\n"
local query = "pub fn type_of(id: Id) -> Type {\n    load(id)\n}\n\n"
    .. "pub fn def_path(id: Id) -> String {\n    path(id)\n}\n\n"
    .. "pub fn walk_body(body: &Body) {\n    visit(body)\n}\n"
local legacy = "pub fn legacy(tcx: Context) {\n    old(tcx);\n}\n"
local readme = "A small compiler.\n"

local verify = "    rustc_verify::provide(providers);\n}\n"

-- What the fork makes of a text of the base.
local fork_passes = with(passes, "    lints::provide(providers);\n}\n", "    lints::provide(providers);\n" .. verify)

-- Oldest first.
local project = {
    { days = 300, subject = "Begin a small compiler", tag = "v1.0.0", files = {
        ["README.md"] = readme, ["src/passes.rs"] = passes, ["src/attributes.rs"] = attributes,
        ["src/options.rs"] = options, ["src/lower.rs"] = lower, ["src/types.rs"] = types, ["src/lints.rs"] = lints,
        ["src/driver.rs"] = driver, ["src/query.rs"] = query, ["src/legacy.rs"] = legacy,
    } },
    { days = 200, subject = "Look at the types of patterns (#101)", files = {
        ["src/passes.rs"] = with(passes, "    check(tcx);\n", "    check(tcx);\n    check_patterns(tcx);\n") } },
    { days = 199, subject = "Format lower.rs (#102)", tag = "v1.1.0", files = {
        ["src/lower.rs"] = with(lower, "let mir = build(body);", "let mir =\n        build( body );") } },
    { days = 120, subject = "Move types into a folder (#103)", files = {
        ["src/types.rs"] = false, ["src/types/mod.rs"] = types } },
    { days = 119, subject = "Let options depend on the target (#104)", tag = "v1.2.0", files = {
        ["src/options.rs"] = with(options, "options() -> Vec", "options(target: Target) -> Vec") } },
    { days = 30, subject = "Add the attribute must_use (#105)", files = {
        ["src/attributes.rs"] = with(attributes, '"cold",\n', '"cold",\n    "must_use",\n') } },
    { days = 29, subject = "Run lints as queries, and drop the legacy pass (#106)", files = {
        ["src/driver.rs"] = "pub fn compile(tcx: Context) {\n    finish(tcx);\n}\n", ["src/legacy.rs"] = false } },
    { days = 28, subject = "Intern types (#107)", tag = "v1.3.0", files = {
        ["src/query.rs"] = "pub fn type_of(tcx: Context, id: Id) -> Type {\n    load(id)\n}\n\n"
            .. "pub fn visit_body(body: &Body) {\n    visit(body)\n}\n" } },
}

local fork = {
    { days = 290, subject = "Run the verifier with the other providers", files = { ["src/passes.rs"] = fork_passes } },
    { days = 289, subject = "Add the attribute requires", files = {
        ["src/attributes.rs"] = with(attributes, '"cold",\n', '"cold",\n    "requires",\n') } },
    { days = 288, subject = "Add -Zverify", files = {
        ["src/options.rs"] = with(options, '("debug"));\n', '("debug"));\n    flags.push(flag("verify"));\n') } },
    { days = 287, subject = "Lower contracts, and keep them with types", files = {
        ["src/lower.rs"] = with(lower, "    mir\n}", "    contracts(mir)\n}"),
        ["src/types.rs"] = with(types, "name: String,\n", "name: String,\n    pub contract: Option<Contract>,\n") } },
    { days = 286, subject = "Lint contracts", files = {
        ["src/lints.rs"] = with(lints, "    unused(tcx);\n", "    unused(tcx);\n    contracts(tcx);\n") } },
    { days = 285, subject = "Verify in the legacy pass, too", files = {
        ["src/legacy.rs"] = with(legacy, "    old(tcx);\n", "    old(tcx);\n    verify(tcx);\n") } },
    { days = 284, subject = "Say what this fork is", files = {
        ["README.md"] = "A small compiler that verifies programs.\n", ["src/verify.rs"] = "pub fn verify() {}\n" } },
}

--- The fork's policy `integration_points`.
M.points = [==[
return {
    points = {
        { id = "providers", path = "src/passes.rs", risk = "high", pattern = [[rustc_verify::provide\(providers\)]],
            description = "the verifier is a query", modification = "calls rustc_verify::provide after the others" },
        { id = "attributes", path = "src/attributes.rs", risk = "high", pattern = [["requires"]],
            description = "contracts", modification = "appends requires to ATTRIBUTES" },
        { id = "options", path = "src/options.rs", risk = "medium", pattern = [[flag\(]],
            description = "the verifier's flag", modification = "adds -Zverify" },
        { id = "lowering", path = "src/lower.rs", risk = "medium", modification = "lowers contracts" },
        { id = "types", path = "src/types.rs", risk = "medium", modification = "keeps the contract of a type" },
        { id = "lints", path = "src/lints.rs", risk = "low", modification = "lints contracts" },
        { id = "legacy", path = "src/legacy.rs", risk = "low", modification = "verifies in the legacy pass" },
        { id = "hir", path = "src/hir/", risk = "low", modification = "nothing any more" },
    },
    dependencies = {
        { id = "query", module = "query", path = "src/query.rs", used_by = { "src/verify.rs" },
            apis = { "type_of", "def_path", "walk_body" }, risk = "high" },
    },
}
]==]

local function data(text) return ("data %d\n%s\n"):format(#text, text) end

local function changes_of(files)
    local paths, pieces = {}, {}
    for path in pairs(files) do paths[#paths + 1] = path end
    table.sort(paths)
    for i, path in ipairs(paths) do
        pieces[i] = files[path] and ("M 100644 inline %s\n%s"):format(path, data(files[path]))
            or ("D %s\n"):format(path)
    end
    return table.concat(pieces)
end

local function add_commits(pieces, branch, commits, now, mark, parent)
    for _, commit in ipairs(commits) do
        mark = mark + 1
        local person = ("Ada Example <ada@example.org> %d +0000"):format(now - commit.days * one_day_s)
        pieces[#pieces + 1] = ("commit refs/heads/%s\nmark :%d\nauthor %s\ncommitter %s\n%s"):format(branch, mark,
            person, person, data(commit.subject))
        if parent then pieces[#pieces + 1] = ("from :%d\n"):format(parent) end
        pieces[#pieces + 1] = changes_of(commit.files)
        if commit.tag then pieces[#pieces + 1] = ("reset refs/tags/%s\nfrom :%d\n\n"):format(commit.tag, mark) end
        parent = mark
    end
    return mark
end

--- Commits and tags; the branch `fork` has the fork.
---@param now integer  Unix seconds
---@return string
function M.stream(now)
    local pieces = {}
    local mark = add_commits(pieces, "main", project, now, 0, nil)
    add_commits(pieces, "fork", fork, now, mark, 1)
    return table.concat(pieces) .. "done\n"
end

return M
