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
            assertion = 0.12, blankish = -1.05, ci_error = 1.00, cleanup = -1.00, command_exit = -0.05, crash = 2.09,
            diagnostic = 0.88, diagnostic_plain = 1.34, difference = 0.22, error_line = 0.38, error_mention = 0.72,
            exception = 0.75, exception_start = 1.16, failed_test = 1.20, failure_heading = -0.09,
            failure_item = 1.38, finding = 5.00, lint = 0.67, lint_row = 0.61, network = 0.74, no_error = -0.67,
            not_found = 0.87, passing = -0.80, progress = -1.03, red = 0.36, retry = -0.30, stack_frame = 0.34,
            time_limit = 1.50, timeout = 0.55, usage = 0.70, warning = -0.55, wrapper = -0.70,
        },
    },
    {
        prefix = "first_", why = "it is the first of its kind in the failing step",
        weights = {
            crash = 0.31, diagnostic = 0.64, diagnostic_plain = 1.15, error_line = 0.29, error_mention = 1.01,
            exception = 0.58, exception_start = 0.88, failure_heading = -0.09, failure_item = 1.18, lint = 0.25,
            lint_row = 0.61, network = 0.08, not_found = 0.42, red = 0.76, test_summary = 0.05, timeout = 0.06,
            usage = 0.62, wrapper = -0.20,
        },
    },
    {
        prefix = "near_", why = "at most 6 lines above the end of the step or the next line that passes a failure on",
        weights = {
            diagnostic = 0.13, diagnostic_plain = 0.71, error_line = 0.05, error_mention = 0.05, exception = 0.05,
            exception_start = 0.68, failure_item = -0.47, lint = 0.10, lint_row = 0.10, not_found = 0.37, red = -0.37,
            test_summary = -0.06, wrapper = -0.39,
        },
    },
    {
        prefix = "mid_", why = "7 to 40 lines above it",
        weights = {
            assertion = -0.08, diagnostic = 0.23, diagnostic_plain = 0.07, error_line = 0.16, error_mention = 0.55,
            exception = -0.06, exception_start = -0.10, failure_heading = -0.08, failure_item = 0.14, network = 0.37,
            not_found = 0.21, red = 0.19,
        },
    },
    {
        prefix = "far_", why = "41 to 300 lines above it",
        weights = {
            error_line = -0.19, error_mention = 0.06, exception = 0.06, failure_item = 0.44, not_found = -0.06,
            red = 0.05,
        },
    },
    {
        prefix = "very_far_", why = "further above it: something that the tool went on after",
        weights = {
            assertion = -0.08, diagnostic_plain = -0.05, error_line = -0.49, error_mention = -0.23,
            failure_item = 0.39, not_found = -0.12, red = 0.33, test_summary = 0.13, usage = -0.12,
        },
    },
    {
        prefix = "many_", why = "times the logarithm of how many lines of its kind the failing step has",
        weights = {
            assertion = -0.17, diagnostic = 0.08, difference = 0.15, error_line = -0.12, exception = -0.10,
            exception_start = -0.09, failure_item = 0.76, lint_row = -0.31, network = 0.12, not_found = 0.12,
            red = 0.22, test_summary = -0.06, usage = 0.27, wrapper = -0.71,
        },
    },
    {
        prefix = "above_", why = "what stands in the three lines above",
        weights = {
            assertion = -0.09, blankish = 0.77, diagnostic_plain = -0.32, difference = 0.20, error_line = 0.06,
            error_mention = 0.20, exception = 0.08, failure_heading = 2.21, failure_item = 0.09, lint_row = -0.10,
            not_found = -0.07, passing = -0.59, progress = 0.45, test_summary = -0.15, usage = -0.17, warning = 0.06,
            wrapper = -0.38,
        },
    },
    {
        prefix = "below_", why = "what stands in the three lines below",
        weights = {
            assertion = 1.39, blankish = 0.30, diagnostic_plain = 1.04, difference = 0.12, error_line = -0.29,
            error_mention = 0.31, exception = 0.20, failure_heading = -0.15, failure_item = -0.10, not_found = 0.09,
            passing = -0.23, progress = -0.08, stack_frame = 0.54, test_summary = 0.37, usage = 0.77, warning = -0.14,
            wrapper = 0.54,
        },
    },
    {
        prefix = "end_", why = "at most so many lines to the end of the failing step",
        weights = {
            ["1"] = 0.09, ["2"] = 0.16, ["4"] = 0.31, ["8"] = 0.50, ["16"] = 0.28, ["25"] = 0.09, ["50"] = -0.22,
            ["100"] = -0.35, ["300"] = -0.38, more = -0.41,
        },
    },
    {
        prefix = "start_", why = "at most so many lines from the start of the failing step",
        weights = {
            ["2"] = -0.05, ["4"] = -0.07, ["8"] = -0.05, more = 0.28,
        },
    },
    {
        prefix = "wrapper_in_", why = "at most so many lines to the next line that only passes a failure on",
        weights = {
            ["1"] = 0.07, ["2"] = 0.17, ["4"] = 0.19, ["8"] = 0.14, ["50"] = -0.08,
        },
    },
    {
        prefix = "wrappers_above_", why = "at most so many of those stand above",
        weights = {
            ["0"] = 0.11, ["1"] = 0.07, ["20"] = -0.07,
        },
    },
    {
        prefix = "block_", why = "at most so many lines below the head of a failed test that says more than its name",
        weights = {
            ["0"] = 0.29, ["3"] = 0.20, ["10"] = 0.15, ["25"] = 0.11,
        },
    },
    {
        prefix = "first_block_", why = "the same for the first of these tests",
        weights = {
            ["0"] = 1.51, ["1"] = 0.30, ["3"] = 0.06, ["10"] = 0.06,
        },
    },
    {
        prefix = "", why = "where else the line stands, and its shape",
        weights = {
            before_blocks = -0.45, blank = -0.30, first_under_heading = 1.05, indented = 0.55, long = 0.17,
            outside_after = -2.01, outside_before = -2.09, under_heading = 0.41, wrapper_none = -0.38,
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
