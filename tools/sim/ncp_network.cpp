// Start, formation, and what of them stands in the co-processor's memory.
#include <algorithm>
#include <random>

#include "ncp.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint8_t clear_config = 0x01, clear_state = 0x02;
constexpr std::uint8_t nib_state_router = 8;
constexpr std::uint32_t counter_step_at_boot = 1250;  // MAX_NWK_FRAMECOUNTER_CHANGES
constexpr std::uint16_t no_pan = 0xFFFF;

Bytes number_bytes(std::uint64_t value, std::size_t size) {
    Bytes bytes;
    for (std::size_t i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return bytes;
}

Bytes random_bytes(std::size_t size) {
    static std::random_device source;
    Bytes bytes(size);
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(source());
    return bytes;
}

std::uint64_t item_number(const NvMemory& nv, std::uint16_t id) {
    const Bytes* item = nv.find(id);
    std::uint64_t number = 0;
    for (std::size_t i = 0; item && i < item->size() && i < 8; ++i)
        number |= static_cast<std::uint64_t>((*item)[i]) << (8 * i);
    return number;
}

struct Default {
    std::uint16_t id;
    std::uint64_t value;
    std::uint8_t size;
};

/// Configuration items that exist from the first start on.
constexpr Default defaults[] = {
    {nv::boot_counter, 0, 2},
    {nv::startup_option, 0, 1},
    {nv::start_delay, 10, 1},
    {nv::stack_profile, 2, 1},
    {nv::extended_pan_id, 0, 8},
    {nv::concentrator_enable, 1, 1},
    {nv::aps_use_ext_panid, 0, 8},
    {nv::security_level, 5, 1},
    {nv::precfgkeys_enable, 1, 1},
    {nv::security_mode, 1, 1},
    {nv::use_default_tclk, 1, 1},
    {nv::panid, no_pan, 2},
    {nv::chanlist, 0x0800, 4},
    {nv::scan_duration, 4, 1},
    {nv::logical_type, 0, 1},
    {nv::zdo_direct_cb, 0, 1},
    {nv::trust_center_addr, ~std::uint64_t{0}, 8},
};

constexpr std::uint8_t default_key[] = {1, 3, 5, 7, 9, 11, 13, 15, 0, 2, 4, 6, 8, 10, 12, 13};

}  // namespace

void Ncp::boot() {
    ++generation_;
    is_resetting_ = false;
    booted_ = Scheduler::Clock::now();
    state_ = DevState::hold;
    registered_.clear();
    callbacks_.clear();
    huge_request_.reset();
    huge_messages_.clear();
    associations_.clear();
    inter_pan_.reset();
    bindings_.clear();
    primary_channels_ = 0;
    apply_startup_option();
    create_defaults();
    nv_.set(nv::boot_counter, number_bytes(item_number(nv_, nv::boot_counter) + 1, 2));
    ieee_ = item_number(nv_, nv::extaddr);
    load_network();
}

/// Without store(): what the host has just written into memory is what the next boot shall find.
void Ncp::reset(std::uint8_t reason) {
    state_ = DevState::hold;
    ++generation_;
    registered_.clear();
    is_resetting_ = true;
    later(timing_.reset, [this, reason] {
        boot();
        Writer out;
        out.u8(reason).u8(2).u8(static_cast<unsigned>(firmware_.product)).u8(2);
        out.u8(firmware_.minor).u8(firmware_.maintenance);
        indicate(mt::reset_ind, out.view());
    });
}

void Ncp::apply_startup_option() {
    const std::uint8_t option = nv_.byte(nv::startup_option);
    if (option & clear_state)
        forget_network();
    if (option & clear_config) {
        for (const Default& item : defaults)
            if (item.id != nv::boot_counter)
                nv_.erase(item.id);
        nv_.erase(nv::precfgkey);
    }
    if (option != 0)
        nv_.set(nv::startup_option, Bytes{0});
}

void Ncp::forget_network() {
    for (const std::uint16_t id : {nv::nib, nv::active_key_info, nv::alternate_key_info, nv::nwkkey,
                                   nv::bdb_node_is_on_a_network, nv::group_table})
        nv_.erase(id);
    security_.clear_tables();
}

void Ncp::create_defaults() {
    for (const Default& item : defaults)
        if (!nv_.find(item.id))
            nv_.set(item.id, number_bytes(item.value, item.size));
    if (!nv_.find(nv::extaddr))
        nv_.set(nv::extaddr, number_bytes(factory_ieee_, 8));
    if (!nv_.find(nv::precfgkey))
        nv_.set(nv::precfgkey, default_key);
    if (!nv_.find(nv::userdesc))
        nv_.set(nv::userdesc, Bytes(17, 0));
    if (!nv_.find(nv::nwkkey))
        nv_.set(nv::nwkkey, encode_active_key(KeyDescriptor{}, 0, firmware_.alignment));
    if (firmware_.has_bdb()) {
        for (const std::uint16_t id : {nv::active_key_info, nv::alternate_key_info})
            if (!nv_.find(id))
                nv_.set(id, encode_key(KeyDescriptor{}));
        if (!nv_.find(nv::tclk_seed))
            nv_.set(nv::tclk_seed, random_bytes(16));
        if (!nv_.find(nv::bdb_node_is_on_a_network))
            nv_.set(nv::bdb_node_is_on_a_network, Bytes{0});
    }
    security_.create_tables();
}

bool Ncp::has_network() const {
    return nib_.pan_id != no_pan && nib_.state == nib_state_router && nib_.channel != 0;
}

void Ncp::load_network() {
    nib_ = Nib{};
    membership_ = Membership{};
    counter_ = 0;
    groups_.clear();
    const Bytes* stored = nv_.find(nv::nib);
    const auto nib = stored ? decode_nib(*stored) : std::nullopt;
    if (!nib)
        return;
    nib_ = *nib;
    const Bytes* info = nv_.find(firmware_.has_bdb() ? nv::active_key_info : nv::nwkkey);
    const auto key = info ? decode_key(*info) : std::nullopt;
    membership_.extended_pan_id = nib_.extended_pan_id;
    membership_.key = key ? key->key : Bytes(16, 0);
    counter_ = security_.load_counter(nib_.extended_pan_id) + counter_step_at_boot;
    if (firmware_.product == Product::zstack_12) {  // no table: the counter stands behind the key
        Reader in(*nv_.find(nv::nwkkey));
        in.take(17);
        counter_ = in.u32() + counter_step_at_boot;
    }
    if (const Bytes* groups = nv_.find(nv::group_table)) {
        Reader in(*groups);
        while (in.left() >= 3) {
            const std::uint8_t endpoint = in.u8();
            groups_[endpoint].insert(in.u16());
        }
    }
}

void Ncp::groups_changed() {
    Writer out;
    for (const auto& [endpoint, groups] : groups_)
        for (const std::uint16_t group : groups)
            out.u8(endpoint).u16(group);
    nv_.set(nv::group_table, out.view());
}

void Ncp::set_state(DevState state) {
    state_ = state;
    if (state == DevState::coordinator)
        fill_associations();
    indicate(mt::state_change_ind, Bytes{static_cast<std::uint8_t>(state)});
}

void Ncp::start_network() {
    later(timing_.startup, [this] { set_state(DevState::coordinator); });
}

void Ncp::write_nib() {
    nv_.set(nv::nib, encode_nib(nib_, firmware_.alignment));
}

void Ncp::enter_network(const Nib& nib, const KeyDescriptor& key) {
    nib_ = nib;
    membership_.extended_pan_id = nib.extended_pan_id;
    membership_.key = key.key;
    counter_ = 1;
    write_nib();
    nv_.set(nv::nwkkey, encode_active_key(key, counter_, firmware_.alignment));
    if (firmware_.has_bdb()) {
        nv_.set(nv::active_key_info, encode_key(key));
        nv_.set(nv::alternate_key_info, encode_key(key));
        nv_.set(nv::bdb_node_is_on_a_network, Bytes{1});
    }
    security_.clear_tables();
    security_.save_counter(nib.extended_pan_id, counter_);
}

void Ncp::form_network() {
    Nib nib;
    const auto configured = static_cast<std::uint32_t>(item_number(nv_, nv::chanlist));
    nib.channel_list = primary_channels_ != 0 ? primary_channels_ : configured;
    for (std::uint8_t channel = 26; channel >= 11; --channel)
        if (nib.channel_list & (1u << channel))
            nib.channel = channel;
    nib.pan_id = static_cast<std::uint16_t>(item_number(nv_, nv::panid));
    if (nib.pan_id == no_pan)
        nib.pan_id = static_cast<std::uint16_t>(1 + ieee_ % 0x3FFE);
    if (faults_.pan_conflict())
        ++nib.pan_id;
    nib.extended_pan_id = item_number(nv_, nv::extended_pan_id);
    if (nib.extended_pan_id == 0 || nib.extended_pan_id == ~std::uint64_t{0})
        nib.extended_pan_id = ieee_;
    nib.state = nib_state_router;
    nib.key_loaded = true;
    KeyDescriptor key;
    if (const Bytes* configured_key = nv_.find(nv::precfgkey);
        configured_key && configured_key->size() == 16)
        key.key = *configured_key;
    later(timing_.formation / 2, [this] { set_state(DevState::starting); });
    later(timing_.formation, [this, nib, key] {
        enter_network(nib, key);
        set_state(DevState::coordinator);
        if (firmware_.has_bdb())
            indicate(mt::commissioning_notification, Bytes{0, 2, 0});  // success, formation
    });
}

void Ncp::leave(bool) {
    later(timing_.reset, [this] {
        forget_network();
        boot();
        indicate(mt::state_change_ind, Bytes{static_cast<std::uint8_t>(DevState::hold)});
    });
}

void Ncp::change_channel(std::uint32_t mask) {
    for (std::uint8_t channel = 11; channel <= 26; ++channel) {
        if (!(mask & (1u << channel)))
            continue;
        nib_.channel = channel;
        nib_.channel_list = mask;
        ++nib_.update_id;
        write_nib();
        return;
    }
}

void Ncp::set_ieee(std::uint64_t ieee) {
    ieee_ = ieee;
    nv_.set(nv::extaddr, number_bytes(ieee, 8));
}

}  // namespace waggle::sim
