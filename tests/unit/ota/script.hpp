#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ota/catalogue.hpp"
#include "ota/server.hpp"

/// Where images come from and who serves them, as the test says: each call is noted and answered with
/// what stands here, at once or when it is let go on.
namespace waggle::test {

class OtaScript final : public ota::ImageSource, public ota::ImageServer {
  public:
    explicit OtaScript(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {
        query.endpoint = 1;
        query.sequence = 7;
        query.manufacturer = 0x115F;
        query.image_type = 0x0101;
        query.file_version = 21;
    }

    ota::Query query;
    ota::Found found;
    ota::StoredImage image;
    std::optional<std::string> ask_fails, find_fails, obtain_fails, serve_fails;
    std::vector<ota::Progress> progress;  ///< told while an image is served
    bool holds_asking = false, holds_finding = false, holds_serving = false;
    ota::DeviceFacts facts;
    ota::Wish wish;
    ota::IndexLocations locations;
    ota::ServeOptions options;
    std::vector<std::string> log;

    /// There is an image of this version.
    void offer(std::uint32_t version) {
        ota::IndexEntry entry;
        entry.url = "http://images/x.ota";
        entry.file_version = version;
        entry.release_notes = "Better";
        found.best = entry;
        found.available = true;
        image.header.file_version = version;
    }
    /// Lets what is held go on.
    void release() {
        for (const auto& waiting : std::exchange(held_, {}))
            waiting.fulfil(0);
    }
    std::string lines() {
        std::string text;
        for (const auto& line : std::exchange(log, {}))
            text += (text.empty() ? "" : ", ") + line;
        return text;
    }

    Awaitable<ota::Outcome<ota::Query>> ask(Ieee) override {
        log.emplace_back("ask");
        if (holds_asking) {
            const auto hold = held();
            const auto let_go = co_await hold.within(std::chrono::hours(1));
            if (!let_go || aborted_)
                co_return store::fail("cancelled");
        }
        if (ask_fails)
            co_return store::fail(*ask_fails);
        co_return query;
    }
    Awaitable<Result<void>> answer_no_image(Ieee, ota::Query to) override {
        log.push_back(fmt::format("no image {}", to.sequence));
        co_return Result<void>{};
    }
    Awaitable<ota::Outcome<ota::Found>> find(ota::DeviceFacts whose, ota::Wish wanted,
                                             ota::IndexLocations where,
                                             std::stop_token abort) override {
        log.emplace_back("find");
        facts = whose;
        wish = wanted;
        locations = where;
        if (holds_finding) {
            const auto hold = held();
            const std::stop_callback cut(abort, [&hold] { hold.fulfil(Errc::cancelled); });
            const auto let_go = co_await hold.within(std::chrono::hours(1));
            if (!let_go)
                co_return store::fail("killed");
        }
        if (find_fails)
            co_return store::fail(*find_fails);
        co_return found;
    }
    Awaitable<ota::Outcome<ota::StoredImage>> obtain(ota::IndexEntry entry,
                                                     std::stop_token) override {
        log.push_back("obtain " + entry.url);
        if (obtain_fails)
            co_return store::fail(*obtain_fails);
        co_return image;
    }
    Awaitable<ota::Outcome<ota::End>> serve(Ieee ieee, ota::Query to, ota::StoredImage what,
                                            ota::ServeOptions how,
                                            ota::ProgressHandler tell) override {
        log.push_back(fmt::format("serve {}", to.sequence));
        options = how;
        co_return co_await deliver(ieee, std::move(what), std::move(tell));
    }
    Awaitable<ota::Outcome<ota::End>> resume(Ieee ieee, ota::Resume what,
                                             ota::ProgressHandler tell) override {
        log.push_back(fmt::format("resume {}", what.query.sequence));
        co_return co_await deliver(ieee, std::move(what.image), std::move(tell));
    }
    bool abort(Ieee ieee) override {
        log.emplace_back("abort");
        if (holds_asking) {
            aborted_ = true;
            release();
            return true;
        }
        if (served_ != ieee)
            return false;
        serve_fails = "OTA for device was aborted";
        release();
        return true;
    }

  private:
    OneShot<int> held() {
        held_.emplace_back(executor_);
        return held_.back();
    }
    Awaitable<ota::Outcome<ota::End>> deliver(Ieee ieee, ota::StoredImage what,
                                              ota::ProgressHandler tell) {
        served_ = ieee;
        for (const auto& step : progress)
            tell(step);
        if (holds_serving) {
            const auto hold = held();
            const auto let_go = co_await hold.within(std::chrono::hours(100));
            if (!let_go)
                co_return store::fail("nobody let it go on");
        }
        served_ = Ieee();
        if (serve_fails)
            co_return store::fail(*std::exchange(serve_fails, std::nullopt));
        ota::End end;
        end.file_version = what.header.file_version;
        co_return end;
    }

    boost::asio::any_io_executor executor_;
    std::vector<OneShot<int>> held_;
    Ieee served_;
    bool aborted_ = false;
};

}  // namespace waggle::test
