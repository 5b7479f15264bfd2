-- Rows as work that many processes and machines share: each is taken by one of them, under its lease.
local look_again_s = 5  -- so often it is looked for rows that somebody took and left

local function identifier(value, option)
    if type(value) == "string" and value:find("^[%l_][%l%d_]*$") then return value end
    uhost.fail("argument", ("bad option '%s' to 'db.queue': expected a name of small letters, digits and '_'"):format(
        option))
end

-- What keeps a row from being taken: another of its lane that is at work, or comes before it. A row that was settled
-- does not come back, so this holds in whatever order the changes of others become visible.
local function lane_condition(queue, columns)
    local same = {}
    for i, column in ipairs(columns) do same[i] = ("e.%s = q.%s"):format(identifier(column, "lanes"), column) end
    return (" AND NOT EXISTS (SELECT 1 FROM %s AS e WHERE %s AND e.id <> q.id AND e.state IN ('%s', '%s')"
        .. " AND (e.state = '%s' OR e.id < q.id AND (e.due_at <= :now%s)))"):format(queue.table,
        table.concat(same, " AND "), queue.waiting, queue.taken, queue.taken,
        queue.keeps_order and " OR e.attempts > 0" or "")
end

-- The statements of a queue; `leases.sql_for` completes them.
local function statements_of(queue)
    local lanes = {}
    for i, columns in ipairs(queue.lanes) do lanes[i] = lane_condition(queue, columns) end
    local abandoned = ("FROM %s AS q WHERE q.state = '%s' AND NOT EXISTS (SELECT 1 FROM uhost_leases AS l "
        .. "WHERE l.name || ' ' || l.token = q.claim AND l.ends_at > NOW)"):format(queue.table, queue.taken)
    return {
        take = ("WITH due AS MATERIALIZED (SELECT q.id FROM %s AS q WHERE q.state = '%s' AND q.due_at <= :now%s "
            .. "ORDER BY q.%s LIMIT :max SKIP_LOCKED) UPDATE %s SET state = '%s', claim = :claim, "
            .. "attempts = attempts + 1 WHERE id IN (SELECT id FROM due) RETURNING *"):format(queue.table,
            queue.waiting, table.concat(lanes), table.concat(queue.order, ", q."), queue.table, queue.taken),
        is_abandoned = ("SELECT 1 AS yes %s LIMIT 1"):format(abandoned),
        put_back = ("UPDATE %s SET state = '%s', claim = NULL WHERE state = '%s' AND id IN (SELECT q.id %s)"):format(
            queue.table, queue.waiting, queue.taken, abandoned),
    }
end

local function sort(rows, order)
    table.sort(rows, function(a, b)
        for _, column in ipairs(order) do
            if a[column] ~= b[column] then return a[column] < b[column] end
        end
        return false
    end)
    return rows
end

return function(leases)
    local Queue, new_queue = uhost.class("db.Queue", { optional = { "looked_at" } })

    -- Puts back what was taken by somebody whose lease is over.
    local function put_back(queue, connection)
        leases.bury(connection)
        queue.looked_at = time.monotonic()
        local sql = queue.statements
        if not connection:one(leases.sql_for(connection, sql.is_abandoned)) then return 0 end
        return (connection:execute(leases.sql_for(connection, sql.put_back)))
    end

    function Queue:take(lease, options)
        uhost.check_argument(lease, "lease", "db.Queue:take", "db.Lease")
        options = uhost.check_options(options, "db.Queue:take", { "max", "now" })
        local connection = lease.connection
        local has_looked = not self.looked_at or time.monotonic() - self.looked_at >= look_again_s
        if has_looked then put_back(self, connection) end
        local values = { now = options.now or time.now(), max = options.max or 1, claim = lease.claim }
        local rows = connection:query(leases.sql_for(connection, self.statements.take), values)
        if #rows == 0 and not has_looked and put_back(self, connection) > 0 then
            rows = connection:query(leases.sql_for(connection, self.statements.take), values)
        end
        return sort(rows, self.order)
    end

    return function(options)
        options = uhost.check_options(options, "db.queue",
            { "table", "waiting", "taken", "order", "lanes", "keeps_order" })
        local queue = {
            table = identifier(options.table, "table"), waiting = identifier(options.waiting or "waiting", "waiting"),
            taken = identifier(options.taken or "taken", "taken"), order = options.order or { "due_at", "id" },
            lanes = options.lanes or {}, keeps_order = options.keeps_order == true,
        }
        for _, column in ipairs(queue.order) do identifier(column, "order") end
        queue.statements = statements_of(queue)
        return new_queue(queue)
    end
end
