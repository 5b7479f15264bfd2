#pragma once

#include <string>
#include <string_view>

#include "host/core/environment.hpp"

namespace uhost {

/// Text from outside, safe to show: what a terminal would act on becomes visible. Control characters become their
/// pictures (␛), what changes the direction of writing or breaks lines becomes <U+202E>, and bytes that are no UTF-8
/// become �. Newlines and tabs stay.
std::string visible(std::string_view text);

/// The same in one line: newlines and tabs become pictures, too.
std::string visible_line(std::string_view text);

/// Text that the runner of GitHub Actions takes for no workflow command: in a line that begins with "::" (white space
/// aside), and in "##[" anywhere, a space goes in between. A carriage return begins a line as well.
/// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
std::string without_workflow_commands(std::string_view text);

/// Whether this is a workflow run of GitHub Actions, whose runner reads commands from the output.
bool in_github_actions(const Environment& environment);

}  // namespace uhost
