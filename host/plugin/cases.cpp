#include "plugin/cases.hpp"

#include <stdexcept>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "plugin/case_bench.hpp"
#include "store/json_read.hpp"

namespace waggle::plugin {

namespace json = boost::json;

namespace {

/// What a case finds.
struct CaseError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

json::array list_of(const json::object& step, std::string_view key) {
    const auto* list = step.if_contains(key);
    return list ? list->as_array() : json::array();
}

json::object object_of(const json::object& from, std::string_view key) {
    const auto* object = from.if_contains(key);
    return object ? object->as_object() : json::object();
}

void compare(const json::object& step, const StepResult& result) {
    if (result.published != list_of(step, "published"))
        throw CaseError(fmt::format("published {}", json::serialize(result.published)));

    auto wanted = list_of(step, "sent");
    for (auto& item : wanted)
        if (auto* frame = item.as_object().if_contains("frame"))
            *frame = plain_hex(frame->as_string());
    if (result.sent != wanted)
        throw CaseError(fmt::format("sent {}", json::serialize(result.sent)));

    const auto* error = step.if_contains("error");
    json::array errors;
    if (error)
        errors.push_back(*error);
    if (result.errors != errors)
        throw CaseError(fmt::format("said {}", json::serialize(result.errors)));
}

std::uint32_t version_of(const json::object& test) {
    const auto* version = test.if_contains("configuration_version");
    return version ? version->to_number<std::uint32_t>() : 0;
}

std::string run_case(const std::filesystem::path& plugin, const json::object& file,
                     const json::object& test) {
    std::size_t number = 0;
    try {
        CaseBench bench(plugin, version_of(test));
        if (const auto problem = bench.problem(); !problem.empty())
            throw CaseError(problem);
        bench.place(file.at("device").as_object(), object_of(test, "options"),
                    object_of(test, "state"));
        if (bench.model() != std::string_view(file.at("model").as_string()))
            throw CaseError(fmt::format("no definition {} matches the device",
                                        std::string_view(file.at("model").as_string())));
        for (const auto& step : test.at("steps").as_array()) {
            ++number;
            compare(step.as_object(), bench.run(step.as_object()));
        }
        return {};
    } catch (const std::exception& error) {
        return fmt::format("step {}: {}", number, error.what());
    }
}

}  // namespace

Result<std::vector<CaseResult>> run_cases(const std::filesystem::path& plugin,
                                          std::string_view case_file, std::string& problem) {
    boost::system::error_code error;
    const auto parsed = store::read_json(case_file, error);
    if (error) {
        problem = "the case file is no JSON: " + error.message();
        return Errc::malformed;
    }
    if (!parsed.is_object() || !parsed.get_object().contains("cases") ||
        !parsed.get_object().contains("device") || !parsed.get_object().contains("model")) {
        problem = "the case file needs device, model and cases";
        return Errc::malformed;
    }
    std::vector<CaseResult> results;
    try {
        for (const auto& test : parsed.at("cases").as_array()) {
            const auto& object = test.as_object();
            results.push_back({std::string(object.at("name").as_string()),
                               run_case(plugin, parsed.get_object(), object)});
        }
    } catch (const std::exception& wrong) {  // Boost.JSON's of a value that is another than meant
        problem = "case " + std::to_string(results.size() + 1) + ": " + wrong.what();
        return Errc::malformed;
    }
    return results;
}

struct Converter::Impl {
    std::filesystem::path plugin;
    std::uint32_t version = 0;
    std::unique_ptr<CaseBench> bench;
};

Converter::Converter(const std::filesystem::path& plugin) : impl_(new Impl{plugin, 0, nullptr}) {
}
Converter::~Converter() = default;

std::string Converter::run(std::string_view line) {
    json::object result;
    try {
        boost::system::error_code error;
        const auto parsed = store::read_json(line, error);
        if (error)
            throw CaseError("no JSON: " + error.message());
        const auto& wanted = parsed.as_object();
        if (const auto* id = wanted.if_contains("id"))
            result["id"] = *id;
        if (!impl_->bench || impl_->version != version_of(wanted))
            impl_->bench = std::make_unique<CaseBench>(impl_->plugin, version_of(wanted));
        impl_->version = version_of(wanted);
        auto& bench = *impl_->bench;
        if (const auto problem = bench.problem(); !problem.empty())
            throw CaseError(problem);
        bench.place(wanted.at("device").as_object(), object_of(wanted, "options"),
                    object_of(wanted, "state"));
        for (const auto& [key, value] : bench.definition())
            result[key] = value;
        if (bench.model().empty())
            throw CaseError("no definition");
        json::array steps;
        for (const auto& step : wanted.at("steps").as_array()) {
            auto outcome = bench.run(step.as_object());
            json::object item;
            item["published"] = std::move(outcome.published);
            item["sent"] = std::move(outcome.sent);
            if (!outcome.errors.empty())
                item["errors"] = std::move(outcome.errors);
            steps.push_back(std::move(item));
        }
        result["steps"] = std::move(steps);
        result["power_source"] = bench.power_source();
    } catch (const std::exception& error) {
        result["error"] = error.what();
    }
    return json::serialize(result);
}

}  // namespace waggle::plugin
