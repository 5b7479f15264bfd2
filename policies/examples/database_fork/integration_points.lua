-- An example: where a vendor's patched database differs from the project.
local M = {}

M.points = {
    {
        id = "planner_hook", path = "src/backend/optimizer/plan/planner.c", risk = "high",
        description = "the vendor's planner sees each query before the standard one",
        pattern = [[vendor_planner\(parse, query_string]],
        modification = "calls vendor_planner at the beginning of planner()",
    },
    {
        id = "settings", path = "src/backend/utils/misc/", risk = "medium",
        description = "settings of the vendor's own",
        pattern = [["vendor_planner_cost_limit"]],
        modification = "adds vendor_planner_cost_limit to the table of integers",
    },
    {
        id = "build", path = "meson.build", risk = "low",
        description = "the vendor's version in the name of the server",
        modification = "appends the vendor's name to the version",
    },
}

M.dependencies = {
    {
        id = "planner", module = "optimizer/planner.h", path = "src/include/optimizer/planner.h",
        used_by = { "src/backend/optimizer/plan/vendor_planner.c" },
        apis = { "standard_planner", "subquery_planner" }, risk = "high",
    },
}

return M
