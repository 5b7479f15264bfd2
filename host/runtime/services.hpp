#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace uhost {

/// The objects that a host has one of, such as the HTTP client with its connections: made when first asked for, and
/// destroyed when the host closes, after everything that scripts hold and before the loop. Loop thread only.
class Services {
public:
    /// The service `name`, made by `make` (which returns a std::shared_ptr<T>) when there is none yet. The same name
    /// must always come with the same type.
    template <class T, class Make>
    T& get(std::string_view name, const Make& make) {
        auto found = services_.find(name);
        if (found == services_.end()) found = services_.emplace(name, std::shared_ptr<T>(make())).first;
        return *static_cast<T*>(found->second.get());
    }

    void clear() { services_.clear(); }

private:
    std::map<std::string, std::shared_ptr<void>, std::less<>> services_;
};

}  // namespace uhost
