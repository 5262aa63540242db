#pragma once

#include <algorithm>

#include <waggle/definition.hpp>

/// From a Definition to what the host reads: arrays of C structs that live as long as the definition,
/// and the functions through which the host calls its converters. No exception leaves them.
#pragma GCC visibility push(hidden)
namespace waggle {
namespace detail {

/// Runs what the author wrote; what it throws becomes a status and a sentence.
template <class Function>
wg_status guarded(Function&& function) noexcept {
    try {
        function();
        return WG_OK;
    } catch (const Refused& refused) {
        host->error(host, to_wg(refused.what()));
        return WG_INVALID;
    } catch (const std::exception& thrown) {
        host->error(host, to_wg(thrown.what()));
    } catch (...) {
        host->error(host, to_wg("it threw something that is no std::exception"));
    }
    return WG_ERROR;
}

inline wg_status call_from_device(const wg_message* message, wg_sink* sink, const void* user) {
    return guarded([&] {
        Publisher out(sink, message->device);
        static_cast<const FromDevice*>(user)->convert(Message(*message), out);
    });
}
inline wg_status call_set(const wg_set* set, const void* user) {
    return guarded([&] { static_cast<const ToDevice*>(user)->set(Set(*set)); });
}
inline wg_status call_get(const wg_set* set, const void* user) {
    return guarded([&] { static_cast<const ToDevice*>(user)->get(Set(*set)); });
}
inline wg_status call_configure(wg_entity device, wg_call call, const void* user) {
    return guarded([&] { (*static_cast<const Configure*>(user))(Device(device), Answer(call)); });
}
inline wg_status call_event(const wg_event* event, const void* user) {
    return guarded([&] { static_cast<const EventHandler*>(user)->handle(*event); });
}

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
}

/// Own exposes first, then the extensions'; every `action` taken out, their values joined without
/// repetition, and one put at the end: zigbee2mqtt's order for what is made of extensions.
inline std::vector<Expose> actions_last(std::vector<Expose> exposes) {
    std::vector<Expose> result;
    std::optional<Expose> action;
    for (auto& expose : exposes) {
        if (expose.name != "action") {
            result.push_back(std::move(expose));
            continue;
        }
        if (!action) {
            action = std::move(expose);
            continue;
        }
        for (auto& value : expose.values) {
            const auto is_same = [&](const Value& known) { return known == value; };
            if (std::none_of(action->values.begin(), action->values.end(), is_same))
                action->values.push_back(std::move(value));
        }
    }
    if (action) {  // one of them all, so that what it says is true of all
        action->description = "Triggered action (e.g. a button click)";
        action->category = Category::diagnostic;
        result.push_back(std::move(*action));
    }
    return result;
}

/// Takes the extensions apart; afterwards the definition is complete in itself.
inline void merge_extensions(Definition& definition) {
    const bool as_written = definition.expose_order == ExposeOrder::as_written;
    auto own_exposes = std::move(definition.exposes);
    std::vector<Expose> exposes;
    if (!as_written)
        append(exposes, own_exposes);
    for (auto& part : definition.extend) {
        append(exposes, part.exposes);
        append(definition.from_device, part.from_device);
        append(definition.to_device, part.to_device);
        append(definition.configure, part.configure);
        append(definition.events, part.events);
        append(definition.bindings, part.bindings);
        append(definition.reportings, part.reportings);
        append(definition.readings, part.readings);
        append(definition.exposes_if, part.exposes_if);
        append(definition.traits, part.traits);
        definition.quirks.forgets_reporting |= part.forgets_reporting;
        if (!part.power_source_if_unknown.empty() && definition.quirks.power_source.empty()) {
            definition.quirks.power_source = std::move(part.power_source_if_unknown);
            definition.quirks.power_source_if_unknown = true;
        }
        append(definition.quirks.clusters, part.cluster_edits);
        for (auto& option : part.options) {
            const auto is_same = [&](const Option& known) {
                return known.expose.name == option.expose.name;
            };
            if (std::none_of(definition.options.begin(), definition.options.end(), is_same))
                definition.options.push_back(std::move(option));
        }
        if (part.ota)
            definition.ota = std::move(part.ota);
    }
    std::stable_partition(definition.options.begin(), definition.options.end(),
                          [](const Option& option) { return !option.of_reports; });
    append(exposes, own_exposes);
    definition.exposes = as_written || definition.extend.empty() ? std::move(exposes)
                                                                 : actions_last(std::move(exposes));
    definition.extend.clear();
}

/// A definition in the form that crosses the border, with everything it points to.
class Built {
  public:
    explicit Built(Definition definition) : source_(std::move(definition)) {
        merge_extensions(source_);
        data_.size = sizeof data_;
        describe();
        converters();
        setup();
    }
    Built(const Built&) = delete;
    Built& operator=(const Built&) = delete;
    const wg_definition& data() const noexcept { return data_; }

  private:
    template <class T>
    wg_table table(std::vector<T> items) {
        if (items.empty())
            return {};
        auto kept = std::make_shared<const std::vector<T>>(std::move(items));
        const wg_table result{kept->data(), static_cast<std::uint32_t>(kept->size()), sizeof(T)};
        kept_.push_back(std::move(kept));
        return result;
    }
    wg_table texts(const std::vector<std::string>& list) {
        std::vector<wg_str> out;
        for (const auto& text : list)
            out.push_back(to_wg(text));
        return table(std::move(out));
    }
    wg_value value(const Value& of) { return values_.encode(of); }

    wg_expose expose(const Expose& from) {
        wg_expose out{};
        out.size = sizeof out;
        out.type = static_cast<wg_expose_type>(from.type);
        out.name = to_wg(from.name);
        out.label = to_wg(from.label);
        out.property = to_wg(from.property);
        out.description = to_wg(from.description);
        out.endpoint = to_wg(from.endpoint);
        out.unit = to_wg(from.unit);
        out.access = static_cast<std::uint32_t>(from.access);
        out.category = static_cast<wg_category>(from.category);
        number(from.min, out.value_min, WG_HAS_MIN, out.present);
        number(from.max, out.value_max, WG_HAS_MAX, out.present);
        number(from.step, out.value_step, WG_HAS_STEP, out.present);
        number(from.length_min, out.length_min, WG_HAS_LENGTH_MIN, out.present);
        number(from.length_max, out.length_max, WG_HAS_LENGTH_MAX, out.present);
        out.value_on = value(from.value_on);
        out.value_off = value(from.value_off);
        out.value_toggle = value(from.value_toggle);
        std::vector<wg_value> choices;
        for (const auto& choice : from.values)
            choices.push_back(value(choice));
        out.values = table(std::move(choices));
        std::vector<wg_preset> presets;
        for (const auto& preset : from.presets)
            presets.push_back({to_wg(preset.name), value(preset.value), to_wg(preset.description)});
        out.presets = table(std::move(presets));
        out.features = exposes(from.features);
        out.homeassistant =
            from.homeassistant.empty() ? wg_null() : values_.object(from.homeassistant);
        return out;
    }
    template <class T>
    static void number(const std::optional<T>& from, T& to, std::uint32_t bit,
                       std::uint32_t& present) {
        if (!from)
            return;
        to = *from;
        present |= bit;
    }
    wg_table exposes(const std::vector<Expose>& list) {
        std::vector<wg_expose> out;
        for (const auto& item : list)
            out.push_back(expose(item));
        return table(std::move(out));
    }
    wg_table options() {
        std::vector<wg_option> out;
        for (const auto& option : source_.options) {
            const auto exposed = table(std::vector<wg_expose>{expose(option.expose)});
            out.push_back({static_cast<const wg_expose*>(exposed.items),
                           value(option.default_value), option.newer_from_version, 0,
                           value(option.newer_default)});
        }
        return table(std::move(out));
    }

    wg_endpoint_match endpoint_match(const EndpointMatch& from) {
        wg_endpoint_match out{};
        out.id = from.id;
        out.has_profile = from.profile.has_value();
        out.profile = from.profile.value_or(0);
        out.has_device_id = from.device_id.has_value();
        out.device_id = from.device_id.value_or(0);
        out.has_inputs = from.inputs.has_value();
        out.has_outputs = from.outputs.has_value();
        if (from.inputs)
            out.inputs = table(*from.inputs);
        if (from.outputs)
            out.outputs = table(*from.outputs);
        return out;
    }
    wg_table fingerprints(const std::vector<Fingerprint>& list) {
        std::vector<wg_fingerprint> out;
        for (const auto& from : list) {
            auto& to = out.emplace_back();
            to.size = sizeof to;
            to.priority = from.priority;
            to.model_id = to_wg(from.model_id);
            to.manufacturer_name = to_wg(from.manufacturer_name);
            to.power_source = to_wg(from.power_source);
            to.date_code = to_wg(from.date_code);
            to.software_build_id = to_wg(from.software_build_id);
            to.device_type = to_wg(from.device_type);
            to.ieee_pattern = to_wg(from.ieee_pattern);
            to.manufacturer = from.manufacturer;
            to.hardware_version = from.hardware_version;
            to.application_version = from.application_version;
            to.stack_version = from.stack_version;
            to.zcl_version = from.zcl_version;
            std::vector<wg_endpoint_match> endpoints;
            for (const auto& endpoint : from.endpoints)
                endpoints.push_back(endpoint_match(endpoint));
            to.endpoints = table(std::move(endpoints));
        }
        return table(std::move(out));
    }

    /// With those whose options are set; before the action, which stands last.
    static wg_table exposes_of(wg_entity device, const void* user) {
        auto& self = *static_cast<Built*>(const_cast<void*>(user));
        wg_table result = self.data_.exposes;
        guarded([&] {
            const auto* first = static_cast<const wg_expose*>(result.items);
            auto& shown = self.shown_;
            shown.assign(first, first + result.count);
            auto place = shown.end();
            if (!shown.empty() && view(shown.back().name) == "action")
                --place;
            std::vector<wg_expose> more;
            for (std::size_t i = 0; i < self.optional_exposes_.size(); ++i)
                if (Device(device).option(self.source_.exposes_if[i].option, false))
                    more.push_back(self.optional_exposes_[i]);
            shown.insert(place, more.begin(), more.end());
            result = {shown.data(), static_cast<std::uint32_t>(shown.size()), sizeof(wg_expose)};
        });
        return result;
    }

    void describe() {
        data_.revision = source_.revision;
        data_.model = to_wg(source_.model);
        data_.vendor = to_wg(source_.vendor);
        data_.description = to_wg(source_.description);
        data_.icon = to_wg(source_.icon);
        data_.zigbee_models = texts(source_.zigbee_models);
        data_.manufacturer_names = texts(source_.manufacturer_names);
        data_.fingerprints = fingerprints(source_.fingerprints);
        std::vector<wg_white_label> labels;
        for (const auto& label : source_.white_labels)
            labels.push_back({sizeof(wg_white_label), 0, to_wg(label.vendor), to_wg(label.model),
                              to_wg(label.description), fingerprints(label.fingerprints)});
        data_.white_labels = table(std::move(labels));
        data_.exposes = exposes(source_.exposes);
        if (!source_.exposes_if.empty()) {
            for (const auto& item : source_.exposes_if)
                optional_exposes_.push_back(expose(item.expose));
            data_.exposes_of = exposes_of;
            data_.exposes_user = this;
        }
        data_.options = options();
        std::vector<wg_endpoint_name> names;
        for (const auto& endpoint : source_.endpoints)
            names.push_back({to_wg(endpoint.name), endpoint.id, {}});
        data_.endpoints = table(std::move(names));
        data_.unsuffixed = texts(source_.unsuffixed);
        std::vector<wg_note> notes;
        for (const auto& note : source_.notes)
            notes.push_back({to_wg(note.option), to_wg(note.text)});
        data_.notes = table(std::move(notes));
        data_.meta = source_.traits.empty() ? wg_null() : values_.object(source_.traits);
    }

    /// The endpoints that a part is for: by name where names are given.
    std::vector<std::uint8_t> ids(std::uint8_t id, const std::vector<std::string>& names) const {
        if (names.empty())
            return {id};
        std::vector<std::uint8_t> result;
        for (const auto& endpoint : source_.endpoints)
            if (std::find(names.begin(), names.end(), endpoint.name) != names.end())
                result.push_back(endpoint.id);
        return result;
    }

    void converters() {
        std::vector<wg_from_device> from;
        for (const auto& row : source_.from_device)
            for (const auto endpoint : ids(row.endpoint, row.endpoints))
                from.push_back({row.cluster,
                                row.command,
                                endpoint,
                                {},
                                static_cast<std::uint32_t>(row.kinds),
                                0,
                                to_wg(row.name),
                                call_from_device,
                                &row});
        data_.from_device = table(std::move(from));
        std::vector<wg_to_device> to;
        for (const auto& row : source_.to_device)
            to.push_back({texts(row.keys), texts(row.endpoints),
                          row.keys.empty() ? wg_str{} : to_wg(row.keys.front()),
                          row.set ? call_set : nullptr, row.get ? call_get : nullptr, &row});
        data_.to_device = table(std::move(to));
        std::vector<wg_configure> steps;
        for (const auto& step : source_.configure)
            steps.push_back({call_configure, &step});
        data_.configure = table(std::move(steps));
        std::vector<wg_event_handler> handlers;
        for (const auto& handler : source_.events)
            handlers.push_back({handler.events, 0, call_event, &handler});
        data_.events = table(std::move(handlers));
    }

    void setup() {
        std::vector<wg_binding> bindings;
        for (const auto& binding : source_.bindings)
            for (const auto endpoint : ids(binding.endpoint, binding.endpoints))
                bindings.push_back({binding.cluster, endpoint, {}});
        data_.bindings = table(std::move(bindings));
        std::vector<wg_reporting> reportings;
        for (const auto& item : source_.reportings)
            for (const auto endpoint : ids(item.endpoint, item.endpoints))
                reportings.push_back({item.cluster, item.attribute, item.manufacturer, endpoint,
                                      static_cast<std::uint8_t>(item.type), item.minimum,
                                      item.maximum, 0, item.change});
        data_.reportings = table(std::move(reportings));
        std::vector<wg_reading> readings;
        for (const auto& item : source_.readings)
            for (const auto endpoint : ids(item.endpoint, item.endpoints))
                readings.push_back({item.cluster, item.attribute, item.manufacturer, endpoint,
                                    std::uint8_t(item.joined ? WG_READING_JOINED : 0)});
        data_.readings = table(std::move(readings));
        quirks();
        if (source_.ota) {
            ota_ = {sizeof ota_,
                    source_.ota->block_timeout_s,
                    to_wg(source_.ota->model_id),
                    to_wg(source_.ota->manufacturer_name),
                    to_wg(source_.ota->header_string),
                    source_.ota->hardware_version_min,
                    source_.ota->hardware_version_max,
                    source_.ota->maximum_data_size,
                    std::uint8_t(source_.ota->device_chooses_size ? WG_OTA_DEVICE_CHOOSES_SIZE : 0),
                    {}};
            data_.ota = &ota_;
        }
    }

    void quirks() {
        const auto& quirks = source_.quirks;
        if (source_.multi_endpoint)
            data_.flags |= WG_DEFINITION_MULTI_ENDPOINT;
        if (quirks.no_default_response)
            data_.flags |= WG_DEFINITION_NO_DEFAULT_RESPONSE;
        if (quirks.send_no_default_response)
            data_.flags |= WG_DEFINITION_SEND_NO_DEFAULT_RESPONSE;
        if (quirks.device_type == DeviceType::router)
            data_.device_type = to_wg("Router");
        if (quirks.device_type == DeviceType::end_device)
            data_.device_type = to_wg("EndDevice");
        data_.power_source = to_wg(quirks.power_source);
        if (quirks.forgets_reporting)
            data_.flags |= WG_DEFINITION_FORGETS_REPORTING;
        if (quirks.relays_as_group)
            data_.flags |= WG_DEFINITION_RELAYS_AS_GROUP;
        if (quirks.interview_may_fail)
            data_.flags |= WG_DEFINITION_INTERVIEW_MAY_FAIL;
        if (quirks.power_source_if_unknown)
            data_.flags |= WG_DEFINITION_POWER_SOURCE_IF_UNKNOWN;
        data_.request_timeout_ms = quirks.request_timeout_ms;
        data_.checkin_interval_s = quirks.checkin_interval_s;
        std::vector<wg_cluster_edit> edits;
        for (const auto& edit : quirks.clusters) {
            const bool input = edit.direction == Direction::input;
            const wg_cluster_edit_kind kind = edit.remove
                                                  ? (input ? WG_REMOVE_INPUT : WG_REMOVE_OUTPUT)
                                                  : (input ? WG_ADD_INPUT : WG_ADD_OUTPUT);
            edits.push_back({kind, edit.cluster, edit.endpoint, 0});
        }
        data_.cluster_edits = table(std::move(edits));
    }

    Definition source_;
    wg_definition data_{};
    std::vector<wg_expose> optional_exposes_, shown_;
    wg_ota ota_{};
    Encoded values_;
    std::vector<std::shared_ptr<const void>> kept_;
};

}  // namespace detail
}  // namespace waggle
#pragma GCC visibility pop
