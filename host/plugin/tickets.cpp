#include <algorithm>

#include "base/log.hpp"
#include "plugin/host_impl.hpp"
#include "plugin/requests.hpp"

/// Requests and timers of plugins: each ends exactly once.
namespace waggle::plugin {
namespace {

constexpr std::size_t most_requests_an_entity = 64;
constexpr std::size_t most_timers = 1024;

wg_status status_of_refusal(const boost::system::error_code& error) noexcept {
    return error == Errc::unsupported ? WG_UNSUPPORTED : WG_INVALID;
}

}  // namespace

wg_status PluginHostImpl::start_request(Module& module, const wg_request& request,
                                        wg_completion done, void* user, wg_ticket* ticket) {
    const auto* entity = entity_of(request.entity);
    if (!entity)
        return WG_NOT_FOUND;
    const auto under_way = std::count_if(tickets.begin(), tickets.end(), [&](const auto& item) {
        return !item.second.timer && item.second.module.get() == &module &&
               item.second.entity == request.entity;
    });
    if (static_cast<std::size_t>(under_way) >= most_requests_an_entity || stopping)
        return WG_BUSY;
    std::string problem;
    auto radio_request = to_radio(request, *entity, problem);
    if (!radio_request) {
        module.set_error(problem);
        return status_of_refusal(radio_request.error());
    }
    if (!entity->is_group() && radio_request->endpoint == 0) {
        const auto* device = find_device(entity->ieee);
        const auto* with = bound_of(request.entity);
        if (!device || !with)
            return WG_NOT_FOUND;
        radio_request->endpoint = with->definition().default_endpoint(*device);
    }

    const auto number = ++last_number;
    Ticket entry;
    entry.module = module.shared_from_this();
    entry.entity = request.entity;
    entry.completion = done;
    entry.user = user;
    entry.request_kind = request.kind;
    tickets.emplace(number, std::move(entry));
    if (ticket)
        *ticket = number;

    const auto owned = std::make_shared<RadioRequest>(std::move(*radio_request));
    const std::weak_ptr<int> living = alive;
    tasks.spawn("plugin request", [this, living, number, owned]() -> Awaitable<void> {
        auto moved = std::move(*owned);
        const auto reply = co_await radio.perform(std::move(moved));
        if (!living.expired())
            complete(number, reply);
    });
    return WG_OK;
}

void PluginHostImpl::complete(wg_ticket number, const RadioReply& reply) {
    const auto found = tickets.find(number);
    if (found == tickets.end())
        return;  // given up meanwhile
    const auto ticket = std::move(found->second);
    tickets.erase(found);
    if (!ticket.completion || !ticket.module->is_active())
        return;
    ScratchScope scope(scratch);
    std::string text;
    const auto view = to_wg(reply, ticket.request_kind, scratch, text);
    const auto* entity = entity_of(ticket.entity);
    const auto device = entity ? entity->ieee : Ieee();
    ticket.module->call({"completion", {}, nullptr, device}, [&] {
        ticket.completion(&view, ticket.user);
        return WG_OK;
    });
}

void PluginHostImpl::complete_cancelled(wg_ticket number) {
    const auto found = tickets.find(number);
    if (found == tickets.end())
        return;
    if (found->second.timer) {
        tickets.erase(found);
        return;
    }
    complete(number, RadioReply(Errc::cancelled));
}

wg_status PluginHostImpl::start_timer(Module& module, wg_entity entity, std::uint32_t delay_ms,
                                      void (*run)(void*), void* user, wg_ticket* ticket) {
    if (!run)
        return WG_INVALID;
    if (entity != 0 && !entity_of(entity))
        return WG_NOT_FOUND;
    const auto running = std::count_if(tickets.begin(), tickets.end(), [&](const auto& item) {
        return item.second.timer && item.second.module.get() == &module;
    });
    if (static_cast<std::size_t>(running) >= most_timers || stopping)
        return WG_BUSY;

    const auto number = ++last_number;
    Ticket entry;
    entry.module = module.shared_from_this();
    entry.entity = entity;
    entry.run = run;
    entry.user = user;
    entry.timer = std::make_unique<Timer>(executor, std::chrono::milliseconds(delay_ms));
    entry.timer->async_wait([this, number, weak = std::weak_ptr(alive)](const auto& error) {
        if (!error && !weak.expired())
            fire(number);
    });
    tickets.emplace(number, std::move(entry));
    if (ticket)
        *ticket = number;
    return WG_OK;
}

void PluginHostImpl::fire(wg_ticket number) {
    const auto found = tickets.find(number);
    if (found == tickets.end())
        return;
    const auto ticket = std::move(found->second);
    tickets.erase(found);
    if (!ticket.module->is_active())
        return;
    ScratchScope scope(scratch);
    const auto* entity = entity_of(ticket.entity);
    const auto device = entity ? entity->ieee : Ieee();
    ticket.module->call({"timer", {}, nullptr, device}, [&] {
        ticket.run(ticket.user);
        return WG_OK;
    });
}

/// Soon, not now: the plugin may be in the middle of what its completion changes.
void PluginHostImpl::cancel(const Module& module, wg_ticket number) {
    const auto found = tickets.find(number);
    if (found == tickets.end() || found->second.module.get() != &module)
        return;
    if (found->second.timer) {
        tickets.erase(found);
        return;
    }
    boost::asio::post(executor, [this, number, weak = std::weak_ptr(alive)] {
        if (!weak.expired())
            complete_cancelled(number);
    });
}

}  // namespace waggle::plugin
