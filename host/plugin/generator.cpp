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

}  // namespace

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
    for (std::uint32_t number = 0; number < files.size(); ++number) {
        const auto* generator = generator_of(number);
        if (!generator)
            continue;
        const auto module = files[number].module;
        const wg_definition* data = nullptr;
        {
            ScratchScope scope(scratch);
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
        if (definition)
            return std::move(*definition);
        log::error(module->log_name(), "What it made for {} cannot be used: {}",
                   services.friendly_name(EntityRef::device(device.ieee)), problem);
    }
    return nullptr;
}

std::vector<RadioRequest> PluginHostImpl::wanted_by_generators(const Device& device) {
    const auto handle = handle_of(EntityRef::device(device.ieee));
    std::vector<wg_reading> unknown;
    for (std::uint32_t number = 0; number < files.size(); ++number) {
        const auto* generator = generator_of(number);
        if (!generator)
            continue;
        wg_table wanted{};
        ScratchScope scope(scratch);
        const CallSite site{"generator", "wants", nullptr, device.ieee};
        files[number].module->call(site, [&] {
            wanted = generator->wants(handle);
            return WG_OK;
        });
        wanted.count = std::min(wanted.count, wanted.items ? most_wanted : 0);
        for (const auto& reading : Table<wg_reading>(wanted)) {
            const auto* endpoint = device.endpoint(reading.endpoint);
            if (endpoint && !endpoint->attribute(reading.cluster, reading.attribute))
                unknown.push_back(reading);
        }
    }
    return Setup(device).readings(
        {unknown.data(), static_cast<std::uint32_t>(unknown.size()), sizeof(wg_reading)});
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
