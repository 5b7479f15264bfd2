-- Datasets of the dashboard: a query's rows as JSON in columns, which SQLite writes itself. So 50,000 rows never become
-- Lua values.
local M = {}

---@class dashboard.Column
---@field name string
---@field title string
---@field type "time"|"duration"|"number"|"percent"|"bytes"|"money"|"category"|"text"  of times, Unix seconds
---@field sql string  an expression

---@class dashboard.Query
---@field columns dashboard.Column[]
---@field from string  what follows FROM, with its conditions
---@field order string
---@field parameters? table

-- What a page can still show quickly. Of more rows, the newest are taken, and the page says so.
local max_rows = 50000

-- Places of the values in the sorted list of all that there are: a name of 20 letters is kept once, not 50,000 times.
local function place_of(column)
    return ("dense_rank() OVER (ORDER BY %s) - 1 AS %s"):format(column.name, column.name)
end

local labels_of = "(SELECT json_group_array(value) FROM (SELECT DISTINCT %s AS value FROM newest ORDER BY 1)) "
    .. "AS labels_%s"

local function statement(query)
    local inner, outer, result = {}, {}, {}
    for i, column in ipairs(query.columns) do
        inner[i] = ("%s AS %s"):format(column.sql, column.name)
        outer[i] = column.type == "category" and place_of(column) or column.name
        result[#result + 1] = ("json_group_array(%s) AS %s"):format(column.name, column.name)
        if column.type == "category" then result[#result + 1] = labels_of:format(column.name, column.name) end
    end
    return ([[WITH found AS MATERIALIZED (SELECT row_number() OVER (ORDER BY %s) AS place_, %s FROM %s),
        newest AS MATERIALIZED (SELECT * FROM found WHERE place_ > (SELECT count(*) FROM found) - %d),
        coded AS (SELECT place_, %s FROM newest)
        SELECT count(*) AS rows_, (SELECT count(*) FROM found) AS all_, %s
        FROM (SELECT * FROM coded ORDER BY place_)]]):format(query.order, table.concat(inner, ", "), query.from,
        max_rows, table.concat(outer, ", "), table.concat(result, ", "))
end

-- The parts of a dataset as one JSON object; `values` and `labels` are JSON, too.
local function dataset_of(columns, rows, left_out, values, labels)
    local written = {}
    for i, column in ipairs(columns) do
        local list = labels[column.name] and ',"labels":' .. labels[column.name] or ""
        written[i] = ('%s:{"type":"%s","title":%s,"values":%s%s}'):format(json.encode(column.name), column.type,
            json.encode(column.title), values[column.name], list)
    end
    return ('{"rows":%d,"left_out":%d,"columns":{%s}}'):format(rows, left_out, table.concat(written, ","))
end

--- The dataset that a query gives, oldest first, as the text of a JSON object.
---@param store db.Connection
---@param query dashboard.Query
---@return string json
function M.of_query(store, query)
    local row, labels = assert(store:one(statement(query), query.parameters)), {}
    for _, column in ipairs(query.columns) do labels[column.name] = row["labels_" .. column.name] end
    return dataset_of(query.columns, row.rows_, row.all_ - row.rows_, row, labels)
end

-- The place of each value in a sorted list of all.
local function coded(rows, name)
    local seen = {}
    for _, row in ipairs(rows) do seen[row[name] or ""] = true end
    local labels, places, values = tables.sorted_keys(seen), {}, {}
    for i, label in ipairs(labels) do places[label] = i - 1 end
    for i, row in ipairs(rows) do values[i] = places[row[name] or ""] end
    return values, labels
end

--- The dataset of rows that are at hand, by column name.
---@param columns dashboard.Column[]  without `sql`
---@param rows table[]
---@return string json
function M.of_rows(columns, rows)
    local values, labels = {}, {}
    for _, column in ipairs(columns) do
        local list = {}
        if column.type == "category" then
            list, labels[column.name] = coded(rows, column.name)
            labels[column.name] = json.encode(json.array(labels[column.name]))
        else
            for j, row in ipairs(rows) do
                local value = row[column.name]
                list[j] = value == nil and json.null or value
            end
        end
        values[column.name] = json.encode(json.array(list))
    end
    return dataset_of(columns, #rows, 0, values, labels)
end

return M
