#pragma once

/// The versions of the programs whose MQTT API and files this one follows. Clients compare them with
/// what they need, so they name the generation of the contract.
namespace waggle::bridge {

inline constexpr auto contract_version = "2.14.1";
inline constexpr auto contract_herdsman_version = "10.9.2";
inline constexpr auto contract_converters_version = "26.105.0";

}  // namespace waggle::bridge
