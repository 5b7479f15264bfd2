-- `build`: commands that build and test, with their logs, phases, caches and measurements.
local cache = require("uhost.build.internal.cache")
local graph = require("uhost.build.internal.graph")
local phases = require("uhost.build.internal.phases")
local runner = require("uhost.build.internal.runner")

uhost.usage_errors("build.graph")

return {
    run = runner.run,
    environment = runner.environment,
    phase = phases.phase,
    metrics = phases.metrics,
    artifact = phases.artifact,
    reset = phases.reset,
    summary = phases.summary,
    graph = graph.run,
    cached = cache.cached,
}
