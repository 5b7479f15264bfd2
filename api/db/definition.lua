---@meta uhost.db
--- Databases: histories, caches, whatever a workflow remembers. SQLite files by default, in write-ahead mode with
--- foreign keys enforced; PostgreSQL where the setting `store` (`--store`, `UHOST_STORE`) or `db.open` names one by
--- `postgres://user@host/name`. Several tasks and several processes may use one at the same time. Statements run on
--- the worker pool. SQL is SQLite's for both: it is translated for PostgreSQL as it is prepared, and what has no equal
--- there raises `db.sql` naming the construct. `api/db/README.md` says what differs.
---
--- Values: a Lua string is TEXT, byte for byte, and `db.blob(s)` a BLOB; both are read as strings. A number without a
--- fraction is an INTEGER, another one a REAL; `true` and `false` are 1 and 0; `nil` and `json.null` are NULL, and a
--- NULL column is absent from its row. Integers are exact up to 2^53; a larger one raises `db.integer`, in both
--- directions: give it as a string, read it with `CAST(… AS TEXT)`.
---
--- Parameters are a list for `?` (`{ 1, "x" }`) or a table by name for `:name` (`{ name = "x" }`); a parameter
--- without a value is NULL, a value without a parameter raises `db.parameters`. Values never go into the SQL text.
---
--- Under `--dry-run` a script works on a copy of each file that it opens to write, made when it is first opened, or in
--- a transaction of PostgreSQL that is never committed: it reads what it wrote, and nothing is kept. `ATTACH` and
--- `VACUUM INTO` then raise `db.alone`, also on a database in memory.
---
--- Every function that touches the database may raise: `db.busy` (locked by someone else for longer than
--- `busy_timeout_s`), `db.corrupt`, `db.full`, `db.readonly`, `db.io`, `db.sql` (`details.line` and `.column` say
--- where), `db.constraint` (`details.constraint`: "unique", "foreign_key", "not_null", "check", "type", "other"),
--- `closed`. A server adds `db.connection` (it was lost; the transaction that went on is rolled back), `db.timeout`
--- (its statement timeout), `db.offline` (under `--offline` it has to be on this machine) and `db.unknown_outcome` (it
--- was lost while it changed something, and cannot be asked whether that was kept).
---@class uhost.db
db = {}

--- An open database. Any task may use it; they take turns, one statement or one transaction at a time.
---@class db.Connection
---@field busy_timeout_s number  how long a statement waits while another process or task has the database locked
---@field engine "sqlite"|"postgresql"
local Connection = {}

--- Opens a database: the file at `path`, created if need be; `:memory:`; `postgres://user@host/name`; or, without a
--- path, the store `uhost`: `uhost.sqlite` of the state folder, readable by its owner only, or the schema `uhost` of
--- the database that the setting `store` names. An address holds no password: it comes from `~/.pgpass` or
--- PGPASSWORD, and TLS is verified for servers that are not on this machine. It is closed when it is collected, or by
--- `close`. `max_rows` limits what `query` gives, by default to 100,000 rows. Raises `db.open`, and `db.unsupported`
--- for other addresses.
--- ```lua
--- local store = db.open()
--- store:migrate("visits", { "CREATE TABLE visits (page TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT" })
--- store:execute("INSERT INTO visits VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1", { "index" })
--- for _, row in ipairs(store:query("SELECT * FROM visits")) do print(row.page, row.count) end
--- ```
---@param path? string
---@param options? { read_only?: boolean, busy_timeout_s?: number, max_rows?: integer, store?: string }
---    the timeout is 10 by default; `store`: another store, `NAME.sqlite` or the schema NAME
---@return db.Connection
function db.open(path, options) end

--- The address of the server that has the named stores; nil where they are files of the state folder.
--- ```lua
--- print(db.address() or uhost.state_folder())
--- ```
---@return string?
function db.address() end

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
--- A transaction in a transaction can fail by itself, without the one around it. On a connection that was opened with
--- `read_only` it keeps nobody from writing: all is read as it was when its first statement began.
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

--- A text that changes when another connection has changed the database; on a server within a second or so, and also
--- when this connection has. It is cheap to ask for.
---@return string
function Connection:data_version() end

--- Brings the tables called `name` up to date. `steps` are SQL texts, of one or more statements each; those that this
--- database has not seen are applied, in order, in one transaction, also when several processes begin at once. A step
--- is never changed once it was released: add another. Raises `db.newer` when a later version has added steps
--- already.
---@param name string
---@param steps string[]
---@return integer applied  how many steps were new
function Connection:migrate(name, steps) end

--- Runs `body(lease, ...)` while nobody else has the lease called `name`, in all processes and on all machines that
--- share this database, and gives its results. The lease is renewed meanwhile, and given back at the end. One whose
--- holder is gone is free after `ttl_s` by the database's clock; at once, when that was a process of this machine.
--- Raises `db.leased` when somebody has it (`details.owner`, `.machine`, `.process`, `.since`), and cancels the body
--- with `db.lease_lost` when it could not be renewed in time and somebody else took it. Not within a transaction.
--- ```lua
--- db.open():lease("nightly report", { ttl_s = 30 }, function(lease)
---     print(lease.name, lease.token)
--- end)
--- ```
---@param name string?  without one it is a lease of its own, such as `Queue:take` needs
---@param options? { ttl_s?: number, wait_s?: number, owner?: string }  `ttl_s`: 60 by default; `wait_s`: how long to
---    wait for another holder, 0 by default; `owner`: what others see of the holder
---@param body fun(lease: db.Lease, ...: any): any ...
---@param ... any
---@return any ...
function Connection:lease(name, options, body, ...) end

---@class db.Table
---@field name string
---@field rows integer
---@field digest? string  of its rows, whatever their order: equal rows have equal ones, also on another engine

--- The tables, those that others refer to first. Digests have each row read.
--- ```lua
--- for _, one in ipairs(db.open():tables()) do print(one.name, one.rows) end
--- ```
---@param options? { digests?: boolean }
---@return db.Table[]
function Connection:tables(options) end

--- Replaces all that this database holds by what `source` holds: tables, indexes, triggers and rows, values of all
--- types as they are. It is one transaction; others may go on writing to `source`, if that was opened with `read_only`:
--- what is copied is then its state of one instant. Raises `db.copy` when the rows that arrived differ, and
--- `db.constraint` for values that the other engine's columns cannot hold; then nothing has changed.
--- ```lua
--- db.open("copy.sqlite"):copy_from(db.open(nil, { read_only = true }))
--- ```
---@param source db.Connection
---@return db.Table[]  with their digests
function Connection:copy_from(source) end

--- Closes the database; may be called twice. A transaction that is open is rolled back.
function Connection:close() end

--- What one holder at a time has.
---@class db.Lease
---@field name string
---@field token integer  greater than that of every holder before: what is written elsewhere under the lease may carry
---    it, so that the later holder wins
---@field claim string  what `Queue:take` writes into the rows
---@field taken_from? { owner: string, machine: string, pid: integer, taken_at: number }  who had it and did not give it
---    back
local Lease = {}

--- Raises `db.lease_lost` unless the lease is still held. In a transaction, it is held until that ends: what the
--- transaction writes comes before everything that a later holder writes.
function Lease:check() end

--- Rows of a table as work that many processes and machines share.
---@class db.Queue
local Queue = {}

---@class db.QueueOptions
---@field table string
---@field waiting? string  a state; default "waiting"
---@field taken? string  a state; default "taken"
---@field order? string[]  columns; default `due_at`, `id`
---@field lanes? string[][]  of the rows that are equal in these columns, and not NULL there, one at a time is taken
---@field keeps_order? boolean  none of a lane is taken while an earlier one waits for another attempt

--- Describes rows as work. The table has the columns `id`, `state`, `due_at`, `attempts` (an integer) and `claim` (a
--- text). A row in the state `waiting` that is due is taken; a row in the state `taken` whose taker's lease is over is
--- waiting again. All other states are yours.
--- ```lua
--- local store, jobs = db.open(), db.queue{ table = "jobs", lanes = { { "repository" } } }
--- store:migrate("jobs", { [[CREATE TABLE jobs (id INTEGER PRIMARY KEY, repository TEXT, state TEXT NOT NULL,
---     due_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, claim TEXT)]] })
--- store:execute("INSERT INTO jobs (repository, state, due_at) VALUES ('kiln', 'waiting', 0)")
--- store:lease(nil, {}, function(lease)
---     for _, job in ipairs(jobs:take(lease, { max = 10 })) do
---         print(job.repository)
---         store:execute("UPDATE jobs SET state = 'done' WHERE id = ? AND claim = ?", { job.id, lease.claim })
---     end
--- end)
--- ```
---@param options db.QueueOptions
---@return db.Queue
function db.queue(options) end

--- Takes rows that are due, under a lease and for as long as that is held: no one else gets them. What is settled is
--- written with `AND claim = lease.claim`, so that nothing is written to a row that somebody else has by now.
---@param lease db.Lease
---@param options? { max?: integer, now?: number|string }  1 row by default; `now`: as `due_at` is written, by default
---    Unix seconds
---@return table<string, any>[]
function Queue:take(lease, options) end
