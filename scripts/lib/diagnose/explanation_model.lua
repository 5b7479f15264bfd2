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
            assertion = 0.10, blankish = -1.40, ci_error = 1.00, crash = 2.76, diagnostic = 0.10,
            diagnostic_plain = 1.22, difference = 0.17, error_line = 0.18, error_mention = 0.22, exception_start = 0.17,
            failed_name = 0.35, failed_test = -0.29, failure_heading = -0.37, failure_item = 0.24, finding = 4.07,
            first_error = 5.05, first_message = 1.21, first_test = 9.72, lint = 0.39, lint_row = 0.11, no_error = -0.86,
            not_found = 0.48, passing = -1.21, progress = -1.30, red = 0.43, sanitizer = 10.01, stack_frame = 0.49,
            test_summary = 0.18, time_limit = 7.00, usage = 0.38, warning = -0.62, wrapper = -0.99,
        },
    },
    {
        prefix = "first_", why = "it is the first of its kind in the failing step",
        weights = {
            crash = 1.76, diagnostic_plain = 1.01, error_line = -0.39, error_mention = 0.55, exception_start = 0.17,
            failed_name = 0.35, failure_heading = -0.37, failure_item = 1.25, finding = 1.87, lint = 0.35,
            lint_row = 0.12, network = -0.26, not_found = 0.30, red = 0.19, test_summary = 0.18, under_heading = 3.00,
            usage = 0.40, wrapper = -0.16,
        },
    },
    {
        prefix = "near_", why = "at most 6 lines above the end of the step or the next line that passes a failure on",
        weights = {
            crash = -0.18, diagnostic = -0.21, diagnostic_plain = 0.82, error_line = -0.46, error_mention = -0.29,
            exception_start = 0.64, finding = 0.12, not_found = 0.25, red = -0.52, wrapper = -0.48,
        },
    },
    {
        prefix = "mid_", why = "7 to 40 lines above it",
        weights = {
            diagnostic = 0.30, diagnostic_plain = 0.41, difference = 0.11, error_line = 0.13, error_mention = 0.24,
            exception_start = -0.50, failure_heading = -0.37, failure_item = 0.11, finding = -0.19, lint = 0.41,
            not_found = 0.31, red = 0.63, usage = 0.39,
        },
    },
    {
        prefix = "far_", why = "41 to 300 lines above it",
        weights = {
            assertion = 0.10, error_mention = 0.40, failure_item = 0.16, network = -0.10,
        },
    },
    {
        prefix = "very_far_", why = "further above it: something that the tool went on after",
        weights = {
            error_mention = -0.13, failed_name = 0.31, finding = 0.49, red = 0.33, test_summary = 0.22,
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
            blankish = 0.82, diagnostic_plain = 0.10, difference = 0.39, error_line = 0.45, error_mention = 0.73,
            exception = 0.11, failure_heading = 3.06, progress = 0.13, stack_frame = 0.31, warning = 0.25,
            wrapper = -0.36,
        },
    },
    {
        prefix = "below_", why = "what stands in the three lines below",
        weights = {
            assertion = 0.38, blankish = 0.45, crash = 0.28, diagnostic = 0.13, diagnostic_plain = 0.49,
            error_line = -0.17, error_mention = 0.83, failed_name = 0.16, failure_heading = -0.13, failure_item = -0.12,
            passing = 0.34, progress = -0.14, stack_frame = 0.54, test_summary = 0.60, usage = 0.40, wrapper = 0.67,
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
            ["0"] = -0.13, ["10"] = 0.32, ["3"] = 0.13,
        },
    },
    {
        prefix = "first_block_", why = "the same for the first of these tests",
        weights = {
            ["0"] = 1.87, ["10"] = 0.32, ["3"] = 0.13,
        },
    },
    {
        prefix = "", why = "where else the line stands, and its shape",
        weights = {
            before_blocks = -0.16, blank = -0.25, indented = 0.97, long = 0.49, outside_after = -3.00,
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
