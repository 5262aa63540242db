#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "plugin/host_impl.hpp"
#include "plugin/setup.hpp"

/// Definitions for devices that no definition is for, see wg_generator.
namespace waggle::plugin {

namespace {

/// More would hold up the interview of a device that answers none of them.
constexpr std::uint32_t most_wanted = 64;

void append(Bytes& out, std::string_view text) {
    out.insert(out.end(), text.begin(), text.end());
    out.push_back(0);
}

void append(Bytes& out, const std::vector<ClusterId>& clusters) {
    ByteWriter writer(out);
    writer.u16(static_cast<std::uint16_t>(clusters.size()));
    for (const auto cluster : clusters)
        writer.u16(cluster);
}

/// All that a generator may look at: devices in which it is equal share a definition.
Bytes signature_of(std::uint32_t file, const Device& device, const wg_table& wanted) {
    Bytes out;
    ByteWriter writer(out);
    writer.u32(file);
    for (const auto& text : {device.model_id, device.manufacturer_name, device.power_source})
        append(out, text.value_or(""));
    writer.u8(static_cast<std::uint8_t>(device.type)).u16(device.manufacturer.value_or(0));
    for (const auto& [id, endpoint] : device.endpoints) {
        writer.u8(id).u16(endpoint.profile).u16(endpoint.device_id);
        append(out, endpoint.inputs);
        append(out, endpoint.outputs);
    }
    for (const auto& reading : Table<wg_reading>(wanted)) {
        const auto* endpoint = device.endpoint(reading.endpoint);
        const auto* value =
            endpoint ? endpoint->attribute(reading.cluster, reading.attribute) : nullptr;
        writer.u8(value ? static_cast<std::uint8_t>(value->type) : 0);
        if (value && !zcl::write_value(writer, *value))
            writer.u8(0);
    }
    return out;
}

}  // namespace

wg_table PluginHostImpl::wanted_by(const wg_generator& generator, Module& module,
                                   const Device& device) {
    wg_table wanted{};
    const auto handle = handle_of(EntityRef::device(device.ieee));
    const CallSite site{"generator", "wants", nullptr, device.ieee};
    module.call(site, [&] {
        wanted = generator.wants(handle);
        return WG_OK;
    });
    wanted.count = std::min(wanted.count, wanted.items ? most_wanted : 0);
    return wanted;
}

const wg_generator* PluginHostImpl::generator_of(std::uint32_t number) {
    const auto& provides = files[number].info.manifest.provides;
    if (std::find(provides.begin(), provides.end(), WG_EXTENSION_GENERATOR) == provides.end())
        return nullptr;
    auto* module = load(number);
    if (!module)
        return nullptr;
    const auto* generator =
        static_cast<const wg_generator*>(module->extension(WG_EXTENSION_GENERATOR));
    if (generator && WG_HAS(generator, wg_generator, release) && generator->define &&
        generator->wants && generator->release)
        return generator;
    log::error("plugin", "'{}' says that it provides {}, which it does not",
               files[number].info.path.string(), WG_EXTENSION_GENERATOR);
    std::erase(files[number].info.manifest.provides, WG_EXTENSION_GENERATOR);
    return nullptr;
}

std::shared_ptr<const Definition> PluginHostImpl::generate(const Device& device) {
    const auto handle = handle_of(EntityRef::device(device.ieee));
    std::erase_if(generated, [](const auto& item) { return item.second.expired(); });
    for (std::uint32_t number = 0; number < files.size(); ++number) {
        const auto* generator = generator_of(number);
        if (!generator)
            continue;
        const auto module = files[number].module;
        const wg_definition* data = nullptr;
        Bytes signature;
        {
            ScratchScope scope(scratch);
            signature = signature_of(number, device, wanted_by(*generator, *module, device));
            if (auto shared = generated[signature].lock())
                return shared;
            const CallSite site{"generator", "define", nullptr, device.ieee};
            module->call(site, [&] {
                data = generator->define(handle);
                return WG_OK;
            });
        }
        if (!data)
            continue;
        std::string problem;
        auto definition = Definition::check_generated(*data, *generator, module, problem);
        if (definition) {
            generated[signature] = *definition;
            return std::move(*definition);
        }
        log::error(module->log_name(), "What it made for {} cannot be used: {}",
                   services.friendly_name(EntityRef::device(device.ieee)), problem);
    }
    return nullptr;
}

std::vector<RadioRequest> PluginHostImpl::wanted_by_generators(const Device& device) {
    std::vector<wg_reading> unknown;
    for (std::uint32_t number = 0; number < files.size(); ++number) {
        const auto* generator = generator_of(number);
        if (!generator)
            continue;
        ScratchScope scope(scratch);
        const auto wanted = wanted_by(*generator, *files[number].module, device);
        for (const auto& reading : Table<wg_reading>(wanted)) {
            const auto* endpoint = device.endpoint(reading.endpoint);
            if (endpoint && !endpoint->attribute(reading.cluster, reading.attribute))
                unknown.push_back(reading);
        }
    }
    return Setup(device).readings(
        {unknown.data(), static_cast<std::uint32_t>(unknown.size()), sizeof(wg_reading)});
}

std::string PluginHost::source_for(const Device& device) {
    const auto handle = impl_->handle_of(EntityRef::device(device.ieee));
    for (std::uint32_t number = 0; number < impl_->files.size(); ++number) {
        const auto* generator = impl_->generator_of(number);
        if (!generator || !WG_HAS(generator, wg_generator, source) || !generator->source)
            continue;
        const auto module = impl_->files[number].module;
        ScratchScope scope(impl_->scratch);
        const char* text = nullptr;
        const CallSite site{"generator", "source", nullptr, device.ieee};
        module->call(site, [&] {
            text = generator->source(handle);
            return WG_OK;
        });
        if (text)
            return text;
    }
    return {};
}

Awaitable<bool> PluginHost::learn(Ieee ieee) {
    const auto* device = impl_->find_device(ieee);
    if (!device || device->type == DeviceType::coordinator || impl_->choose_definition(*device))
        co_return false;
    auto requests = impl_->wanted_by_generators(*device);
    const std::weak_ptr<int> alive = impl_->alive;
    bool learnt = false;
    for (auto& request : requests) {
        auto owned = std::move(request);
        const auto reply = co_await impl_->radio.perform(std::move(owned));
        if (alive.expired())
            co_return false;
        if (!reply.error)
            learnt = true;
        else
            log::debug("plugin", "{} does not tell what a definition for it could be made of: {}",
                       ieee.to_string(), reply.error.message());
    }
    co_return learnt;
}

}  // namespace waggle::plugin
