-- What is remembered of jobs that have a key: that one is about to be handed over, what the executor calls it, how it
-- ended. Whoever submits holds the key until the executor has taken the job, so that no two do it at once.

local steps = { [[
CREATE TABLE jobs (
    executor TEXT NOT NULL, key TEXT NOT NULL, tag TEXT NOT NULL, position INTEGER NOT NULL, size INTEGER NOT NULL,
    state TEXT NOT NULL, id TEXT, look TEXT, result TEXT, holder TEXT, attempts INTEGER NOT NULL,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (executor, key)
) STRICT;
CREATE INDEX jobs_by_age ON jobs (changed_at);
]] }

local keep_days = 90
-- After so long, a holder on another machine counts as dead.
local holder_patience_s = 600

return function(native)
    local M = {}

    local store, opening

    local function open()
        if store then return store end
        local fresh = db.open(nil, { store = "build" })
        fresh:migrate("build_jobs", steps)
        fresh:execute("DELETE FROM jobs WHERE state = 'ended' AND changed_at < ?",
            { time.iso(time.now() - keep_days * 86400) })
        store = fresh
        return store
    end

    -- One connection for all tasks: two would wait for each other's transactions.
    local function opened()
        opening = opening or task.limit(1)
        return store or opening:with(open)
    end

    -- Processes -------------------------------------------------------------------------------------------------------

    local own

    local function holder_name()
        own = own or native.this_process()
        return ("%s %d %d"):format(own.scope, own.pid, own.began)
    end

    -- Whoever works elsewhere counts as dead after a while.
    local function is_alive(holder, changed_at)
        local scope, pid, began = (holder or ""):match("^(.*) (%d+) (%d+)$")
        if not scope then return false end
        if native.is_gone(scope, tonumber(pid), tonumber(began)) then return false end
        own = own or native.this_process()
        local is_here = scope ~= "" and scope == own.scope
        return is_here or time.iso(time.now() - holder_patience_s) < changed_at
    end

    -- Keys ------------------------------------------------------------------------------------------------------------

    --- A name that no other job has.
    ---@return string
    function M.new_tag()
        local random = fs.read("/proc/sys/kernel/random/uuid"):gsub("[^%x]", "")
        return "uhost-" .. random:sub(1, 20)
    end

    local function take(executor, key, again)
        local row = store:one("SELECT * FROM jobs WHERE executor = ? AND key = ?", { executor, key })
        -- Others may write to the store, and executors put the tag into commands.
        if row and not row.tag:find("^uhost%-%x+$") then
            uhost.fail("db.corrupt", ("what is remembered of the job '%s' has a name that no job has"):format(
                term.truncate(term.visible(key), 100)), { hint = "give the job another key" })
        end
        if row and row.state == "submitting" and is_alive(row.holder, row.changed_at) then return nil end
        if row and not (row.state == "ended" and again) then
            if row.state == "submitted" or row.state == "ended" then return row end
            row.was_interrupted = true
        else
            row = { tag = M.new_tag(), position = 0, size = 1, attempts = 1 }
        end
        row.state = "submitting"
        M.note(executor, key, row, "submitting")
        return row
    end

    --- Takes a key to submit its job, or finds what was submitted under it: waits while somebody else submits it. What
    --- is given was "submitted" or has "ended"; if it is still "submitting", the key is the caller's, and
    --- `was_interrupted` says that an earlier submission did not come to its end.
    ---@param executor string
    ---@param key string
    ---@param again? boolean  what has ended begins anew
    ---@return table row
    function M.claim(executor, key, again)
        while true do
            local row = opened():transaction(function() return take(executor, key, again) end)
            if row then return row end
            task.sleep(0.2)
        end
    end

    --- Notes how far the job of a key is.
    ---@param executor string
    ---@param key string?  nothing is noted without one
    ---@param job table  tag, position, size, attempts, id, look, result
    ---@param state "submitting" | "released" | "submitted" | "ended"  released: whether it was taken is not known
    function M.note(executor, key, job, state)
        if not key then return end
        opened():execute([[
            INSERT INTO jobs (executor, key, tag, position, size, state, id, look, result, holder, attempts,
                changed_at)
            VALUES (:executor, :key, :tag, :position, :size, :state, :id, :look, :result, :holder, :attempts, :now)
            ON CONFLICT (executor, key) DO UPDATE SET tag = :tag, position = :position, size = :size, state = :state,
                id = :id, look = :look, result = :result, holder = :holder, attempts = :attempts, changed_at = :now
        ]], {
            executor = executor, key = key, tag = job.tag, position = job.position, size = job.size, state = state,
            id = job.id, look = job.look, result = job.result and json.encode(job.result), attempts = job.attempts,
            holder = state == "submitting" and holder_name() or nil, now = time.iso(),
        })
    end

    --- Forgets a key: the next submission starts anew.
    ---@param executor string
    ---@param key string?
    function M.forget(executor, key)
        if key then opened():execute("DELETE FROM jobs WHERE executor = ? AND key = ?", { executor, key }) end
    end

    return M
end
