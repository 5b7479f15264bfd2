#include "api/fs/binding_mutation.hpp"

#include "api/fs/temp_folder.hpp"
#include "host/runtime/host.hpp"

namespace uhost::fs {

std::filesystem::path path_at(const bind::Call& call, int index, const char* name) {
    const auto text = call.text(index, name);
    if (text.empty())
        throw Error("argument", std::string("the path '") + name + "' is empty").hint("name a file or a folder");
    if (text.find('\0') != std::string_view::npos) throw Error("argument", "a path cannot hold a NUL byte");
    return text;
}

bool is_scratch(bind::Call& call, const std::filesystem::path& path) {
    return TempFolder::any_holds(path) || lies_in(path, call.host().state_folder());
}

Mutation file_mutation(bind::Call& call, const char* kind, const std::filesystem::path& path, std::string summary) {
    // Only a dry run treats scratch files apart, so nothing else looks for them.
    const bool scratch = call.host().plan().dry_run() && is_scratch(call, path);
    return {kind, path.string(), std::move(summary), {}, scratch ? MutationScope::scratch : MutationScope::local};
}

}  // namespace uhost::fs
