-- Copies of databases, and what tells whether they are whole.
local expect = require("support.expect")
local error_of = expect.error_of

local function in_folder(body) return expect.in_folder({}, body) end

local schema = [[
    CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parent ON DELETE CASCADE) STRICT;
    CREATE TABLE parent (id INTEGER PRIMARY KEY, n INTEGER, r REAL, t TEXT, b BLOB, twice INTEGER AS (n * 2)) STRICT;
    CREATE TABLE "odd ""name""" ("a b" TEXT PRIMARY KEY, "select" INTEGER) STRICT, WITHOUT ROWID;
    CREATE INDEX by_text ON parent (t) WHERE n > 0;
    CREATE TRIGGER final BEFORE UPDATE ON parent WHEN old.n = 7 BEGIN SELECT raise(ABORT, 'it is final'); END]]

local function fill(conn)
    conn:execute(schema)
    conn:execute("INSERT INTO parent (id, n, r, t, b) VALUES (1, ?, ?, ?, ?)",
        { "9223372036854775807", 0.1, "a\0b\255", db.blob("\0\1\255") })
    conn:execute("INSERT INTO parent (id, n, r, t, b) VALUES (2, 7, ?, '', ?)", { 1e300, db.blob("") })
    conn:execute("INSERT INTO parent (id) VALUES (3)")
    for i = 1, 2500 do conn:execute("INSERT INTO child VALUES (?, 1)", { i }) end
    conn:execute([[INSERT INTO "odd ""name""" VALUES ('x', -1)]])
end

local function values(conn)
    return conn:query([[SELECT id, CAST(n AS TEXT) AS n, typeof(n) AS n_type, r, t, typeof(t) AS t_type, b,
        typeof(b) AS b_type FROM parent ORDER BY id]])
end

describe("a copy of a database", function()
    it("has the same tables, indexes, triggers and values", function()
        in_folder(function(folder)
            local path = folder .. "/source.sqlite"
            local source, target = db.open(path), db.open(":memory:")
            fill(source)
            target:execute("CREATE TABLE parent (old TEXT)")
            local copied = target:copy_from(db.open(path, { read_only = true }))
            local names = {}
            for i, one in ipairs(copied) do names[i] = one.name .. " " .. one.rows end
            assert.same({ "parent 3", "child 2500", 'odd "name" 1' }, names)
            assert.same(copied, source:tables({ digests = true }))
            assert.same(copied, target:tables({ digests = true }))
            assert.same(values(source), values(target))
            local change = "UPDATE parent SET t = 'x' WHERE id = 2"
            assert.equal("db.constraint", error_of(target.execute, target, change).kind)
            target:execute("DELETE FROM parent WHERE id = 1")
            assert.equal(0, target:one("SELECT count(*) AS n FROM child").n)
            assert.is_truthy(target:one("SELECT 1 AS yes FROM sqlite_schema WHERE name = 'by_text'"))
        end)
    end)

    it("is of one instant, and keeps nobody from writing", function()
        in_folder(function(folder)
            local path = folder .. "/source.sqlite"
            local writer, reader = db.open(path), db.open(path, { read_only = true })
            fill(writer)
            reader:transaction(function()
                assert.equal(2500, reader:one("SELECT count(*) AS n FROM child").n)
                writer:execute("DELETE FROM child")
                assert.equal(2500, reader:one("SELECT count(*) AS n FROM child").n)
                assert.equal(2500, db.open(":memory:"):copy_from(reader)[2].rows)
            end)
            assert.equal(0, reader:one("SELECT count(*) AS n FROM child").n)
        end)
    end)

    it("leaves what was there when it fails", function()
        local target = db.open(":memory:")
        target:execute("CREATE TABLE kept (n INTEGER); INSERT INTO kept VALUES (1)")
        local source = db.open(":memory:")
        source:execute("CREATE TABLE a (n INTEGER); CREATE VIEW broken AS SELECT * FROM nowhere; "
            .. "CREATE TABLE b (n INTEGER REFERENCES a)")
        source:execute("PRAGMA foreign_keys = OFF")
        source:execute("INSERT INTO b VALUES (5)")
        assert.is_truthy(error_of(target.copy_from, target, source))
        assert.equal(1, target:one("SELECT n FROM kept").n)
    end)

    it("needs tables that are read row by row", function()
        local source = db.open(":memory:")
        source:execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
        assert.equal("db.unsupported", error_of(source.tables, source).kind)
    end)

    it("executes nothing that somebody put behind a definition", function()
        in_folder(function(folder)
            local path, planted = folder .. "/source.sqlite", folder .. "/planted"
            local definition = "CREATE TABLE a (n INTEGER /* " .. ("x"):rep(100 + #planted) .. " */)"
            local source = db.open(path)
            source:execute(definition)
            source:close()
            local attach = "ATTACH DATABASE '%s' AS y; CREATE TABLE y.t (n);"
            local evil = "CREATE TABLE a (n INTEGER); " .. attach:format(planted)
            local bytes = fs.read(path)
            local first, last = bytes:find(definition, 1, true)
            evil = evil .. (" "):rep(#definition - #evil)
            fs.write(path, bytes:sub(1, first - 1) .. evil .. bytes:sub(last + 1), { mask = false })
            local target = db.open(":memory:")
            assert.equal("db.sql", error_of(target.copy_from, target, db.open(path, { read_only = true })).kind)
            assert.is_false(fs.exists(planted))
            assert.same({}, target:tables())
        end)
    end)

    it("has another digest where one value differs, or its type", function()
        local function digest(value)
            local conn = db.open(":memory:")
            conn:execute("CREATE TABLE kept (value)")
            conn:execute("INSERT INTO kept VALUES (?), ('b')", { value })
            return conn:tables({ digests = true })[1].digest
        end
        local seen = {}
        for _, value in ipairs({ "1", 1, 1.5, db.blob("1"), "", json.null }) do
            assert.is_nil(seen[digest(value)])
            seen[digest(value)] = true
        end
        assert.is_true(seen[digest("1")])
    end)
end)

describe("a copy on PostgreSQL, and from there", function()
    local stores = require("support.stores")
    local postgres = require("support.postgres")

    local function with_server(body)
        local why = postgres.missing()
        if why then return pending(why) end
        body(stores.server())
    end
    lazy_teardown(function() stores.server():close() end)

    local portable = schema:gsub(", twice INTEGER AS %(n %* 2%)", "")
    local function filled()
        local source = db.open(":memory:")
        source:execute(portable)
        source:execute("INSERT INTO parent (id, n, r, t, b) VALUES (1, ?, ?, ?, ?), (2, 7, 1e300, '', NULL)",
            { "-9223372036854775808", 0.1, "a\0b\255", db.blob("\0\1\255") })
        for i = 1, 1200 do source:execute("INSERT INTO child VALUES (?, 1)", { i }) end
        return source
    end

    it("keeps every value in both directions", function()
        with_server(function(server)
            local source, url = filled(), server:fresh()
            local there = db.open(url):copy_from(source)
            assert.same(source:tables({ digests = true }), there)
            local back = db.open(":memory:")
            assert.same(there, back:copy_from(db.open(url, { read_only = true })))
            assert.same(values(source), values(back))
            local change = "UPDATE parent SET t = 'x' WHERE id = 2"
            for _, conn in ipairs({ db.open(url), back }) do
                assert.equal("db.constraint", error_of(conn.execute, conn, change).kind)
                conn:execute("INSERT INTO parent (t) VALUES ('next')")
                assert.equal(3, conn:one("SELECT max(id) AS id FROM parent").id)
            end
        end)
    end)

    it("refuses values that are not of their column's type before it writes", function()
        with_server(function(server)
            local source, url = db.open(":memory:"), server:fresh()
            source:execute("CREATE TABLE loose (n INTEGER); INSERT INTO loose VALUES (1), ('many')")
            local target = db.open(url)
            target:execute("CREATE TABLE kept (n INTEGER)")
            local err = error_of(target.copy_from, target, source)
            assert.equal("db.constraint", err.kind)
            assert.equal("the column n of the table loose is declared as 'INTEGER' and holds a value of the type text",
                err.message)
            assert.equal("kept", target:tables()[1].name)
        end)
    end)

    it("executes nothing that is no definition", function()
        with_server(function(server)
            in_folder(function(folder)
                local url, target = server:fresh(), db.open(":memory:")
                local source = db.open(url)
                source:execute("CREATE TABLE a (n INTEGER)")
                source:execute("INSERT INTO uhost_schema (sql) VALUES (?)",
                    { ("/* CREATE TABLE */ -- b\nATTACH DATABASE '%s/planted' AS y"):format(folder) })
                assert.equal("db.copy", error_of(target.copy_from, target, source).kind)
                assert.is_false(fs.exists(folder .. "/planted"))
            end)
        end)
    end)

    it("keeps bytes where the server writes them in its old form", function()
        with_server(function(server)
            local url = server:fresh()
            server:ask("ALTER DATABASE tests SET bytea_output = 'escape'")
            task.finally(function()
                local result = process.run{ os.getenv("UHOST") or "uhost", "-e", ([[
                    local conn = db.open(%q)
                    conn:execute("CREATE TABLE kept (b BLOB)")
                    conn:execute("INSERT INTO kept VALUES (?)", { db.blob("a\0\255b") })
                    print((conn:one("SELECT b FROM kept").b:gsub("[%%z\255]", "-")))]]):format(url), check = true }
                assert.equal("a--b\n", result.stdout)
            end, function() server:ask("ALTER DATABASE tests RESET bytea_output") end)
        end)
    end)

    it("is of one instant, while others write", function()
        with_server(function(server)
            local url = server:fresh()
            local writer, reader = db.open(url), db.open(url, { read_only = true })
            writer:copy_from(filled())
            reader:transaction(function()
                assert.equal(1200, reader:one("SELECT count(*) AS n FROM child").n)
                writer:execute("DELETE FROM child")
                assert.equal(1200, db.open(":memory:"):copy_from(reader)[2].rows)
            end)
            assert.equal(0, reader:one("SELECT count(*) AS n FROM child").n)
        end)
    end)
end)
