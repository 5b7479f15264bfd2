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
            assertion = 0.16, blankish = -0.97, ci_error = 1.00, cleanup = -1.00, command_exit = -0.05, crash = 1.83,
            diagnostic = 0.89, diagnostic_plain = 1.29, difference = 0.20, error_line = 0.41, error_mention = 0.71,
            exception = 0.75, exception_start = 1.13, failed_test = 0.30, failure_heading = -0.07,
            failure_item = 1.39, finding = 5.00, lint = 0.62, lint_row = 0.60, network = 0.73, no_error = -0.65,
            not_found = 0.82, passing = -0.77, progress = -0.96, red = 0.37, retry = -0.30, stack_frame = 0.31,
            time_limit = 1.50, timeout = 0.54, usage = 0.61, warning = -0.53, wrapper = -0.67,
        },
    },
    {
        prefix = "first_", why = "it is the first of its kind in the failing step",
        weights = {
            crash = 0.34, diagnostic = 0.66, diagnostic_plain = 1.07, error_line = 0.30, error_mention = 0.91,
            exception = 0.56, exception_start = 0.84, failure_heading = -0.07, failure_item = 1.14, lint = 0.20,
            lint_row = 0.58, network = 0.10, not_found = 0.37, red = 0.70, timeout = 0.05, usage = 0.49,
            wrapper = -0.19,
        },
    },
    {
        prefix = "near_", why = "at most 6 lines above the end of the step or the next line that passes a failure on",
        weights = {
            crash = 0.06, diagnostic = 0.15, diagnostic_plain = 0.64, error_line = 0.10, error_mention = 0.09,
            exception_start = 0.60, failure_item = -0.36, lint = 0.09, lint_row = 0.07, not_found = 0.34, red = -0.29,
            test_summary = -0.05, wrapper = -0.36,
        },
    },
    {
        prefix = "mid_", why = "7 to 40 lines above it",
        weights = {
            assertion = -0.07, diagnostic = 0.22, diagnostic_plain = 0.07, error_line = 0.12, error_mention = 0.51,
            exception = -0.05, exception_start = -0.07, failure_heading = -0.07, failure_item = 0.14, network = 0.35,
            not_found = 0.15, red = 0.20,
        },
    },
    {
        prefix = "far_", why = "41 to 300 lines above it",
        weights = {
            error_line = -0.19, error_mention = 0.05, exception = 0.05, failure_item = 0.39, not_found = -0.05,
        },
    },
    {
        prefix = "very_far_", why = "further above it: something that the tool went on after",
        weights = {
            assertion = -0.06, error_line = -0.46, error_mention = -0.25, failure_item = 0.33, not_found = -0.09,
            red = 0.28, test_summary = 0.09, usage = -0.08,
        },
    },
    {
        prefix = "many_", why = "times the logarithm of how many lines of its kind the failing step has",
        weights = {
            assertion = -0.13, crash = 0.57, diagnostic = 0.06, diagnostic_plain = 0.06, difference = 0.13,
            error_line = -0.10, exception = -0.07, exception_start = -0.07, failure_item = 0.69, lint_row = -0.24,
            network = 0.12, not_found = 0.11, red = 0.21, test_summary = -0.05, usage = 0.22, wrapper = -0.66,
        },
    },
    {
        prefix = "above_", why = "what stands in the three lines above",
        weights = {
            assertion = -0.08, blankish = 0.74, crash = -0.06, diagnostic_plain = -0.21, difference = 0.17,
            error_mention = 0.17, exception = 0.07, failure_heading = 1.99, failure_item = 0.10, lint_row = -0.07,
            not_found = -0.06, passing = -0.47, progress = 0.41, stack_frame = 0.05, test_summary = -0.14,
            usage = -0.11, wrapper = -0.35,
        },
    },
    {
        prefix = "below_", why = "what stands in the three lines below",
        weights = {
            assertion = 1.17, blankish = 0.30, crash = 0.06, diagnostic_plain = 0.88, difference = 0.11,
            error_line = -0.22, error_mention = 0.36, exception = 0.17, exception_start = 0.05,
            failure_heading = -0.12, failure_item = -0.08, not_found = 0.09, passing = -0.24, progress = -0.10,
            stack_frame = 0.51, test_summary = 0.31, usage = 0.64, warning = -0.12, wrapper = 0.49,
        },
    },
    {
        prefix = "end_", why = "at most so many lines to the end of the failing step",
        weights = {
            ["1"] = 0.11, ["2"] = 0.15, ["4"] = 0.25, ["8"] = 0.36, ["16"] = 0.21, ["25"] = 0.06, ["50"] = -0.16,
            ["100"] = -0.26, ["300"] = -0.30, more = -0.33,
        },
    },
    {
        prefix = "start_", why = "at most so many lines from the start of the failing step",
        weights = {
            more = 0.19,
        },
    },
    {
        prefix = "wrapper_in_", why = "at most so many lines to the next line that only passes a failure on",
        weights = {
            ["1"] = 0.07, ["2"] = 0.13, ["4"] = 0.14, ["8"] = 0.11, ["50"] = -0.05,
        },
    },
    {
        prefix = "wrappers_above_", why = "at most so many of those stand above",
        weights = {
            ["0"] = 0.07, ["1"] = 0.05,
        },
    },
    {
        prefix = "block_", why = "at most so many lines below the head of a failed test that says more than its name",
        weights = {
            ["0"] = 0.25, ["3"] = 0.18, ["10"] = 0.15, ["25"] = 0.12,
        },
    },
    {
        prefix = "first_block_", why = "the same for the first of these tests",
        weights = {
            ["0"] = 1.45, ["1"] = 0.30, ["3"] = 0.05,
        },
    },
    {
        prefix = "", why = "where else the line stands, and its shape",
        weights = {
            before_blocks = -0.46, blank = -0.26, first_under_heading = 1.00, indented = 0.51, long = 0.13,
            outside_after = -2.01, outside_before = -2.07, under_heading = 0.39, wrapper_none = -0.31,
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
