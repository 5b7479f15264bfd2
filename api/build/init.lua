-- `build`: commands that build and test, here and through executors, with their logs, phases, caches and measurements.
local native = ...
local cache = require("uhost.build.internal.cache")
local executors = require("uhost.build.internal.executors")(native)
local graph = require("uhost.build.internal.graph")
local records = require("uhost.build.internal.records")(native)
local jobs = require("uhost.build.internal.jobs")(executors, records)
local phases = require("uhost.build.internal.phases")
local runner = require("uhost.build.internal.runner")

uhost.usage_errors("build.graph")

local function run(options) return runner.run(options, jobs.attempt) end

return {
    run = run,
    submit = jobs.submit,
    executors = executors.names,
    environment = runner.environment,
    phase = phases.phase,
    metrics = phases.metrics,
    artifact = phases.artifact,
    reset = phases.reset,
    summary = phases.summary,
    graph = graph.run,
    cached = cache.cached,
}
