#include <cstdint>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "bridge/homeassistant/names.hpp"
#include "bridge/homeassistant/payload.hpp"
#include "store/json_read.hpp"
#include "store/json_text.hpp"

/// A topic or name from the broker or the user, and, where it is JSON, exposes and wishes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace ha = waggle::bridge::homeassistant;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    ha::ConfigTopic topic;
    (void)ha::parse_config_topic(text, topic);
    (void)ha::encoded_base_topic(text);

    ha::Subject subject;
    subject.node = subject.unique_id = "0x00158d0001020304";
    subject.name = ha::entity_id_part(text);
    subject.device["name"] = subject.name;
    ha::Site site;
    site.base_topic = "zigbee2mqtt";
    boost::system::error_code error;
    const auto value = waggle::store::read_json(text, error);
    const auto* exposes = error ? nullptr : value.if_array();
    if (!exposes)
        return 0;
    if (!exposes->empty())
        subject.overrides = exposes->front().if_object();
    ha::ExposeScope scope;
    scope.event_entities = scope.action_sensor = true;
    auto configs = ha::device_entities(*exposes, scope);
    for (auto& config : ha::group_entities({exposes, exposes}, scope))
        configs.push_back(std::move(config));
    ha::apply_choices(subject.overrides, configs);
    for (const auto& config : configs)
        (void)waggle::store::sorted_json(ha::complete_payload(config, subject, site, {"x"}));
    return 0;
}
