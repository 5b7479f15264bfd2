-- Where a fork changes what it is made from, and what it relies on there. `uhost upstream analyze` compares this with
-- what a release changed; what a fork changes without saying so here is found all the same, and reported.
--
-- Copy one of the examples to the `policies/` folder of the fork and change it there: `examples/rustc_fork/`,
-- `examples/database_fork/`. `uhost upstream import FILE.toml` makes one from a TOML file.
local M = {}

-- A point: a `path`, which is a file, or a folder with "/" at its end; how much `risk` a change there is; what it is
-- for (`description`); a regular expression that has to match exactly once in the file, or in one file of the folder
-- (`pattern`); and what the fork does there in words (`modification`).
M.points = {}

-- What the fork calls: the `module`, the files that call it (`used_by`), the names that they use (`apis`), and where
-- those are declared (`path`, a file or folder; without one, they are looked for in all files of their language).
M.dependencies = {}

-- How languages declare functions: for files whose names fit, lines that begin one (`headers`), lines that do not
-- although they look like it (`not_headers`), what begins a comment that ends with its line, and whether spaces have a
-- meaning. The expressions are those that git names hunks by; where there is no entry, a line that begins with a
-- letter, "_" or "$" does.
M.languages = {
    {
        id = "rust", files = { "*.rs" }, comment = "//",
        headers = { [[^[\t ]*((pub(\([^\)]+\))?[\t ]+)?((async|const|unsafe|extern([\t ]+"[^"]+"))[\t ]+)*]]
            .. [[(struct|enum|union|mod|trait|fn|impl|macro_rules!)[< \t]+[^;]*)$]] },
    },
    {
        id = "cpp", files = { "*.c", "*.h", "*.cc", "*.hh", "*.cpp", "*.hpp", "*.cxx" }, comment = "//",
        not_headers = { [[^[ \t]*[A-Za-z_][A-Za-z_0-9]*:\s*($|/[/*])]] },
        headers = { [[^((::\s*)?[A-Za-z_].*)$]] },
    },
    {
        id = "golang", files = { "*.go" }, comment = "//",
        headers = { [[^[ \t]*(func[ \t]*.*(\{[ \t]*)?)]], [[^[ \t]*(type[ \t].*(struct|interface)[ \t]*(\{[ \t]*)?)]] },
    },
    {
        id = "java", files = { "*.java", "*.kt" }, comment = "//",
        not_headers = { [[^[ \t]*(catch|do|for|if|instanceof|new|return|switch|throw|while)\b]] },
        headers = {
            [[^[ \t]*(([a-z-]+[ \t]+)*(class|enum|interface|record)[ \t]+.*)$]],
            [[^[ \t]*(([A-Za-z_<>&\]\[][?&<>.,A-Za-z_0-9]*[ \t]+)+[A-Za-z_][A-Za-z_0-9]*[ \t]*\([^;]*)$]],
        },
    },
    {
        id = "python", files = { "*.py" }, comment = "#", keeps_spaces = true,
        headers = { [[^[ \t]*((class|(async[ \t]+)?def)[ \t].*)$]] },
    },
    {
        id = "ruby", files = { "*.rb" }, comment = "#", headers = { [[^[ \t]*((class|module|def)[ \t].*)$]] },
    },
    {
        id = "php", files = { "*.php" }, comment = "//",
        headers = {
            [[^[\t ]*(((public|protected|private|static|abstract|final)[\t ]+)*function.*)$]],
            [[^[\t ]*((((final|abstract)[\t ]+)?class|enum|interface|trait).*)$]],
        },
    },
    {
        id = "javascript", files = { "*.js", "*.ts", "*.mjs", "*.jsx", "*.tsx" }, comment = "//",
        headers = { [[^[ \t]*((export[ \t]+)?(default[ \t]+)?((async[ \t]+)?function|class|interface)\b.*)$]] },
    },
    {
        id = "lua", files = { "*.lua" }, comment = "--", headers = { [[^[ \t]*((local[ \t]+)?function[ \t].*)$]] },
    },
    {
        id = "bash", files = { "*.sh" }, comment = "#", keeps_spaces = true,
        headers = { [[^[ \t]*(([a-zA-Z_][a-zA-Z0-9_]*[ \t]*\([ \t]*\))|(function[ \t]+[a-zA-Z_][a-zA-Z0-9_]*)).*$]] },
    },
    {
        id = "markdown", files = { "*.md" }, keeps_spaces = true, headers = { [[^ {0,3}#{1,6}[ \t].*]] },
    },
}

return M
