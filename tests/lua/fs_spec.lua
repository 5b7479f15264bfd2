describe("fs", function()
    local folder, root

    before_each(function()
        folder = fs.temp_dir()
        root = folder:path()
    end)
    after_each(function() folder:close() end)

    local function at(...) return fs.join(root, ...) end

    local function error_of(body, ...)
        local ok, err = pcall(body, ...)
        assert.is_false(ok)
        return err
    end

    local binary = os.getenv("UHOST") or "uhost"

    -- What the host itself says when it runs `code`.
    local function run_host(code, ...)
        local command = { binary, ... }
        command[#command + 1] = "-e"
        command[#command + 1] = code
        return process.run(command)
    end

    describe("files", function()
        it("are read back as they were written, bytes and all", function()
            local content = "a\0b\r\n\255" .. ("x"):rep(100000)
            fs.write(at("f"), content)
            assert.equal(content, fs.read(at("f")))
            fs.write(at("f"), "")
            assert.equal("", fs.read(at("f")))
        end)

        it("that are not there are nil, and in a file's place too", function()
            assert.is_nil(fs.read(at("none")))
            fs.write(at("f"), "x")
            assert.is_nil(fs.read(at("f/below")))
            assert.is_nil(fs.stat(at("none")))
            assert.is_nil(fs.readlink(at("none")))
        end)

        it("are refused above a limit", function()
            fs.write(at("f"), "12345")
            assert.equal("12345", fs.read(at("f"), { limit_bytes = 5 }))
            local err = error_of(fs.read, at("f"), { limit_bytes = 4 })
            assert.equal("fs.too_large", err.kind)
            assert.equal(at("f"), err.details.path)
        end)

        it("without a size of their own are read whole", function()
            assert.matches("^Name:", fs.read("/proc/self/status"))
        end)

        it("cannot be read where a folder is, and the error says so", function()
            local err = error_of(fs.read, root)
            assert.equal("fs.read", err.kind)
            assert.matches(root, err.message, 1, true)
            assert.matches("folder", err.hint)
        end)

        it("need a folder to be written to", function()
            local err = error_of(fs.write, at("no/f"), "x")
            assert.equal("fs.write", err.kind)
            assert.matches("mkdir", err.hint)
        end)

        it("keep their mode, and links stay links, when they are written", function()
            fs.write(at("f"), "old")
            process.run{ "chmod", "600", at("f"), check = true }
            fs.symlink("f", at("l"))
            fs.write(at("l"), "new")
            assert.equal("new", fs.read(at("f")))
            assert.equal("0600", fs.stat(at("f")).mode)
            assert.equal(fs.stat(at("f")).inode, fs.stat(at("l")).inode)
            assert.not_equal(fs.stat(at("f")).inode, fs.stat(at("l"), { follow = false }).inode)
            assert.equal("symlink", fs.stat(at("l"), { follow = false }).type)
            assert.same({ "f", "l" }, fs.list(root))
        end)

        it("grow at the end", function()
            fs.append(at("f"), "a")
            fs.append(at("f"), "b")
            assert.equal("ab", fs.read(at("f")))
        end)

        it("are left whole by a full disk", function()
            local mounted = process.run{ "mount", "-t", "tmpfs", "-o", "size=64k", "none", root }
            if mounted.code ~= 0 then return pending("mounting a small disk needs root") end
            fs.write(at("f"), "old")
            fs.write(at("log"), ("l"):rep(30000))
            local much = ("x"):rep(200000)
            local written, added = error_of(fs.write, at("f"), much), error_of(fs.append, at("log"), much)
            local names, content, log_bytes = fs.list(root), fs.read(at("f")), fs.stat(at("log")).size_bytes
            process.run{ "umount", root, check = true }
            assert.same({ "fs.write", "fs.write" }, { written.kind, added.kind })
            assert.matches("space", written.hint)
            assert.same({ "f", "log" }, names)
            assert.same({ "old", 30000 }, { content, log_bytes })
        end)

        it("give their lines, the last without a newline too", function()
            fs.write(at("f"), "a\n\nc\r\nlast")
            local lines = {}
            for line in fs.lines(at("f")) do lines[#lines + 1] = line end
            assert.same({ "a", "", "c\r", "last" }, lines)
            fs.write(at("f"), "one\n")
            assert.same("one", fs.lines(at("f"))())
            fs.write(at("f"), "")
            assert.is_nil(fs.lines(at("f"))())
            assert.equal("fs.read", error_of(fs.lines, at("none")).kind)
        end)

        it("give long lines whole, up to a limit", function()
            local long = ("y"):rep(300000)
            fs.write(at("f"), long .. "\nz")
            local next_line = fs.lines(at("f"))
            assert.equal(long, next_line())
            assert.equal("z", next_line())
            assert.equal("fs.too_large", error_of(fs.lines(at("f"), { limit_bytes = 1000 })).kind)
        end)

        it("are copied whole, also over others", function()
            fs.write(at("f"), "content")
            fs.write(at("g"), "old")
            fs.copy(at("f"), at("g"))
            assert.equal("content", fs.read(at("g")))
            assert.equal("fs.copy", error_of(fs.copy, at("none"), at("h")).kind)
            assert.same({ "f", "g" }, fs.list(root))
        end)

        it("are renamed", function()
            fs.write(at("f"), "x")
            fs.rename(at("f"), at("g"))
            assert.same({ "g" }, fs.list(root))
            assert.equal("fs.rename", error_of(fs.rename, at("f"), at("h")).kind)
        end)

        it("have a status", function()
            fs.write(at("f"), "123")
            process.run{ "touch", "-d", "2024-02-29T01:02:03Z", at("f"), check = true }
            local status = fs.stat(at("f"))
            assert.same({ "file", 3, "2024-02-29T01:02:03Z" }, { status.type, status.size_bytes, status.modified })
            assert.equal("directory", fs.stat(root).type)
            assert.equal("device", fs.stat("/dev/null").type)
        end)

        it("have names without NUL bytes", function()
            assert.equal("argument", error_of(fs.read, "/etc/passwd\0.txt").kind)
            assert.equal("argument", error_of(fs.write, "", "x").kind)
        end)
    end)

    describe("folders", function()
        it("are made with those above them", function()
            fs.mkdir(at("a/b/c"))
            fs.mkdir(at("a/b/c"))
            assert.equal("directory", fs.stat(at("a/b/c")).type)
            fs.write(at("f"), "x")
            assert.equal("fs.mkdir", error_of(fs.mkdir, at("f/x")).kind)
            assert.equal("fs.mkdir", error_of(fs.mkdir, at("f")).kind)
        end)

        it("are listed in order", function()
            for _, name in ipairs{ "b", "a", "C", ".d" } do fs.write(at(name), "") end
            assert.same({ ".d", "C", "a", "b" }, fs.list(root))
            assert.equal("fs.list", error_of(fs.list, at("none")).kind)
        end)

        local function tree()
            for _, path in ipairs{ "a/b", "a/skip/deep", "c" } do fs.mkdir(at(path)) end
            for _, path in ipairs{ "a/1.rs", "a/b/2.rs", "a/skip/deep/3.rs", "c/4.txt" } do fs.write(at(path), path) end
            fs.symlink("..", at("c/up"))
        end

        local function walked(options)
            local paths = {}
            for path in fs.walk(root, options) do paths[#paths + 1] = path:sub(#root + 2) end
            return paths
        end

        it("are walked in order, links not followed", function()
            tree()
            local all = "a a/1.rs a/b a/b/2.rs a/skip a/skip/deep a/skip/deep/3.rs c c/4.txt c/up"
            assert.equal(all, table.concat(walked(), " "))
            assert.same({ "a/1.rs", "a/b/2.rs" }, walked{ glob = "**/*.rs", skip = { "skip" } })
            assert.same({ "a", "c" }, walked{ depth = 1 })
            assert.equal("fs.list", error_of(fs.walk, at("none")).kind)
        end)

        it("are removed when empty, or as a whole when asked to, links not followed", function()
            tree()
            local outside = fs.temp_dir()
            fs.write(fs.join(outside:path(), "precious"), "x")
            fs.symlink(outside:path(), at("a/link"))
            local err = error_of(fs.remove, at("a"))
            assert.equal("fs.remove", err.kind)
            assert.matches("recursive", err.hint)
            assert.is_true(fs.remove(at("a"), { recursive = true }))
            assert.is_false(fs.remove(at("a"), { recursive = true }))
            assert.equal("x", fs.read(fs.join(outside:path(), "precious")))
            fs.symlink(outside:path(), at("link"))
            assert.is_true(fs.remove(at("link") .. "/", { recursive = true }))
            assert.equal("x", fs.read(fs.join(outside:path(), "precious")))
            outside:close()
        end)

        it("that are the root, or named by dots, are not removed", function()
            for _, path in ipairs{ "/", "//", "/..", "/tmp/..", ".", "..", at("."), at("..") } do
                assert.matches("refusing", error_of(fs.remove, path, { recursive = true }).message)
            end
            assert.equal("argument", error_of(fs.remove, "", { recursive = true }).kind)
        end)

        it("are copied whole to a free name", function()
            tree()
            fs.copy(at("a"), at("copy"), { recursive = true })
            assert.equal("a/b/2.rs", fs.read(at("copy/b/2.rs")))
            fs.symlink("a", at("to_a"))
            fs.copy(at("to_a"), at("followed"), { recursive = true })
            assert.equal("directory", fs.stat(at("followed"), { follow = false }).type)
            assert.equal("fs.copy", error_of(fs.copy, at("a"), at("copy"), { recursive = true }).kind)
            assert.matches("itself", error_of(fs.copy, at("a"), at("a/b/again"), { recursive = true }).message)
            assert.matches("recursive", error_of(fs.copy, at("a"), at("other")).hint)
            fs.copy(at("c"), at("linked"), { recursive = true })
            assert.equal("..", fs.readlink(at("linked/up")))
        end)
    end)

    describe("temporary folders", function()
        it("are removed when closed", function()
            local other = fs.temp_dir()
            local path = other:path()
            fs.mkdir(fs.join(path, "a/b"))
            other:close()
            assert.is_false(fs.exists(path))
            assert.equal("closed", error_of(other.path, other).kind)
        end)

        it("are removed when the script ends, by an error or os.exit too", function()
            for _, ending in ipairs{ "", "error('no')", "os.exit(4)", "coroutine.wrap(os.exit)()" } do
                local result = run_host("f = fs.temp_dir() fs.write(f:path() .. '/x', '') print(f:path()) " .. ending)
                local path = result.stdout:match("^%S+")
                assert.matches("uhost%-", path)
                assert.is_false(fs.exists(path), ending)
            end
        end)

        it("are removed at Ctrl-C", function()
            local code = "f = fs.temp_dir() print(f:path()) io.stdout:flush() task.sleep(60)"
            local child = process.start{ binary, "-e", code, stderr = "capture" }
            local path = child:read_line(30)
            assert.is_true(fs.exists(path))
            child:kill("INT")
            assert.equal(130, child:wait().code)
            assert.is_false(fs.exists(path))
        end)
    end)

    it("changes nothing in a dry run but temporary folders and the state folder", function()
        fs.mkdir(at("state"))
        fs.write(at("old"), "old")
        local code = ([[
            local root = %q
            fs.write(root .. "/new", "x") fs.append(root .. "/old", "x") fs.mkdir(root .. "/d/e")
            fs.remove(root .. "/old") fs.rename(root .. "/old", root .. "/moved")
            fs.copy(root .. "/old", root .. "/copied") fs.symlink("x", root .. "/l")
            fs.write(root .. "/state/kept", "x")
            local t = fs.temp_dir() fs.write(t:path() .. "/f", "1") print(fs.read(t:path() .. "/f"))
            fs.symlink(root, t:path() .. "/out") fs.write(t:path() .. "/out/escaped", "x")
        ]]):format(root)
        local result = run_host(code, "--dry-run", "--state", at("state"))
        assert.equal("1\n", result.stdout)
        assert.same({ "old", "state" }, fs.list(root))
        assert.equal("old", fs.read(at("old")))
        assert.equal("x", fs.read(at("state/kept")))
        for _, kind in ipairs{ "write", "append", "mkdir", "remove", "rename", "copy", "symlink" } do
            assert.matches("fs%." .. kind, result.stderr)
        end
        assert.matches("8 changes", result.stderr)
    end)

    describe("paths", function()
        it("are put together and taken apart", function()
            assert.equal("a/b/c", fs.join("a", "b/", "/c"))
            assert.equal("/a", fs.join("/", "a"))
            assert.equal("", fs.join())
            for path, parts in pairs{
                ["a/b/c"] = { "a/b", "c", "" }, ["a//c/"] = { "a", "c", "" }, ["/"] = { "/", "/", "" },
                ["/c"] = { "/", "c", "" }, ["."] = { ".", ".", "" }, ["a.tar.gz"] = { ".", "a.tar.gz", ".gz" },
                [".bashrc"] = { ".", ".bashrc", "" }, ["d.x/file"] = { "d.x", "file", "" }, ["a."] = { ".", "a.", "." },
            } do
                assert.same(parts, { fs.dirname(path), fs.basename(path), fs.extension(path) }, path)
            end
            assert.equal("/a/c", fs.absolute("/a/./b/../c/"))
            assert.equal(fs.join(fs.cwd(), "x"), fs.absolute("x"))
            assert.equal("/", fs.absolute("/"))
        end)

        it("fit patterns, or not", function()
            local fits = {
                { "a.rs", "*.rs" }, { "a", "?" }, { "a/b/c.rs", "**/*.rs" }, { "c.rs", "**/*.rs" }, { "a/b", "a/**/b" },
                { "a/x/y/b", "a/**/b" }, { "a/b/c", "a/**" }, { "b", "[a-c]" }, { "d", "[!a-c]" }, { "]", "[]]" },
                { "-", "[a-]" }, { "*", "\\*" },
                { "[x", "[x" }, { "", "*" }, { "", "**" }, { "a/b", "**" }, { "ab", "a**b" },
            }
            local does_not = {
                { "a/b.rs", "*.rs" }, { "a/b", "a?b" }, { "ab", "a/**/b" }, { "a/xb", "a/**/b" }, { "/", "[!a]" },
                { "x", "\\*" }, { "a.rsx", "*.rs" }, { "", "?" }, { "a", "" },
            }
            for _, case in ipairs(fits) do
                assert.is_true(fs.matches(case[1], case[2]), table.concat(case, " ~ "))
            end
            for _, case in ipairs(does_not) do
                assert.is_false(fs.matches(case[1], case[2]), table.concat(case, " ~ "))
            end
        end)

        it("are matched in time that does not explode", function()
            assert.is_false(fs.matches(("a/"):rep(2000), ("**/a*"):rep(30) .. "b"))
        end)
    end)
end)
