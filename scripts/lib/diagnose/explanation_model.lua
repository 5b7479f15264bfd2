-- How much each property of a line (`anchors.each_property`) says that a person would quote the line. The score of a
-- line is the sum; a line with one more is e times as likely to be in the passage. The weights started from judgement
-- (what a line says outweighs where it stands) and were adjusted to passages that people marked in failed logs of open
-- source projects: a conditional logit in which some line of the passage is the anchor, with penalties for leaving the
-- start and for distances that weigh unlike their neighbours. Properties that are not listed weigh nothing.
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
            assertion = 0.25, blankish = -0.99, ci_error = 1.00, cleanup = -1.00, crash = 2.50, diagnostic = 1.10,
            diagnostic_plain = 1.14, difference = 0.19, error_line = 0.43, error_mention = 0.63, exception = 0.76,
            exception_start = 1.22, failed_name = 0.78, failed_test = 0.56, failure_heading = -0.07,
            failure_item = 1.15, finding = 5.00, lint = 0.68, lint_row = 0.57, network = 0.60, no_error = -0.58,
            not_found = 0.85, passing = -0.61, progress = -0.93, red = 0.36, retry = -0.30, stack_frame = 0.35,
            time_limit = 3.00, timeout = 0.55, usage = 0.62, warning = -0.49, wrapper = -0.63,
        },
    },
    {
        prefix = "first_", why = "it is the first of its kind in the failing step",
        weights = {
            assertion = 0.05, crash = 0.49, diagnostic = 0.93, diagnostic_plain = 0.93, error_line = 0.40,
            error_mention = 0.80, exception = 0.50, exception_start = 0.93, failed_name = 0.71,
            failure_heading = -0.07, failure_item = 1.04, lint = 0.27, lint_row = 0.53, network = -0.06,
            not_found = 0.38, red = 0.71, test_summary = 0.06, timeout = 0.06, usage = 0.50, wrapper = -0.16,
        },
    },
    {
        prefix = "near_", why = "at most 6 lines above the end of the step or the next line that passes a failure on",
        weights = {
            diagnostic = 0.10, diagnostic_plain = 0.58, error_line = 0.07, exception_start = 0.63,
            failure_item = -0.40, lint = 0.13, lint_row = 0.05, not_found = 0.39, red = -0.36, wrapper = -0.34,
        },
    },
    {
        prefix = "mid_", why = "7 to 40 lines above it",
        weights = {
            diagnostic = 0.19, diagnostic_plain = -0.05, error_line = 0.18, error_mention = 0.38,
            failure_heading = -0.06, failure_item = 0.20, network = 0.24, not_found = 0.18, red = 0.15,
        },
    },
    {
        prefix = "far_", why = "41 to 300 lines above it",
        weights = {
            error_line = -0.17, error_mention = 0.15, exception = 0.05, failure_item = 0.36, not_found = -0.09,
        },
    },
    {
        prefix = "very_far_", why = "further above it: something that the tool went on after",
        weights = {
            error_line = -0.47, error_mention = -0.15, failure_item = 0.12, not_found = -0.11, red = 0.41,
            test_summary = 0.12, usage = -0.09,
        },
    },
    {
        prefix = "many_", why = "times the logarithm of how many lines of its kind the failing step has",
        weights = {
            assertion = -0.07, crash = 0.53, diagnostic = -0.27, diagnostic_plain = 0.08, difference = 0.12,
            error_line = -0.08, error_mention = 0.14, exception_start = -0.06, failed_name = 0.13,
            failure_item = 0.78, lint_row = -0.28, network = 0.17, not_found = 0.14, red = 0.24, test_summary = -0.06,
            usage = 0.23, wrapper = -0.66,
        },
    },
    {
        prefix = "above_", why = "what stands in the three lines above",
        weights = {
            assertion = -0.07, blankish = 0.61, crash = -0.05, diagnostic_plain = -0.13, difference = 0.16,
            error_line = 0.07, error_mention = 0.40, exception = 0.11, failed_name = 0.05, failure_heading = 1.87,
            failure_item = 0.18, lint_row = -0.07, not_found = -0.12, passing = -0.37, progress = 0.45,
            stack_frame = -0.19, test_summary = -0.15, usage = -0.11, warning = 0.12, wrapper = -0.31,
        },
    },
    {
        prefix = "below_", why = "what stands in the three lines below",
        weights = {
            assertion = 1.09, blankish = 0.34, crash = 0.05, diagnostic = -0.06, diagnostic_plain = 0.83,
            difference = 0.06, error_line = -0.23, error_mention = 0.38, exception = 0.10, exception_start = -0.05,
            failure_heading = -0.12, failure_item = -0.12, lint_row = -0.08, not_found = 0.08, passing = -0.09,
            progress = -0.14, stack_frame = 0.62, test_summary = 0.31, usage = 0.64, wrapper = 0.32,
        },
    },
    {
        prefix = "end_", why = "at most so many lines to the end of the failing step",
        weights = {
            ["1"] = 0.12, ["2"] = 0.16, ["4"] = 0.25, ["8"] = 0.37, ["16"] = 0.21, ["25"] = 0.06, ["50"] = -0.17,
            ["100"] = -0.27, ["300"] = -0.30, more = -0.34,
        },
    },
    {
        prefix = "start_", why = "at most so many lines from the start of the failing step",
        weights = {
            more = 0.18,
        },
    },
    {
        prefix = "wrapper_in_", why = "at most so many lines to the next line that only passes a failure on",
        weights = {
            ["1"] = 0.05, ["2"] = 0.13, ["4"] = 0.14, ["8"] = 0.10, ["50"] = -0.05,
        },
    },
    {
        prefix = "wrappers_above_", why = "at most so many of those stand above",
        weights = {
            ["0"] = 0.08, ["1"] = 0.05,
        },
    },
    {
        prefix = "block_", why = "at most so many lines below the head of a failed test that says more than its name",
        weights = {
            ["0"] = 0.20, ["3"] = 0.16, ["10"] = 0.12, ["25"] = 0.10,
        },
    },
    {
        prefix = "first_block_", why = "the same for the first of these tests",
        weights = {
            ["0"] = 1.26, ["1"] = 0.30, ["3"] = 0.09, ["10"] = 0.08, ["25"] = 0.06,
        },
    },
    {
        prefix = "", why = "where else the line stands, and its shape",
        weights = {
            before_blocks = -0.36, blank = -0.28, first_under_heading = 0.83, indented = 0.56, long = 0.12,
            outside_after = -2.04, outside_before = -2.06, under_heading = 0.22, wrapper_none = -0.29,
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
