local dataset = require("lib.dashboard.dataset")
local M = {}
function M.dataset(context) return dataset.of_rows({ { name = "time", title = "Time (UTC)", type = "time" },
    { name = "series", title = "What", type = "category" }, { name = "commit_sha", title = "Commit",
    type = "text" },{ name = "before", title = "Before", type = "duration" },{ name = "after", title = "After",
    type = "duration" },{ name = "change", title = "Change", type = "percent" },{ name = "confidence",
    title = "Confidence", type = "percent" },{ name = "url", title = "Address", type = "text" } }, {}) end
return M
