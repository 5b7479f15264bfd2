-- What a database holds, table by table, and copies of it.
local task = require("uhost.task")

local function quoted(name) return '"' .. name:gsub('"', '""') .. '"' end

-- What engines keep in their own ways: the tables in an order in which what is referred to comes first, the columns of
-- one, and the statements that make all of it anew, in the words of SQLite.
local engines = { sqlite = {}, postgresql = {} }

function engines.sqlite.tables(connection)
    local rows = connection:query([[SELECT name, type, strict FROM pragma_table_list
        WHERE schema = 'main' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name]])
    local tables = {}
    for _, row in ipairs(rows) do
        if row.type == "table" then tables[#tables + 1] = { name = row.name, is_strict = row.strict == 1 } end
        if row.type == "virtual" then
            uhost.fail("db.unsupported", ("the table %s is virtual: it cannot be copied row by row"):format(row.name),
                { hint = "copy the file: VACUUM INTO 'FILE'" })
        end
    end
    return tables
end

function engines.sqlite.columns(connection, name)
    -- Generated columns (2 and 3) are made anew.
    return connection:query([[SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid]], { name })
end

function engines.sqlite.references(connection)
    return connection:query([[SELECT t.name AS "from", f."table" AS "to" FROM pragma_table_list AS t,
        pragma_foreign_key_list(t.name) AS f WHERE t.schema = 'main']])
end

function engines.sqlite.definitions(connection, tables)
    local list = {}
    for i, one in ipairs(tables) do
        list[i] = connection:one("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", { one.name }).sql
    end
    local others = connection:query([[SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND type <> 'table'
        ORDER BY CASE type WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, rowid]])
    for _, other in ipairs(others) do list[#list + 1] = other.sql end
    return list
end

function engines.postgresql.tables(connection)
    local rows = connection:query([[SELECT CAST(c.relname AS TEXT) AS name FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname <> 'uhost_schema' ORDER BY 1]])
    for _, row in ipairs(rows) do row.is_strict = true end
    return rows
end

function engines.postgresql.columns(connection, name)
    return connection:query([[SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS type
        FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ?
        AND is_generated = 'NEVER' ORDER BY ordinal_position]], { name })
end

function engines.postgresql.references(connection)
    return connection:query([[SELECT CAST(c.relname AS TEXT) AS "from", CAST(f.relname AS TEXT) AS "to"
        FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_class AS f ON f.oid = k.confrelid
        JOIN pg_namespace AS n ON n.oid = k.connamespace WHERE k.contype = 'f' AND n.nspname = current_schema()]])
end

-- The engine notes them as they come.
function engines.postgresql.definitions(connection)
    local list = {}
    for i, row in ipairs(connection:query("SELECT sql FROM uhost_schema ORDER BY position")) do list[i] = row.sql end
    return list
end

local function engine_of(connection)
    local engine = engines[connection.engine]
    if engine then return engine end
    uhost.fail("db.unsupported", ("stores on %s cannot be copied"):format(connection.engine))
end

-- What is referred to comes first.
local function in_order(tables, references)
    local by_name, needs, ordered, placed = {}, {}, {}, {}
    for _, each in ipairs(tables) do by_name[each.name:lower()] = each end
    for _, reference in ipairs(references) do
        needs[reference.from] = needs[reference.from] or {}
        table.insert(needs[reference.from], reference.to:lower())
    end
    local function place(one)
        if placed[one] then return end
        placed[one] = true
        for _, needed in ipairs(needs[one.name] or {}) do
            if by_name[needed] then place(by_name[needed]) end
        end
        ordered[#ordered + 1] = one
    end
    for _, each in ipairs(tables) do place(each) end
    return ordered
end

local function tables_of(connection)
    local engine = engine_of(connection)
    local tables = in_order(engine.tables(connection), engine.references(connection))
    for _, each in ipairs(tables) do each.columns = engine.columns(connection, each.name) end
    return tables
end

local function list_of(columns)
    local names = {}
    for i, column in ipairs(columns) do names[i] = quoted(column.name) end
    return table.concat(names, ", ")
end

local types = { INTEGER = "integer", INT = "integer", REAL = "real", TEXT = "text", BLOB = "blob" }

-- SQLite keeps any value in any column, unless the table is STRICT; other engines do not.
local function check_types(connection, one)
    if connection.engine ~= "sqlite" or one.is_strict then return end
    for _, column in ipairs(one.columns) do
        local wanted = types[column.type:upper()]
        local row = connection:one(("SELECT typeof(%s) AS type FROM %s WHERE typeof(%s) NOT IN ('null', ?) LIMIT 1")
            :format(quoted(column.name), quoted(one.name), quoted(column.name)), { wanted or "" })
        if row then
            uhost.fail("db.constraint", ("the column %s of the table %s is declared as '%s' and holds a value of the "
                .. "type %s"):format(column.name, one.name, column.type, row.type), {
                hint = "only INTEGER, REAL, TEXT and BLOB columns with values of their type can be copied to another "
                    .. "engine", details = { constraint = "type", table = one.name, column = column.name } })
        end
    end
end

-- How statements begin that define tables and what belongs to them.
local objects = tables.set({ "TABLE", "UNIQUE", "INDEX", "VIEW", "TRIGGER" })
local defining = { CREATE = objects, ALTER = objects, DROP = objects, COMMENT = true, ANALYZE = true, REINDEX = true }

return function(native)
    local Connection = native.Connection
    local each, insert = native["Connection:each"], native["Connection:insert_rows"]

    -- Reads a table to its end, and gives the rows to `into`.
    local function pour(connection, one, into)
        local cursor = each(connection, ("SELECT %s FROM %s"):format(list_of(one.columns), quoted(one.name)))
        return task.finally(function()
            repeat
                local rows, complete = cursor:take()
                if into then into(rows) end
            until complete
            return cursor:digest()
        end, function() cursor:close() end)
    end

    function Connection:tables(options)
        options = uhost.check_options(options, "db.Connection:tables", { "digests" })
        local function list()
            local tables = tables_of(self)
            for i, one in ipairs(tables) do
                local rows, digest
                if options.digests then
                    rows, digest = pour(self, one)
                else
                    rows = self:one(("SELECT count(*) AS count FROM %s"):format(quoted(one.name))).count
                end
                tables[i] = { name = one.name, rows = rows, digest = digest }
            end
            return tables
        end
        return list()
    end

    local function clear(target)
        local tables = tables_of(target)
        for i = #tables, 1, -1 do target:execute("DROP TABLE " .. quoted(tables[i].name)) end
        if target.engine == "postgresql" and #tables > 0 then target:execute("DELETE FROM uhost_schema") end
    end

    local function copy_table(source, target, one)
        local insertion = ("INSERT INTO %s (%s)"):format(quoted(one.name), list_of(one.columns))
        local rows, digest = pour(source, one, function(taken) insert(target, insertion, taken) end)
        local copied, copied_digest = pour(target, one)
        if rows ~= copied or digest ~= copied_digest then
            uhost.fail("db.copy", ("the copy of the table %s differs: %d rows were read and %d written"):format(
                one.name, rows, copied), { hint = "nothing was kept; this is a mistake of uhost: please report it" })
        end
        return { name = one.name, rows = rows, digest = digest }
    end

    -- The source may be a stranger's: what its list of definitions holds beside them is not executed. query() takes one
    -- statement.
    local function define(target, definition)
        local text, comments = definition, 1
        while comments > 0 do
            text, comments = text:gsub("^%s*%-%-[^\n]*\n?", "")
            local blocks
            text, blocks = text:gsub("^%s*/%*.-%*/", "")
            comments = comments + blocks
        end
        local verb, what = text:upper():match("^%s*(%u+)%s+(%u+)")
        if not (defining[verb] and (defining[verb] == true or defining[verb][what])) then
            uhost.fail("db.copy", ("what is to be copied has a definition that defines nothing: %s"):format(
                term.truncate(term.visible(definition), 100)), { hint = "look whose database it is; nothing was kept" })
        end
        target:query(definition)
    end

    function Connection:copy_from(source)
        uhost.check_argument(source, "source", "db.Connection:copy_from", "db.Connection")
        return source:transaction(function()
            local tables = tables_of(source)
            if self.engine ~= source.engine then
                for _, one in ipairs(tables) do check_types(source, one) end
            end
            return self:transaction(function()
                clear(self)
                local definitions = engine_of(source).definitions(source, tables)
                for _, definition in ipairs(definitions) do define(self, definition) end
                for i, one in ipairs(tables) do tables[i] = copy_table(source, self, one) end
                return tables
            end)
        end)
    end
end
