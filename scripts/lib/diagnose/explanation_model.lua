-- How much each property of a line (`anchors.each_property`) says that a person would quote the line. The score of a
-- line is the sum; a line with one more is e times as likely to be in the passage. The weights start from judgement
-- (the failed test that is read first, the first error of a compiler) and are held near it while they are fitted to
-- passages that people marked: tests/bench/fit_passages.lua writes them. Properties that are not listed weigh nothing.
local M = {}

---@class diagnose.Weights
---@field prefix string  of the names of the properties
---@field why string
---@field weights table<string, number>

---@type diagnose.Weights[]
M.groups = {
    {
        prefix = "is_", why = "what the line itself is",
        weights = {
            blankish = -1.39, ci_error = 1.00, crash = 2.75, diagnostic = 1.05, diagnostic_plain = 1.16,
            difference = 0.19, error_line = 0.57, error_mention = 0.51, exception = 1.02, exception_start = 0.17,
            exit_meaning = 2.99, failed_name = 0.37, failed_test = -0.23, failure_heading = -0.36, failure_item = 1.04,
            finding = 4.02, first_error = 4.97, first_message = 1.26, first_test = 9.77, first_violation = 3.00,
            lint = 0.40, network = -0.14, no_error = -0.80, not_found = 0.93, passing = -1.24, progress = -1.27,
            red = 0.38, sanitizer = 10.01, stack_frame = 0.49, terminal = 1.00, test_summary = 0.17, time_limit = 7.00,
            usage = 0.39, warning = -0.61, wrapper = -0.99,
        },
    },
    {
        prefix = "first_", why = "it is the first of its kind in the failing step",
        weights = {
            crash = 1.75, diagnostic_plain = 0.93, error_line = -0.46, error_mention = 0.49, exception_start = 0.17,
            failed_name = 0.37, failure_heading = -0.36, failure_item = 1.07, finding = 1.82, lint = 0.37,
            network = -0.30, not_found = 0.26, red = 0.18, test_summary = 0.17, under_heading = 3.00, usage = 0.41,
            wrapper = -0.17,
        },
    },
    {
        prefix = "near_", why = "at most 6 lines above the end of the step or the next line that passes a failure on",
        weights = {
            crash = -0.17, diagnostic = -0.20, diagnostic_plain = 0.82, error_line = -0.49, error_mention = -0.33,
            exception_start = 0.64, failure_item = -0.21, not_found = 0.22, red = -0.61, wrapper = -0.49,
        },
    },
    {
        prefix = "mid_", why = "7 to 40 lines above it",
        weights = {
            diagnostic = 0.24, diagnostic_plain = 0.34, difference = 0.12, error_mention = 0.21,
            exception_start = -0.50, failure_heading = -0.36, finding = -0.21, lint = 0.43, not_found = 0.32,
            red = 0.63, usage = 0.41,
        },
    },
    {
        prefix = "far_", why = "41 to 300 lines above it",
        weights = {
            error_mention = 0.33, failure_item = 0.19, network = -0.10,
        },
    },
    {
        prefix = "very_far_", why = "further above it: something that the tool went on after",
        weights = {
            error_mention = -0.19, failed_name = 0.34, finding = 0.50, not_found = -0.12, red = 0.36,
            test_summary = 0.21,
        },
    },
    {
        prefix = "many_", why = "times the logarithm of how many lines of its kind the failing step has",
        weights = {
        },
    },
    {
        prefix = "above_", why = "what stands in the three lines above",
        weights = {
            blankish = 0.77, diagnostic_plain = 0.12, difference = 0.42, error_line = 0.42, error_mention = 0.66,
            failure_heading = 3.08, passing = -0.10, progress = 0.13, stack_frame = 0.35, warning = 0.25,
            wrapper = -0.32,
        },
    },
    {
        prefix = "below_", why = "what stands in the three lines below",
        weights = {
            assertion = 0.34, blankish = 0.49, crash = 0.27, diagnostic_plain = 0.50, error_line = -0.21,
            error_mention = 0.80, failed_name = 0.13, failure_heading = -0.14, failure_item = -0.10, passing = 0.36,
            stack_frame = 0.56, terminal = 1.50, test_summary = 0.59, usage = 0.41, wrapper = 0.70,
        },
    },
    {
        prefix = "end_", why = "at most so many lines to the end of the failing step",
        weights = {
            ["8"] = 0.15,
        },
    },
    {
        prefix = "start_", why = "at most so many lines from the start of the failing step",
        weights = {
            more = 0.13,
        },
    },
    {
        prefix = "wrapper_in_", why = "at most so many lines to the next line that only passes a failure on",
        weights = {
        },
    },
    {
        prefix = "wrappers_above_", why = "at most so many of those stand above",
        weights = {
        },
    },
    {
        prefix = "block_", why = "at most so many lines below the head of a failed test that says more than its name",
        weights = {
            ["0"] = -0.12, ["10"] = 0.31,
        },
    },
    {
        prefix = "first_block_", why = "the same for the first of these tests",
        weights = {
            ["0"] = 1.88, ["10"] = 0.31,
        },
    },
    {
        prefix = "", why = "where else the line stands, and its shape",
        weights = {
            before_blocks = -0.14, blank = -0.24, indented = 0.92, long = 0.52, outside_after = -3.00,
            outside_before = -2.00,
        },
    },
}

--- The weights by the whole names of the properties.
---@type table<string, number>
M.weights = {}
for _, group in ipairs(M.groups) do
    for name, weight in pairs(group.weights) do M.weights[group.prefix .. name] = weight end
end

return M
