#include "api/kb/search_plan.hpp"

#include <algorithm>

#include "api/re/pattern_tree.hpp"

namespace uhost::kb {
namespace {

using Node = re::PatternNode;
using Items = std::vector<const Node*>;
using NodeKind = Node::Kind;

// An expression with more is looked for by what all have in common.
constexpr std::size_t max_alternatives = 40;
// Of what may stand anywhere, so much is read: most of it begins everywhere.
constexpr std::size_t max_items_anywhere = 6;

// Takes no characters, and says nothing of where in the line it is.
bool is_inert(const Node& node) { return node.kind == NodeKind::options || node.kind == NodeKind::look; }

bool is_line_start(const Node& node) {
    if (node.kind != NodeKind::assertion) return false;
    return node.assertion == Node::Assertion::text_start || node.assertion == Node::Assertion::line_start;
}

// What leads an automaton along few ways, so that many such patterns can be read by one.
bool is_plain(const Node* node) {
    constexpr std::size_t few = 6;
    switch (node->kind) {
        case NodeKind::set:
        case NodeKind::assertion:
        case NodeKind::look:
        case NodeKind::options:
            return true;
        case NodeKind::sequence:
        case NodeKind::choice:
        case NodeKind::group:
            return std::ranges::all_of(node->items, [](const auto& item) { return is_plain(&item); });
        case NodeKind::repeat: {
            const auto& inner = node->items.front();
            if (!Nfa::is_endless(*node)) return is_plain(&inner);
            return inner.kind == NodeKind::set && inner.set.beyond == re::CharacterSet::Beyond::none &&
                   inner.set.ascii.count() <= few;
        }
        default:
            return false;
    }
}

// One of few characters, and no blank: few lines have it there.
bool is_narrow(const Node* node) {
    constexpr std::size_t few = 12;
    if (node->kind == NodeKind::repeat) return node->min > 0 && is_narrow(&node->items.front());
    return node->kind == NodeKind::set && node->set.beyond == re::CharacterSet::Beyond::none &&
           node->set.ascii.count() <= few && !node->set.ascii[' '];
}

// Puts what a node consists of in its place.
void splice(Items& items, std::size_t at, const std::vector<Node>& parts) {
    const auto place = items.begin() + static_cast<std::ptrdiff_t>(at);
    Items inner;
    for (const auto& part : parts) inner.push_back(&part);
    items.insert(items.erase(place), inner.begin(), inner.end());
}

// Opens groups and sequences up to the first item that is neither; of a choice there, each alternative.
std::vector<Items> alternatives_of(const Node& root) {
    std::vector<Items> open{{&root}}, done;
    while (!open.empty()) {
        auto items = std::move(open.back());
        open.pop_back();
        const auto first = std::ranges::find_if(items, [](const auto* item) { return !is_inert(*item); });
        const auto at = static_cast<std::size_t>(first - items.begin());
        if (first == items.end()) {
            done.push_back(std::move(items));
        } else if ((*first)->kind == NodeKind::sequence || (*first)->kind == NodeKind::group) {
            splice(items, at, (*first)->items);
            open.push_back(std::move(items));
        } else if ((*first)->kind == NodeKind::choice && open.size() + done.size() < max_alternatives) {
            for (const auto& choice : (*first)->items) {
                auto one = items;
                one[at] = &choice;
                open.push_back(std::move(one));
            }
        } else {
            done.push_back(std::move(items));
        }
    }
    return done;
}

// Without the groups and sequences around the items.
Items opened(const Items& items) {
    Items flat = items;
    for (std::size_t i = 0; i < flat.size();) {
        if (flat[i]->kind == NodeKind::sequence || flat[i]->kind == NodeKind::group) {
            splice(flat, i, flat[i]->items);
        } else {
            ++i;
        }
    }
    return flat;
}

class Planner {
public:
    explicit Planner(const PatternSet& patterns) : patterns_(patterns) {}

    SearchPlan run() {
        for (std::uint32_t number = 0; number < patterns_.expressions().size(); ++number) add(number);
        plan_.starts.finish();
        plan_.shapes.finish();
        plan_.texts.finish();
        return std::move(plan_);
    }

private:
    void add(std::uint32_t number) {
        const auto& expression = *patterns_.expressions()[number];
        const auto tree = re::parse_pattern(expression.text(), expression.flags());
        if (patterns_.element(number).position > 0 && !required_literals(expression.text(), expression.flags())) {
            plan_.continuing.push_back(number);
            return;
        }
        const auto before = plan_.probes.size();
        bool is_found = tree.has_value();
        if (tree) {
            for (const auto& items : alternatives_of(tree->root)) is_found = is_found && add_probe(number, items);
        }
        if (!is_found) {
            plan_.probes.resize(before);
            plan_.always.push_back(number);
        }
        const bool folds = expression.flags().caseless || expression.text().find("(?") != std::string::npos;
        if (folds && !expression.flags().bytes) plan_.folding.push_back(number);
    }

    // False when nothing is known of the lines that it matches.
    bool add_probe(std::uint32_t number, const Items& items) {
        const auto& expression = *patterns_.expressions()[number];
        const auto bytes = expression.flags().bytes;
        const auto flat = opened(items);
        const auto first = std::ranges::find_if(flat, [](const auto* item) { return !is_inert(*item); });
        const bool is_anchored = first != flat.end() && is_line_start(**first);
        const auto probe = static_cast<std::uint32_t>(plan_.probes.size());
        const auto literals = required_literals(flat, expression.text());
        bool by_start = false, by_text = false;
        if (is_anchored && literals) {
            const Items plain(flat.begin(), std::ranges::find_if_not(flat, is_plain));
            const bool has_text = required_literals(plain, expression.text()).has_value();
            by_start = (has_text || std::ranges::any_of(plain, is_narrow)) && plan_.starts.add(plain, bytes, probe);
            by_text = !by_start || !has_text;
        }
        if (literals) {
            by_text = by_text || !is_anchored;
            if (by_text) plan_.texts.add(*literals, probe);
        } else if (is_anchored) {
            by_start = plan_.shapes.add(flat, bytes, probe);
        } else {
            const Items head(flat.begin(),
                             flat.begin() + static_cast<std::ptrdiff_t>(std::min(flat.size(), max_items_anywhere)));
            by_text = plan_.texts.add(head, bytes, probe);
        }
        plan_.probes.push_back({number, by_start, by_text});
        return by_start || by_text;
    }

    const PatternSet& patterns_;
    SearchPlan plan_;
};

}  // namespace

SearchPlan SearchPlan::make(const PatternSet& patterns) { return Planner(patterns).run(); }

void SearchPlan::pack(PackWriter& writer) const {
    writer.values(probes);
    starts.pack(writer);
    shapes.pack(writer);
    texts.pack(writer);
    writer.values(always);
    writer.values(continuing);
    writer.values(folding);
}

SearchPlan SearchPlan::unpack(PackReader& reader) {
    SearchPlan plan;
    plan.probes = reader.values<Probe>();
    plan.starts = Nfa::unpack(reader);
    plan.shapes = Nfa::unpack(reader);
    plan.texts = Nfa::unpack(reader);
    plan.always = reader.values<std::uint32_t>();
    plan.continuing = reader.values<std::uint32_t>();
    plan.folding = reader.values<std::uint32_t>();
    return plan;
}

}  // namespace uhost::kb
