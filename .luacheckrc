std = "luajit"
max_line_length = 120
cache = false
-- Primitives are globals that load when touched; nothing may assign them.
read_globals = {
    "uhost", "task", "log", "term", "time", "fs", "json", "re", "db", "http", "github", "git", "report", "process", "plan",
    "policy", "kb", "tables", "log_text", "seq", "line_editor", "xml", "toml", "build", "yaml",
    "hash", "notify", "metrics", "logs", "server",
}
-- os.exit, print and io.write are the host's own versions.
exclude_files = { "build/**" }

files["tests/lua"] = { std = "+busted" }
files["tests/e2e"] = { std = "+busted" }
-- A definition file declares a primitive's global, and parameters that nothing uses.
for _, pattern in ipairs({ "api/**/definition.lua", "api/**/definition/*.lua" }) do
    files[pattern] = { ignore = { "111", "112", "113", "121", "122", "131", "211", "212", "241" } }
end
-- What they are for is to replace functions of Lua's own libraries.
files["host/runtime/*.lua"] = { ignore = { "121", "122", "142" } }
-- `self` is there for the colon's sake.
self = false
