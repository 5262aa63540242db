#include "engine/output.hpp"

#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

void append_item(std::string& out, const json::value& value) {
    if (const auto* text = value.if_string())
        out.append(text->data(), text->size());
    else
        store::append_sorted_json(out, value);
}

void append_items(std::string& out, const json::array& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0)
            out += ',';
        append_item(out, items[i]);
    }
}

bool append_rgb(std::string& out, const json::object& color) {
    const auto *r = color.if_contains("r"), *g = color.if_contains("g"),
               *b = color.if_contains("b");
    if (!r || !g || !b)
        return false;
    append_item(out, *r);
    out += ',';
    append_item(out, *g);
    out += ',';
    append_item(out, *b);
    return true;
}

class AttributeWriter {
  public:
    AttributeWriter(Outbox& outbox, std::string_view name, const PublishOptions& options)
        : outbox_(outbox), options_(options), topic_(name) {}

    void write(const json::object& members, char separator) {
        const auto length = topic_.size();
        for (const auto& member : members) {
            topic_ += separator;
            topic_ += std::string_view(member.key());
            write_one(member.key(), member.value());
            topic_.resize(length);
        }
    }

  private:
    void write_one(std::string_view key, const json::value& value) {
        text_.clear();
        const auto* object = value.if_object();
        if (object && !(key == "color" && append_rgb(text_, *object)))
            return write(*object, '-');
        if (const auto* items = value.if_array())
            append_items(text_, *items);
        else if (!object && !value.is_null())
            append_item(text_, value);
        outbox_.publish(topic_, text_, options_);
    }

    Outbox& outbox_;
    const PublishOptions& options_;
    std::string topic_, text_;
};

}  // namespace

void send_state(Outbox& outbox, store::Output mode, std::string_view name,
                const json::object& message, std::string_view json, const PublishOptions& options) {
    if (mode != store::Output::attribute)
        outbox.publish(name, json, options);
    if (mode != store::Output::json)
        AttributeWriter(outbox, name, options).write(message, '/');
}

}  // namespace waggle::engine
