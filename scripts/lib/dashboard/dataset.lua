-- Datasets of the dashboard: rows as JSON in columns. Those of a query are written by SQLite itself, so that 50,000
-- rows never become Lua tables.
local reading = require("lib.metrics.reading")

local M = {}

---@class dashboard.Column
---@field name string
---@field title string
---@field type "time"|"duration"|"number"|"percent"|"bytes"|"money"|"category"|"text"  of times, Unix seconds
---@field sql string  an expression; of categories, never NULL

---@class dashboard.Query
---@field columns dashboard.Column[]
---@field from string  what follows FROM, with its conditions
---@field counted { from: string, parameters: table }?  a shorter query that has as many rows
---@field order string  an expression; what is greatest comes first
---@field parameters? table

-- What a page can still show quickly. Of more rows, those that come first are taken, and the page says so.
local max_rows = 50000

-- Durations are written as whole tenths of a second: SQLite takes long to write fractions, and they take more space.
local function exported(column)
    return column.type == "duration" and ("CAST(round((%s) * 10) AS INTEGER)"):format(column.sql) or column.sql
end

-- The parts of a dataset as one JSON object. `values` is JSON, too, by column; `labels` a list of those of categories.
local function dataset_of(columns, rows, left_out, values, labels, in_tenths)
    local written = {}
    for i, column in ipairs(columns) do
        local list = labels[column.name] and ',"labels":' .. json.encode(json.array(labels[column.name])) or ""
        local scale = in_tenths and column.type == "duration" and ',"scale":10' or ""
        written[i] = ('%s:{"type":"%s","title":%s,"values":%s%s%s}'):format(json.encode(column.name), column.type,
            json.encode(column.title), values[column.name], list, scale)
    end
    return ('{"rows":%d,"left_out":%d,"columns":{%s}}'):format(rows, left_out, table.concat(written, ","))
end

-- A list of names as the place of each in a sorted list of all: a name of 20 letters is kept once, not 50,000 times.
local function coded(names)
    local seen, places, values = {}, {}, {}
    for _, name in ipairs(names) do seen[name] = true end
    local labels = tables.sorted_keys(seen)
    for i, label in ipairs(labels) do places[label] = i - 1 end
    for i, name in ipairs(names) do values[i] = places[name] end
    return json.encode(json.array(values)), labels
end

local function rows_left_out(store, query, rows)
    if rows < max_rows then return 0 end
    local counted = query.counted or query
    return store:one(("SELECT count(*) AS all_ FROM (SELECT 1 FROM %s)"):format(counted.from),
        counted.parameters).all_ - rows
end

--- The dataset that a query gives, newest first, as the text of a JSON object.
---@param store db.Connection
---@param query dashboard.Query
---@return string json
function M.of_query(store, query)
    local inner, outer, labels = {}, {}, {}
    for i, column in ipairs(query.columns) do
        inner[i] = ("%s AS %s"):format(exported(column), column.name)
        outer[i] = ("json_group_array(%s) AS %s"):format(column.name, column.name)
    end
    local selection = ("SELECT %s FROM %s"):format(table.concat(inner, ", "), query.from)
    local row = assert(store:one(("SELECT count(*) AS rows_, %s FROM (%s ORDER BY %s DESC LIMIT %d)"):format(
        table.concat(outer, ", "), selection, query.order, max_rows), query.parameters))
    for _, column in ipairs(query.columns) do
        if column.type == "category" then
            row[column.name], labels[column.name] = coded(reading.list_of(row[column.name]))
        end
    end
    local left_out = rows_left_out(store, query, row.rows_)
    return dataset_of(query.columns, row.rows_, left_out, row, labels, true)
end

--- The dataset of rows that are at hand, by column name.
---@param columns dashboard.Column[]  without `sql`
---@param rows table[]
---@return string json
function M.of_rows(columns, rows)
    local values, labels = {}, {}
    for _, column in ipairs(columns) do
        local list = {}
        for i, row in ipairs(rows) do
            local value = row[column.name]
            if value == nil then value = column.type == "category" and "" or json.null end
            list[i] = value
        end
        if column.type == "category" then
            values[column.name], labels[column.name] = coded(list)
        else
            values[column.name] = json.encode(json.array(list))
        end
    end
    return dataset_of(columns, #rows, 0, values, labels)
end

return M
