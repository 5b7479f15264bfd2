-- Check runs and their annotations. GitHub takes 50 annotations a request: further ones are sent in requests of their
-- own, and only the last of these says how the check ended.
local markers = require("uhost.github.internal.markers")
local record = require("uhost.github.internal.record")

local annotations_a_request = 50
local max_output_chars = 65535
local max_title_bytes, max_message_bytes = 255, 64 * 1024

return function(context, Repository)
    local client, check, mutation, define = context.client, context.check, context.mutation, context.define

    local check_record = record.of("github.CheckRun", {
        id = true, name = true, head_sha = true, external_id = true, status = true, conclusion = true,
        started_at = true, completed_at = true, url = "html_url", details_url = true, app = "app.slug",
        check_suite = "check_suite.id", title = "output.title", summary = "output.summary", text = "output.text",
        annotations_count = "output.annotations_count",
    })

    define("check_runs", {
        "GET /commits/{ref}/check-runs", list = "check_runs", record = check_record,
        options = {
            name = check.word, status = check.one_of("queued", "in_progress", "completed"),
            filter = check.one_of("latest", "all"), app_id = check.id,
        },
        names = { name = "check_name" },
    })

    local conclusions = check.one_of("action_required", "cancelled", "failure", "neutral", "success", "skipped",
        "timed_out")

    local fields = {
        name = check.word, head_sha = check.word, status = check.one_of("queued", "in_progress", "completed"),
        conclusion = conclusions, details_url = check.word, external_id = check.word, started_at = check.time,
        completed_at = check.time, title = check.word, summary = check.text, text = check.text,
        annotations = check.table, cut = check.flag,
    }

    local function short(expected, max_bytes)
        return { expected = ("%s of at most %d bytes"):format(expected, max_bytes), read = function(value)
            return type(value) == "string" and #value <= max_bytes and value or nil
        end }
    end

    local annotation_fields = {
        path = check.word, start_line = check.id, end_line = check.id, start_column = check.id, end_column = check.id,
        level = check.one_of("notice", "warning", "failure"), message = short("a string", max_message_bytes),
        title = short("a string", max_title_bytes), details = short("a string", max_message_bytes),
    }

    local function annotation_for(owner, annotation)
        annotation = check.options(owner, annotation, annotation_fields, { "path", "start_line", "level", "message" })
        local end_line = annotation.end_line or annotation.start_line
        if end_line ~= annotation.start_line and (annotation.start_column or annotation.end_column) then
            check.refuse(owner, "start_column", "nothing in an annotation of several lines",
                tostring(annotation.start_column or annotation.end_column))
        end
        return {
            path = annotation.path, start_line = annotation.start_line, end_line = end_line,
            start_column = annotation.start_column, end_column = annotation.end_column,
            annotation_level = annotation.level, message = annotation.message, title = annotation.title,
            raw_details = annotation.details,
        }
    end

    local function annotation_batches(owner, annotations)
        local batches = {}
        for i, annotation in ipairs(annotations or {}) do
            local batch = math.floor((i - 1) / annotations_a_request) + 1
            batches[batch] = batches[batch] or {}
            table.insert(batches[batch], annotation_for(owner, annotation))
        end
        return batches
    end

    -- What is shown; title and summary go with every batch, since GitHub takes no output without them.
    local function output_of(owner, options)
        if not (options.title or options.summary or options.text or options.annotations) then return nil end
        if not options.title or not options.summary then
            check.refuse(owner, options.title and "summary" or "title", "a string beside what is shown", nil)
        end
        return {
            title = options.title,
            summary = markers.fit(owner, "summary", options.summary, max_output_chars, options.cut),
            text = options.text and markers.fit(owner, "text", options.text, max_output_chars, options.cut),
        }
    end

    local function with_annotations(output, batch)
        if not output then return nil end
        return { title = output.title, summary = output.summary, text = output.text, annotations = batch }
    end

    -- The requests that a check takes: all it has and the first batch, then the others; the end with the last.
    local function steps_of(owner, options)
        local output, batches = output_of(owner, options), annotation_batches(owner, options.annotations)
        local first, steps = {}, {}
        for _, name in ipairs({ "name", "head_sha", "status", "conclusion", "details_url", "external_id", "started_at",
            "completed_at" }) do
            first[name] = options[name]
        end
        if first.conclusion then first.status = "completed" end
        if first.status == "completed" and not first.conclusion then
            check.refuse(owner, "conclusion", conclusions.expected, nil)
        end
        first.output, steps[1] = with_annotations(output, batches[1]), first
        for i = 2, #batches do steps[i] = { output = with_annotations(output, batches[i]) } end
        if #steps > 1 and first.conclusion then
            local last = steps[#steps]
            last.status, last.conclusion, last.completed_at = "completed", first.conclusion, first.completed_at
            first.status, first.conclusion, first.completed_at = "in_progress", nil, nil
        end
        return steps
    end

    local function count_of(body)
        return record.at(body, "output.annotations_count") or 0
    end

    -- `body` is the check run before, for its count of annotations: these add up, so that a request with some must not
    -- take effect twice.
    local function patch(self, id, change, body)
        local path = ("%s/check-runs/%d"):format(self.path, id)
        local options = {
            json = change, expects = "object",
            mutates = mutation(self, "check.update", nil, ("change the check run %d"):format(id)),
        }
        local annotations = change.output and change.output.annotations
        if not annotations then return client.change("PATCH", path, options) end
        local count = count_of(body or client.get(path, { cache = false })) + #annotations
        options.method = "PATCH"
        function options.find()
            local now = client.get(path, { cache = false })
            return count_of(now) >= count and now or nil
        end
        return client.create(path, options)
    end

    -- The external id identifies this check run among others of the same name when an answer is lost.
    local function create(self, owner, first)
        local own = not first.external_id and client.new_marker() or nil
        first.external_id = first.external_id or own
        return client.create(self.path .. "/check-runs", {
            json = first, expects = "object",
            mutates = mutation(self, "check.create", nil, ("make the check run %s of %s"):format(first.name,
                first.head_sha:sub(1, 10))),
            find = own and function()
                local path = ("%s/commits/%s/check-runs"):format(self.path,
                    context.segment(owner, "head_sha", first.head_sha))
                local query = { check_name = first.name, filter = "all" }
                for body in client.each(path, { list = "check_runs", query = query, cache = false }) do
                    if record.at(body, "external_id") == own then return body end
                end
            end,
        })
    end

    local function send_rest(self, id, steps, body)
        for i = 2, #steps do body = patch(self, id, steps[i], body) end
        return check_record(body)
    end

    function Repository:create_check(options)
        local owner = "github.Repository:create_check"
        options = check.options(owner, options, fields, { "name", "head_sha" })
        local steps = steps_of(owner, options)
        local body = create(self, owner, steps[1])
        if body.planned then return body end
        return send_rest(self, body.id, steps, body)
    end

    function Repository:update_check(id, options)
        local owner = "github.Repository:update_check"
        id = check.value(owner, "id", check.id, id)
        options = check.options(owner, options, fields)
        if options.head_sha then check.refuse(owner, "head_sha", "nothing: a check stays with its commit",
            options.head_sha) end
        local steps = steps_of(owner, options)
        return send_rest(self, id, steps, patch(self, id, steps[1]))
    end

    local annotation_record = record.of("github.Annotation", {
        path = true, start_line = true, end_line = true, start_column = true, end_column = true,
        level = "annotation_level", message = true, title = true, details = "raw_details",
    })

    define("annotations", {
        "GET /check-runs/{check_run_id}/annotations", list = true, identity = false, record = annotation_record,
    })

    -- Commit statuses

    local status_record = record.of("github.Status", {
        id = true, state = true, context = true, description = true, url = "target_url", creator = "creator.login",
        created_at = true, updated_at = true,
    })

    define("statuses", { "GET /commits/{ref}/statuses", list = true, record = status_record })
    define("combined_status", {
        "GET /commits/{ref}/status",
        record = record.of("github.CombinedStatus", {
            state = true, sha = true, total = "total_count", statuses = record.list("statuses", status_record),
        }),
    })

    -- A newest status of the context that says the same has the same effect, whoever set it.
    local function find_status(self, values, _, sent)
        local path = ("%s/commits/%s/statuses"):format(self.path, http.encode(values.sha))
        for body in client.each(path, { cache = false }) do
            if record.at(body, "context") == (sent.context or "default") then
                local is_same = body.state == sent.state and record.at(body, "description") == sent.description
                    and record.at(body, "target_url") == sent.target_url
                return is_same and body or nil
            end
        end
    end

    define("create_status", {
        "POST /statuses/{sha}", kind = "status.create", summary = "set the status of {sha} to {state}",
        options = {
            state = check.one_of("error", "failure", "pending", "success"), context = check.word,
            description = check.word, url = check.word,
        },
        required = { "state" }, names = { url = "target_url" }, record = status_record, find = find_status,
    })
end
