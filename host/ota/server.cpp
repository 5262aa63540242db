#include "ota/server.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/async.hpp"
#include "base/log.hpp"
#include "ota/session.hpp"
#include "ota/transfers.hpp"

namespace waggle::ota {

/// Waiting for a query. No value: the device has answered the notify with a default response.
struct Server::Asking {
    Asking(EndpointId of, const boost::asio::any_io_executor& executor)
        : endpoint(of), query(executor) {}
    EndpointId endpoint;
    OneShot<Query> query;
};

namespace {

constexpr std::string_view ns = "ota";
constexpr auto query_time = std::chrono::minutes(1);
constexpr auto resume_time = std::chrono::seconds(10);

const Endpoint* client_endpoint(const Device& device) {
    const auto has_client = [](const auto& entry) { return entry.second.has_output(ota_cluster); };
    const auto found = std::ranges::find_if(device.endpoints, has_client);
    return found == device.endpoints.end() ? nullptr : &found->second;
}

bool is_default_response(const zcl::Header& header, ByteView payload, Command command) {
    return header.type == zcl::FrameType::global &&
           header.command == static_cast<std::uint8_t>(zcl::Global::default_response) &&
           !payload.empty() && payload[0] == static_cast<std::uint8_t>(command);
}

template <class Request>
Request addressed(Request request, const ZclMessage& message, const zcl::Header& header) {
    request.endpoint = message.endpoint.id;
    request.sequence = header.sequence;
    return request;
}

}  // namespace

Server::Server(boost::asio::any_io_executor executor, Network& network, std::string record)
    : executor_(std::move(executor)),
      network_(&network),
      transfers_(std::make_unique<Transfers>(std::move(record))),
      tasks_(executor_) {
}

Server::~Server() = default;

bool Server::is_busy(Ieee ieee) const noexcept {
    return asking_.contains(ieee) || sessions_.contains(ieee);
}

void Server::stop() {
    for (const auto& [ieee, asking] : asking_)
        asking->query.fulfil(Errc::cancelled);
    for (const auto& [ieee, session] : sessions_)
        session->cancel();
    waiting_.clear();
    tasks_.cancel();
}

Awaitable<Outcome<Query>> Server::ask(Ieee ieee) {
    const auto* device = network_->find(ieee);
    const auto* endpoint = device ? client_endpoint(*device) : nullptr;
    if (!endpoint)
        co_return store::fail(
            fmt::format("No endpoint found with OTA cluster support for {}", ieee.to_string()));
    if (is_busy(ieee))
        co_return store::fail(fmt::format("OTA already in progress for {}", ieee.to_string()));
    const auto deadline = Clock::now() + query_time;
    const auto asking = std::make_shared<Asking>(endpoint->id, executor_);
    asking_[ieee] = asking;  // before sending: the query may overtake the radio's confirm
    ZclRequest notify(ieee, endpoint->id, image_notify());
    notify.policy = SendPolicy::immediate;
    const auto sent = co_await network_->request(std::move(notify));
    Result<Query> query = Errc::timed_out;
    if (!sent)
        query = sent.error();
    else
        query = co_await asking->query.within(deadline - Clock::now());
    asking_.erase(ieee);
    if (query)
        co_return *query;
    log::debug(ns, "{} did not answer to image notify: {}", ieee.to_string(),
               query.error().message());
    co_return store::fail("Device didn't respond to OTA request");
}

Awaitable<Result<void>> Server::answer(Ieee ieee, EndpointId endpoint, std::uint8_t sequence,
                                       zcl::Frame frame) {
    ZclRequest request(ieee, endpoint, std::move(frame));
    request.sequence = sequence;
    const auto sent = co_await network_->request(std::move(request));
    if (!sent)
        co_return sent.error();
    co_return Result<void>{};
}

Awaitable<Result<void>> Server::answer_no_image(Ieee ieee, Query query) {
    auto frame = no_image();
    co_return co_await answer(ieee, query.endpoint, query.sequence, std::move(frame));
}

Awaitable<Outcome<End>> Server::serve(Ieee ieee, Query query, StoredImage image,
                                      ServeOptions options, ProgressHandler progress) {
    Resume what{query, std::move(image), options};
    co_return co_await transfer(ieee, std::move(what), std::move(progress), true);
}

Awaitable<Outcome<End>> Server::resume(Ieee ieee, Resume what, ProgressHandler progress) {
    co_return co_await transfer(ieee, std::move(what), std::move(progress), false);
}

Awaitable<Outcome<End>> Server::transfer(Ieee ieee, Resume what, ProgressHandler progress,
                                         bool offer) {
    if (is_busy(ieee))
        co_return store::fail(fmt::format("OTA already in progress for {}", ieee.to_string()));
    if (sessions_.size() >= limit)
        co_return store::fail(fmt::format("{} updates are under way already", limit));
    auto reader = ImageReader::open(what.image);
    if (!reader)
        co_return reader.error();
    transfers_->begin(ieee, what);
    Session::Subject subject{ieee, what.query, std::move(what.image), what.options};
    const auto session = std::make_shared<Session>(executor_, *network_, std::move(subject),
                                                   std::move(*reader), std::move(progress));
    sessions_[ieee] = session;  // before the offer: the device may ask before the radio's confirm
    if (auto waiting = waiting_.extract(ieee); !offer && waiting) {
        if (const auto* block = std::get_if<BlockRequest>(&waiting.mapped().request))
            session->requested(*block);
        else
            session->ended(std::get<EndRequest>(waiting.mapped().request));
    }
    if (transfer_hook_)
        transfer_hook_();
    auto end = co_await session->run(offer);
    sessions_.erase(ieee);
    if (transfer_hook_)
        transfer_hook_();
    if (end || !session->may_go_on())
        transfers_->end(ieee);
    co_return end;
}

bool Server::abort(Ieee ieee) {
    if (const auto asking = asking_.find(ieee); asking != asking_.end()) {
        asking->second->query.fulfil(Errc::cancelled);
        return true;
    }
    const auto session = sessions_.find(ieee);
    if (session == sessions_.end())
        return false;
    session->second->abort();
    return true;
}

void Server::message(const ZclMessage& message) {
    if (message.cluster != ota_cluster || message.broadcast)
        return;
    ByteReader in(message.raw);
    const auto header = zcl::read_header(in);
    if (!header)
        return;
    auto& device = message.device;
    if (is_default_response(*header, in.rest(), Command::image_notify)) {
        const auto asking = asking_.find(device.ieee);
        if (asking != asking_.end() && asking->second->endpoint == message.endpoint.id)
            asking->second->query.fulfil(Errc::refused);
        return;
    }
    const bool is_request = header->type == zcl::FrameType::cluster &&
                            header->direction == zcl::Direction::client_to_server;
    if (!is_request)
        return;
    const auto command = static_cast<Command>(header->command);
    const bool page = command == Command::image_page_request;
    if (command == Command::query_next_image_request) {
        if (const auto query = read_query(in.rest()))
            query_received(device, addressed(*query, message, *header));
    } else if (page || command == Command::image_block_request) {
        if (const auto request = read_block_request(in.rest(), page))
            block_requested(device, addressed(*request, message, *header));
    } else if (command == Command::upgrade_end_request) {
        if (const auto request = read_end_request(in.rest()))
            end_requested(device, addressed(*request, message, *header));
    }
}

void Server::query_received(Device& device, const Query& query) {
    if (const auto asking = asking_.find(device.ieee); asking != asking_.end()) {
        if (asking->second->endpoint == query.endpoint)
            asking->second->query.fulfil(query);
        return;
    }
    if (const auto session = sessions_.find(device.ieee); session != sessions_.end())
        session->second->queried(query);
    else if (query_hook_)
        query_hook_(device, query);
}

void Server::block_requested(Device& device, const BlockRequest& request) {
    if (const auto session = sessions_.find(device.ieee); session != sessions_.end())
        return session->second->requested(request);
    ImageHeader wanted;
    wanted.manufacturer = request.manufacturer;
    wanted.image_type = request.image_type;
    wanted.file_version = request.file_version;
    const Waiting waiting{request, Clock::now() + resume_time};
    if (!keep_for_resume(device, waiting, wanted))
        refuse(device.ieee, request);
}

void Server::end_requested(Device& device, const EndRequest& request) {
    if (const auto session = sessions_.find(device.ieee); session != sessions_.end())
        return session->second->ended(request);
    ImageHeader wanted;
    wanted.manufacturer = request.manufacturer;
    wanted.image_type = request.image_type;
    wanted.file_version = request.file_version;
    const Waiting waiting{request, Clock::now() + resume_time};
    if (!keep_for_resume(device, waiting, wanted))
        log::debug(ns, "{} says that it has an image, but nothing is being served to it",
                   device.ieee.to_string());
}

bool Server::keep_for_resume(Device& device, const Waiting& waiting, const ImageHeader& image) {
    const auto known = waiting_.find(device.ieee);
    if (known != waiting_.end() && Clock::now() < known->second.until) {
        known->second.request = waiting.request;
        return true;
    }
    waiting_.erase(device.ieee);
    if (!resume_hook_)
        return false;
    const auto transfer =
        transfers_->find(device.ieee, image.manufacturer, image.image_type, image.file_version);
    if (!transfer)
        return false;
    waiting_[device.ieee] = waiting;
    if (resume_hook_(device, *transfer))
        return true;
    waiting_.erase(device.ieee);
    return false;
}

/// A device that nobody serves any more would ask for hours.
void Server::refuse(Ieee ieee, BlockRequest request) {
    if (tasks_.size() >= most_refusals)
        return;
    tasks_.spawn("abort of a transfer", [this, ieee, request]() -> Awaitable<void> {
        auto frame = block_aborted();
        const auto sent =
            co_await answer(ieee, request.endpoint, request.sequence, std::move(frame));
        if (!sent)
            log::debug(ns, "{} was not told to give up: {}", ieee.to_string(),
                       sent.error().message());
    });
}

void Server::device_announced(Device& device) {
    if (const auto session = sessions_.find(device.ieee); session != sessions_.end())
        session->second->announced();
}

void Server::device_left(Ieee ieee, NwkAddress) {
    device_gone(ieee);
}

void Server::device_removed(Ieee ieee, NwkAddress) {
    device_gone(ieee);
}

void Server::device_gone(Ieee ieee) {
    if (const auto asking = asking_.find(ieee); asking != asking_.end())
        asking->second->query.fulfil(Errc::not_found);
    if (const auto session = sessions_.find(ieee); session != sessions_.end())
        session->second->left();
    waiting_.erase(ieee);
    transfers_->end(ieee);
}

}  // namespace waggle::ota
