// References, tags and remotes, as they are.
#include "api/git/binding.hpp"
#include "api/git/references.hpp"

namespace uhost::git::binding {
namespace {

constexpr std::string_view reference_fields[]{"name", "id", "symbolic"};
constexpr bind::RecordType reference_record{"git.Reference", reference_fields};

constexpr std::string_view tag_fields[]{"name",    "target", "kind",         "annotated",  "id",
                                        "message", "tagger", "tagger_email", "tagger_time"};
constexpr bind::RecordType tag_record{"git.Tag", tag_fields};

constexpr std::string_view remote_fields[]{"name", "url", "push_url", "fetch", "push"};
constexpr bind::RecordType remote_record{"git.Remote", remote_fields};

void push_reference(Call& call, const Reference& reference) {
    new_record(call, reference_record).field("name", reference.name).field("symbolic", reference.symbolic);
    if (reference.id) call.field("id", reference.id->hex());
}

void push_tag(Call& call, const Tag& tag) {
    new_record(call, tag_record).field("name", tag.name).field("target", tag.target.hex()).field("kind", tag.kind);
    call.field("annotated", tag.object.has_value());
    if (!tag.object) return;
    call.field("id", tag.object->hex()).field("message", tag.message);
    if (tag.tagger) set_person(call, "tagger", *tag.tagger);
}

void push_remote(Call& call, const Remote& remote) {
    new_record(call, remote_record)
        .field("name", remote.name)
        .field("url", remote.url)
        .field("push_url", remote.push_url);
    call.field("fetch", remote.fetch).field("push", remote.push);
}

}  // namespace

int refs(Call& call) {
    return on_pool(
        call,
        [prefix = std::string(call.text_or(2, "prefix", ""))](const auto& repository, const auto&) {
            return list_references(repository->lease(), prefix);
        },
        [](Call& results, const std::vector<Reference>& found) { push_list(results, found, push_reference); });
}

int tags(Call& call) {
    return on_pool(
        call, [](const auto& repository, const auto&) { return list_tags(repository->lease()); },
        [](Call& results, const std::vector<Tag>& found) { push_list(results, found, push_tag); });
}

int remotes(Call& call) {
    return on_pool(
        call, [](const auto& repository, const auto&) { return list_remotes(repository->lease()); },
        [](Call& results, const std::vector<Remote>& found) { push_list(results, found, push_remote); });
}

}  // namespace uhost::git::binding
