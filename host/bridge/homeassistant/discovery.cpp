#include "bridge/homeassistant/discovery.hpp"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/log.hpp"
#include "bridge/homeassistant/names.hpp"
#include "store/json_read.hpp"
#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::bridge::homeassistant {
namespace {

using engine::EntityId;
using namespace std::chrono_literals;

constexpr std::string_view ns = "homeassistant";
constexpr std::string_view trigger_component = "device_automation";
constexpr std::string_view trigger_prefix = "action_";
constexpr auto listening_time = 5s;
constexpr auto forgetting_time = 2s;
/// Paced: after so many messages a pause follows, and nothing is sent while so many wait already.
constexpr std::size_t most_in_a_turn = 10;
constexpr std::size_t most_at_once = 100;
constexpr std::size_t most_waiting = 50;
constexpr auto pause = 40ms;
/// Entities looked at in one turn of the loop, each of which costs about a millisecond.
constexpr int most_entities = 3;

}  // namespace

Discovery::Discovery(const boost::asio::any_io_executor& executor, Catalogue catalogue,
                     Broker& broker, Network& network, std::string topic, std::string base_topic)
    : catalogue_(std::move(catalogue)),
      broker_(broker),
      network_(network),
      prefix_(topic + "/"),
      filter_(topic + "/#"),
      base_(base_topic + "/"),
      work_timer_(executor),
      listen_timer_(executor),
      later_timer_(executor) {
}

Discovery::~Discovery() {
    if (phase_ == Phase::listening)
        broker_.unsubscribe(filter_);
}

// Start

void Discovery::start(std::function<void()> said_all) {
    said_all_ = std::move(said_all);
    phase_ = Phase::preparing;
    queue_all();
}

void Discovery::connected() {
    if (phase_ == Phase::idle || phase_ == Phase::preparing)
        return;
    work_.clear();
    is_round_ = false;
    for (auto& [entity, record] : records_) {
        record.announced.doubt();
        record.triggers.doubt();
    }
    listen();
}

/// The bridge, the devices, then the groups, whose messages name their members'.
void Discovery::queue_all() {
    work_.assign(1, catalogue_.bridge());
    network_.for_each_device([this](Device& device) {
        if (device.type != DeviceType::coordinator)
            work_.push_back(EntityId::of(device.ieee));
    });
    network_.for_each_group([this](Group& group) { work_.push_back(EntityId::of(group.id)); });
    work_soon(0ms);
}

void Discovery::work_soon(Clock::duration after) {
    work_timer_.expires_after(after);
    work_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            work();
    });
}

void Discovery::work() {
    sent_ = 0;
    const bool preparing = phase_ == Phase::preparing;
    const bool may_send = preparing || broker_.waiting() < most_waiting;
    for (int i = 0; i < most_entities && may_send && !work_.empty() && sent_ < most_in_a_turn;
         ++i) {
        const auto entity = work_.front();
        work_.pop_front();
        if (preparing)
            prepare(entity);
        else
            discover(entity);
    }
    if (!work_.empty())
        return work_soon(sent_ > 0 || !may_send ? pause : Clock::duration(1ms));
    if (preparing)
        listen();
    else if (std::exchange(is_round_, false) && said_all_)
        said_all_();
}

/// Takes note of what there is to say, so that what the broker holds can be judged.
void Discovery::prepare(EntityId entity) {
    if (records_.contains(entity))
        return;
    if (const auto messages = catalogue_.messages_of(entity)) {
        auto& record = records_[entity];
        record.announced.update(*messages, names_, {});
        record.is_discovered = true;
    }
}

void Discovery::listen() {
    phase_ = Phase::listening;
    broker_.subscribe(filter_);
    listen_timer_.expires_after(listening_time);
    listen_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            send_rest();
    });
}

void Discovery::send_rest() {
    broker_.unsubscribe(filter_);
    phase_ = Phase::settled;
    is_round_ = true;
    queue_all();
    for (auto& [entity, record] : records_)
        for (const auto& trigger : record.triggers.all())
            if (trigger.state == Triggers::State::doubtful && catalogue_.exists(entity))
                announce_trigger(entity, std::string(trigger.action));
}

// What is sent

const Announced* Discovery::announced(EntityId entity) {
    auto found = records_.find(entity);
    if (found == records_.end() && phase_ == Phase::preparing) {
        prepare(entity);  // its state is published before its turn came
        found = records_.find(entity);
    }
    return found == records_.end() ? nullptr : &found->second.announced;
}

void Discovery::send(const std::string& node, std::string_view component,
                     std::string_view object_id, std::string_view payload) {
    ++sent_;
    std::string topic = prefix_;
    topic.append(component).append("/").append(node).append("/").append(object_id).append(
        "/config");
    broker_.publish(topic, payload);
}

Announced::Send Discovery::sender(EntityId entity) {
    return [this, node = catalogue_.node(entity)](auto component, auto object_id, auto payload) {
        send(node, component, object_id, payload);
    };
}

void Discovery::discover(EntityId entity) {
    const auto messages = catalogue_.messages_of(entity);
    if (!messages)
        return;
    auto& record = records_[entity];
    if (phase_ == Phase::preparing && !record.is_discovered)
        return;  // its turn comes
    record.is_discovered = true;
    record.announced.update(*messages, names_, sender(entity));
}

void Discovery::discover_soon(EntityId entity) {
    if (work_.empty() && sent_ < most_at_once)
        return discover(entity);
    queue(entity);
}

void Discovery::queue(EntityId entity) {
    if (std::find(work_.begin(), work_.end(), entity) != work_.end())
        return;
    work_.push_back(entity);
    if (work_.size() == 1)
        work_soon(pause);
}

void Discovery::clear(EntityId entity) {
    if (const auto found = records_.find(entity); found != records_.end())
        found->second.announced.clear(sender(entity));
}

void Discovery::clear_scenes(EntityId entity) {
    if (const auto found = records_.find(entity); found != records_.end())
        found->second.announced.clear(sender(entity), "scene");
}

void Discovery::forget(EntityId entity) {
    const auto found = records_.find(entity);
    if (found == records_.end())
        return;
    clear(entity);
    const auto node = catalogue_.node(entity);
    for (const auto& trigger : found->second.triggers.all())
        send(node, trigger_component, std::string(trigger_prefix) + trigger.action, "");
    records_.erase(found);
}

void Discovery::discover_later(EntityId entity, bool triggers_too) {
    const auto known = std::find_if(later_.begin(), later_.end(),
                                    [&](const Later& one) { return one.entity == entity; });
    if (known != later_.end()) {
        triggers_too = triggers_too || known->triggers_too;
        later_.erase(known);
    }
    later_.push_back({entity, Clock::now() + forgetting_time, triggers_too});
    wait_for_later();
}

void Discovery::wait_for_later() {
    if (later_.empty())
        return;
    later_timer_.expires_at(later_.front().at);
    later_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            do_later();
    });
}

void Discovery::do_later() {
    const auto now = Clock::now();
    while (!later_.empty() && later_.front().at <= now) {
        const auto due = later_.front();
        later_.erase(later_.begin());
        discover(due.entity);
        if (due.triggers_too)
            announce_triggers(due.entity);
    }
    wait_for_later();
}

// Triggers

void Discovery::send_trigger(EntityId device, std::string_view action) {
    const auto payload = catalogue_.trigger_payload(device, action);
    if (!payload.empty())
        send(catalogue_.node(device), trigger_component,
             std::string(trigger_prefix) + std::string(action), payload);
}

void Discovery::announce_trigger(EntityId device, std::string_view action) {
    if (catalogue_.wants_triggers(device) && records_[device].triggers.needs(action))
        send_trigger(device, action);
}

void Discovery::announce_triggers(EntityId device) {
    const auto found = records_.find(device);
    if (found == records_.end() || !catalogue_.wants_triggers(device))
        return;
    for (const auto& trigger : found->second.triggers.all())
        if (trigger.state != Triggers::State::outdated)
            send_trigger(device, trigger.action);
}

// What the broker holds

bool Discovery::receive(std::string_view topic, std::string_view payload, bool retained) {
    if (!topic.starts_with(prefix_))
        return false;
    if (phase_ == Phase::listening && retained && !payload.empty())
        take_in(topic.substr(prefix_.size()), payload);
    return true;
}

/// Whether this host, or another program in its place, wrote it: its topics begin with the base topic.
bool Discovery::is_ours(const json::value& message, bool is_trigger) const {
    const auto* object = message.if_object();
    if (!object)
        return false;
    const auto* topic = object->if_contains("topic");
    if (!is_trigger) {
        const auto* list = object->if_contains("availability");
        const auto* entries = list ? list->if_array() : nullptr;
        const auto* first = entries && !entries->empty() ? entries->front().if_object() : nullptr;
        topic = first ? first->if_contains("topic") : nullptr;
    }
    return topic && topic->is_string() && std::string_view(topic->get_string()).starts_with(base_);
}

void Discovery::take_in(std::string_view topic, std::string_view payload) {
    ConfigTopic parts;
    // Home Assistant may have thousands of others: look closer only where our topics are named.
    if (!parse_config_topic(topic, parts) || payload.find(base_) == payload.npos)
        return;
    boost::system::error_code error;
    const auto message = store::read_json(payload, error);
    const bool is_trigger = parts.component == trigger_component;
    if (error || !is_ours(message, is_trigger))
        return;
    const auto entity = catalogue_.entity_of_node(parts.node);
    bool is_wanted = entity && catalogue_.is_defined(*entity) && !catalogue_.is_excluded(*entity);
    if (is_wanted && is_trigger) {
        take_in_trigger(*entity, message, parts.object_id);
    } else if (is_wanted) {
        const auto text = store::sorted_json(message);
        is_wanted = records_[*entity].announced.seen(parts.component, parts.object_id,
                                                     Announced::hash_of(text));
    }
    if (is_wanted)
        return;
    log::debug(ns, "Clearing what is outdated: '{}{}'", prefix_, topic);
    broker_.publish(prefix_ + std::string(topic), "");
}

void Discovery::take_in_trigger(EntityId entity, const json::value& message,
                                std::string_view object_id) {
    if (!object_id.starts_with(trigger_prefix))
        return;
    const auto held = text_of(message.at("topic"));
    const bool is_current = held == base_ + catalogue_.name(entity) + "/action";
    records_[entity].triggers.seen(object_id.substr(trigger_prefix.size()),
                                   is_current ? Triggers::State::sent : Triggers::State::outdated);
}

/// The client had to give it up: said again when there is room.
bool Discovery::lost(std::string_view topic) {
    ConfigTopic parts;
    if (!topic.starts_with(prefix_))
        return false;
    if (!parse_config_topic(topic.substr(prefix_.size()), parts))
        return true;
    const auto entity = catalogue_.entity_of_node(parts.node);
    const auto found = entity ? records_.find(*entity) : records_.end();
    if (found == records_.end())
        return true;
    found->second.announced.lost(parts.component, parts.object_id);
    queue(*entity);
    return true;
}

}  // namespace waggle::bridge::homeassistant
