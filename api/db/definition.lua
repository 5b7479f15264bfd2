---@meta uhost.db
--- SQLite databases: histories, caches, whatever a workflow remembers. Files are in write-ahead mode with foreign
--- keys enforced; several tasks and several processes may use one at the same time. Statements run on the worker
--- pool.
---
--- Values: a Lua string is TEXT, byte for byte, and `db.blob(s)` a BLOB; both are read as strings. A number without a
--- fraction is an INTEGER, another one a REAL; `true` and `false` are 1 and 0; `nil` and `json.null` are NULL, and a
--- NULL column is absent from its row. Integers are exact up to 2^53; a larger one raises `db.integer`, in both
--- directions: give it as a string, read it with `CAST(… AS TEXT)`.
---
--- Parameters are a list for `?` (`{ 1, "x" }`) or a table by name for `:name` (`{ name = "x" }`); a parameter
--- without a value is NULL, a value without a parameter raises `db.parameters`. Values never go into the SQL text.
---
--- Under `--dry-run` a script works on a copy of each file that it opens to write, made when it is first opened: it
--- reads what it wrote, and nothing is kept. `ATTACH` and `VACUUM INTO` then raise `db.alone`, also on a database in
--- memory.
---
--- Every function that touches the database may raise: `db.busy` (locked by someone else for longer than
--- `busy_timeout_s`), `db.corrupt`, `db.full`, `db.readonly`, `db.io`, `db.sql` (`details.line` and `.column` say
--- where), `db.constraint` (`details.constraint`: "unique", "foreign_key", "not_null", "check", "type", "other"),
--- `closed`.
---@class uhost.db
db = {}

--- An open database. Any task may use it; they take turns, one statement or one transaction at a time.
---@class db.Connection
---@field busy_timeout_s number  how long a statement waits while another process or task has the database locked
local Connection = {}

--- Opens a database: the file at `path`, created if need be; `:memory:`; or, without a path, the store
--- `uhost.sqlite` of the state folder, readable by its owner only. It is closed when it is collected, or by `close`.
--- `max_rows` limits what `query` gives, by default to 100,000 rows. Raises `db.open`, `db.unsupported` for URLs.
--- ```lua
--- local store = db.open()
--- store:migrate("visits", { "CREATE TABLE visits (page TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT" })
--- store:execute("INSERT INTO visits VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1", { "index" })
--- for _, row in ipairs(store:query("SELECT * FROM visits")) do print(row.page, row.count) end
--- ```
---@param path? string
---@param options? { read_only?: boolean, busy_timeout_s?: number, max_rows?: integer, store?: string }
---    the timeout is 10 by default; `store`: another store of the state folder, `NAME.sqlite`
---@return db.Connection
function db.open(path, options) end

--- Marks a string to be kept as a BLOB. It is read back as a plain string; in SQL, BLOB and TEXT are never equal.
---@param bytes string
---@return userdata
function db.blob(bytes) end

--- Executes a statement; without parameters, it may be several, separated by `;`. Rows it gives are dropped. BEGIN
--- and its kin raise `db.transaction`: see `transaction`.
---@param sql string
---@param parameters? table
---@return integer changes  rows that the last INSERT, UPDATE or DELETE changed
---@return integer last_insert_id  of the last row that this connection inserted
function Connection:execute(sql, parameters) end

--- All rows of a statement, as tables by column name. Raises `db.too_many_rows` beyond `max_rows` or 256 MiB, and
--- `db.columns` when two columns have one name.
---@param sql string
---@param parameters? table
---@return table<string, any>[]
function Connection:query(sql, parameters) end

--- The first row of a statement; nil when there is none.
---@param sql string
---@param parameters? table
---@return table<string, any>?
function Connection:one(sql, parameters) end

--- Iterates over the rows of a statement with few of them in memory at a time. Other statements may run in between,
--- but whether rows that they change are still seen is not defined.
--- ```lua
--- for row in store:each("SELECT page, count FROM visits WHERE count > ?", { 10 }) do print(row.page) end
--- ```
---@param sql string
---@param parameters? table
---@return fun(): table<string, any>?
function Connection:each(sql, parameters) end

--- Runs `body(conn, ...)` as one transaction and gives its results: all that it does is kept, or, when it raises or
--- is cancelled, nothing. Other tasks and processes cannot write meanwhile; statements of this connection outside of
--- it wait for their turn. `body` runs in a task of its own, and what its child tasks do belongs to the transaction.
--- A transaction in a transaction can fail by itself, without the one around it.
--- ```lua
--- store:transaction(function()
---     store:execute("DELETE FROM visits")
---     store:execute("INSERT INTO visits VALUES ('index', 0)")
--- end)
--- ```
---@param body fun(conn: db.Connection, ...: any): any ...
---@param ... any
---@return any ...
function Connection:transaction(body, ...) end

--- Brings the tables called `name` up to date. `steps` are SQL texts, of one or more statements each; those that this
--- database has not seen are applied, in order, in one transaction, also when several processes begin at once. A step
--- is never changed once it was released: add another. Raises `db.newer` when a later version has added steps
--- already.
---@param name string
---@param steps string[]
---@return integer applied  how many steps were new
function Connection:migrate(name, steps) end

--- Closes the database; may be called twice. A transaction that is open is rolled back.
function Connection:close() end
