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

bool may_change(bind::Call& call, const char* kind, const std::filesystem::path& path, const std::string& summary) {
    auto& host = call.host();
    if (!host.plan().dry_run()) return true;
    if (TempFolder::any_holds(path) || lies_in(path, host.state_folder())) return true;
    return host.plan().declare({kind, path.string(), summary, {}, false}).has_value();
}

}  // namespace uhost::fs
