#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/homeassistant/catalogue.hpp"

/// What Home Assistant has been told of one entity: for each message what it is called and a hash
/// of its text. With 200 devices these are 2000 messages of 1.5 KB, so the texts are not kept;
/// names are kept once for all (`Names`).
namespace waggle::bridge::homeassistant {

/// Each text once; the views stay valid.
class Names {
  public:
    const std::string* keep(std::string_view text);

  private:
    std::set<std::string, std::less<>> texts_;
};

class Announced {
  public:
    /// A message to send: an empty payload clears.
    using Send = std::function<void(std::string_view component, std::string_view object_id,
                                    std::string_view payload)>;

    /// Takes over what there is to say now, and sends what is new, differs or was not sent; what is
    /// no more is cleared. With `send` empty it is only remembered, as not sent.
    void update(const ConfigMessages& now, Names& names, const Send& send);

    /// The broker holds a message of this entity. False: it is none of those that there are to be,
    /// and wants to be cleared.
    bool seen(std::string_view component, std::string_view object_id, std::uint64_t hash);
    /// Nothing is known any more about what the broker holds.
    void doubt();
    /// The broker did not get this one.
    void lost(std::string_view component, std::string_view object_id);

    /// Clears all, or all of one component, and forgets them.
    void clear(const Send& send, std::string_view component = {});

    /// In the order of the messages.
    template <class Visit>
    void for_each_object_id(Visit visit) const {
        for (const auto& message : messages_)
            visit(std::string_view(*message.object_id));
    }
    const std::vector<const std::string*>& properties() const noexcept { return properties_; }
    bool is_empty() const noexcept { return messages_.empty(); }

    static std::uint64_t hash_of(std::string_view payload) noexcept;

  private:
    struct Message {
        const std::string *component, *object_id;
        std::uint64_t hash;
        bool sent;
    };
    Message* find(std::string_view component, std::string_view object_id);

    std::vector<Message> messages_;
    /// In the order in which states are published. What was once there stays: a template that Home
    /// Assistant still has may read it.
    std::vector<const std::string*> properties_;
};

/// Actions of one device that were announced as triggers.
class Triggers {
  public:
    enum class State : std::uint8_t {
        sent,
        doubtful,  ///< the broker may have lost it
        outdated,  ///< the broker has it for another topic; announced again when the action comes
    };
    struct Trigger {
        std::string action;
        State state;
    };

    /// Whether it has to be announced; it counts as announced from now on.
    bool needs(std::string_view action);
    void seen(std::string_view action, State state);
    void doubt();
    const std::vector<Trigger>& all() const noexcept { return all_; }

  private:
    Trigger* find(std::string_view action);

    std::vector<Trigger> all_;
};

}  // namespace waggle::bridge::homeassistant
