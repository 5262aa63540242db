// What is controlled, as zigbee-herdsman-converters builds it: the counterparts of controls.cpp.
export function controls(need) {
    const m = need('zigbee-herdsman-converters/lib/modernExtend');
    const of = (name, extend, more = {}) => ({
        zigbeeModel: [`block.${name}`], model: `block.${name}`, vendor: 'Blocks', description: name,
        extend: Array.isArray(extend) ? extend : [extend], ...more,
    });
    const two = m.deviceEndpoints({endpoints: {l1: 1, l2: 2}});
    const both = ['l1', 'l2'];
    const range = {min: 7, max: 30, step: 0.5};
    const value = {attribute: 'presentValue', reporting: {min: 'MIN', max: 'MAX', change: 1}, access: 'ALL'};
    return [
        of('on_off', m.onOff()),
        of('on_off_plain', m.onOff({powerOnBehavior: false, configureReporting: false})),
        of('on_off_two', [two, m.onOff({endpointNames: both})]),
        of('light', m.light()),
        of('light_report', m.light({effect: false, configureReporting: true})),
        of('light_ct', m.light({colorTemp: {range: [153, 500]}})),
        of('light_xy', m.light({color: true})),
        of('light_all', m.light({colorTemp: {range: [150, 500]}, color: {modes: ['xy', 'hs'], enhancedHue: true}})),
        of('light_level', m.light({levelConfig: {}})),
        of('light_two', [two, m.light({endpointNames: both})]),
        of('cover', m.windowCovering({controls: ['lift', 'tilt']})),
        of('cover_lift', m.windowCovering({controls: ['lift']})),
        of('identify', m.identify()),
        of('commands_on_off', m.commandsOnOff()),
        of('commands_level', m.commandsLevelCtrl()),
        of('commands_color', m.commandsColorCtrl()),
        of('commands_cover', m.commandsWindowCovering()),
        of('commands_scenes', m.commandsScenes()),
        of('lock', m.lock({pinCodeCount: 50})),
        of('thermostat', m.thermostat({
            localTemperature: {}, setpoints: {values: {occupiedHeatingSetpoint: range}},
            systemMode: {values: ['off', 'heat']}, runningState: {values: ['idle', 'heat']}})),
        of('thermostat_all', m.thermostat({
            localTemperature: {},
            setpoints: {values: {occupiedHeatingSetpoint: range, occupiedCoolingSetpoint: range}},
            systemMode: {values: ['off', 'heat', 'cool', 'auto']},
            runningState: {values: ['idle', 'heat', 'cool']}, fanMode: ['off', 'low', 'medium', 'high', 'auto']})),
        of('thermostat_ui', m.thermostatUi()),
        of('fan', m.fanControl()),
        of('ballast', m.lightingBallast()),
        of('binary', m.binary({name: 'switch_it', cluster: 'genBinaryOutput', valueOn: ['ON', 1], valueOff: ['OFF', 0],
                               description: 'binary', ...value})),
        of('numeric', m.numeric({name: 'number_it', cluster: 'genAnalogOutput', unit: 'W', valueMin: 0, valueMax: 100,
                                 valueStep: 1, description: 'numeric', ...value})),
    ];
}
