-- The same random statements on SQLite and on PostgreSQL: the same rows, counts and kinds of errors.
local stores = require("support.stores")

local schema = [[
    CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER NOT NULL CHECK (n < 90)) STRICT;
    CREATE TABLE children (parent INTEGER NOT NULL REFERENCES parents ON DELETE CASCADE, k TEXT NOT NULL, r REAL,
        b BLOB, PRIMARY KEY (parent, k)) STRICT]]

local texts = { "a", "B", "b", "", "ö", "aa", "€x", "a_c", "zz" }

local function generator(seed)
    local state = seed
    local function random(n)
        state = (state * 1103515245 + 12345) % 2147483648
        return math.floor(state / 65536) % n + 1
    end
    local function maybe(value) return random(6) > 1 and value or json.null end
    local function text() return maybe(texts[random(#texts)]) end
    local makers = {
        function() return "INSERT INTO parents VALUES (?, ?, ?)", { random(30), text(), maybe(random(100)) } end,
        function() return "INSERT INTO parents (id, name, n) VALUES (?, ?, 1)", { random(30), text() } end,
        function() return "INSERT OR IGNORE INTO parents VALUES (?, ?, 5)", { random(30), text() } end,
        function()
            return "INSERT INTO parents VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET n = n + excluded.n",
                { random(30), text(), random(20) }
        end,
        function()
            return "INSERT INTO children VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET r = coalesce(r, 0) + 0.5",
                { random(12), text(), maybe(random(9) / 4), maybe(db.blob(texts[random(#texts)])) }
        end,
        function() return "INSERT OR REPLACE INTO children (parent, k) VALUES (?, ?)", { random(12), text() } end,
        function() return "UPDATE parents SET n = n + ? WHERE name IS ?", { random(40), text() } end,
        function() return "UPDATE parents SET name = name || ? WHERE id % 5 = ?", { texts[random(4)], random(5) } end,
        function() return "DELETE FROM parents WHERE id = ?", { random(20) } end,
        function() return "DELETE FROM children WHERE k LIKE ?", { random(2) == 1 and "B" or "a_c" } end,
        function() return "SELECT * FROM parents ORDER BY name DESC, id" end,
        function() return "SELECT k, r, b, length(b) AS bytes FROM children ORDER BY r, k, parent" end,
        function()
            return [[SELECT p.name, count(*) AS many, sum(c.r) AS total, max(c.k) AS last FROM parents p
                LEFT JOIN children c ON c.parent = p.id WHERE (:name IS NULL OR p.name < :name) GROUP BY p.id, p.name
                ORDER BY many DESC, p.name, p.id LIMIT 5]], { name = text() }
        end,
    }
    return random, function() return makers[random(#makers)]() end
end

-- What a connection answers to a sequence of statements, some in transactions that may be given up.
local function answers(conn, seed)
    local random, statement = generator(seed)
    local list = {}
    local function run()
        local sql, parameters = statement()
        local ok, first, second = pcall(sql:find("^SELECT") and conn.query or conn.execute, conn, sql, parameters)
        list[#list + 1] = { sql = sql, ok = ok, answer = ok and first or { first.kind, first.details.constraint },
            id = ok and sql:find("^INSERT INTO parents.*%)$") and second or nil }
    end
    local function some(depth)
        for _ = 1, random(12) do
            if depth < 3 and random(4) == 1 then
                pcall(conn.transaction, conn, function()
                    some(depth + 1)
                    if random(3) == 1 then error("given up") end
                end)
            else
                run()
            end
        end
    end
    conn:execute(schema)
    for _ = 1, 12 do some(1) end
    return list
end

describe("random statements", function()
    local expected = {}
    stores.each(function(engine, it)
        it("have the same answers everywhere", function()
            for seed = 1, 6 do
                local conn = engine.open()
                local given = answers(conn, seed)
                conn:close()
                expected[seed] = expected[seed] or given
                for i, answer in ipairs(given) do assert.same(expected[seed][i], answer) end
            end
        end)
    end)
end)
