#include "api/git/history/objects.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "api/git/history/pack.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

namespace {

namespace filesystem = std::filesystem;

constexpr std::string_view replace_prefix = "refs/replace/";

/// libgit2 looks through every reference to match a pattern, which costs more than the walk where there are many, so
/// it is asked only if there is a sign of a replacement.
bool may_have_replacements(const filesystem::path& common) {
    std::error_code ignored;
    if (filesystem::exists(common / replace_prefix, ignored)) return true;
    const auto packed = MappedFile::open(common / "packed-refs");
    return packed && as_text(packed->bytes()).find(replace_prefix) != std::string_view::npos;
}

}  // namespace

ObjectStore::ObjectStore(const filesystem::path& path) : path_(path), repository_(open_repository(path)) {
    const auto outcome = attempt(git_repository_odb, out(odb_), repository_.get());
    if (!outcome.ok()) {
        throw Error("git.open", "cannot open the objects of the repository at " + path.string())
            .hint("check that its 'objects' folder can be read")
            .native(outcome.message)
            .with("path", path.string());
    }
    partial_ = setting("remote.origin.promisor", false) || is_set("extensions.partialClone");
    folders_ = object_folders(git_repository_commondir(repository_.get()));
    require_sound_indexes(folders_);
    open_packs();
    read_replacements();
    read_shallow();
}

bool ObjectStore::setting(const char* name, bool fallback) const {
    git_config* config = nullptr;
    if (git_repository_config_snapshot(&config, repository_.get()) != 0) return fallback;
    const ConfigHandle owned(config);
    int value = 0;
    return git_config_get_bool(&value, config, name) == 0 ? value != 0 : fallback;
}

bool ObjectStore::is_set(const char* name) const {
    git_config* config = nullptr;
    if (git_repository_config_snapshot(&config, repository_.get()) != 0) return false;
    const ConfigHandle owned(config);
    const char* value = nullptr;
    return git_config_get_string(&value, config, name) == 0;
}

void ObjectStore::open_packs() {
    for (const auto& folder : folders_) {
        std::error_code failed;
        for (filesystem::directory_iterator at(folder / "pack", failed), end; !failed && at != end;
             at.increment(failed)) {
            if (at->path().extension() != ".idx") continue;
            if (auto pack = Pack::open(at->path())) packs_.push_back(std::move(*pack));
        }
    }
    std::sort(packs_.begin(), packs_.end(),
              [](const Pack& a, const Pack& b) { return a.body().size() > b.body().size(); });
}

void ObjectStore::read_replacements() {
    if (std::getenv("GIT_NO_REPLACE_OBJECTS") != nullptr || !setting("core.useReplaceRefs", true)) return;
    if (!may_have_replacements(git_repository_commondir(repository_.get()))) return;
    git_reference_iterator* iterator = nullptr;
    if (git_reference_iterator_glob_new(&iterator, repository_.get(), "refs/replace/*") != 0) return;
    const ReferenceIteratorHandle owned(iterator);
    git_reference* reference = nullptr;
    while (git_reference_next(&reference, iterator) == 0) {
        const ReferenceHandle owned_reference(reference);
        const auto oid = Oid::from_hex(std::string_view(git_reference_name(reference)).substr(replace_prefix.size()));
        const git_oid* target = git_reference_target(reference);
        if (oid && target != nullptr) replacements_[*oid] = from_git_oid(*target);
    }
}

void ObjectStore::read_shallow() {
    std::ifstream file(filesystem::path(git_repository_commondir(repository_.get())) / "shallow");
    for (std::string line; std::getline(file, line);) {
        if (const auto oid = Oid::from_hex(line)) shallow_.insert(*oid);
    }
}

const CommitGraph* ObjectStore::commit_graph() const {
    std::call_once(graph_once_, [this] {
        if (!has_shallow() && !has_replacements() && setting("core.commitGraph", true)) {
            graph_ = CommitGraph::open(folders_);
        }
    });
    return graph_ ? &*graph_ : nullptr;
}

const Oid& ObjectStore::replaced(const Oid& oid) const noexcept {
    if (replacements_.empty()) return oid;
    const Oid* current = &oid;
    for (int depth = 0; depth < 5; ++depth) {  // git's own limit on replacements of replacements
        const auto found = replacements_.find(*current);
        if (found == replacements_.end()) break;
        current = &found->second;
    }
    return *current;
}
namespace {

constexpr std::size_t cache_bytes = 8 << 20;
/// Larger objects, and longer chains than git makes even with `--aggressive`, are left to libgit2.
constexpr std::uint64_t max_object_bytes = 64 << 20;
constexpr std::size_t max_chain = 5000;

std::shared_ptr<ObjectBytes> new_object(ObjectType type, std::size_t size) {
    auto object = std::make_shared<ObjectBytes>();
    object->type = type;
    object->size = size;
    object->data = std::make_unique_for_overwrite<std::uint8_t[]>(size);
    return object;
}

const char* name_of(ObjectType type) {
    switch (type) {
        case ObjectType::commit:
            return "commit";
        case ObjectType::tree:
            return "tree";
        case ObjectType::blob:
            return "blob";
        default:
            return "object";
    }
}

Error missing(const ObjectStore& store, const Oid& oid, ObjectType expected) {
    // It may have named what was never there.
    if (const auto* graph = store.commit_graph(); graph != nullptr && !graph->is_sound()) {
        return corrupt_graph_error(store);
    }
    const std::string hex = oid.hex();
    Error error("git.missing_object", std::string(name_of(expected)) + " " + hex +
                                          " is missing from the repository at " + store.path().string());
    if (store.is_partial()) {
        return std::move(error)
            .hint("the clone was made with --filter; get what it left out with 'git fetch --refetch --no-filter'")
            .with("oid", hex);
    }
    return std::move(error)
        .hint(
            "the object database is incomplete; see 'git fsck --connectivity-only', then fetch it again with "
            "'git fetch --refetch' or restore it from another clone")
        .with("oid", hex);
}

}  // namespace

Error corrupt_graph_error(const ObjectStore& store) {
    return Error("git.corrupt_graph", "the commit-graph of the repository at " + store.path().string() + " is damaged")
        .hint("write it anew with 'git commit-graph write --reachable --changed-paths'")
        .with("path", store.path().string());
}

void ObjectReader::FreeDecompressor::operator()(libdeflate_decompressor* decompressor) const noexcept {
    libdeflate_free_decompressor(decompressor);
}

ObjectReader::ObjectReader(const ObjectStore& store)
    : store_(&store), decompressor_(libdeflate_alloc_decompressor()), bases_(cache_bytes) {
    if (decompressor_ == nullptr) throw std::bad_alloc();
}

ObjectReader::~ObjectReader() = default;
ObjectReader::ObjectReader(ObjectReader&&) noexcept = default;
ObjectReader& ObjectReader::operator=(ObjectReader&&) noexcept = default;

ByteView ObjectReader::read(const Oid& oid, ObjectType expected) {
    auto bytes = read_if_there(oid, expected);
    if (!bytes) throw missing(*store_, oid, expected);
    return *bytes;
}

std::optional<ByteView> ObjectReader::read_if_there(const Oid& oid, ObjectType expected) {
    const Oid& target = store_->replaced(oid);
    if (new_objects_ != nullptr) {
        if (const auto bytes = new_objects_->find(target, expected)) return bytes;
    }
    if (auto bytes = read_packed(target, expected)) return bytes;
    return read_with_libgit2(target, expected);
}

Error ObjectReader::corrupt(const Oid& oid, std::string_view what, std::string native) const {
    return Error("git.corrupt_object",
                 "object " + oid.hex() + " in the repository at " + store_->path().string() + " " + std::string(what))
        .hint("see 'git fsck', then restore the object from another clone")
        .native(std::move(native))
        .with("oid", oid.hex());
}

std::optional<ByteView> ObjectReader::read_packed(const Oid& oid, ObjectType expected) {
    const auto& packs = store_->packs();
    for (std::size_t i = 0; i < packs.size(); ++i) {
        const std::size_t pack = (last_pack_ + i) % packs.size();
        const auto position = packs[pack].find(oid);
        if (!position) continue;
        last_pack_ = pack;
        if (auto bytes = read_entry(pack, *position, expected)) return bytes;
    }
    return std::nullopt;
}

/// The object at `position`; nothing if any check fails.
std::optional<ByteView> ObjectReader::read_entry(std::size_t pack, const PackPosition& position, ObjectType expected) {
    if (current_ = bases_.find(pack, position.offset); current_ != nullptr) {
        if (current_->type != expected) return std::nullopt;
        return current_->view();
    }
    const auto entry = store_->packs()[pack].entry_at(position.offset);
    if (!entry || entry->size > max_object_bytes) return std::nullopt;
    if (entry->type == expected && expected != ObjectType::tree) {
        scratch_.resize(entry->size);
        if (!inflate(pack, position.offset, *entry, scratch_, position)) return std::nullopt;
        return ByteView(scratch_);
    }
    steps_.clear();
    SharedObject object = find_base(pack, position, *entry);
    for (; object != nullptr && !steps_.empty(); steps_.pop_back()) {
        object = apply_step(pack, steps_.back(), object, position);
    }
    if (object == nullptr || object->type != expected) return std::nullopt;
    current_ = std::move(object);
    return current_->view();
}

/// Follows the deltas from `top` to an object that is whole or cached, noting them in steps_.
SharedObject ObjectReader::find_base(std::size_t pack, const PackPosition& top, PackEntry entry) {
    const Pack& file = store_->packs()[pack];
    std::uint64_t offset = top.offset;
    while (true) {
        if (entry.size > max_object_bytes || steps_.size() > max_chain) return nullptr;
        if (entry.type != ObjectType::offset_delta && entry.type != ObjectType::reference_delta) {
            return inflate_base(pack, offset, entry, top);
        }
        steps_.push_back({offset, entry});
        offset = entry.base_offset;
        if (entry.type == ObjectType::reference_delta) {
            const auto base = file.find(entry.base);
            if (!base) return nullptr;
            offset = base->offset;
        }
        if (auto cached = bases_.find(pack, offset)) return cached;
        const auto next = file.entry_at(offset);
        if (!next) return nullptr;
        entry = *next;
    }
}

SharedObject ObjectReader::inflate_base(std::size_t pack, std::uint64_t offset, const PackEntry& entry,
                                        const PackPosition& top) {
    if (entry.type < ObjectType::commit || entry.type > ObjectType::tag) return nullptr;
    auto object = new_object(entry.type, entry.size);
    if (!inflate(pack, offset, entry, object->writable(), top)) return nullptr;
    bases_.put(pack, offset, object);
    return object;
}

SharedObject ObjectReader::apply_step(std::size_t pack, const Step& step, const SharedObject& base,
                                      const PackPosition& top) {
    scratch_.resize(step.entry.size);
    if (!inflate(pack, step.offset, step.entry, scratch_, top)) return nullptr;
    DeltaHeader header;
    if (!read_delta_header(scratch_, header)) return nullptr;
    if (header.base_size != base->size || header.result_size > max_object_bytes) return nullptr;
    auto object = new_object(base->type, header.result_size);
    if (!apply_delta(base->view(), header.body, object->writable())) return nullptr;
    bases_.put(pack, step.offset, object);
    return object;
}

/// Inflates an entry, filling `into` exactly. The entry that the index led to is checked by its CRC as well; those
/// below it are reached by offsets that it covers, and carry zlib's own checksum.
bool ObjectReader::inflate(std::size_t pack, std::uint64_t offset, const PackEntry& entry, std::span<std::uint8_t> into,
                           const PackPosition& top) {
    const ByteView body = store_->packs()[pack].body();
    const ByteView deflated = body.subspan(entry.data_offset);
    std::size_t used = 0;
    std::uint8_t nothing = 0;
    std::uint8_t* target = into.empty() ? &nothing : into.data();
    const auto result = libdeflate_zlib_decompress_ex(decompressor_.get(), deflated.data(), deflated.size(), target,
                                                      into.size(), &used, nullptr);
    if (result != LIBDEFLATE_SUCCESS) return false;
    if (offset != top.offset) return true;
    return libdeflate_crc32(0, body.data() + offset, entry.data_offset - offset + used) == top.crc;
}

std::optional<ByteView> ObjectReader::read_with_libgit2(const Oid& oid, ObjectType expected) {
    const git_oid id = to_git_oid(oid);
    const auto outcome = attempt(git_odb_read, out(odb_object_), store_->odb(), &id);
    if (outcome.code == GIT_ENOTFOUND) return std::nullopt;
    if (!outcome.ok()) throw corrupt(oid, "cannot be read", outcome.message);
    git_odb_object* object = odb_object_.get();
    // libgit2 numbers whole objects as packs do.
    if (static_cast<int>(git_odb_object_type(object)) != static_cast<int>(expected)) {
        throw corrupt(oid, std::string("is not a ") + name_of(expected));
    }
    return ByteView(static_cast<const std::uint8_t*>(git_odb_object_data(object)), git_odb_object_size(object));
}

}  // namespace uhost::git
