local expect = require("support.expect")
local stores = require("support.stores")
local error_of = expect.error_of

local function with_folder(body) return expect.in_folder({}, body) end

local function count(conn) return conn:one("SELECT count(*) AS n FROM kept").n end

stores.each(function(engine, it)

local function memory(schema)
    local conn = engine.open()
    if schema then conn:execute(schema) end
    return conn
end

describe("values", function()
    it("come back as they went in", function()
        local bytes = {}
        for byte = 0, 255 do bytes[#bytes + 1] = string.char(byte) end
        bytes = table.concat(bytes)
        -- The last characters are private ones, for which PostgreSQL is given others.
        for type, values in pairs({
            INTEGER = { 1, 0, -7, 2 ^ 53, -2 ^ 53 }, REAL = { -0.5, 1e300, 1e-300, math.huge, -math.huge, 0.1, 3 },
            TEXT = { "", "text", bytes, "größer \\x41 ' \"", "\244\143\176\128\244\143\191\191", bytes:reverse() },
        }) do
            local conn = memory(("CREATE TABLE kept (id INTEGER PRIMARY KEY, value %s) STRICT"):format(type))
            for _, value in ipairs(values) do conn:execute("INSERT INTO kept (value) VALUES (?)", { value }) end
            local rows = conn:query("SELECT * FROM kept ORDER BY id")
            for i, row in ipairs(rows) do assert.equal(values[i], row.value) end
            for i, value in ipairs(values) do
                assert.equal(i, conn:one("SELECT id FROM kept WHERE value = ?", { value }).id)
            end
            conn:execute("DROP TABLE kept")
        end
    end)

    it("are of the column's type, whatever they look like", function()
        local conn = memory("CREATE TABLE kept (n INTEGER, r REAL, t TEXT, b BLOB) STRICT")
        conn:execute("INSERT INTO kept (n, r, t) VALUES (?, ?, ?)", { "12", 3, 4 })
        assert.same({ n = 12, r = 3, t = "4" }, conn:one("SELECT * FROM kept"))
        for _, wrong in ipairs({ { "n", "x" }, { "n", 0.5 }, { "r", "x" }, { "b", "text" }, { "t", db.blob("x") } }) do
            local sql = ("INSERT INTO kept (%s) VALUES (?)"):format(wrong[1])
            local err = error_of(conn.execute, conn, sql, { wrong[2] })
            assert.same({ "db.constraint", "type" }, { err.kind, err.details.constraint })
        end
        assert.equal(1, count(conn))
    end)

    it("true and false are 1 and 0, nil and json.null are NULL, and NULL is absent", function()
        local row = memory():one("SELECT ? AS yes, ? AS no, ? AS absent, ? IS NULL AS is_null",
            { true, false, nil, json.null })
        assert.same({ yes = 1, no = 0, is_null = 1 }, row)
    end)

    it("a blob is a BLOB, and reads as a string", function()
        local row = memory():one("SELECT :b = x'610062' AS same, length(:b) AS length, :b AS bytes",
            { b = db.blob("a\0b") })
        assert.same({ same = 1, length = 3, bytes = "a\0b" }, row)
    end)

    it("integers that Lua cannot hold exactly are refused in both directions", function()
        local conn = memory("CREATE TABLE kept (n INTEGER)")
        assert.equal("db.integer", error_of(conn.execute, conn, "INSERT INTO kept VALUES (?)", { 2 ^ 53 + 2 }).kind)
        conn:execute("INSERT INTO kept VALUES (?)", { "9007199254740993" })
        local err = error_of(conn.one, conn, "SELECT n FROM kept")
        assert.equal("db.integer", err.kind)
        assert.equal("select it as text: CAST(n AS TEXT) AS n", err.hint)
        assert.equal("9007199254740993", conn:one("SELECT CAST(n AS TEXT) AS n FROM kept").n)
    end)

    it("that SQL does not know are refused by name", function()
        local conn = memory()
        local err = error_of(conn.one, conn, "SELECT :list", { list = {} })
        assert.equal("argument", err.kind)
        assert.equal("the parameter 'list' is a table", err.message)
        assert.equal("argument", error_of(conn.one, conn, "SELECT ?", { 0 / 0 }).kind)
        assert.equal("argument", error_of(conn.one, conn, "SELECT ?", { [1.5] = 1 }).kind)
        assert.equal("argument", error_of(conn.one, conn, "SELECT ?", { [2 ^ 40] = 1 }).kind)
    end)
end)

describe("parameters", function()
    it("are given by position or by name", function()
        local conn = memory()
        assert.equal("x2", conn:one("SELECT ? || ? AS v", { "x", 2 }).v)
        assert.equal("x2x", conn:one("SELECT :a || @b || $a AS v", { a = "x", b = 2 }).v)
        assert.equal("b", conn:one("SELECT ?2 AS v", { "a", "b" }).v)
    end)

    it("that are too many, unknown or all forgotten are an error", function()
        local conn = memory()
        assert.equal("db.parameters", error_of(conn.one, conn, "SELECT ?", { 1, 2 }).kind)
        assert.equal("did you mean 'name'?", error_of(conn.one, conn, "SELECT :name", { nmae = 1 }).hint)
        assert.equal("the SQL has 1 parameter, and no values are given", error_of(conn.query, conn, "SELECT ?").message)
        assert.equal("db.parameters", error_of(conn.execute, conn, "SELECT :a").kind)
    end)

    it("never become SQL", function()
        local conn = memory("CREATE TABLE kept (name TEXT)")
        local name = "'); DROP TABLE kept; --"
        conn:execute("INSERT INTO kept VALUES (?)", { name })
        assert.equal(name, conn:one("SELECT name FROM kept").name)
    end)
end)

describe("statements", function()
    it("say what they changed", function()
        local conn = memory("CREATE TABLE kept (id INTEGER PRIMARY KEY, n INTEGER)")
        assert.same({ 2, 2 }, { conn:execute("INSERT INTO kept (n) VALUES (1), (2)") })
        assert.equal(2, (conn:execute("UPDATE kept SET n = n + ?", { 1 })))
        assert.equal(0, (conn:execute("CREATE TABLE other (n TEXT); CREATE TABLE third (n TEXT);")))
        assert.equal(0, (conn:execute("DELETE FROM kept WHERE n > 100")))
    end)

    it("give nothing for no rows: an empty list, nil, no turn of the loop", function()
        local conn = memory("CREATE TABLE kept (n INTEGER)")
        assert.same({}, conn:query("SELECT * FROM kept"))
        assert.is_nil(conn:one("SELECT * FROM kept"))
        for _ in conn:each("SELECT * FROM kept") do error("no row is there") end
    end)

    it("with INSERT … RETURNING give rows and are executed once", function()
        local conn = memory("CREATE TABLE kept (id INTEGER PRIMARY KEY, n INTEGER)")
        assert.equal(1, conn:one("INSERT INTO kept (n) VALUES (7) RETURNING id").id)
        assert.same({ { id = 2 }, { id = 3 } }, conn:query("INSERT INTO kept (n) VALUES (8), (9) RETURNING id"))
        assert.equal(3, count(conn))
    end)

    it("say where wrong SQL is wrong", function()
        local conn = memory()
        local _, err = pcall(conn.query, conn, "SELECT 1\n  FORM x")
        assert.equal("db.sql", err.kind)
        assert.equal(2, err.details.line)
        assert.equal(8, err.details.column)
        assert.matches("db_spec.lua:%d+$", err.where)
    end)

    it("refuse BEGIN and two columns of one name", function()
        local conn = memory()
        assert.equal("db.transaction", error_of(conn.execute, conn, "BEGIN").kind)
        assert.equal("db.columns", error_of(conn.one, conn, "SELECT 1 AS a, 2 AS a").kind)
    end)

    it("refuse wrong arguments with the name of the method", function()
        local conn = memory()
        assert.matches("'sql' to 'db.Connection:query': expected a string, got nil", error_of(conn.query, conn).message)
        assert.matches("'parameters' to 'db.Connection:one': expected a table",
            error_of(conn.one, conn, "SELECT 1", 5).message)
        assert.matches("'self' to 'db.Connection:one'", error_of(conn.one, "SELECT 1").message)
        assert.matches("expected a function, got nil", error_of(conn.transaction, conn).message)
        assert.equal("unknown option 'readonly' to 'db.open'",
            error_of(db.open, ":memory:", { readonly = true }).message)
    end)
end)

describe("reading many rows", function()
    local numbers = "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < ?1) SELECT n FROM r "
        .. "WHERE n <= ?1"

    it("each gives them all, in order, over any number of batches", function()
        local conn = memory()
        for _, many in ipairs({ 0, 1, 499, 500, 501, 1700 }) do
            local seen = 0
            for row in conn:each(numbers, { many }) do
                seen = seen + 1
                assert.equal(seen, row.n)
            end
            assert.equal(math.max(many, 1), math.max(seen, 1))
        end
    end)

    it("query refuses more than its limit and names each; one at the limit is fine", function()
        local conn = engine.open({ max_rows = 10 })
        assert.equal(10, #conn:query(numbers, { 10 }))
        local err = error_of(conn.query, conn, numbers, { 11 })
        assert.equal("db.too_many_rows", err.kind)
        assert.matches("each%(%)", err.hint)
    end)

    it("each lets other statements in between, also when it is left early", function()
        local conn = memory("CREATE TABLE kept (id INTEGER PRIMARY KEY, n INTEGER)")
        conn:execute(numbers:gsub("^", "INSERT INTO kept (n) ", 1), { 2000 })
        for row in conn:each("SELECT id, n FROM kept") do
            conn:execute("UPDATE kept SET n = ? WHERE id = ?", { -row.n, row.id })
        end
        assert.equal(-2001000, conn:one("SELECT sum(n) AS sum FROM kept").sum)
        for _ = 1, 100 do
            conn:each("SELECT n FROM kept")()
            collectgarbage()
            conn:execute("UPDATE kept SET n = 0")
        end
        assert.equal(2000, count(conn))
    end)

    it("an iterator outlives close without harm", function()
        local conn = memory()
        local next_row = conn:each(numbers, { 2000 })
        assert.equal(1, next_row().n)
        conn:close()
        assert.equal(2, next_row().n)
        local rest = 0
        for row in next_row do rest = row.n end
        assert.equal(2000, rest)
    end)
end)

describe("conn:data_version", function()
    it("changes when another connection has changed something", function()
        with_folder(function(folder)
            local place = engine.place(folder)
            local one, other = db.open(place), db.open(place)
            other:execute("CREATE TABLE kept (n INTEGER)")
            local before = one:data_version()
            other:execute("INSERT INTO kept VALUES (1)")
            expect.eventually(function() return one:data_version() ~= before end)
        end)
    end)
end)

describe("conn:migrate", function()
    local first = { "CREATE TABLE kept (n INTEGER)" }
    local second = { first[1], "INSERT INTO kept VALUES (1); INSERT INTO kept VALUES (2)" }

    it("applies what is new, once, and refuses a later version's tables", function()
        local conn = memory()
        assert.equal(1, conn:migrate("test", first))
        assert.equal(1, conn:migrate("test", second))
        assert.equal(0, conn:migrate("test", second))
        assert.equal(2, count(conn))
        assert.equal("db.newer", error_of(conn.migrate, conn, "test", first).kind)
    end)

    it("is safe when many begin at once", function()
        with_folder(function(folder)
            local place = engine.place(folder)
            task.map({ 1, 2, 3, 4, 5, 6 }, function() db.open(place):migrate("test", second) end)
            assert.equal(2, count(db.open(place)))
        end)
    end)

    it("leaves nothing of a failed step, and takes only text", function()
        local conn = memory()
        local err = error_of(conn.migrate, conn, "test", { first[1], "nonsense" })
        assert.matches("^step 2 of the migration 'test'", err.message)
        assert.equal("argument", error_of(conn.migrate, conn, "test", { first[1], 5 }).kind)
        assert.equal(1, conn:migrate("test", first))
    end)
end)

end)

describe("db.open", function()
    it("opens the store of the state folder, for its owner only", function()
        local conn = db.open()
        assert.matches("uhost.sqlite%)$", tostring(conn))
        conn:close()
        assert.equal("db.Connection (closed)", tostring(conn))
        conn:close()
        assert.equal("closed", error_of(conn.query, conn, "SELECT 1").kind)
        assert.equal("db.Connection", getmetatable(conn))
    end)

    it("opens another store of the state folder by name, and no file elsewhere", function()
        local conn = db.open(nil, { store = "db_spec" })
        assert.matches("/db_spec.sqlite%)$", tostring(conn))
        conn:close()
        for _, name in ipairs({ "../up", "a/b", "", "A", ".hidden", ("x"):rep(65) }) do
            assert.equal("argument", error_of(db.open, nil, { store = name }).kind)
        end
        assert.equal("argument", error_of(db.open, ":memory:", { store = "db_spec" }).kind)
    end)

    it("says what is wrong with a file", function()
        with_folder(function(folder)
            fs.write(folder .. "/notes.txt", ("these are notes\n"):rep(100))
            local err = error_of(db.open, folder .. "/notes.txt")
            assert.equal("db.corrupt", err.kind)
            assert.matches("move it aside", err.hint)
            assert.equal("db.open", error_of(db.open, folder .. "/no/such.sqlite").kind)
            assert.equal("db.open", error_of(db.open, folder .. "/none.sqlite", { read_only = true }).kind)
            assert.equal("argument", error_of(db.open, "").kind)
        end)
    end)

    it("refuses addresses, without showing their password", function()
        for address, kind in pairs({
            ["postgres://me:hunter22@host/db"] = "argument", ["postgres://host/db?password=hunter22"] = "argument",
            ["postgres://me:hunter22@host/%zz"] = "argument", ["mysql://me:hunter22@host/db"] = "db.unsupported",
            ["postgres://me:hunter22/more@host/db"] = "argument",
        }) do
            local err = error_of(db.open, address)
            assert.equal(kind, err.kind)
            assert.is_nil(json.encode({ err.message, err.hint, err.native }):find("hunter22", 1, true))
        end
    end)

    it("reads only, when asked to", function()
        with_folder(function(folder)
            local path = folder .. "/a.sqlite"
            local writer = db.open(path)
            writer:execute("CREATE TABLE kept (n INTEGER)")
            local reader = db.open(path, { read_only = true })
            assert.equal(0, count(reader))
            assert.equal("db.readonly", error_of(reader.execute, reader, "DELETE FROM kept").kind)
        end)
    end)
end)
