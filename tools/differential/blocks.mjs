// The building blocks of zigbee-herdsman-converters, each as a device of its own: the counterparts of
// blocks.cpp, by model id.
export async function blocks(need, zhc) {
    const m = need('zigbee-herdsman-converters/lib/modernExtend');
    const of = (name, extend, more = {}) => ({
        zigbeeModel: [`block.${name}`], model: `block.${name}`, vendor: 'Blocks', description: name,
        extend: Array.isArray(extend) ? extend : [extend], ...more,
    });
    const two = m.deviceEndpoints({endpoints: {l1: 1, l2: 2}});
    const zones = ['contact', 'water_leak', 'smoke', 'gas', 'carbon_monoxide', 'vibration', 'occupancy', 'sos', 'rain'];
    const all = ['alarm_1', 'alarm_2', 'tamper', 'battery_low', 'supervision_reports', 'restore_reports', 'ac_status',
                 'test', 'trouble', 'battery_defect'];
    return [
        of('temperature', m.temperature()),
        of('temperature_two', [two, m.temperature({endpointNames: ['l1', 'l2']})]),
        of('humidity', m.humidity()),
        of('pressure', m.pressure()),
        of('flow', m.flow()),
        of('soil_moisture', m.soilMoisture()),
        of('wind_speed', m.windSpeed()),
        of('co2', m.co2()),
        of('pm25', m.pm25()),
        of('device_temperature', m.deviceTemperature()),
        of('illuminance', m.illuminance()),
        of('occupancy', m.occupancy({
            pirConfig: ['otu_delay', 'uto_delay', 'uto_threshold'],
            ultrasonicConfig: ['otu_delay', 'uto_delay', 'uto_threshold'],
            contactConfig: ['otu_delay', 'uto_delay', 'uto_threshold'],
        })),
        of('battery', m.battery()),
        of('battery_all', m.battery({voltage: true, lowStatus: true, voltageReporting: true,
                                     lowStatusReportingConfig: {min: 'MIN', max: '1_HOUR', change: 0}})),
        of('battery_2100', m.battery({voltage: true, voltageToPercentage: '3V_2100'})),
        of('battery_1500', m.battery({voltage: true, voltageToPercentage: '3V_1500_2800'})),
        of('battery_linear', m.battery({voltage: true, voltageToPercentage: {min: 2500, max: 3000}})),
        of('battery_whole', m.battery({dontDividePercentage: true})),
        ...zones.map((zone) => of(`zone_${zone}`, m.iasZoneAlarm({
            zoneType: zone, zoneAttributes: ['alarm_1', 'tamper', 'battery_low']}))),
        of('zone_both', m.iasZoneAlarm({zoneType: 'gas', zoneAttributes: ['alarm_1', 'alarm_2', 'test']})),
        of('zone_second', m.iasZoneAlarm({zoneType: 'smoke', zoneAttributes: ['alarm_2', 'trouble']})),
        of('zone_generic', m.iasZoneAlarm({zoneType: 'generic', zoneAttributes: all, zoneStatusReporting: true})),
        of('zone_timeout', m.iasZoneAlarm({zoneType: 'occupancy', zoneAttributes: ['alarm_1'], alarmTimeout: true})),
        of('zone_inverted', m.iasZoneAlarm({zoneType: 'contact', zoneAttributes: ['alarm_1'], invertAlarm: true})),
        of('zone_alive', m.iasZoneAlarm({zoneType: 'vibration', zoneAttributes: ['alarm_1', 'alarm_2'],
                                         keepAliveTimeout: () => 60})),
        of('warning', [m.iasWarning(), m.iasWarningMaxDuration()]),
        of('warning_reversed', m.iasWarning({reversePayload: true})),
        of('meter', m.electricityMeter()),
        of('meter_full', m.electricityMeter({producedEnergy: true, acFrequency: true, powerFactor: true,
                                             apparentPower: true, threePhase: true, tariffs: true})),
        of('meter_electrical', m.electricityMeter({cluster: 'electrical', acFrequency: true, powerFactor: true})),
        of('meter_dc', m.electricityMeter({cluster: 'electrical', electricalMeasurementType: 'dc'})),
        of('meter_metering', m.electricityMeter({cluster: 'metering', producedEnergy: true})),
        of('meter_forced', m.electricityMeter({power: {divisor: 10, multiplier: 1}, voltage: {divisor: 100, multiplier: 2},
                                               current: {divisor: 1000, multiplier: 1},
                                               energy: {divisor: 3600, multiplier: 1}})),
        of('meter_power_metering', m.electricityMeter({power: {cluster: 'metering'}, current: false})),
        of('meter_two', [two, m.electricityMeter({endpointNames: ['l1', 'l2']})], {meta: {multiEndpoint: true}}),
        of('gas', m.gasMeter()),
    ];
}
